"""What the endpoints stand on: the service, from the moment that it is there."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from starlette.types import Scope as Asked

from searchsvc.access.callers import NOBODY, Caller, Scope
from searchsvc.api.scopes import needed
from searchsvc.errors import BusyError, SearchsvcError
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.sight import PUBLIC, Sight

if TYPE_CHECKING:
    from searchsvc.metrics import Metrics
    from searchsvc.views import Views

__all__ = ["PublicNow", "Running", "ServiceNow", "caller_of"]

log = logging.getLogger(__name__)

_WRITES = (Scope.INGEST, Scope.CURATE, Scope.ADMIN)
_JOBS = "/v1/jobs"
_CURATION = ("/v1/curation", "/curate", "/v1/judging", "/judge")
_STARTING = "starting: the encoder is being loaded."


class Running:
    """The service as the API sees it: starting, ready, or failed for a reason."""

    def __init__(
        self, settings: Settings, service: Service | None = None, *, metrics: Metrics | None = None,
        check: Callable[[Service], object] | None = None,
    ) -> None:  # fmt: skip
        """check: raises what keeps the service from becoming ready."""
        self.settings = settings
        self.metrics = metrics
        self.owner_key = secrets.token_urlsafe(32)  # for who has the files: commands on the same home
        self._check = check
        self._service = service
        self._views: Views | None = None
        self._failure: str | None = None
        self._lock = threading.Lock()
        self._closed = False

    def start(self) -> None:
        """Open the service and load what queries need; takes seconds. A failure is kept for `state`."""
        try:
            service = Service(self.settings, work=self.settings.ingest_in_service, metrics=self.metrics)
            try:
                if self._check:
                    self._check(service)
                service.start()
            except BaseException:
                service.close()
                raise
        except SearchsvcError as error:
            log.error("the service did not start: %s", error)
            self._failure = str(error)
            return
        except Exception as error:
            log.exception("the service did not start")
            self._failure = f"the service did not start ({type(error).__name__}: {error})".splitlines()[0]
            return
        with self._lock:
            if not self._closed:
                self._service = service
                self._keep_mailing(service)
                return
        service.close()

    def _keep_mailing(self, service: Service) -> None:
        """Send letters that are due, now and then, where a mail server is set."""
        minutes = self.settings.mail_every_minutes
        if not self.settings.smtp_host or not minutes:
            return

        def mail() -> None:
            from searchsvc.api.letters.mailing import Mailing

            try:
                sent = [one for one in Mailing(self).run() if one.status != "nothing"]
                if sent:
                    log.info("letters: %s", ", ".join(f"{one.person} {one.status}" for one in sent))
            except Exception as error:  # the database or the server is away, or a setting is missing: it goes on later
                log.warning("letters were not sent: %s", error)

        service.repeat(mail, every_s=60.0 * minutes, name="letters")

    @property
    def state(self) -> tuple[bool, str]:
        """Whether searches are answered, and what to say if not."""
        service = self._service
        if service is not None:
            found = service.readiness.look()
            away = f"ready, but does not answer: {', '.join(found.away)}" if found.away else "ready"
            return not found.faults, " ".join(found.faults) or away
        return False, self._failure or _STARTING

    @property
    def state_for_strangers(self) -> tuple[bool, str]:
        """The same without addresses and paths, which the log has."""
        service = self._service
        if service is None:
            return False, "the service did not start; its log says why." if self._failure else _STARTING
        found = service.readiness.look()
        if not found.faults:
            return True, "ready, but a part of the store does not answer" if found.away else "ready"
        verb = "does" if len(found.names) == 1 else "do"
        return False, f"{' and '.join(found.names)} {verb} not answer."

    @property
    def failure(self) -> str | None:
        return self._failure

    @property
    def started(self) -> bool:
        return self._service is not None

    def service_for(self, sight: Sight) -> Service:
        """With what somebody sees of the archive, and nothing else. Raises BusyError until the service has started."""
        whole = self.service()
        if sight.everything and not whole.catalogue.withdraws():
            return whole  # commands of who has the home import nothing else
        return self._views_of(whole).of(sight)

    def _views_of(self, whole: Service) -> Views:
        with self._lock:
            if self._closed:
                raise BusyError(_STARTING)
            if self._views is None:
                from searchsvc.views import Views  # which commands of who has the home do without

                self._views = Views(whole)
            return self._views

    def service(self) -> Service:
        """The whole one, for what is of no caller. Raises BusyError until the service has started."""
        service = self._service
        if service is None:
            raise BusyError(self._failure or _STARTING)
        return service

    def close(self) -> None:
        with self._lock:
            self._closed = True
            service, self._service = self._service, None
            views, self._views = self._views, None
        if views:
            views.close()
        if service:
            logging.getLogger("dbos").setLevel(logging.CRITICAL)  # that work is stopped under it is meant so
            service.close()


def caller_of(scope: Asked) -> Caller:
    """As `Callers` found out."""
    caller: Caller = scope.get("state", {}).get("caller", NOBODY)
    return caller


def _service(request: Request) -> Service:
    running: Running = request.app.state.running
    return running.service() if _sees_all(request.scope) else running.service_for(caller_of(request.scope).sight)


def _sees_all(scope: Asked) -> bool:
    """Whether it is about all of the archive, also what is withdrawn from everybody: what changes it, which the gate
    has let through, and the work list; who takes files in may follow them.
    """
    caller, path, needs = caller_of(scope), scope["path"], needed(scope["method"], scope["path"])
    if path == _JOBS and caller.may(Scope.INGEST):
        return True
    return needs in _WRITES and (needs is not Scope.CURATE or scope["method"] != "GET" or path.startswith(_CURATION))


ServiceNow = Annotated[Service, Depends(_service)]


def _public(request: Request) -> Service:
    running: Running = request.app.state.running
    return running.service_for(PUBLIC)


PublicNow = Annotated[Service, Depends(_public)]  # with what everybody sees, whoever asks
