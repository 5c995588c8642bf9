"""People sign in with their organization's provider; who has no account, and whatever is not genuine, gets nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from searchsvc.errors import SettingsError
from searchsvc.service import Service
from searchsvc.settings import Settings, load_settings
from tests.conftest import needs
from tests.web.people import Visitor
from tests.web.test_signin import app_of, audited

if TYPE_CHECKING:
    from tests.web.oidc import Issuer

LOGIN = "ann@example.org"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    needs("joserfc", "oidc")
    from tests.web.oidc import Issuer

    one = Issuer()
    yield one
    one.close()


@pytest.fixture
def service(issuer: Issuer, tmp_path: Path) -> Iterator[Service]:
    with Service(settings(issuer, tmp_path), work=False) as service:
        service.users.add("Ann@example.org", "Ann Lee", ["search"])
        yield service


def settings(issuer: Issuer, tmp_path: Path, **more: Any) -> Settings:
    from tests.web.oidc import CLIENT, SECRET

    return Settings(
        home=tmp_path / "home", encoder="hashing", public_url="http://here", oidc_issuer=issuer.url,
        oidc_client_id=CLIENT, oidc_client_secret=SECRET, oidc_name="the network", **more,
    )  # fmt: skip


def comes(service: Service, issuer: Issuer, visitor: Visitor | None = None, then: str = "") -> httpx.Response:
    """All the way: to the provider, and back from it."""
    visitor = visitor or Visitor(app_of(service))
    there = visitor.get("/signin/provider", params={"next": then} if then else None)
    assert there.status_code == 303, visitor.shown
    back = visitor.get(issuer.comes_back(there.headers["location"]).removeprefix("http://here"))
    return back


def test_a_person_signs_in_and_goes_where_they_wanted(service: Service, issuer: Issuer) -> None:
    visitor = Visitor(app_of(service))
    assert "Sign in with the network" in visitor.get("/signin?next=/people").text
    assert 'href="/signin/provider?next=%2Fpeople"' in visitor.shown
    back = comes(service, issuer, visitor, then="/people")
    assert (back.status_code, back.headers["location"]) == (303, "/people")
    assert back.headers["cache-control"] == "no-store"
    assert "Ann Lee" in visitor.get("/people").text
    assert audited(service) == [("person", LOGIN, "GET /signin/provider/back", 303)]
    assert not any("provider" in name for name in visitor.cookies)


def test_an_account_is_of_who_came_first_also_under_another_address(service: Service, issuer: Issuer) -> None:
    assert comes(service, issuer).status_code == 303
    issuer.person = {"sub": "8", "email": LOGIN, "email_verified": True}  # the address is somebody else's now
    assert comes(service, issuer).status_code == 403
    assert audited(service) == [("nobody", "an unknown account", "GET /signin/provider/back", 403)]
    issuer.person = {"sub": "7", "email": "married@example.org", "email_verified": True}
    assert comes(service, issuer).status_code == 303
    service.users.change(LOGIN, bound=False)
    issuer.person = {"sub": "8", "email": LOGIN, "email_verified": True}
    assert comes(service, issuer).status_code == 303


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "9", "email": "bob@example.org", "email_verified": True},
        {"sub": "7", "email": LOGIN, "email_verified": False},
        {"sub": "7", "email": LOGIN, "email_verified": "true"},
        {"sub": "7", "email": LOGIN},
        {"sub": "7", "email": "no login / at all", "email_verified": True},
        {"sub": "7", "email": [LOGIN], "email_verified": True},
        {"sub": "7"},
    ],
)
def test_who_has_no_account_or_no_verified_address_is_not_let_in(
    service: Service, issuer: Issuer, person: dict[str, Any]
) -> None:
    issuer.person = person
    visitor = Visitor(app_of(service))
    assert comes(service, issuer, visitor).status_code == 403
    assert 'role="alert"' in visitor.shown and "Ann Lee" not in visitor.get("/").text
    assert service.users.get(LOGIN).subject is None


def test_who_is_disabled_or_taken_out_is_not_let_in(service: Service, issuer: Issuer) -> None:
    assert comes(service, issuer).status_code == 303
    service.users.change(LOGIN, disabled=True)
    assert comes(service, issuer).status_code == 403
    service.users.remove(LOGIN)
    assert comes(service, issuer).status_code == 403


@pytest.mark.parametrize(
    "spoiled",
    [
        {"iss": "http://127.0.0.1:1/realm"}, {"aud": "another"}, {"aud": ["archive", "another"]}, {"azp": "another"},
        {"nonce": "another"}, {"nonce": None}, {"exp": 1}, {"exp": None}, {"iat": 1e12}, {"sub": ""}, {"sub": None},
    ],
    ids=repr,
)  # fmt: skip
def test_a_token_that_is_not_for_this_sign_in_opens_nothing(
    service: Service, issuer: Issuer, spoiled: dict[str, Any]
) -> None:
    issuer.spoils = spoiled
    assert comes(service, issuer).status_code == 403


def test_a_token_of_another_key_opens_nothing_and_a_new_key_is_asked_for(
    service: Service, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from joserfc.jwk import ECKey, OctKey, RSAKey

    known = issuer.key
    assert comes(service, issuer).status_code == 303
    stranger = RSAKey.generate_key(2048, {"kid": "one"})
    gives = type(issuer).gives

    def forged(self: Issuer, *given: Any) -> Any:
        self.key = stranger
        try:
            return gives(self, *given)
        finally:
            self.key = known

    monkeypatch.setattr(type(issuer), "gives", forged)
    assert comes(service, issuer).status_code == 403
    shared: Any = OctKey.import_key("a secret: with signs, as long as HS256 wants it", {"kid": "one"})
    stranger, issuer.algorithm = shared, "HS256"
    assert comes(service, issuer).status_code == 403
    monkeypatch.setattr(type(issuer), "gives", gives)
    issuer.key, issuer.algorithm = ECKey.generate_key("P-256", {"kid": "two"}), "ES256"
    assert service.provider and service.provider._keys
    monkeypatch.setattr(service.provider, "_keys", (service.provider._keys[0], 0.0))  # asked for a while ago
    assert comes(service, issuer).status_code == 303


def test_a_browser_that_did_not_begin_does_not_end_it(service: Service, issuer: Issuer) -> None:
    """Who makes somebody else's browser come back with their own code signs nobody in."""
    app = app_of(service)
    mine, other = Visitor(app), Visitor(app)
    back = issuer.comes_back(mine.get("/signin/provider").headers["location"]).removeprefix("http://here")
    assert other.get(back).status_code == 403 and "did not work" in other.shown
    other.get("/signin/provider")
    assert other.get(back).status_code == 403
    assert mine.get(back).status_code == 303
    assert mine.get(back).status_code == 403  # a code and a cookie are used once
    begun = Visitor(app)
    begun.get("/signin/provider")
    for query in ("", "?state=x", "?code=x", "?error=access_denied", "?state=%00&code=%ff"):
        assert begun.get(f"/signin/provider/back{query}").status_code == 403


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example/", "/\\evil.example", "/signin"])
def test_nobody_is_sent_to_another_site(service: Service, issuer: Issuer, then: str) -> None:
    assert comes(service, issuer, then=then).headers["location"] == "/"


def test_groups_and_scopes_are_what_the_provider_says(issuer: Issuer, tmp_path: Path) -> None:
    more = {"oidc_groups_claim": "groups", "oidc_scopes": "editors=curate owners=admin"}
    with Service(settings(issuer, tmp_path, **more), work=False) as service:
        service.users.add(LOGIN, "Ann Lee", ["search"], groups=["old"])
        issuer.person["groups"] = ["board", "editors", "no name/of a group", 7]
        assert comes(service, issuer).status_code == 303
        ann = service.users.get(LOGIN)
        assert (ann.groups, ann.scopes) == (("board", "editors"), ("curate",))
        issuer.elsewhere = {"sub": "7", "groups": "board"}  # of many a provider only there
        del issuer.person["groups"]
        assert comes(service, issuer).status_code == 303
        ann = service.users.get(LOGIN)
        assert (ann.groups, ann.scopes) == (("board",), ())
        issuer.elsewhere = {"sub": "8", "groups": ["owners"]}
        assert comes(service, issuer).status_code == 403
        assert service.users.get(LOGIN).scopes == ()


def test_a_provider_that_is_away_or_is_another_one_is_told(service: Service, issuer: Issuer, tmp_path: Path) -> None:
    issuer.more = {"issuer": "https://evil.example"}
    visitor = Visitor(app_of(service))
    assert visitor.get("/signin/provider").status_code == 403
    issuer.more = {"token_endpoint": "http://evil.example/token"}
    assert visitor.get("/signin/provider").status_code == 403
    assert "/realm/keys" not in issuer.asked
    issuer.close()
    assert visitor.get("/signin/provider").status_code == 503 and "does not answer" in visitor.shown


def test_tries_are_counted(service: Service, issuer: Issuer) -> None:
    visitor = Visitor(app_of(service))
    for _ in range(30):
        assert visitor.get("/signin/provider/back?code=x&state=x").status_code == 403
    answer = visitor.get("/signin/provider/back?code=x&state=x")
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0


def test_without_a_provider_there_is_no_way_to_one(tmp_path: Path) -> None:
    with Service(Settings(home=tmp_path / "home", encoder="hashing", public_url="http://here"), work=False) as service:
        visitor = Visitor(app_of(service))
        assert "/signin/provider" not in visitor.get("/signin").text
        assert visitor.get("/signin/provider").status_code == visitor.get("/signin/provider/back").status_code == 404


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"oidc_issuer": "https://login.example"}, "set together"),
        ({"oidc_issuer": "http://login.example", "oidc_client_id": "x"}, "no address such as"),
        (
            {"oidc_issuer": "https://login.example", "oidc_client_id": "x", "oidc_scopes": "a=curate"},
            "needs oidc_groups",
        ),
        ({"oidc_scopes": "a=nothing"}, "VALUE=SCOPE"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(given: dict[str, str], said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=said):
        load_settings(home=tmp_path, **given)
