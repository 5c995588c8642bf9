"""What an assistant may rely on, asked with the official client over both transports."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from anyio.from_thread import start_blocking_portal

from searchsvc.filters import FILTERS
from searchsvc.mcp.stdio import Connected, OnDemand
from tests.cli.conftest import DEADLINE_S, PROGRAM, Program, Served, environment
from tests.conftest import needs

if TYPE_CHECKING:
    from mcp import Client

KEY = "a-key-of-many-letters"
REGISTER = """
organizations: [{id: clinic, name: Coast Clinic}]
people:
  - {id: amara, name: Amara Okonjo, role: Nurse, organizations: [clinic], needs: [a freezer for samples],
     interests: [vaginal rings]}
  - {id: lena, name: Lena Fischer, offers: [a freezer for samples], interests: [vaginal rings]}
  - {id: nobody, name: Hidden Person, hidden: true}
projects:
  - {id: ring, name: Ring in clinics, goal: women keep the vaginal ring, approach: visits at home, people: [amara]}
  - {id: ring-two, name: Ring by phone, goal: women keep the vaginal ring, approach: calls by phone, people: [lena]}
"""
NOTES = "---\ntitle: The vaginal ring\nauthor: Amara Okonjo\n---\n\n" + "\n\n".join(
    f"## Month {n}\n\nIn month {n} the women kept the vaginal ring, and came to the clinic to say how it was for them."
    for n in range(1, 9)
)
CALLS = """---
title: Calls about the vaginal ring
author: Amara Okonjo
---

Nurses called by phone in each week and asked whether the vaginal ring stayed where it was, and what else there was.
"""
TOOLS = {"search", "read_passage", "related", "people", "person", "collaborators", "complementary", "gaps"}


@pytest.fixture(scope="module", autouse=True)
def _sdk() -> None:
    needs("mcp", "mcp")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("mcp")
    program = Program(folder / "home")
    with program.served(SEARCHSVC_API_KEY=KEY, SEARCHSVC_SITE_NAME="Coast archive") as one:
        for name, text in (("register.yaml", REGISTER), ("ring.md", NOTES), ("calls.md", CALLS)):
            (folder / name).write_text(text)
        for command in (["register", "import", "register.yaml"], ["ingest", "add", "ring.md", "calls.md"]):
            done = program.run(*command, cwd=folder, SEARCHSVC_API_KEY=KEY)
            assert done.returncode == 0, done
        with httpx.Client(
            base_url=one.url, headers={"Authorization": f"Bearer {KEY}"}, trust_env=False, timeout=DEADLINE_S
        ) as client:
            for hit in client.get("/v1/search", params={"q": ""}).json()["hits"]:
                about = {"resource": hit["resource"]["id"], "author": "Amara Okonjo"}
                client.post("/v1/people/amara/confirm", json=about).raise_for_status()
        yield one


@pytest.fixture(scope="module", params=["http", "stdio"])
def call(request: pytest.FixtureRequest, served: Served) -> Iterator[Callable[..., Any]]:
    """call(name, **arguments): what the tool answers, over one of the two transports."""
    from mcp import Client

    client = Client(_place(request.param, served), read_timeout_seconds=DEADLINE_S)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(client):
        yield lambda name, **arguments: portal.call(_call, client, name, arguments)


def _place(transport: str, served: Served) -> Any:
    if transport == "http":
        return f"{served.url}/mcp"
    from mcp import StdioServerParameters

    return StdioServerParameters(command=str(PROGRAM), args=["mcp"], env=environment(_home(served)))


def _home(served: Served) -> Path:
    arguments = Path(f"/proc/{served.process.pid}/environ").read_bytes().split(b"\0")
    return Path(next(one for one in arguments if one.startswith(b"SEARCHSVC_HOME=")).partition(b"=")[2].decode())


async def _call(client: Client, name: str, arguments: dict[str, Any]) -> Any:
    answer = await client.call_tool(name, arguments)
    [content] = answer.content
    assert content.type == "text"
    if answer.is_error:
        return content.text
    assert json.loads(content.text) == answer.structured_content
    return answer.structured_content


def test_every_tool_says_what_it_does_what_it_takes_and_what_it_answers(served: Served) -> None:
    async def listed() -> Any:
        from mcp import Client

        async with Client(f"{served.url}/mcp") as client:
            assert client.server_info and client.server_info.title == "Coast archive"
            return (await client.list_tools()).tools

    tools = {one.name: one for one in asyncio.run(listed())}
    assert set(tools) == TOOLS
    for tool in tools.values():
        assert tool.title and tool.description and "\n" not in tool.description
        assert tool.output_schema and tool.output_schema["properties"]
        assert tool.annotations.read_only_hint
    taken = tools["search"].input_schema["properties"]
    assert {parameter for one in FILTERS.values() for parameter in one.parameters} <= set(taken)
    assert tools["search"].input_schema["required"] == ["query"]


def test_a_search_finds_passages_that_can_be_read_on_and_opened(served: Served, call: Callable[..., Any]) -> None:
    found = call("search", query="vaginal ring", limit=1)
    assert (found["total"], len(found["hits"]), found["nothing_relevant"]) == (2, 1, False)
    hit = found["hits"][0]
    assert hit["link"] == f"{served.url}/resources/{hit['id']}"
    for link in (hit["link"], hit["passages"][0]["link"]):
        assert httpx.get(link, trust_env=False, timeout=DEADLINE_S).status_code == 200
    hit = call("search", query="came to the clinic to say how it was for them")["hits"][0]
    read = call("read_passage", passage_id=hit["passages"][0]["id"], before=20, after=20)
    assert read["resource"]["id"] == hit["id"]
    whole = " ".join(one["text"] for one in [*read["before"], read["passage"], *read["after"]])
    assert all(f"month {n}" in whole for n in range(1, 9))


def test_filters_are_those_of_the_search(call: Callable[..., Any]) -> None:
    assert call("search", query="vaginal ring", kind=["funding"])["total"] == 0
    assert call("search", query="vaginal ring", person=["amara"])["total"] == 2
    assert "kind is one of" in call("search", query="ring", kind=["book"])


def test_people_are_found_by_name_role_and_organization_and_the_hidden_never(call: Callable[..., Any]) -> None:
    assert [one["id"] for one in call("people")["people"]] == ["amara", "lena"]
    assert [one["id"] for one in call("people", words="nurse coast")["people"]] == ["amara"]
    assert call("people", words="hidden")["total"] == 0
    assert "nobody" in call("person", person="nobody")
    known = call("person", person="Amara Okonjo")
    assert [one["id"] for one in known["projects"]] == ["ring"] and len(known["works"]) >= 1
    assert known["link"].endswith("/people/amara")


def test_what_connects_people_and_projects_is_answered(call: Callable[..., Any]) -> None:
    found = call("search", query="vaginal ring")["hits"][0]["id"]
    assert "related" in call("related", resource_id=found)
    met = call("collaborators", about="amara")["collaborators"]
    assert [one["id"] for one in met] == ["lena"]
    assert any(one["needed_by"] == "Amara Okonjo" and one["offered_by"] == "Lena Fischer" for one in met[0]["met"])
    other = call("complementary", project="ring")
    assert other["project"]["id"] == "ring" and "ring-two" in [one["id"] for one in other["suggestions"]]
    assert "suggestions" in call("complementary", words="women keep the vaginal ring")
    gaps = call("gaps")
    assert gaps["needs"] == 1


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("read_passage", {"passage_id": "../status"}, "nothing has the id"),
        ("read_passage", {"passage_id": "none"}, "no passage has the id"),
        ("read_passage", {}, "passage_id: Field required"),
        ("search", {"query": "ring", "limit": 1000}, "limit: Input should be less than"),
        ("related", {"resource_id": "none"}, "no resource has the id"),
        ("person", {"person": "Nobody At All"}, "Nobody At All"),
        ("person", {"person": "Amara Okonyo"}, "the nearest are"),
        ("complementary", {"project": "rin"}, "the nearest are ring"),
        ("search", {"query": "ring", "person": ["Amara Okonyo"]}, "the nearest are"),
        ("complementary", {}, "give words"),
        ("complementary", {"project": "ring", "words": "ring"}, "not both"),
        ("delete", {}, "delete"),
    ],
)
def test_what_goes_wrong_is_one_line(call: Callable[..., Any], tool: str, arguments: Any, says: str) -> None:
    said = call(tool, **arguments)
    assert isinstance(said, str) and says in said and len(said.splitlines()) == 1 and "Error executing" not in said


def test_pages_of_other_sites_and_foreign_names_are_refused(served: Served) -> None:
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accepts = {"Accept": "application/json, text/event-stream"}
    for headers, status in (
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Host": "elsewhere.example"}, 421),
        ({}, 200),
    ):
        answer = httpx.post(f"{served.url}/mcp", json=asked, headers={**accepts, **headers}, trust_env=False)
        assert answer.status_code == status, answer.text
    for method in ("GET", "DELETE"):
        headers = {**accepts, "Authorization": f"Bearer {KEY}"}
        answer = httpx.request(method, f"{served.url}/mcp", headers=headers, trust_env=False)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_without_a_service_an_assistant_reads_the_home_and_lets_go_of_it(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    (tmp_path / "ring.md").write_text(NOTES)
    assert program.run("ingest", "add", str(tmp_path / "ring.md")).returncode == 0

    async def asked() -> Any:
        from mcp import Client, StdioServerParameters

        place = StdioServerParameters(command=str(PROGRAM), args=["mcp"], env=environment(tmp_path / "home"))
        async with Client(place, read_timeout_seconds=DEADLINE_S) as client:
            found = (await client.call_tool("search", {"query": "vaginal ring"})).structured_content
            # the assistant stays, and a command waits for the home as for any other command
            done = await asyncio.to_thread(program.process, "search", "ring", "--json")
            return found, done

    found, done = asyncio.run(asked())
    assert found["total"] == 1 and found["hits"][0]["link"] is None
    assert (done.returncode, json.loads(done.stdout)["total"]) == (0, 1)


def test_a_service_that_was_ended_is_looked_for_again() -> None:
    from searchsvc.cli.connection import ApiError

    made: list[str] = []

    def connect() -> Connected:
        made.append("one")
        first = len(made) == 1

        def get(path: str, params: object) -> object:
            if first:
                raise ApiError("the service does not answer")
            return {"path": path}

        return Connected(get, lambda: made.append("closed"), None)

    asker = OnDemand(connect, idle_s=1000)
    assert asyncio.run(asker.get("/v1/status", {})) == {"path": "/v1/status"}
    asker.close()
    assert made == ["one", "closed", "one", "closed"]


def test_without_the_sdk_the_command_says_how_to_get_it(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "mcp" else found(name, *more))
    assert "pip install 'searchsvc[mcp]'" in program.fails("mcp")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "home")


def test_a_call_is_one_request_of_a_key_with_a_rate(served: Served) -> None:
    asked = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "search", "arguments": {"query": "x"}},
    }
    with httpx.Client(base_url=served.url, trust_env=False, timeout=DEADLINE_S) as client:
        new = {"name": "assistant", "scopes": ["search"], "per_minute": 2}
        key = client.post("/v1/keys", json=new, headers={"Authorization": f"Bearer {KEY}"}).json()["key"]
        headers = {"Authorization": f"Bearer {key}", "Accept": "application/json, text/event-stream"}
        answers = [client.post("/mcp", json=asked, headers=headers) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert not any(one.json()["result"].get("isError") for one in answers[:2])
