"""What the register holds: a model for each kind of its entries.

A field is declared once, here. Its type and what is annotated say how it is read from files and checked, in which order
it is written, what PATCH takes, and what pages and answers show. A field that is not declared is kept as it came, in
`extra`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from searchsvc.sight import GROUP
from searchsvc.text.dates import is_date
from searchsvc.text.identifiers import orcid_of, ror_of

__all__ = [
    "INNER",
    "SEARCHED",
    "Authorship",
    "Decision",
    "Entry",
    "EntryModel",
    "Event",
    "Hint",
    "Investment",
    "Organization",
    "Person",
    "Project",
    "Ref",
    "Rule",
    "SaidAs",
    "Text",
    "Texts",
    "Verdict",
]

Verdict = Literal["same", "different"]


class Entry(NamedTuple):
    """One entry as the catalogue keeps it. type: the name of its kind. data: its fields as they were given."""

    id: str
    type: str
    name: str
    data: Mapping[str, Any]


# -- what is annotated ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ref:
    """The field holds ids of another kind of entries."""

    kind: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What a text must look like. fitted: the text as it is kept, or None. says: with {name} and {value}, why not."""

    fitted: Callable[[str], str | None]
    says: str
    date: bool = False


@dataclass(frozen=True, slots=True)
class Hint:
    """INNER: the field is in files only, as others say what it leads to. SEARCHED: each item is to be searched for."""

    name: str


INNER, SEARCHED = Hint("inner"), Hint("searched")


@dataclass(frozen=True, slots=True)
class SaidAs:
    """What others call the field. A field of such a name is a fault, since it would be kept and not heeded."""

    words: frozenset[str]


_UNSHOWN = SaidAs(frozenset((
    "concealed", "confidential", "hidden", "hide", "hiding", "invisible", "listed", "private", "public", "publish",
    "published", "secret", "show", "shown", "unlisted", "unpublished", "visibility", "visible",
)))  # fmt: skip
_ID = re.compile(r"\w[\w.:@+-]{0,127}")
_CURRENCY = re.compile(r"[A-Z]{3}")


def several(given: Any) -> Sequence[Any]:
    """A list, where one text may stand for a list of one."""
    return given if isinstance(given, (list, tuple)) else () if given is None else (given,)


def _like(fits: Callable[[str], object]) -> Callable[[str], str | None]:
    return lambda text: text if fits(text) else None


_IS_ID = Rule(_like(_ID.fullmatch), "the id {value!r} has other signs than letters, digits and -._:@+, or over 128")
_IS_DATE = Rule(_like(is_date), "{name} is {value!r}; a date is written 2026, 2026-05 or 2026-05-31", date=True)
_IS_ORCID = Rule(orcid_of, "{value!r} is no ORCID iD: a digit is missing or wrong")
_IS_ROR = Rule(ror_of, "{value!r} is no ROR id, such as 04tj63d06")
_IS_CURRENCY = Rule(_like(_CURRENCY.fullmatch), "{name} is {value!r}; it is three letters (ISO 4217), such as USD")
_IS_GROUP = Rule(
    _like(GROUP.fullmatch), "{value!r} is no name of a group: letters, digits and - . _ and at most 64 of them"
)
_IS_VERDICT = Rule(_like({"same", "different"}.__contains__), "{name} is {value!r}; it is same or different")

Id = Annotated[str, _IS_ID]
Text = str | None
Texts = tuple[str, ...]
Date = Annotated[str | None, _IS_DATE]
Wishes = Annotated[Texts, SEARCHED]
People = Annotated[Texts, Ref("person")]
Organizations = Annotated[Texts, Ref("organization")]
Files = Annotated[Texts, Field(description="Paths of files.")]
Groups = Annotated[
    Texts,
    BeforeValidator(several),
    INNER,
    _IS_GROUP,
    SaidAs(frozenset(("restrict", "restricted", "restriction", "restrictions"))),
    Field(description="That alone see it; all who may search, when empty."),
]


# -- the kinds --------------------------------------------------------------------------------------------------------


class EntryModel(BaseModel):
    """The fields of an entry, in the order in which they are written. Those without a default must be there."""

    model_config = ConfigDict(frozen=True, extra="allow", coerce_numbers_to_str=True)
    key: ClassVar[str] = "id"  # the field that tells entries apart

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls.model_validate(cls._given(entry))

    @classmethod
    def _given(cls, entry: Entry) -> dict[str, Any]:
        named = {"name": entry.name} if "name" in cls.model_fields else {}
        return {**entry.data, cls.key: entry.id, **named}

    @property
    def extra(self) -> Mapping[str, Any]:
        """Fields that are not declared. A title is none of them: it is another word for the name."""
        return {name: value for name, value in (self.model_extra or {}).items() if name != "title"}


class Person(EntryModel):
    """Somebody of the network. hidden: nothing of this person is to be shown."""

    id: Id
    name: str
    orcid: Annotated[Text, _IS_ORCID] = None
    role: Text = None
    organization: Annotated[Text, Ref("organization"), INNER, Field(description="The main one.")] = None
    merged_into: Annotated[Text, Ref("person"), INNER] = None
    organizations: Organizations = ()  # with the main one, which is the first
    aliases: Texts = ()
    interests: Wishes = ()
    offers: Wishes = ()
    needs: Wishes = ()
    groups: Groups = ()
    hidden: Annotated[bool, INNER, _UNSHOWN, Field(strict=True)] = False

    _merged: tuple[str, ...] = ()

    @classmethod
    def _given(cls, entry: Entry) -> dict[str, Any]:
        given = super()._given(entry)
        if main := given.get("organization"):
            given["organizations"] = tuple(dict.fromkeys((str(main), *given.get("organizations", ()))))
        return given

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)

    @property
    def merged(self) -> tuple[str, ...]:
        """Ids of entries that turned out to be this person."""
        return self._merged

    def with_merged(self, others: Sequence[Person]) -> Person:
        """This person, with what is known of the entries that were merged into it. Its own values win over theirs."""
        if not others and self.merged_into is None:
            return self
        everyone = (self, *others)
        known: dict[str, Any] = {}
        for name in type(self).model_fields:
            values = [getattr(person, name) for person in everyone]
            if isinstance(values[0], tuple):
                known[name] = tuple(dict.fromkeys(item for items in values for item in items))
            else:
                known[name] = next((value for value in values if value), values[0])
        names = dict.fromkeys((*self.aliases, *(name for other in others for name in other.names)))
        known |= {"aliases": tuple(name for name in names if name != self.name), "merged_into": None}
        whole = self.model_copy(update=known)
        whole._merged = tuple(other.id for other in others)
        return whole


class Organization(EntryModel):
    """type: such as university, product developer, funder."""

    id: Id
    name: str
    acronym: Text = None
    ror: Annotated[Text, _IS_ROR, Field(description="Id in the Research Organization Registry.")] = None
    type: Annotated[Text, Field(description="A funder has `funder`.")] = None
    country: Text = None
    city: Text = None
    about: Text = None
    aliases: Texts = ()
    covers: Annotated[Wishes, Field(description="Of a funder: what it pays for.")] = ()
    offers: Wishes = ()
    needs: Wishes = ()
    groups: Groups = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


class Project(EntryModel):
    """A product in development or a study."""

    id: Id
    name: str
    goal: Text = None
    approach: Text = None
    population: Text = None
    setting: Text = None
    stage: Text = None
    region: Text = None
    status: Text = None
    start: Date = None
    end: Date = None
    people: People = ()
    organizations: Organizations = ()
    funders: Organizations = ()
    offers: Wishes = ()
    needs: Wishes = ()
    resources: Annotated[Files, INNER] = ()
    groups: Groups = ()


class Investment(EntryModel):
    """Money of a funder for a project, in units of the currency."""

    id: Id
    funder: Annotated[str, Ref("organization")]
    project: Annotated[str, Ref("project")]
    currency: Annotated[Text, _IS_CURRENCY, Field(description="Three letters, such as CHF.")] = None
    amount: Annotated[float | None, Field(strict=True, ge=0, lt=1e15)] = None
    start: Date = None
    end: Date = None


class Event(EntryModel):
    """A meeting, webinar or course."""

    id: Id
    name: str
    place: Text = None
    date: Date = None
    end: Date = None
    people: People = ()
    organizations: Organizations = ()
    projects: Annotated[Texts, Ref("project")] = ()
    resources: Files = ()


class Authorship(EntryModel):
    """A file, and whose it is. file: the end of the path or address at which it was taken in."""

    key: ClassVar[str] = "file"
    file: str
    authors: People = ()


class Decision(EntryModel):
    """What a person decided: that `person` is, or is not, an author of `resource`, or the same as `other`.

    resource: an id, or the path of a file. author: the name as the resource has it; None for any. What it is about
    tells it from others, so its id is made of that.
    """

    id: Annotated[Text, _IS_ID, Field(description="Made of the others.")] = None
    person: Annotated[str, Ref("person")]
    verdict: Annotated[str, _IS_VERDICT, Field(description="`same` or `different`.")]
    resource: Text = None
    author: Text = None
    other: Annotated[Text, Ref("person")] = None
    decided: Text = None
