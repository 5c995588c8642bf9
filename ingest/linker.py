"""Links of resources with the register: what belongs to whom, kept level with what the register says."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ingest.points import Links, is_level, link_payload
from searchsvc.catalogue import REGISTER_VERSION, Catalogue
from searchsvc.model import Resource
from searchsvc.store.protocol import Store

if TYPE_CHECKING:
    from searchsvc.register.register import Register
    from searchsvc.register.registry import Registry

__all__ = ["Linker"]

_LINKED = "linked"  # meta key: the register that all links are level with


class Linker:
    """Whoever changes the register calls `relink`. Safe to use from many threads and, on PostgreSQL, from many
    processes.
    """

    def __init__(self, *, catalogue: Catalogue, store: Store, registry: Registry) -> None:
        self._catalogue = catalogue
        self._store = store
        self._registry = registry
        self._level: tuple[str, Register] | None = None  # the register that all links are level with, and its version

    def links(self, resource: Resource, *uris: str) -> Links:
        """What the register says the resource belongs to. uris: where it is found besides what the catalogue knows."""
        known = [place.uri for place in self._catalogue.locations(resource.id)]
        return self._registry.identities.links(resource, [*uris, *known])

    def relink(self) -> int:
        """Bring links and filters of all resources level with the register; how many resources changed.

        None of them is looked at when all were level, and nothing changed that tells whose they are.
        """
        from searchsvc.register.identity import same_identities

        changed, version, register = 0, self._catalogue.meta(REGISTER_VERSION) or "", self._registry.register
        if self._level and self._level[0] == self._linked and same_identities(self._level[1], register):
            self._note(version, register)
            return 0
        places: dict[str, list[str]] = defaultdict(list)
        for place in self._catalogue.locations():
            places[place.resource_id].append(place.uri)
        identities = self._registry.identities
        for resource in self._catalogue.resources():
            if not is_level(resource, identities.links(resource, places[resource.id])):
                with self._catalogue.locks.held(f"resource:{resource.id}"):
                    changed += self.relink_one(resource.id)
        self._note(version, register)
        return changed

    def _note(self, version: str, register: Register) -> None:
        self._catalogue.set_meta(_LINKED, version)
        self._level = version, register

    @property
    def _linked(self) -> str:
        return self._catalogue.meta(_LINKED) or ""

    def relink_one(self, resource_id: str) -> bool:
        """The same for one resource, of which the caller holds the lock; whether anything changed.

        The store comes first: a crash in between leaves a change that is still to be made.
        """
        if not self._catalogue.has_resource(resource_id):
            return False
        resource = self._catalogue.resource(resource_id)
        links = self.links(resource)
        if is_level(resource, links):
            return False
        self._store.set_payload(resource_id, link_payload(links))
        return self._catalogue.set_links(resource_id, links)

    def catch_up(self) -> None:
        """Relink when the register was changed by a process that was killed before it could."""
        if self._linked != (self._catalogue.meta(REGISTER_VERSION) or ""):
            self.relink()
