import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from qdrant_client import QdrantClient

from searchsvc.errors import StoreAwayError, StoreError
from searchsvc.store.nodes import CONNECT_S, PASSED_OVER_AT_MOST_S, PASSED_OVER_S, Nodes, addresses
from searchsvc.store.protocol import DenseQuery
from searchsvc.store.qdrant import QdrantStore, generations, live_generation, make_live, open_qdrant
from tests.store.cluster import Node, cluster
from tests.store.kit import point

Start = Callable[..., Node]


@pytest.fixture
def start() -> Iterator[Start]:
    with cluster() as starting:
        yield starting


class Archive:
    """Three nodes, a store that is reached by them, and a clock that stands."""

    def __init__(self, start: Start, *, timeout_s: int = 30) -> None:
        self.nodes = [start() for _ in range(3)]
        self.client = open_qdrant(",".join(node.url for node in self.nodes), timeout_s=timeout_s)
        self.now_s = 0.0
        self.through = self.client.init_options["transport"]
        self.through._now = lambda: self.now_s
        self.store = QdrantStore(self.client, collection="docs", generation="a1", dimensions=8, replicas=3)
        self.store.upsert([point(1, "r1")])

    def found(self) -> list[str]:
        return [one.resource_id for one in self.store.query([DenseQuery(point(1, "r1").dense, 5)])[0]]

    def asked(self) -> list[int]:
        """How many requests each node has got since it was asked for last."""
        counts = [len(node.asked) for node in self.nodes]
        for node in self.nodes:
            node.asked.clear()
        return counts


@pytest.fixture
def archive(start: Start) -> Iterator[Archive]:
    made = Archive(start)
    yield made
    made.client.close()


def test_one_node_is_asked_while_it_answers(archive: Archive) -> None:
    archive.asked()
    assert archive.found() == ["r1"]
    assert archive.asked() == [1, 0, 0]


def test_every_node_in_turn_can_die_and_come_back_under_searches_and_writes(archive: Archive) -> None:
    for number in range(3):
        node = archive.nodes[number]
        node.die()
        assert archive.found()[0] == "r1"
        archive.store.upsert([point(10 + number, f"new{number}")])
        archive.store.delete_points([point(10 + number, "").id])
        archive.store.check()
        assert archive.store.away() == (node.url,)
        archive.nodes[number] = Node(node.memory, node.turn, node.server_port)
        try:
            archive.now_s += PASSED_OVER_AT_MOST_S
            archive.asked()
            assert archive.found() == ["r1"]
            assert archive.asked() == [1, 0, 0], "the first is used again"
            assert archive.store.away() == ()
        finally:
            archive.nodes[number].die()
            archive.nodes[number] = Node(node.memory, node.turn, node.server_port)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_node_that_says_it_cannot_is_passed_over(archive: Archive, status: int) -> None:
    archive.nodes[0].status = status
    archive.asked()
    assert archive.found() == ["r1"]
    archive.store.upsert([point(2, "r2")])
    assert archive.asked() == [1, 2, 0], "asked once, and passed over then"
    assert archive.store.count() == 2


def test_a_node_that_is_back_is_tried_by_one_request_and_used_again(archive: Archive) -> None:
    archive.nodes[0].status = 503
    archive.found()
    archive.asked()
    archive.now_s = PASSED_OVER_S - 0.1
    archive.found()
    assert archive.asked() == [0, 1, 0]
    archive.now_s = PASSED_OVER_S
    archive.found()
    archive.found()
    assert archive.asked() == [1, 2, 0], "the pause is over: one request asks it, and it is passed over for longer"
    archive.now_s += PASSED_OVER_S
    archive.found()
    assert archive.asked() == [0, 1, 0]
    archive.nodes[0].status = None
    archive.now_s += PASSED_OVER_S
    archive.found()
    archive.found()
    assert archive.asked() == [2, 0, 0]


def test_what_no_node_can_do_is_told_as_the_first_said_it(archive: Archive) -> None:
    for node in archive.nodes:
        node.status = 500
    archive.asked()
    with pytest.raises(StoreAwayError, match="failed with 500: this node has a bad day"):
        archive.found()
    assert archive.asked() == [1, 1, 1], "each once"
    archive.nodes[2].status = None
    assert archive.found() == ["r1"], "nobody waits for a pause when no other node is left"


def test_a_request_that_is_wrong_is_not_asked_again(archive: Archive) -> None:
    archive.nodes[0].status = 400
    archive.asked()
    with pytest.raises(StoreError, match="400"):
        archive.found()
    assert archive.asked() == [1, 0, 0]


def test_all_nodes_are_named_when_none_answers(archive: Archive) -> None:
    for node in archive.nodes:
        node.die()
    with pytest.raises(StoreAwayError) as caught:
        archive.found()
    for node in archive.nodes:
        assert node.url in str(caught.value)
    assert "does not answer" in str(caught.value)


def test_it_starts_while_the_first_node_is_away(start: Start) -> None:
    first, second = start(), start()
    first.die()
    client = open_qdrant(f"{first.url}, {second.url}")
    QdrantStore(client, collection="docs", generation="a1", dimensions=2)
    make_live(client, "docs", "a1")
    assert (generations(client, "docs"), live_generation(client, "docs")) == (["a1"], "a1")
    client.close()


def test_a_node_that_hangs_does_not_hold_a_search_and_a_write_is_not_sent_to_two(start: Start) -> None:
    archive = Archive(start, timeout_s=1)
    archive.nodes[0].hangs.set()
    archive.asked()
    assert archive.found() == ["r1"]
    assert archive.asked() == [1, 1, 0]
    archive.now_s += PASSED_OVER_S
    with pytest.raises(StoreAwayError, match="did not answer in time"):
        archive.store.upsert([point(2, "r2")])
    assert archive.asked() == [1, 0, 0], "it may yet come to pass there, after what is written next"
    archive.store.upsert([point(2, "r2")])
    assert archive.asked() == [0, 1, 0], "who repeats it finds a node that answers"
    archive.client.close()


def test_the_time_of_all_tries_is_bounded() -> None:
    given: list[dict[str, float]] = []
    clock = [0.0]

    class Hanging:
        def send(self, request: httpx.Request) -> httpx.Response:
            given.append(request.extensions["timeout"])
            clock[0] += given[-1]["read"]
            raise httpx.ReadTimeout("", request=request)

        def close(self) -> None:
            pass

    nodes = Nodes(("http://a:1", "http://b:1", "http://c:1"), timeout_s=30, now=lambda: clock[0])
    for node in nodes._nodes:
        node.client.close()
        node.client = Hanging()  # type: ignore[assignment]
    with pytest.raises(httpx.ReadTimeout):
        nodes.handle_request(httpx.Request("POST", "http://a:1/collections/x/points/query/batch"))
    assert [one["read"] for one in given] == [10, 10, 10] and clock[0] == 30
    assert {one["connect"] for one in given} == {CONNECT_S}


def test_many_searches_at_once_go_on_while_a_node_dies(archive: Archive) -> None:
    failed: list[object] = []
    begun, done = threading.Barrier(5), threading.Event()

    def search() -> None:
        begun.wait()
        while not done.is_set():
            try:
                assert archive.found() == ["r1"]
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    begun.wait()
    archive.nodes[0].die()
    archive.nodes[1].status = 500
    archive.asked()
    while sum(len(node.asked) for node in archive.nodes) < 20:
        pass
    done.set()
    for thread in threads:
        thread.join()
    assert failed == []


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        ("http://a", ("http://a:6333",)),
        ("http://a:80, https://b:443/q/ ,", ("http://a:80", "https://b:443/q")),
        ("http://user:secret@a", ("http://a:6333",)),
        ("localhost:6333,a", ("http://localhost:6333", "http://a:6333")),
        ("http://[::1]:6333,http://a,http://a:6333", ("http://[::1]:6333", "http://a:6333")),
    ],
)
def test_several_urls_stand_in_one_setting(urls: str, expected: tuple[str, ...]) -> None:
    assert addresses(urls) == expected
    assert addresses("a", encrypted=True) == ("https://a:6333",)


@pytest.mark.parametrize("urls", [",", "ftp://user:secret@a", "http://a:x", "http://"])
def test_what_names_no_node_is_refused_without_its_password(urls: str) -> None:
    with pytest.raises(StoreError) as caught:
        addresses(urls)
    assert "secret" not in str(caught.value) and "Qdrant server" in str(caught.value)


def test_a_node_behind_a_path_is_asked_there(start: Start) -> None:
    node = start()
    node.status = 404
    with pytest.raises(StoreError):
        open_qdrant(f"{node.url}/behind/it")
    assert node.asked == [("GET", "/behind/it/")]


def test_a_store_in_one_piece_has_no_nodes() -> None:
    client: Any = QdrantClient(":memory:")
    assert QdrantStore(client, collection="docs", generation="a1", dimensions=2).away() == ()
    client.close()
