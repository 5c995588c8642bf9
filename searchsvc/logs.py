"""How a process that stays logs: lines for people, or one JSON object a line for programs.

Neither has what people searched: a request is logged by the template of its route.
"""

from __future__ import annotations

import json
import logging
import re
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

__all__ = ["REQUESTS", "current_request", "request_id_of", "set_up_logs"]

REQUESTS = "searchsvc.requests"
current_request: ContextVar[str | None] = ContextVar("current_request", default=None)

_LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)
_HANDLERS_OF_THEIR_OWN = ("dbos",)


def request_id_of(given: str | None) -> str:
    """What a request said, when that is 8 to 64 letters, digits, dots, hyphens and underscores; else a new one."""
    return given if given and _WELL_FORMED.fullmatch(given) else uuid.uuid4().hex


def set_up_logs(*, as_json: bool, requests: bool) -> None:
    """To standard error. requests: every answer, too."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if as_json else _Lines(_LINE))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    if requests:
        logging.getLogger(REQUESTS).setLevel(logging.INFO)
    if as_json:  # they make a handler when they have none
        for name in _HANDLERS_OF_THEIR_OWN:
            logger = logging.getLogger(name)
            logger.addHandler(logging.NullHandler())
            logger.propagate = True
            logger.setLevel(logging.ERROR)


class _Lines(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802, it is logging's
        """One line: what others sent begins none of its own. The traceback comes after it."""
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := current_request.get():
            said["request_id"] = request_id
        said.update(getattr(record, "fields", {}))
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)
