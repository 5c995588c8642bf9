"""People sign in with a browser, see and do what they may, and sign out; other sites can do none of it for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.api.cookies import form_token
from searchsvc.api.scopes import ROUTES, SIGN_IN
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.texts import languages, texts
from searchsvc.web.account.signin import inside
from searchsvc.web.site import add_site
from tests.web.conftest import REGISTER, Elements
from tests.web.people import PASSWORD, Visitor, with_user

WRITES = sorted(
    route for routes in ROUTES.values() for route in routes if not route.startswith("GET ") and "/clicks" not in route
)


def app_of(service: Service) -> FastAPI:
    app = create_app(Running(service.settings, service))
    add_site(app)
    return app


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Behind an address for others: nothing is written without an account or a key."""
    home: Path = tmp_path_factory.mktemp("signin") / "home"
    settings = Settings(home=home, encoder="hashing", site_name="The archive", public_url="http://here")
    with Service(settings, work=False) as service:
        service.passwords._memory_kib = 64  # as many as there are here would take minutes
        register = home / "register.yaml"
        register.write_text(REGISTER, "utf-8")
        service.import_register(register)
        with_user(service, "cura", "curate", "search", name="Cura Tor", person="amara")
        with_user(service, "reader", "search")
        with_user(service, "keeper", "admin")
        yield service


@pytest.fixture(scope="module")
def app(service: Service) -> Iterator[FastAPI]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("searchsvc.api.access._REFUSALS_A_MINUTE", 100_000)  # more than these tests have in one
        yield app_of(service)


@pytest.fixture
def visitor(app: FastAPI, service: Service) -> Visitor:
    with service.catalogue._engine.begin() as db:
        db.exec_driver_sql("DELETE FROM signin_tries")
    return Visitor(app)


def audited(service: Service, limit: int = 1) -> list[tuple[str, str, str, int]]:
    return [(one.kind, one.who, one.what, one.status) for one in service.audit.since(limit=limit)]


# -- getting in and out -----------------------------------------------------------------------------------------------


def test_a_person_signs_in_is_shown_so_and_signs_out(visitor: Visitor, service: Service) -> None:
    assert 'href="/signin?next=%2Fpeople"' in visitor.get("/people").text
    answer = visitor.signs_in("CURA", then="/people")
    assert (answer.status_code, answer.headers["location"]) == (303, "/people")
    assert audited(service) == [("person", "cura", "POST /signin", 303)]
    assert "Cura Tor" in visitor.get("/people").text and "/signin" not in visitor.shown
    cookies = dict(visitor.cookies)
    assert visitor.send("/signout", {}).headers["location"] == "/signin"
    assert audited(service) == [("person", "cura", "POST /signout", 303)]
    assert "Cura Tor" not in visitor.get("/people").text
    visitor.cookies.update(cookies)  # who kept the cookie has nothing
    assert "Cura Tor" not in visitor.get("/people").text


def test_a_link_signs_in_once_and_looking_at_it_changes_nothing(visitor: Visitor, service: Service) -> None:
    link, _ = service.users.link("cura", hours=1)
    path = f"/signin/link?token={link}"
    for method in ("GET", "HEAD", "GET"):
        assert visitor.ask(method, path).status_code == 200
    assert visitor.send("/signin/link", {}).headers["location"] == "/account"
    assert audited(service) == [("person", "cura", "POST /signin/link", 303)]
    assert "Cura Tor" in visitor.get("/account").text
    other = Visitor(visitor.app)
    other.get(path)
    assert other.send("/signin/link", {}).status_code == 403 and "used already" in other.shown
    assert audited(service) == [("nobody", "an unknown account", "POST /signin/link", 403)]


def test_a_wrong_password_says_the_same_as_no_account_and_is_noted(visitor: Visitor, service: Service) -> None:
    said = set()
    for login, who in (("cura", "cura"), ("nobody-at-all", "an unknown account"), (PASSWORD, "an unknown account")):
        answer = visitor.signs_in(login, "a wrong password")
        assert answer.status_code == 403 and "set-cookie" in answer.headers
        said.add(Elements(visitor.shown).all("p", role="alert") and visitor.shown.partition('role="alert">')[2][:40])
        assert audited(service) == [("nobody", who, "POST /signin", 403)]
    assert len(said) == 1 and "wrong" in said.pop()
    kept = " ".join(map(str, service.audit.since(limit=10)))
    assert PASSWORD not in kept and "nobody-at-all" not in kept and "a wrong password" not in kept


def test_guesses_are_slowed_and_told_how_long(visitor: Visitor, service: Service) -> None:
    for _ in range(5):
        assert visitor.signs_in("reader", "a wrong password").status_code == 403
    answer = visitor.signs_in("reader")
    assert answer.status_code == 429 and 0 < int(answer.headers["retry-after"]) <= 900
    assert "Wait 15 minutes" in visitor.shown
    assert audited(service) == [("nobody", "reader", "POST /signin", 429)]
    assert Visitor(visitor.app, address="192.0.2.2").signs_in("reader").status_code == 303


def test_a_flood_of_failures_fills_no_disk(service: Service, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searchsvc.api.access._REFUSALS_A_MINUTE", 3)
    flooded = Visitor(app_of(service))
    before = len(service.audit.since(limit=1000))
    for _ in range(9):
        flooded.signs_in("reader", "a wrong password")
    assert len(service.audit.since(limit=1000)) == before + 3


def test_signing_in_gives_another_cookie_than_the_browser_had(visitor: Visitor, service: Service) -> None:
    visitor.cookies.set("searchsvc", "x" * 43, domain="here.local")
    visitor.signs_in("cura")
    first = visitor.cookies["searchsvc"]
    assert first != "x" * 43
    visitor.get("/signin/link?token=" + service.users.link("reader", hours=1)[0])
    visitor.send("/signin/link", {})
    assert visitor.cookies["searchsvc"] != first and service.sessions.of(first) is None


@pytest.mark.parametrize(
    "then",
    ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/\t/evil.example", "/signin", "/%0d\n"],
)
def test_who_signs_in_is_sent_to_no_other_site(visitor: Visitor, then: str) -> None:
    assert inside(then) == ""
    assert visitor.signs_in("cura", then=then).headers["location"] == "/"


@pytest.mark.parametrize("public_url", ["https://archive.example", "http://archive.example"])
def test_the_cookie_is_for_this_host_and_no_script(service: Service, public_url: str) -> None:
    app = create_app(Running(service.settings.model_copy(update={"public_url": public_url}), service))
    add_site(app)
    one = Visitor(app, base=public_url, address="192.0.2.77")
    [cookie] = [each for each in one.signs_in("keeper").headers.get_list("set-cookie") if "searchsvc=" in each]
    parts = {part.strip().lower() for part in cookie.split(";")}
    secure = public_url.startswith("https")
    assert cookie.startswith("__Host-searchsvc=" if secure else "searchsvc=")
    assert {"httponly", "samesite=lax", "path=/"} < parts and ("secure" in parts) == secure
    assert not any(part.startswith("domain") for part in parts)


def test_who_may_not_read_without_signing_in_is_asked_to_and_comes_back(service: Service) -> None:
    app = create_app(Running(service.settings.model_copy(update={"open_scopes": ()}), service))
    add_site(app)
    one = Visitor(app, address="192.0.2.78")
    answer = one.get("/?q=ring&lang=fr")
    assert answer.status_code == 303 and one.follow("/?q=ring&lang=fr").status_code == 200
    assert "Se connecter" in one.shown
    [action] = one.forms()
    answer = one.send(action, {"login": "reader", "password": PASSWORD})
    assert answer.headers["location"] == "/?q=ring&lang=fr"
    assert one.get(answer.headers["location"]).status_code == 200
    assert one.get("/people").status_code == 403 and "You may not do this" in one.shown
    program = one.ask("GET", "/v1/people", headers={"Accept": "text/html"})
    assert program.headers["content-type"] == "application/problem+json"
    assert Visitor(app).get("/", headers={"Accept": "*/*"}).status_code == 401


@pytest.mark.parametrize("language", list(languages()))
def test_the_page_to_sign_in_is_in_every_language(visitor: Visitor, language: str) -> None:
    visitor.get(f"/signin?lang={language}")
    assert texts(language)("signin.password") in visitor.shown
    assert Elements(visitor.shown).wrong == []


# -- what they may do -------------------------------------------------------------------------------------------------


def test_only_those_with_the_scope_see_what_edits(visitor: Visitor, app: FastAPI) -> None:
    for login, curates in ((None, False), ("reader", False), ("cura", True), ("keeper", True)):
        one = Visitor(app)
        if login:
            assert one.signs_in(login).status_code == 303
        assert ("/introductions" in one.get("/network").text) == curates, login
        answer = one.get("/introductions")
        assert answer.status_code == (200 if curates else 403 if login else 303), login
        assert one.get("/audit").status_code == (200 if login == "keeper" else 403 if login else 303), login


def test_what_they_do_is_noted_by_login_and_said_by_name(visitor: Visitor, service: Service) -> None:
    visitor.signs_in("cura")
    sent = {"kind": "same work", "verdict": "no", "a": "anelia", "b": "anelia", "csrf": token(visitor)}
    assert visitor.ask("POST", "/verdicts", data=sent).status_code == 303
    assert audited(service) == [("person", "cura", "POST /verdicts", 303)]


def test_a_session_of_who_is_disabled_shows_nothing_more(visitor: Visitor, service: Service) -> None:
    visitor.signs_in("cura")
    assert visitor.get("/introductions").status_code == 200
    service.users.change("cura", disabled=True)
    try:
        assert visitor.get("/introductions").status_code == 303
        assert visitor.signs_in("cura").status_code == 403
    finally:
        service.users.change("cura", disabled=False)


# -- other sites ------------------------------------------------------------------------------------------------------


def token(visitor: Visitor) -> str:
    visitor.get("/account")
    return visitor.forms()["/signout"]["csrf"]


def concrete(route: str) -> tuple[str, str]:
    method, _, path = route.partition(" ")
    return method, "/".join("none" if part.startswith("{") else part for part in path.split("/"))


@pytest.mark.parametrize("route", WRITES)
def test_no_write_of_a_session_goes_without_its_token(visitor: Visitor, service: Service, route: str) -> None:
    method, path = concrete(route)
    begun = [service.sessions.begin(service.users.get(login)) for login in ("keeper", "cura")]
    own, foreign = map(form_token, begun)
    cookies = {"searchsvc": begun[0]}
    visitor.cookies.update(cookies)
    for sent in (
        {},
        {"data": {"csrf": ""}},
        {"data": {"csrf": "0" * 64}},
        {"data": {"csrf": foreign}},
        {"headers": {"X-CSRF-Token": foreign}},
        {"json": {"csrf": own}},
        {"params": {"csrf": own}},
    ):
        assert visitor.ask(method, path, **sent).status_code == 403, sent
        assert audited(service) == [("person", "keeper", route, 403)]
    assert "another site" in visitor.shown and dict(visitor.cookies) == cookies
    if path not in SIGN_IN:
        visitor.ask(method, path, headers={"X-CSRF-Token": own})
        assert "another site" not in visitor.shown


def test_every_form_that_a_person_is_shown_has_the_token(visitor: Visitor) -> None:
    visitor.signs_in("keeper")
    own = token(visitor)
    for path in (
        "/",
        "/people",
        "/account",
        "/audit",
        "/gaps",
        "/duplicates",
        "/introductions",
        "/network",
        "/nothing",
    ):
        visitor.get(path)
        assert visitor.forms(), path
        assert all(fields.get("csrf") == own for fields in visitor.forms().values()), path


def test_every_form_in_the_templates_has_the_token() -> None:
    templates = Path(__file__).parents[2] / "searchsvc" / "web" / "templates"
    forms = [form for path in templates.glob("*.html") for form in path.read_text("utf-8").split("<form")[1:]]
    sending = [form.partition("</form>")[0] for form in forms if 'method="post"' in form.partition(">")[0] + ">"]
    assert len(sending) > 5 and all("csrf_field()" in one or 'name="csrf"' in one for one in sending)


def test_nobody_is_signed_in_by_another_site(visitor: Visitor) -> None:
    visitor.get("/signin")
    fields = {**visitor.forms()["/signin"], "login": "cura", "password": PASSWORD}
    assert visitor.ask("POST", "/signin", data=fields, headers={"Origin": "https://evil.example"}).status_code == 403
    other = Visitor(visitor.app)  # has not seen the form
    assert other.ask("POST", "/signin", data=fields).status_code == 403
    assert visitor.ask("POST", "/signin", data=fields).status_code == 303


def test_a_form_larger_than_people_type_is_refused(visitor: Visitor) -> None:
    visitor.signs_in("cura")
    assert visitor.ask("POST", "/verdicts", data={"a": "x" * 200_000}).status_code == 413


# -- the account ------------------------------------------------------------------------------------------------------


def test_a_new_password_ends_all_other_sessions(visitor: Visitor, service: Service) -> None:
    with_user(service, "dora", "search")
    there = Visitor(visitor.app, address="192.0.2.5")
    for one in (visitor, there):
        one.signs_in("dora")
    before = visitor.cookies["searchsvc"]
    visitor.get("/account")
    new = {"new": "another long password", "again": "another long password"}
    for wrong, status in (
        ({**new, "current": "not the present one"}, 403),
        ({**new, "again": "something else", "current": PASSWORD}, 422),
        ({"new": "short", "again": "short", "current": PASSWORD}, 422),
    ):
        assert visitor.send("/account/password", wrong).status_code == status
        assert Elements(visitor.shown).all("p", role="alert")
    answer = visitor.send("/account/password", {**new, "current": PASSWORD})
    assert answer.status_code == 303 and "The password is set" in visitor.get(answer.headers["location"]).text
    assert visitor.cookies["searchsvc"] != before
    assert there.get("/account").status_code == 303
    assert there.signs_in("dora").status_code == 403
    assert there.signs_in("dora", "another long password").status_code == 303


def test_somebody_signs_out_everywhere(visitor: Visitor, service: Service) -> None:
    there = Visitor(visitor.app, address="192.0.2.6")
    for one in (visitor, there):
        one.signs_in("reader")
    visitor.get("/account")
    assert visitor.send("/account/sessions", {}).status_code == 303
    assert visitor.get("/account").status_code == there.get("/account").status_code == 303
    assert audited(service) == [("person", "reader", "POST /account/sessions", 303)]


def test_the_account_says_who_one_is(visitor: Visitor) -> None:
    visitor.signs_in("cura")
    visitor.get("/account")
    assert "Amara Okonjo" in visitor.shown and "correct the register" in visitor.shown
    assert "/audit" not in visitor.shown


# -- where everything is open -----------------------------------------------------------------------------------------


def test_alone_on_this_machine_all_is_as_without_accounts(tmp_path: Path) -> None:
    with Service(Settings(home=tmp_path / "home", encoder="hashing"), work=False) as service:
        app = app_of(service)
        one: Any = Visitor(app, base="http://localhost", address="127.0.0.1")
        assert one.get("/introductions").status_code == 200 and "/signin" not in one.shown
        with_user(service, "reader", "search")
        assert Visitor(app, base="http://localhost", address="127.0.0.1").get("/introductions").status_code == 200
        one.signs_in("reader")
        assert one.get("/introductions").status_code == 200  # may do no less than without
        assert one.ask("DELETE", "/v1/keys/none").status_code == 403
        assert one.ask("DELETE", "/v1/keys/none", headers={"X-CSRF-Token": token(one)}).status_code == 404


def test_while_the_service_starts_the_page_to_sign_in_says_so(settings: Settings) -> None:
    app = create_app(Running(settings.model_copy(update={"public_url": "http://here"})))
    add_site(app)
    one = Visitor(app)
    one.cookies.set("searchsvc", "x" * 43)
    assert one.get("/").status_code == 503 and one.get("/static/0/css/site.css").status_code == 200
    one.get("/signin")
    assert one.send("/signin", {"login": "a", "password": "b"}).status_code == 503
