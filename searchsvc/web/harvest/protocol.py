"""OAI-PMH 2.0 as a request says it: http://www.openarchives.org/OAI/openarchivesprotocol.html

Nothing here knows of an archive; what is wrong is an `OaiError` with one of the protocol's codes.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

__all__ = ["ARGUMENTS", "PREFIX", "OaiError", "Selection", "arguments", "selection", "token_of"]

PREFIX = "oai_dc"
# verb -> required arguments, optional ones, and the one that stands alone
ARGUMENTS: Mapping[str, tuple[frozenset[str], frozenset[str], bool]] = {
    "Identify": (frozenset(), frozenset(), False),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"}), False),
    "ListSets": (frozenset(), frozenset(), True),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"}), True),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"}), True),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset(), False),
}
_TOKEN = "resumptionToken"
_NAME = re.compile(r"[A-Za-z0-9\-_.!~*'():]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_SECOND = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}\+00:00", re.ASCII)


class OaiError(Exception):
    """code: of the protocol. The answer is 200 with the code in its body, and names the arguments where they are
    those of the protocol."""

    def __init__(self, code: str, says: str) -> None:
        super().__init__(says)
        self.code = code


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a list is asked for. since, until: as the journal keeps moments, both included. set: one kind, or all.

    after: (moment, id) of the last record that was given. given: how many were given before.
    """

    since: str | None = None
    until: str | None = None
    set: str | None = None
    after: tuple[str, str] | None = None
    given: int = 0


def arguments(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The arguments by name, the verb among them. Raises OaiError."""
    verbs = [value for name, value in pairs if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in ARGUMENTS:
        raise OaiError("badVerb", f"the argument verb is to be there once, and one of {', '.join(ARGUMENTS)}.")
    required, optional, resumes = ARGUMENTS[verbs[0]]
    given = dict(pairs)
    if twice := [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]:
        raise OaiError("badArgument", f"there more than once: {_names(twice)}.")
    names = given.keys() - {"verb"}
    allowed = {*required, *optional, *([_TOKEN] if resumes else [])}
    if unknown := names - allowed:
        raise OaiError("badArgument", f"{verbs[0]} takes no {_names(unknown)}.")
    if odd := [name for name in ("metadataPrefix", "set") if name in given and not _NAME.fullmatch(given[name])]:
        raise OaiError("badArgument", f"{_names(odd)}: letters, digits and - _ . ! ~ * ' ( ) alone.")
    if _TOKEN in names:
        if len(names) > 1:
            raise OaiError("badArgument", "resumptionToken stands alone.")
    elif missing := required - names:
        raise OaiError("badArgument", f"{verbs[0]} needs {_names(missing)}.")
    return given


def selection(given: Mapping[str, str], sets: Sequence[str]) -> Selection:
    """Of a list, from its arguments or its token. Raises OaiError."""
    if _TOKEN in given:
        return _resumed(given[_TOKEN], sets)
    if given["metadataPrefix"] != PREFIX:
        raise OaiError("cannotDisseminateFormat", f"records are there as {PREFIX} alone.")
    since, until = given.get("from"), given.get("until")
    if since is not None and until is not None and len(since) != len(until):
        raise OaiError("badArgument", "from and until are to have the same granularity.")
    found = Selection(_bound("from", since, ".000"), _bound("until", until, ".999"), given.get("set"))
    if found.since and found.until and found.since > found.until:
        raise OaiError("badArgument", "from is later than until.")
    if found.set is not None and found.set not in sets:
        raise OaiError("noRecordsMatch", "there is no such set; ListSets has all.")
    return found


def token_of(asked: Selection) -> str:
    """All that is needed to go on is in the token: nothing is kept here, and a token never expires."""
    written = json.dumps(asdict(asked), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def _resumed(token: str, sets: Sequence[str]) -> Selection:
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        at, last = values.pop("after")
        found = Selection(**values, after=(at, last))
        moments = [one for one in (found.since, found.until, at) if one is not None]
        whole = all(_MOMENT.fullmatch(one) for one in moments) and isinstance(last, str) and "\0" not in last
        if whole and found.set in (None, *sets) and type(found.given) is int and 0 < found.given < 1 << 40:
            return found
    except (UnicodeError, binascii.Error, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    raise OaiError("badResumptionToken", "the token is none of this repository.")


def _bound(name: str, given: str | None, rest: str) -> str | None:
    """A moment as the journal has it, which begins or ends what was given."""
    if given is None:
        return None
    day = _DAY.fullmatch(given)
    if not day and not _SECOND.fullmatch(given):
        raise OaiError("badArgument", f"{name} is to be YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")
    text = given + ("T00:00:00" if rest == ".000" else "T23:59:59") if day else given.removesuffix("Z")
    try:
        datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise OaiError("badArgument", f"{name} is no day or moment of the calendar.") from None
    return f"{text}{rest}+00:00"


def _names(names: Sequence[str] | set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(name[:40] for name in names))
