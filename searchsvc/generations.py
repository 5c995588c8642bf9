"""Generations of the index: each made by one encoder, one way to cut and one way to store; two are never mixed."""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from searchsvc.catalogue import Catalogue
from searchsvc.encode.identity import identity_of
from searchsvc.errors import DamagedStoreError, GenerationError
from searchsvc.settings import Settings
from searchsvc.store.edge import EdgeStore
from searchsvc.store.protocol import Store

__all__ = ["GENERATION", "Generations"]

log = logging.getLogger(__name__)

GENERATION = "generation"  # key in the catalogue: the fingerprint of what the passages there were made by
_UNFINISHED = "unfinished:"
SUPERSEDED = "superseded"  # key in the catalogue: the name of the index that another has taken the place of


class Generations:
    """The one that the settings ask for, and the one that is live."""

    def __init__(
        self, settings: Settings, catalogue: Catalogue, *, parts: Sequence[str], derived: Collection[str] = ()
    ) -> None:
        """parts: fingerprints of what else shapes the index. derived: those of what is made from the catalogue alone.

        Raises ModelError.
        """
        self._parts, self._derived = tuple(parts), frozenset(derived)
        self._settings = settings
        self._catalogue = catalogue
        identity = identity_of(settings.encoder)
        self.dimensions = identity.dimensions
        self.wanted = "+".join((identity.fingerprint, *parts))
        self._name = _name_of(self.wanted)

    def open(self, *, rebuild: bool = False) -> Store:
        """The store of the wanted generation; of an empty archive it becomes the live one.

        rebuild: open it though another one is live, to fill it. On a server that one stays live until `finish`:
        services may be answering from it. Raises GenerationError and StoreError.
        """
        live = self._catalogue.meta(GENERATION)
        if rebuild and live is not None and self._settings.qdrant_url is not None:
            return self._opened(live=False)
        if rebuild:
            self._catalogue.set_meta(GENERATION, f"{_UNFINISHED}{self.wanted}")
        elif live is None:
            self._catalogue.set_meta(GENERATION, self.wanted)
        elif live.startswith(_UNFINISHED):
            raise GenerationError("the archive was not indexed to the end; run `searchsvc reindex` again.")
        elif live != self.wanted and self._made_alike(live):
            self._catalogue.set_meta(SUPERSEDED, _name_of(live))
            self._catalogue.set_meta(GENERATION, self.wanted)
        elif live != self.wanted:
            raise GenerationError(
                f"the archive was indexed with {live}, and the settings ask for {self.wanted}. "
                "Set SEARCHSVC_ENCODER back, or run `searchsvc reindex`."
            )
        return self._opened()

    def finish(self) -> None:
        """Make the wanted generation live, in one step.

        The others are deleted. But on a server the one that was live stays: services that run answer from it until
        they are started again, and it is the way back.
        """
        live = self._catalogue.meta(GENERATION)
        if live and live != self.wanted and not live.startswith(_UNFINISHED) and self._settings.qdrant_url:
            self._catalogue.set_meta(SUPERSEDED, _name_of(live))
        self._catalogue.set_meta(GENERATION, self.wanted)
        if self._settings.qdrant_url is not None:
            self._drop_all_but(self._name, self.previous)
            return
        for path in (self._settings.home / "index").iterdir():
            if path.name != self._name:
                shutil.rmtree(path)

    @property
    def previous(self) -> str | None:
        """The name of the index that is kept beside the live one, if any."""
        name = self._catalogue.meta(SUPERSEDED)
        return name if name and name != self._name else None

    def drop_previous(self) -> bool:
        """Delete the index that is kept beside the live one; whether there was one. Raises StoreError."""
        name = self.previous
        if name is None:
            return False
        if self._settings.qdrant_url is None:
            self.tidy()
        else:
            self._drop_all_but(self._name)
            self._catalogue.set_meta(SUPERSEDED, "")
        return True

    def _drop_all_but(self, *names: str | None) -> None:
        """On the server, after the alias is set to the wanted one."""
        from searchsvc.store import qdrant

        settings = self._settings
        client = qdrant.open_qdrant(settings.qdrant_url or "", settings.qdrant_api_key, ca=settings.qdrant_ca)
        try:
            qdrant.make_live(client, settings.qdrant_collection, self._name)
            for other in qdrant.generations(client, settings.qdrant_collection):
                if other not in names:
                    qdrant.drop_generation(client, settings.qdrant_collection, other)
        finally:
            client.close()

    def moved_in(self) -> None:
        """Forget the index before: it is where the archive came from."""
        self._catalogue.set_meta(SUPERSEDED, "")

    def tidy(self) -> None:
        """Delete the embedded index that another layout has taken the place of; for when that one is whole."""
        name = self._catalogue.meta(SUPERSEDED)
        if name and self._settings.qdrant_url is None:
            shutil.rmtree(self._settings.home / "index" / name, ignore_errors=True)
            self._catalogue.set_meta(SUPERSEDED, "")

    def _made_alike(self, live: str) -> bool:
        """Whether the live index is of the same passages and vectors, and only what is stored with them has changed.

        It is then made again from the catalogue, without anybody asking: see `ingest.upkeep`.
        """
        ours = self.wanted.rsplit("+", len(self._parts))
        theirs = live.rsplit("+", len(self._parts))
        if len(ours) != len(theirs):
            return False
        differing = {mine for mine, other in zip(ours, theirs, strict=True) if mine != other}
        return differing <= self._derived

    def _opened(self, *, live: bool = True) -> Store:
        settings = self._settings
        if settings.qdrant_url is None:
            path = settings.home / "index" / self._name
            try:
                return self._edge(path)
            except DamagedStoreError as error:
                log.warning("%s", error)
                shutil.rmtree(path)  # the catalogue has all that it was made of
                return self._edge(path)
        from searchsvc.store import qdrant  # a second to import, and seldom needed

        client = qdrant.open_qdrant(settings.qdrant_url, settings.qdrant_api_key, ca=settings.qdrant_ca)
        store = qdrant.QdrantStore(
            client,
            collection=settings.qdrant_collection,
            generation=self._name,
            dimensions=self.dimensions,
            shards=settings.qdrant_shards,
            replicas=settings.qdrant_replicas,
            confirmed=settings.qdrant_confirmed,
        )
        if live:
            qdrant.make_live(client, settings.qdrant_collection, self._name)
        return store

    def _edge(self, path: Path) -> EdgeStore:
        return EdgeStore(
            path,
            dimensions=self.dimensions,
            index_threshold=self._settings.index_threshold,
        )


def _name_of(generation: str) -> str:
    return hashlib.sha256(generation.encode()).hexdigest()[:12]
