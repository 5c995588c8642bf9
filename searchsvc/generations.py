"""Generations of the index: each made by one encoder, one way to cut and one way to store; two are never mixed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence

from searchsvc.catalogue import Catalogue
from searchsvc.encode.identity import identity_of
from searchsvc.errors import GenerationError
from searchsvc.settings import Settings
from searchsvc.store.edge import EdgeStore
from searchsvc.store.protocol import Store

__all__ = ["GENERATION", "Generations"]

GENERATION = "generation"  # key in the catalogue: the fingerprint of what the passages there were made by
_UNFINISHED = "unfinished:"


class Generations:
    """The one that the settings ask for, and the one that is live."""

    def __init__(self, settings: Settings, catalogue: Catalogue, *, parts: Sequence[str]) -> None:
        """parts: fingerprints of what else shapes the index. Raises ModelError."""
        self._settings = settings
        self._catalogue = catalogue
        identity = identity_of(settings.encoder)
        self.dimensions, self._token_dimensions = identity.dimensions, identity.token_dimensions
        self.wanted = "+".join((identity.fingerprint, *parts))

    def open(self, *, rebuild: bool = False) -> Store:
        """The store of the wanted generation; of an empty archive it becomes the live one.

        rebuild: open it though another one is live, to fill it. Raises GenerationError and StoreError.
        """
        live = self._catalogue.meta(GENERATION)
        if rebuild:
            self._catalogue.set_meta(GENERATION, f"{_UNFINISHED}{self.wanted}")
        elif live is None:
            self._catalogue.set_meta(GENERATION, self.wanted)
        elif live.startswith(_UNFINISHED):
            raise GenerationError("the archive was not indexed to the end; run `searchsvc reindex` again.")
        elif live != self.wanted:
            raise GenerationError(
                f"the archive was indexed with {live}, and the settings ask for {self.wanted}. "
                "Set SEARCHSVC_ENCODER back, or run `searchsvc reindex`."
            )
        return self._opened()

    def finish(self) -> None:
        """Make the wanted generation live and delete all others: the catalogue holds the passages of this one only."""
        self._catalogue.set_meta(GENERATION, self.wanted)
        settings = self._settings
        if settings.qdrant_url is None:
            for path in (settings.home / "index").iterdir():
                if path.name != self._name:
                    shutil.rmtree(path)
            return
        from searchsvc.store import qdrant

        client = qdrant.open_qdrant(settings.qdrant_url, settings.qdrant_api_key)
        for other in qdrant.generations(client, settings.qdrant_collection):
            if other != self._name:
                qdrant.drop_generation(client, settings.qdrant_collection, other)
        client.close()

    @property
    def _name(self) -> str:
        return hashlib.sha256(self.wanted.encode()).hexdigest()[:12]

    def _opened(self) -> Store:
        settings = self._settings
        if settings.qdrant_url is None:
            path = settings.home / "index" / self._name
            return EdgeStore(
                path,
                dimensions=self.dimensions,
                token_dimensions=self._token_dimensions,
                index_threshold=settings.index_threshold,
            )
        from searchsvc.store import qdrant  # a second to import, and seldom needed

        client = qdrant.open_qdrant(settings.qdrant_url, settings.qdrant_api_key)
        store = qdrant.QdrantStore(
            client,
            collection=settings.qdrant_collection,
            generation=self._name,
            dimensions=self.dimensions,
            token_dimensions=self._token_dimensions,
            shards=settings.qdrant_shards,
            replicas=settings.qdrant_replicas,
        )
        qdrant.make_live(client, settings.qdrant_collection, self._name)
        return store
