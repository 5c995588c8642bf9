"""What the page of the work list shows. Pure: everything comes in as an argument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from searchsvc.api.curation.present import said_by
from searchsvc.catalogue import Action, Curated, Decision
from searchsvc.curation import Task
from searchsvc.doubts import Told
from searchsvc.model import Resource
from searchsvc.texts import Texts
from searchsvc.web.search.views import LinkView
from searchsvc.web.visit import Visit

__all__ = ["KEYS", "ActionView", "DecisionView", "TaskView", "decision_view", "task_view"]

KEYS: Mapping[Action, str] = {
    "accept": "a", "correct": "c", "merge": "m", "hide": "h", "reject": "n", "later": "l", "undo": "u",
}  # fmt: skip
_SHOWN = 8  # values of one fact
_CORRECTED_AS = {"dead_link": "url"}


@dataclass(frozen=True, slots=True)
class ActionView:
    action: str
    label: str
    key: str


@dataclass(frozen=True, slots=True)
class TaskView:
    """value: what stands in the field for what is true; None where nothing is to be corrected. how: how it is written.

    reading: where its text is read. other: of two, the second.
    """

    id: str
    kind: str
    why: str
    about: LinkView
    byline: str
    reading: str
    other: LinkView | None
    facts: tuple[tuple[str, str], ...]
    offered: tuple[str, ...]
    value: str | None
    how: str
    actions: tuple[ActionView, ...]


@dataclass(frozen=True, slots=True)
class DecisionView:
    """said: what was done, in words. undone: by whom, when it does not hold any more."""

    id: str
    said: str
    about: LinkView
    change: str
    when: str
    note: str
    stands: bool
    undone: str


def task_view(
    task: Task, offered: Sequence[str], resources: Mapping[str, Resource], visit: Visit, names: Mapping[str, str]
) -> TaskView:
    """names: resource -> the last part of where it was found."""
    t, resource, other = visit.text, resources.get(task.resource), resources.get(task.other)
    correctable = "correct" in task.actions
    field = _CORRECTED_AS.get(task.kind, task.kind)
    return TaskView(
        id=task.id,
        kind=t(f"curate.kind.{task.kind}"),
        why=t.of(task.why),
        about=_link(resource, visit) or LinkView(task.about, ""),
        byline=_byline(resource, visit, names) if resource else "",
        reading=visit.link(f"/resources/{resource.id}/read") if resource else "",
        other=_link(other, visit, _byline(other, visit, names)) if other else None,
        facts=tuple(
            (t.maybe(f"curate.fact.{code}", code), said)
            for code, value in task.facts.items() if (said := _said(code, value, t))
        ),
        offered=tuple(offered),
        value=_now(field, resource) if correctable and resource else None,
        how=t.maybe(f"curate.{task.kind}_how", ""),
        actions=tuple(
            ActionView(action, t.maybe(f"curate.do.{task.kind}.{action}", t(f"curate.do.{action}")), KEYS[action])
            for action in task.actions
        ),
    )  # fmt: skip


def decision_view(one: Decision, curated: Curated, resources: Mapping[str, Resource], visit: Visit) -> DecisionView:
    t, undone = visit.text, curated.undone.get(one.id)
    kind = t.maybe(f"curate.kind.{one.kind}", one.kind)
    action = "" if one.undoes else t.maybe(f"curate.do.{one.kind}.{one.action}", t(f"curate.do.{one.action}"))
    resource = None if one.resource in curated.hidden else resources.get(one.resource)
    return DecisionView(
        id=one.id,
        said=f"{kind}: {t('curate.undid') if one.undoes else action}",
        about=LinkView(one.about, visit.link(f"/resources/{resource.id}") if resource else ""),
        change=f"{_plain(one.before)} → {_plain(said_by(one))}" if one.action == "correct" else "",
        when=", ".join(part for part in (one.by, t.date(one.at[:10]), one.at[11:16]) if part),
        note=one.note,
        stands=undone is None,
        undone=""
        if undone is None
        else t("curate.undone_by", name=undone.by) if undone.by else t("curate.undone"),
    )  # fmt: skip


def _link(resource: Resource | None, visit: Visit, note: str = "") -> LinkView | None:
    return LinkView(resource.title, visit.link(f"/resources/{resource.id}"), note) if resource else None


def _byline(resource: Resource, visit: Visit, names: Mapping[str, str]) -> str:
    """What tells two with one title apart."""
    t = visit.text
    authors = [author.name for author in resource.shown_authors]
    parts = (
        t.maybe(f"kind.{resource.kind}", str(resource.kind)), ", ".join(authors[:3]),
        t.dated(resource.date, str(resource.date_kind)), names.get(resource.id) or resource.file_name,
    )  # fmt: skip
    return " · ".join(part for part in parts if part)


def _now(field: str, resource: Resource) -> str:
    if field == "authors":
        return "; ".join(author.name for author in resource.authors if author.name not in resource.hidden_authors)
    return str(getattr(resource, field) or "")


def _said(code: str, value: object, t: Texts) -> str:
    if code == "alike":
        return f"{value}%" if t.language == "en" else f"{value} %"
    if code == "by":
        return t.maybe(f"curate.fact.by.{value}", str(value))
    if code in ("when", "since"):
        return t.date(str(value))
    if isinstance(value, tuple):
        shown = [t(f"doubt.{one.code}", n=one.count) if isinstance(one, Told) else str(one) for one in value[:_SHOWN]]
        return "; ".join(shown) + ("…" if len(value) > _SHOWN else "")
    return str(value)


def _plain(value: object) -> str:
    if isinstance(value, Mapping):  # an author, or fields of an entry
        return (
            str(value["name"])
            if "name" in value
            else "; ".join(f"{name}: {_plain(one)}" for name, one in value.items())
        )
    if isinstance(value, list):
        return "; ".join(_plain(one) for one in value) or "–"
    return str(value or "–")
