"""What services know of what the archive and its register have: looked up, compared, proposed, and applied.

Nothing is asked that a service answered within `days`. What a person decided stays. An answer whose title is not that
of the work here is never used: its identifier was read from the wrong place, such as a list of references.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ingest.completing.agreeing import agree, plain_title, stands_in
from ingest.completing.proposals import Proposal, of_entry, of_resource, one_person
from ingest.completing.services import SERVICES
from ingest.completing.subjects import Subject, subjects
from ingest.completing.told import Service, Told
from searchsvc.curation.metadata import wrong_title
from searchsvc.errors import GoneError, IngestError, QueryError, SearchsvcError
from searchsvc.model import Resource
from searchsvc.register.kinds import KINDS
from searchsvc.text.folding import folded

if TYPE_CHECKING:
    from ingest.curator import Curator
    from ingest.sources.web.protocol import Web
    from searchsvc.catalogue import Catalogue, Curated
    from searchsvc.register.registry import Registry

__all__ = ["Completed", "Completer"]

_MOST_BYTES = 20_000_000  # of one answer
_HEAD = 2500  # characters of a text in which its own title stands
_NAMES = frozenset(one.name for one in SERVICES.values())
_AnswersOf = dict[tuple[str, str], Told | None]  # setting of a service, identifier -> what it said


@dataclass
class Completed:
    """proposals: what was found, or was applied. problems: one line each. total: of all that have an identifier that
    may be asked for; looked: how many of these this time. kept_back: restricted ones that nobody was asked about.
    asked: requests that were sent.
    """

    proposals: list[Proposal] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    total: int = 0
    looked: int = 0
    kept_back: int = 0
    asked: int = 0


class Completer:
    """For many threads. What it changes, the curator does."""

    def __init__(
        self, *, catalogue: Catalogue, registry: Registry, curator: Callable[[], Curator], web: Callable[[], Web],
        bases: Mapping[str, str], allowed: Collection[str], days: int, contact: str, now: Callable[[], str],
    ) -> None:  # fmt: skip
        """bases: name of a service, as in SERVICES -> its address. allowed: those that may be asked. days: that an
        answer is good. contact: an address of mail, or empty. now: ISO 8601."""
        self._catalogue = catalogue
        self._registry = registry
        self._curator = curator
        self._web = web
        self._bases = {name: base.rstrip("/") for name, base in bases.items()}
        self._allowed = allowed
        self._days = days
        self._contact = contact
        self._now = now

    def complete(
        self, ids: Sequence[str] = (), *, services: Sequence[str] = (), restricted: bool = False, apply: bool = False,
        offset: int = 0, limit: int = 200, by: str = "",
    ) -> Completed:  # fmt: skip
        """ids: of resources, people, organizations; all without. services: only these of what is allowed. restricted:
        ask also about what not everybody may see. by: who wants it applied.

        Raises QueryError and NotFoundError. What a service cannot answer now is one of `problems`.
        """
        asked = self._may_ask(services)
        found = subjects(self._catalogue, self._registry, ids, {SERVICES[name].scheme for name in asked})
        open_ = [one for one in found if restricted or not one.restricted]
        some = open_[offset : offset + limit]
        done = Completed(total=len(open_), looked=len(some), kept_back=len(found) - len(open_))
        told = self._told(some, asked, done)
        curated = self._catalogue.curation.curated()
        resources = {one.id: one for one in self._catalogue.resources()}
        for subject in some:
            answers = [(SERVICES[name], one) for name in asked if (one := _of(told, name, subject))]
            if subject.kind == "resource":
                if subject.id not in resources:  # it was taken out meanwhile
                    continue
                proposals = list(self._of_resource(resources[subject.id], answers, curated, done))
            else:
                proposals = list(self._of_entry(subject, answers, curated, done))
            done.proposals += self._applied(subject, proposals, done, by) if apply and proposals else proposals
        return done

    def _may_ask(self, services: Sequence[str]) -> list[str]:
        if not self._allowed:
            raise QueryError(
                f"no service may be asked; name those that may in the setting complete_from: {' '.join(SERVICES)}."
            )
        for name in services:
            if name not in SERVICES:
                raise QueryError(f"{name!r} is no service; there are {', '.join(SERVICES)}.")
            if name not in self._allowed:
                raise QueryError(f"{name} may not be asked: the setting complete_from does not name it.")
        return [name for name in SERVICES if name in self._allowed and (not services or name in services)]

    # -- asking -------------------------------------------------------------------------------------------------------

    def _told(self, some: Sequence[Subject], asked: Sequence[str], done: Completed) -> _AnswersOf:
        """What is kept, and what is asked for now. Of a DOI the next service is asked where one does not know it."""
        told: _AnswersOf = {}
        known: set[tuple[str, str]] = set()  # scheme, identifier
        for name in asked:
            service = SERVICES[name]
            keys = dict.fromkeys(one.keys[service.scheme] for one in some if service.scheme in one.keys)
            wanted = [key for key in keys if (service.scheme, key) not in known]
            told |= {(name, key): one for key, one in self._answers(name, service, wanted, done).items()}
            known |= {(service.scheme, key) for key in wanted if told.get((name, key))}
        return told

    def _answers(self, name: str, service: Service, keys: Sequence[str], done: Completed) -> dict[str, Told | None]:
        """Key -> what it says; None where it knows nothing. Without those that could not be asked for."""
        since = (datetime.fromisoformat(self._now()) - timedelta(days=self._days)).isoformat(timespec="milliseconds")
        kept = self._catalogue.answers.of(name, keys, since=since)
        found = {key: Told.of(key, said) if said else None for key, said in kept.items()}
        waiting = [key for key in keys if key not in found]
        alone = [key for key in waiting if "," in key]  # what parts identifiers in a request for many
        many = [key for key in waiting if "," not in key]
        batches = [many[at : at + service.at_once] for at in range(0, len(many), service.at_once)]
        batches += [[key] for key in alone]
        for number, batch in enumerate(batches):
            try:
                done.asked += 1
                answers = self._ask(name, service, batch)
            except IngestError as error:
                left = sum(map(len, batches[number:]))
                said = str(error).rstrip(".")
                done.problems.append(f"{service.name}: {said}. {left} not asked for; run it again later.")
                break
            self._catalogue.answers.put(
                name, {key: one.kept() if one else None for key, one in answers.items()}, at=self._now()
            )
            found |= answers
        return found

    def _ask(self, name: str, service: Service, keys: Sequence[str]) -> dict[str, Told | None]:
        """Raises IngestError."""
        address = service.address(self._bases[name], keys, self._contact)
        try:
            with self._web().get(
                address, accept=service.accept, headers={"Accept": service.accept}, robots=False,
                max_bytes=_MOST_BYTES, delay_s=service.delay_s,
            ) as answer:  # fmt: skip
                data = answer.read()
        except GoneError:
            return dict.fromkeys(keys)
        read = {one.key: one for one in service.read(data, keys)}
        return {key: read.get(key) for key in keys}

    # -- comparing ----------------------------------------------------------------------------------------------------

    def _of_resource(
        self, resource: Resource, answers: Sequence[tuple[Service, Told]], curated: Curated, done: Completed
    ) -> Iterator[Proposal]:
        seen: set[str] = set()
        for service, told in answers:
            key = f"{service.scheme}:{told.key}"
            if not self._is_of(resource, told):
                done.problems.append(
                    f"{resource.id} “{_short(resource.title)}”: {key} is of another work, “{_short(told.names[0])}”; "
                    "nothing of it is used."
                )
                continue
            for name, (before, value, why) in of_resource(resource, told, self._now()[:10]).items():
                if name not in seen and not _decided(curated, resource.id, name, value):
                    seen.add(name)
                    yield Proposal("resource", resource.id, resource.title, name, before, value, why, service.name, key)

    def _is_of(self, resource: Resource, told: Told) -> bool:
        if any(agree(resource.title, name) for name in told.names):
            return True
        if not wrong_title(resource):
            return False
        beginning = self._catalogue.texts([resource.id]).get(resource.id, "")[:_HEAD]
        return any(stands_in(name, beginning) for name in told.names)

    def _of_entry(
        self, subject: Subject, answers: Sequence[tuple[Service, Told]], curated: Curated, done: Completed
    ) -> Iterator[Proposal]:
        entry = self._registry.entry(subject.kind, subject.id)
        data = {**entry.data, "name": entry.name}
        emptied = {
            name for name, value in self._registry.edits().get((subject.kind, subject.id), {}).items() if value is None
        }
        for service, told in answers:
            key = f"{service.scheme}:{told.key}"
            names = [entry.name, *(str(one) for one in entry.data.get("aliases") or ()), str(data.get("acronym") or "")]
            alike = one_person if subject.kind == "person" else _one_name
            if not any(alike(here, there) for here in filter(None, names) for there in told.names):
                done.problems.append(
                    f"{subject.id} “{_short(entry.name)}”: {key} is “{_short(told.names[0])}”; nothing of it is used."
                )
                continue
            fields = {**told.fields}
            if "organization" in fields:
                there = self._organization(str(fields.pop("organization")))
                if there and not data.get("organization") and not data.get("organizations"):
                    fields["organization"] = there
            said = Told(told.key, told.names, fields)
            for name, (before, value, why) in of_entry(data, said, KINDS[subject.kind].fields).items():
                if name not in emptied and not _undone(curated, f"{subject.kind}:{subject.id}", name, value):
                    yield Proposal(subject.kind, subject.id, entry.name, name, before, value, why, service.name, key)

    def _organization(self, name: str) -> str:
        """The id of the one that is called so, or empty."""
        found = [
            one.id for one in self._registry.register.organizations.values()
            if folded(name) in {folded(known) for known in (*one.names, one.acronym or "")} and folded(name)
        ]  # fmt: skip
        return found[0] if len(found) == 1 else ""

    # -- changing -----------------------------------------------------------------------------------------------------

    def _applied(self, subject: Subject, proposals: Sequence[Proposal], done: Completed, by: str) -> list[Proposal]:
        """Those that were. What cannot be is a problem, and the others are."""
        applied: list[Proposal] = []
        sorted_: dict[tuple[str, str], list[Proposal]] = defaultdict(list)
        for one in proposals:
            sorted_[one.service, one.key].append(one)
        for (service, key), mine in sorted_.items():
            note = f"{key}; applied by {by}" if by else key
            values: dict[str, Any] = {one.field: one.value for one in mine}
            try:
                if subject.kind == "resource":
                    self._curator().complete(subject.id, values, by=service, note=note)
                else:
                    self._curator().complete_entry(subject.kind, subject.id, values, by=service, note=note)
                applied += mine
            except SearchsvcError as error:
                done.problems.append(f"{subject.id} “{_short(subject.about)}”: {str(error).rstrip('.')}.")
        return applied


def _of(told: _AnswersOf, name: str, subject: Subject) -> Told | None:
    return told.get((name, subject.keys.get(SERVICES[name].scheme, "")))


def _decided(curated: Curated, resource_id: str, name: str, value: object) -> bool:
    """Whether a person said what it is, or that it is right, or took this same value back."""
    mine = (one for one in curated.standing if one.resource == resource_id and one.kind == name)
    if any(one.action == "accept" or (one.action == "correct" and one.by not in _NAMES) for one in mine):
        return True
    return _undone(curated, resource_id, name, value)


def _undone(curated: Curated, about: str, name: str, value: object) -> bool:
    return any(
        one.id in curated.undone and one.by in _NAMES
        and (
            (one.resource == about and one.kind == name and one.value == value)
            or (one.kind == "register" and one.item == f"register-{about}" and one.value["fields"].get(name) == value)
        )
        for one in curated.decisions if one.action == "correct"
    )  # fmt: skip


def _one_name(here: str, there: str) -> bool:
    return folded(here) == folded(there)


def _short(title: str) -> str:
    title = plain_title(title)
    return title if len(title) <= 80 else f"{title[:79]}…"
