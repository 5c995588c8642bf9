"""People get in by what was given to them, for as long as they may, in every process; and guesses are slowed."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from searchsvc.access.callers import ALL_SCOPES, Scope
from searchsvc.access.passwords import MOST, Passwords
from searchsvc.access.sessions import Sessions
from searchsvc.access.signin import SignIn
from searchsvc.access.users import Users, caller_as, login_of
from searchsvc.catalogue import Catalogue
from searchsvc.errors import BusyError, NotFoundError, QueryError
from tests.postgres import DATABASES, fresh_database

PASSWORD = "correct horse battery"
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


class Process:
    """What one process has of the accounts of a database."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.catalogue = Catalogue(url)
        kept, passwords = (self.catalogue.users, self.catalogue.sessions), Passwords(memory_kib=64)
        self.sessions = Sessions(
            kept[1], kept[0], hours=12, idle_minutes=30, now=clock.now, seconds=lambda: clock.seconds
        )
        self.users = Users(*kept, passwords, now=clock.now, ended=self.sessions.forget, seconds=lambda: clock.seconds)
        self.sign_in = SignIn(*kept, passwords, now=clock.now)

    def enters(self, password: str, login: str = "ann", address: str = HERE) -> bool:
        return self.sign_in.by_password(login, password, address).user is not None


class Clock:
    def __init__(self) -> None:
        self.moment, self.seconds = datetime.fromisoformat("2026-01-01T00:00:00.000+00:00"), 0.0

    def now(self) -> str:
        return self.moment.isoformat(timespec="milliseconds")

    def later(self, **span: float) -> None:
        self.moment += timedelta(**span)
        self.seconds += timedelta(**span).total_seconds()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=DATABASES)
def process(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Callable[[], Process]]:
    """Each is another process on the same database."""
    with ExitStack() as stack:
        postgres = request.param == "postgresql"
        url = stack.enter_context(fresh_database()) if postgres else f"sqlite:///{tmp_path / 'catalogue.sqlite'}"

        def another() -> Process:
            made = Process(url, clock)
            stack.callback(made.catalogue.close)
            return made

        yield another


@pytest.fixture
def one(tmp_path: Path, clock: Clock) -> Iterator[Process]:
    made = Process(f"sqlite:///{tmp_path / 'catalogue.sqlite'}", clock)
    made.users.add("Ann", "Ann Lee", ["curate", "search"])
    made.users.set_password("ann", PASSWORD)
    yield made
    made.catalogue.close()


def test_a_link_opens_once_in_whichever_process(process: Callable[[], Process], clock: Clock) -> None:
    first, second = process(), process()
    first.users.add("ann", "Ann", ["curate"])
    shown, expires_at = first.users.link("ann", hours=24)
    assert expires_at == "2026-01-02T00:00:00.000+00:00"
    entered: list[str] = []

    def enter(at: Process) -> None:
        if at.sign_in.by_link(shown, HERE).user:
            entered.append(at.sessions.begin(at.users.get("ann")))

    threads = [threading.Thread(target=enter, args=(at,)) for at in (first, second, first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [secret] = entered
    assert first.sessions.of(secret) == second.sessions.of(secret) == first.users.get("ann")


def test_what_one_process_ends_is_over_in_another_within_a_second(process: Callable[[], Process], clock: Clock) -> None:
    first, second = process(), process()
    user = first.users.add("ann", "Ann", ["curate"])
    endings: list[Callable[[str], object]] = [
        first.sessions.end,
        lambda _: first.sessions.end_all(user.id),
        lambda _: first.users.set_password("ann", PASSWORD),
        lambda _: first.users.change("ann", disabled=True),
        lambda _: first.users.remove("ann"),
    ]
    for end in endings:
        first.users.change(user.id, disabled=False)
        secret = first.sessions.begin(user)
        assert second.sessions.of(secret) and second.sessions.known(secret)
        end(secret)
        clock.later(seconds=0.9)
        assert first.sessions.of(secret) is None and second.sessions.known(secret) is None
        assert second.sessions.of(secret) is None


def test_what_somebody_may_do_follows_in_sessions_that_go_on(one: Process) -> None:
    secret = one.sessions.begin(one.users.get("ann"))
    user = one.sessions.of(secret)
    assert user and caller_as(user).scopes == {Scope.CURATE, Scope.SEARCH}
    one.users.change("ann", scopes=["admin"])
    user = one.sessions.of(secret)
    assert user and caller_as(user).scopes == ALL_SCOPES


def test_nothing_that_opens_is_kept(one: Process, tmp_path: Path) -> None:
    secret, (link, _) = one.sessions.begin(one.users.get("ann")), one.users.link("ann", hours=1)
    for file in tmp_path.iterdir():
        for shown in (secret, link, PASSWORD):
            assert shown.encode() not in file.read_bytes()
    assert (one.users.get("ann").password or "").startswith("$argon2id$")


def test_a_link_expires_and_gives_way_to_a_newer_one(one: Process, clock: Clock) -> None:
    old, _ = one.users.link("ann", hours=1)
    link, _ = one.users.link("ann", hours=1)
    assert one.sign_in.by_link(old, HERE).user is None
    clock.later(hours=1)
    assert one.sign_in.by_link(link, HERE).user is None
    link, _ = one.users.link("ann", hours=1)
    one.users.set_password("ann", PASSWORD)
    assert one.sign_in.by_link(link, HERE).user is None


def test_a_session_ends_by_rest_and_by_age(one: Process, clock: Clock) -> None:
    secret = one.sessions.begin(one.users.get("ann"))
    for _ in range(24):
        clock.later(minutes=29)
        assert one.sessions.of(secret)
    clock.later(minutes=29)  # twelve hours and more
    assert one.sessions.of(secret) is None
    secret = one.sessions.begin(one.users.get("ann"))
    clock.later(minutes=30)
    assert one.sessions.of(secret) is None
    one.sessions.begin(one.users.get("ann"))
    clock.later(hours=13)
    one.sessions.look_after()
    assert not _rows(one, "sessions")


def test_guesses_are_slowed_and_lock_nobody_out_elsewhere(one: Process, clock: Clock) -> None:
    assert not any(one.enters(f"wrong {number}") for number in range(5))
    tried = one.sign_in.by_password("ANN ", PASSWORD, HERE)
    assert tried.user is None and tried.wait_s == 900 and tried.who == "ann"
    assert one.enters(PASSWORD, address=ELSEWHERE)
    assert one.sign_in.by_link(one.users.link("ann", hours=1)[0], HERE).user
    clock.later(minutes=15)
    assert one.enters(PASSWORD)


def test_guesses_from_everywhere_are_slowed_too(one: Process, clock: Clock) -> None:
    tried = [one.enters("wrong", address=f"192.0.2.{number}") for number in range(50)]
    assert not any(tried) and one.sign_in.by_password("ann", PASSWORD, "198.51.100.1").wait_s == 3600
    clock.later(hours=1)
    assert one.enters(PASSWORD)


def test_one_address_tries_no_more_than_a_few_accounts(one: Process) -> None:
    tried = [one.sign_in.by_password(f"user{number}", "wrong", HERE).wait_s for number in range(31)]
    assert tried[:30] == [0] * 30 and tried[30] > 0


def test_who_is_right_again_and_again_is_not_slowed(one: Process) -> None:
    assert all(one.enters(PASSWORD) for _ in range(8))


def test_the_count_is_that_of_all_processes(process: Callable[[], Process]) -> None:
    both = process(), process()
    both[0].users.add("ann", "Ann", ["curate"])
    both[0].users.set_password("ann", PASSWORD)
    for number in range(5):
        assert not both[number % 2].enters("wrong")
    assert not both[0].enters(PASSWORD) and not both[1].enters(PASSWORD)


def test_an_account_that_there_is_not_answers_as_one_with_another_password(one: Process) -> None:
    one.users.add("bob", "Bob", ["search"])  # without a password
    one.users.add("eve", "Eve", ["search"])
    one.users.set_password("eve", PASSWORD)
    one.users.change("eve", disabled=True)
    for login, who in (("nobody", "an unknown account"), ("bob", "bob"), ("eve", "eve"), ("", "an unknown account")):
        tried = one.sign_in.by_password(login, PASSWORD, HERE)
        assert (tried.user, tried.who, tried.wait_s) == (None, who, 0), login


@pytest.mark.parametrize("password", ["short", "x" * (MOST + 1), "ann.lee@example.org", " ANN.LEE@example.org "])
def test_a_password_that_is_none_is_refused(one: Process, password: str) -> None:
    one.users.add("ann.lee@example.org", "Ann Lee the first", ["search"])
    with pytest.raises(QueryError):
        one.users.set_password("ann.lee@example.org", password)


def test_one_password_however_it_is_typed(one: Process) -> None:
    one.users.set_password("ann", "caf\u00e9 au lait noir")
    assert one.enters("cafe\u0301 au lait noir") and not one.enters("cafe au lait noir")


def test_a_flood_of_passwords_is_told_to_come_again() -> None:
    passwords = Passwords(memory_kib=64)
    for _ in range(8):
        assert passwords._places.acquire(blocking=False)
    with pytest.raises(BusyError):
        passwords.right(None, PASSWORD)
    passwords._places.release()
    assert not passwords.right(None, PASSWORD)


def test_a_hash_of_other_parameters_is_renewed(one: Process) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("searchsvc.access.passwords._PASSES", 1)
        before = Passwords(memory_kib=32).hash(PASSWORD)
    one.catalogue.users.change(one.users.get("ann").id, {"password": before})
    assert one.enters(PASSWORD)
    after = one.users.get("ann").password
    assert after and "m=64,t=3" in after and one.enters(PASSWORD)


@pytest.mark.parametrize("login", ["", " ", "a b", "a/b", "..", "a?b", "x" * 101, "a\nb"])
def test_what_can_be_no_login_is_refused(login: str) -> None:
    with pytest.raises(QueryError):
        login_of(login)


def test_who_is_removed_leaves_an_id_and_frees_the_login(one: Process) -> None:
    gone = one.users.get("ann")
    one.users.remove("ann")
    with pytest.raises(NotFoundError):
        one.users.get("ann")
    assert one.users.all() == [] and not one.enters(PASSWORD)
    [kept] = _rows(one, "users")
    assert kept["id"] == gone.id and not any(kept[name] for name in ("login", "name", "password", "person"))
    assert one.users.add("ann", "Another", ["search"]).id != gone.id
    with pytest.raises(QueryError, match="already"):
        one.users.add("ANN", "Again", ["search"])


def test_a_backup_that_is_put_back_lets_nobody_in_again(process: Callable[[], Process], tmp_path: Path) -> None:
    here = process()
    for login in ("ann", "bob", "eve"):
        here.users.add(login, login, ["search"])
        here.users.set_password(login, PASSWORD)
    secret, (link, _) = here.sessions.begin(here.users.get("bob")), here.users.link("eve", hours=9)
    backup = io.BytesIO()
    here.catalogue.whole.dump(backup)
    here.users.remove("ann")
    here.sessions.end(secret)
    here.users.set_password("bob", "another long password")
    here.users.link("eve", hours=9)
    now = here.sessions.begin(here.users.get("eve"))
    backup.seek(0)
    here.catalogue.whole.replace(backup)
    assert [one.login for one in here.users.all()] == ["bob", "eve"]
    assert not here.enters(PASSWORD, "ann") and not here.enters(PASSWORD, "bob")
    assert here.enters("another long password", "bob") and here.sessions.of(secret) is None and here.sessions.of(now)
    assert here.sign_in.by_link(link, HERE).user is None
    fresh = Process(f"sqlite:///{tmp_path / 'fresh.sqlite'}", Clock())
    fresh.users.add("bob", "Another", ["admin"])
    backup.seek(0)
    fresh.catalogue.whole.replace(backup)
    assert [(one.login, one.name) for one in fresh.users.all()] == [("ann", "ann"), ("bob", "Another"), ("eve", "eve")]
    assert fresh.enters(PASSWORD, "ann") and _rows(fresh, "sessions") == _rows(fresh, "signin_links") == []
    fresh.catalogue.close()


def test_an_account_of_somebody_who_is_erased_from_the_register_is_linked_to_nobody(one: Process) -> None:
    one.users.change("ann", person="amara")
    one.catalogue.erased.erase([], [], ids=["amara"], names=["amara okonjo"], marks=[])
    assert one.users.get("ann").person is None and one.enters(PASSWORD)


def _rows(process: Process, table: str) -> list[dict[str, object]]:
    with process.catalogue._engine.connect() as db:
        return [dict(row) for row in db.exec_driver_sql(f"SELECT * FROM {table}").mappings()]
