"""The network's register: people, organizations, projects, investments and events, and which resources are theirs."""

from searchsvc.register.identity import Identified, Identities, PossibleDuplicate, PossibleIdentity
from searchsvc.register.kinds import KINDS, EntryKind
from searchsvc.register.model import Decision, Entry, Event, Investment, Organization, Person, Project
from searchsvc.register.reading import parse_register, read_register
from searchsvc.register.register import Register
from searchsvc.register.ties import Tie, ties

__all__ = [
    "KINDS",
    "Decision",
    "Entry",
    "EntryKind",
    "Event",
    "Identified",
    "Identities",
    "Investment",
    "Organization",
    "Person",
    "PossibleDuplicate",
    "PossibleIdentity",
    "Project",
    "Register",
    "Tie",
    "parse_register",
    "read_register",
    "ties",
]  # fmt: skip
