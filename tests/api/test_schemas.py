"""Values that are written out in the API's bodies, which load nothing of the domain, are the values of the domain."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel

import searchsvc.api
from ingest.sources.advice import Status as SourceStatus
from ingest.sources.keeper import Asked
from ingest.verification import Kind as VerifiedKind
from searchsvc.access.callers import Scope
from searchsvc.access.keys import KeyStatus
from searchsvc.catalogue import Action, ItemStatus, Status, VerdictKind, Word
from searchsvc.catalogue.judging import Origin
from searchsvc.catalogue.letters import LetterStatus
from searchsvc.catalogue.watches import Every
from searchsvc.digest.happenings import What
from searchsvc.digest.model import DeadlineKind, WishKind
from searchsvc.judging.judging import GRADES
from searchsvc.matching.covers import CoverKind
from searchsvc.matching.needs import NeedKind
from searchsvc.model import Locator
from searchsvc.network.introductions import Aim
from searchsvc.network.reasons import Topic
from searchsvc.network.shape import NetworkState
from searchsvc.opinions.opinions import Sure
from searchsvc.people.collaborators import AskedKind, CollaboratorKind, Whose
from searchsvc.register.identity import Certainty
from searchsvc.register.named import NamedKind
from searchsvc.register.ties import TieKind
from searchsvc.search.ranker import Mode
from searchsvc.search.related.labels import Facet
from searchsvc.search.relevance import Band
from searchsvc.search.shown import Elsewhere
from searchsvc.search.suggest import SuggestedKind

DOMAIN: tuple[Any, ...] = (
    KeyStatus, Scope, VerifiedKind, SourceStatus, Asked,
    Aim, AskedKind, Band, Certainty, CollaboratorKind, CoverKind, Elsewhere, Facet, ItemStatus, Mode, NamedKind,
    DeadlineKind, What, WishKind, Every, LetterStatus, tuple(GRADES.values()), Origin,
    tuple(set(get_args(Action)) - {"undo"}),  # which is asked for elsewhere
    NeedKind,
    NetworkState, Status,
    SuggestedKind, Sure, TieKind, Topic, VerdictKind, Whose, Word, get_type_hints(Locator)["kind"],
)  # fmt: skip


def schemas() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(searchsvc.api.__path__, "searchsvc.api."):
        if found.name.endswith(".schemas"):
            yield importlib.import_module(found.name)


def literals(annotation: Any) -> Iterator[Any]:
    """Those in an annotation, however deep."""
    if get_origin(annotation) is Literal:
        yield annotation
    else:
        for part in get_args(annotation):
            yield from literals(part)


def test_each_set_of_values_is_one_of_the_domain() -> None:
    written_out = {
        frozenset(get_args(literal)): f"{module.__name__}.{name}.{field}"
        for module in schemas()
        for name, body in vars(module).items()
        if isinstance(body, type) and issubclass(body, BaseModel)
        for field, info in body.model_fields.items()
        for literal in literals(info.annotation)
        if set(get_args(literal)) != {False}  # taken back, and never given by hand
    }
    known = {frozenset(get_args(values) or values) for values in DOMAIN}
    unknown = [f"{place}: {sorted(values)}" for values, place in written_out.items() if values not in known]
    assert not unknown, "the domain has no such set of values; or it is missing in DOMAIN above"
    assert known == written_out.keys(), "a set of values of the domain that no body has any more"
