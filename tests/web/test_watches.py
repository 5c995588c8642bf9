"""Who follows a search is told what is new of it, in a feed whose address is a secret; they see what they may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searchsvc.catalogue.watches import KeptWatches
from searchsvc.digest.watches import MOST
from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.digest.conftest import Archive, text
from tests.web.conftest import browser_of
from tests.web.people import Visitor, with_user

SWABS = "Swabs were kept cold in freezers at the clinic for ninety days."
REGISTER = "people: [{id: ann, name: Ann Okell}, {id: bo, name: Bo Lindqvist}]"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    settings = Settings(
        home=tmp_path_factory.mktemp("watches") / "home", encoder="hashing", public_url="http://here",
        api_key="k" * 40, open_scopes=("search", "people"),
    )  # fmt: skip
    with Service(settings) as service:
        found = Archive(browser_of(settings, service).app)
        found.service = service
        found.import_register(REGISTER)
        found.add("open.md", text("Cold swabs", SWABS))
        found.add("hush.md", text("Hushed swabs", SWABS, "Nobody heard of it.", date="2025-01-01"), group="sanctum")
        with_user(service, "ann", "search", "people", groups=["sanctum"], person="ann")
        with_user(service, "cy", "search")
        yield found


def feed(archive: Archive, address: str) -> str:
    answer = archive(address.removeprefix("http://here"))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store" and "noindex" in answer.headers["x-robots-tag"]
    return answer.text


def closed(archive: Archive, address: str) -> bool:
    answer = archive(address.removeprefix("http://here"))
    assert answer.status_code in (200, 404)
    return answer.status_code == 404 and "swabs" not in answer.text


def followed(archive: Archive, login: str, search: str = "/?q=swabs") -> tuple[Visitor, str]:
    """Somebody signed in, and the address of the feed of what they follow."""
    visitor = Visitor(archive.app)
    visitor.signs_in(login)
    visitor.get(search)
    page = visitor.send("/watches", {}).text
    return visitor, "http://here/feeds/" + page.split("/feeds/")[1].split('"')[0]


def test_a_search_is_followed_from_its_results_and_its_address_is_shown_once(archive: Archive) -> None:
    visitor, address = followed(archive, "ann", "/?q=swabs&kind=page")
    told = feed(archive, address)
    assert "Cold swabs" in told and "Hushed swabs" in told  # as Ann sees the archive
    again = visitor.get("/watches").text
    assert "swabs" in again and "/feeds/" not in again
    [watch] = archive.service.watches.of(users=[archive.service.users.get("ann").id])
    assert watch.search == "q=swabs&kind=page" and watch.digest and watch.digest not in address
    assert archive("/feeds/" + watch.digest + ".atom").status_code == 404
    visitor.send(f"/watches/{watch.id}/remove", {})
    assert closed(archive, address) and watch.id not in visitor.get("/watches").text
    given = {"person": "ann", "q": "swabs", "filters": {"kind": ["page"]}}
    archive.write("POST", "/v1/watches", json=given)  # by a coordinator, and again by herself, is one
    followed(archive, "ann", "/?q=swabs&kind=page")
    assert len(archive.service.watches.of(["ann"])) == 1
    archive.service.watches.forget(["ann"], [])


def test_a_feed_shows_what_whoever_follows_it_may_see_now(archive: Archive) -> None:
    _, address = followed(archive, "cy")
    assert "Hushed" not in feed(archive, address)
    archive.service.users.change("cy", groups=["sanctum"])
    assert "Hushed" in feed(archive, address)
    archive.service.users.change("cy", disabled=True)
    assert closed(archive, address)
    archive.service.users.change("cy", disabled=False, groups=[])
    assert "Hushed" not in feed(archive, address)


def test_another_address_closes_the_one_before(archive: Archive) -> None:
    visitor, address = followed(archive, "cy")
    [watch] = archive.service.watches.of(users=[archive.service.users.get("cy").id])
    page = visitor.send(f"/watches/{watch.id}/address", {}).text
    assert closed(archive, address)
    assert "Cold swabs" in feed(archive, "/feeds/" + page.split("/feeds/")[1].split('"')[0])


def test_nobody_changes_what_others_follow(archive: Archive) -> None:
    visitor, _ = followed(archive, "cy")
    _, address = followed(archive, "ann")
    [watch] = archive.service.watches.of(users=[archive.service.users.get("ann").id])
    forms = visitor.forms()
    csrf = next(fields["csrf"] for action, fields in forms.items() if action.startswith("/watches/"))
    for what in ("remove", "address"):
        answer = visitor.ask(
            "POST", f"/watches/{watch.id}/{what}", data={"csrf": csrf}, headers={"Origin": "http://here"}
        )
        assert answer.status_code == 404
    assert not closed(archive, address)
    assert Visitor(archive.app).ask("POST", "/watches", data={"search": "q=x"}).status_code in (303, 403)
    assert Visitor(archive.app).get("/watches").headers["location"].startswith("/signin")


def test_a_coordinator_follows_for_a_person_and_their_digest_has_it(archive: Archive) -> None:
    given: dict[str, Any] = {
        "person": "Bo Lindqvist",
        "q": "swabs freezers",
        "filters": {"kind": ["page"], "year_from": 2026},
    }
    made = archive.write("POST", "/v1/watches", json=given).json()
    assert made["search"] == "q=swabs%20freezers&kind=page&year_from=2026" and "Hushed" not in feed(
        archive, made["address"]
    )
    told = archive.write("GET", "/v1/digest", params={"since": "2020-01-01", "for": "bo"}).json()
    assert [one["wish_kind"] for one in told["topics"]][:1] == ["watch"]
    mine = archive("/v1/digest", params={"since": "2020-01-01", "for": "bo"}).json()  # others do not learn of it
    assert [one["wish_kind"] for one in mine["topics"]] == [None]
    assert len(archive.write("GET", "/v1/watches", params={"person": "bo"}).json()["watches"]) == 1
    again = archive.write("POST", "/v1/watches", json=given).json()
    assert closed(archive, made["address"]) and not closed(archive, again["address"])
    for wrong in (
        {"filters": {"x": ["y"]}},
        {"filters": {"year_from": 99999}},
        {"filters": {"kind": ["x"]}},
        {"q": " "},
    ):
        owner = {"Authorization": f"Bearer {archive.app.state.running.owner_key}"}
        answer = archive("/v1/watches", "POST", json={"person": "bo", **wrong}, headers=owner)
        assert answer.status_code == 422, wrong
    assert archive("/v1/watches").status_code == 401
    archive.write("POST", "/v1/people/bo/hide")
    assert closed(archive, again["address"])
    archive.write("POST", "/v1/people/bo/unhide")
    assert archive.write("GET", "/v1/people/bo/data").json()["watches"][0]["search"] == again["search"]
    archive.write("POST", "/v1/people/bo/erase", json={})
    assert closed(archive, again["address"]) and archive.service.watches.of(["bo"]) == []


def test_nobody_follows_more_than_some(archive: Archive) -> None:
    owner = {"Authorization": f"Bearer {archive.app.state.running.owner_key}"}
    statuses = [
        archive("/v1/watches", "POST", json={"person": "ann", "q": f"x{n}"}, headers=owner).status_code
        for n in range(MOST + 1)
    ]
    assert {*statuses[:-2]} == {201} and statuses[-1] == 422
    archive.service.watches.forget(["ann"], [])


def test_a_backup_opens_no_feed_that_was_closed(archive: Archive, tmp_path: Path) -> None:
    _, stays = followed(archive, "cy")
    visitor, address = followed(archive, "ann", "/?q=freezers")
    with (tmp_path / "dump").open("wb") as out:
        archive.service.catalogue.whole.dump(out)
    watch = next(one for one in archive.service.watches.all() if one.search == "q=freezers")
    visitor.send(f"/watches/{watch.id}/remove", {})
    with (tmp_path / "dump").open("rb") as dumped:
        archive.service.catalogue.whole.replace(dumped)
    kept: KeptWatches = archive.service.catalogue.watches
    assert closed(archive, address) and not closed(archive, stays)
    restored = kept.get(watch.id)
    assert restored and restored.digest is None
