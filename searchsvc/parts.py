"""The composition root: everything that is reachable is built here, from settings, and passed on as arguments.

What every process needs is opened at once, so that what is wrong is said at once. All else is built, and its modules
are imported, when it is first asked for: a search on the command line waits for nothing that it does not use.
"""

from __future__ import annotations

import contextlib
import importlib.util
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, overload

from ingest.chunk import CHUNKER
from ingest.points import POINTS
from searchsvc.access.audit import Audit
from searchsvc.access.keys import Keys
from searchsvc.access.oidc import Provider
from searchsvc.access.passwords import Passwords
from searchsvc.access.sessions import Sessions
from searchsvc.access.signin import SignIn
from searchsvc.access.users import Users
from searchsvc.catalogue import Catalogue
from searchsvc.encode.batcher import Batcher
from searchsvc.encode.encoder import Encoder
from searchsvc.encode.identity import identity_of, understands
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.encode.load import load_query_encoder
from searchsvc.encode.models import MULTILINGUAL
from searchsvc.encode.queries import QueryVectors
from searchsvc.errors import BusyError, SearchsvcError, SettingsError
from searchsvc.files import FileStore
from searchsvc.generations import GENERATION, Generations
from searchsvc.home import Home
from searchsvc.model import Encoded
from searchsvc.search.archive import ArchiveCache
from searchsvc.search.dictionary import Dictionary
from searchsvc.search.insights import Insights
from searchsvc.search.literal import LiteralFinder
from searchsvc.search.ranker import Ranker
from searchsvc.search.relevance import limits_of
from searchsvc.search.searcher import Searcher
from searchsvc.search.words import Words
from searchsvc.settings import Settings
from searchsvc.store.protocol import Store
from searchsvc.text.terms import TERMS

if TYPE_CHECKING:
    from ingest.encoding import EncoderProcess
    from ingest.extract.protocol import ExtractLimits
    from ingest.facsimile.maker import Facsimiles
    from ingest.linker import Linker
    from ingest.ocr.reader import Ocr
    from ingest.pipeline import Pipeline
    from ingest.upkeep import Upkeep
    from ingest.verification import Verification
    from searchsvc.backup import Maker, Mover, Place, Restorer, Vault
    from searchsvc.curation import WorkList
    from searchsvc.digest.digester import Digester
    from searchsvc.digest.journal import Journal
    from searchsvc.digest.watches import Watches
    from searchsvc.encode.rerank import CrossEncoder
    from searchsvc.judging import Judging
    from searchsvc.landscape.finder import LandscapeFinder
    from searchsvc.matching.network import Judge
    from searchsvc.metrics import Metrics
    from searchsvc.network.finder import NetworkFinder
    from searchsvc.opinions.opinions import Opinions
    from searchsvc.people.collaborators import CollaboratorFinder
    from searchsvc.people.contents import Contents
    from searchsvc.projects.finder import ProjectFinder
    from searchsvc.register.named import NameFinder
    from searchsvc.register.register import Register
    from searchsvc.register.registry import Registry
    from searchsvc.register.ties import TieCache
    from searchsvc.search.related.by_facet import RelatedByFacet
    from searchsvc.search.related.finder import RelatedFinder
    from searchsvc.search.suggest import Suggester

__all__ = ["LIMITS", "EncodeQueries", "Parts", "part"]

LIMITS = "limits.json"  # in the home: how near is near for an encoder, as `searchsvc eval limits --keep` writes it
_QUERY_VECTORS_KEPT = 2000
_WAITING = 64
_LOOKED_AT_S, _LOOKED_AT_BYTES = 30.0, 60_000_000  # of a file that somebody waits to see

EncodeQueries = Callable[[], Encoder]


class _Closable(Protocol):
    def close(self) -> object: ...


Closable = TypeVar("Closable", bound=_Closable)
T = TypeVar("T")


class part(Generic[T]):  # noqa: N801, it reads as `property` does
    """Built by the decorated method when it is first asked for, once, whichever thread asks.

    Two parts can be built at the same time; no part may need, while it is built, one that needs it.
    """

    def __init__(self, build: Callable[[Any], T]) -> None:
        self._build = build
        self._building = threading.RLock()
        self.__doc__ = build.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, parts: None, owner: type) -> Self: ...
    @overload
    def __get__(self, parts: Any, owner: type) -> T: ...
    def __get__(self, parts: Any, owner: type | None = None) -> T | Self:
        if parts is None:
            return self
        with self._building:
            if self._name not in parts.__dict__:  # where it is found from now on, before this descriptor
                parts.__dict__[self._name] = self._build(parts)
            built: T = parts.__dict__[self._name]
            return built


class Parts:
    """All of one process's parts, and the order in which they are let go of.

    rebuild: open an archive of another generation, to index it again. query_encoder: gives the encoder for queries;
    what the settings name when None. metrics: where calls are counted and timed, if anywhere. Raises
    HomeBusyError, HomeError, StoreError, GenerationError and ModelError, each with one line that says what to do.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        rebuild: bool = False,
        query_encoder: EncodeQueries | None = None,
        metrics: Metrics | None = None,
        clock: Callable[[], str],
    ) -> None:
        self.settings = settings
        self.metrics = metrics
        self._clock = clock
        self._query_encoder = query_encoder or (lambda: load_query_encoder(settings))
        self._closing: list[Callable[[], object]] = []
        self._ended = False
        self._ending = threading.Lock()
        try:
            self.home = self.closed_later(Home(settings.home, lock=settings.embedded))
            self.catalogue = self.closed_later(Catalogue(_database_url(settings), backups=settings.home / "backups"))
            self.insights = Insights(
                self.catalogue.insights, on=settings.insights, days=settings.insights_days, now=clock
            )
            self.call_later(self.insights.flush)
            self.keys = Keys(self.catalogue.keys, now=clock)
            self.call_later(self.keys.look_after)
            self.audit = Audit(self.catalogue.audit, days=settings.audit_days, now=clock)
            self.passwords = Passwords()
            self.sessions = Sessions(
                self.catalogue.sessions, self.catalogue.users, hours=settings.session_hours,
                idle_minutes=settings.session_idle_minutes, now=clock,
            )  # fmt: skip
            self.users = Users(
                self.catalogue.users, self.catalogue.sessions, self.passwords, now=clock, ended=self.sessions.forget
            )
            self.sign_in = SignIn(self.catalogue.users, self.catalogue.sessions, self.passwords, now=clock)
            self.provider = _provider(settings)
            self.files = FileStore(settings.files_url or str(settings.home / "files"))
            self.lexical = LexicalEncoder()
            self.generations = Generations(
                settings,
                self.catalogue,
                parts=(self.lexical.fingerprint, CHUNKER, POINTS, TERMS),
                derived=(self.lexical.fingerprint, POINTS),
            )
            self.store: Store = self.closed_later(self.generations.open(rebuild=rebuild))
            if metrics:
                from searchsvc.store.measured import MeasuredStore

                self.store = MeasuredStore(self.store, metrics)
                self.catalogue.on_error(lambda: metrics.failed("database"))
        except BaseException:
            self.close()
            raise

    def now(self) -> str:
        """By the clock that was passed in; ISO 8601, UTC, to the millisecond."""
        return self._clock()

    def closed_later(self, part: Closable) -> Closable:
        """The same, which `close` closes before all that was made earlier. Raises BusyError when all is closed."""
        self.call_later(part.close)
        return part

    def call_later(self, end: Callable[[], object]) -> None:
        """To be called by `close`, before all that was made earlier is closed; at once, with BusyError, after it."""
        with self._ending:
            if not self._ended:
                self._closing.append(end)
                return
        end()
        raise BusyError("the service is stopping; try again when it is up.")

    def close(self) -> None:
        """Let go of everything, last made first. What still runs may ask for parts, and they are closed, too."""
        while True:
            with self._ending:
                self._ended = not self._closing
                if self._ended:
                    return
                end = self._closing.pop()
            with contextlib.suppress(SearchsvcError):
                end()

    # -- encoding -----------------------------------------------------------------------------------------------------

    def encode_query(self, words: str) -> Encoded:
        """One row. Loads the encoder when it is the first."""
        return self.query_vectors.begin(words)()

    def encode_texts(self, texts: Sequence[str]) -> Encoded:
        """Short texts, as queries are encoded, one row each. Loads the encoder when it is the first."""
        return self.query_batcher.encode(texts)

    def _stage(self, name: str) -> AbstractContextManager[object]:
        return self.metrics.stage(name) if self.metrics else contextlib.nullcontext()

    def _counted(self, of: str, encode: Callable[[Sequence[str]], Encoded]) -> Callable[[Sequence[str]], Encoded]:
        if self.metrics is None:
            return encode
        count = self.metrics.batches(of)

        def counted(texts: Sequence[str]) -> Encoded:
            count(len(texts))
            return encode(texts)

        return counted

    @part
    def query_batcher(self) -> Batcher:
        encode = self._counted("queries", self._query_encoder().encode_queries)
        return self.closed_later(Batcher(encode, name="queries", max_texts=32, max_waiting=_WAITING, block=False))

    @part
    def query_vectors(self) -> QueryVectors:
        begun = partial(self.metrics.begin_stage, "encode") if self.metrics else lambda: lambda: None
        return QueryVectors(self.query_batcher.begin, most=_QUERY_VECTORS_KEPT, timed=begun)

    @part
    def passage_encoder(self) -> EncoderProcess:
        from ingest.encoding import EncoderProcess

        return EncoderProcess(self.settings.encoder, backend=self.settings.encoder_backend)

    # -- searching ----------------------------------------------------------------------------------------------------

    @part
    def archive(self) -> ArchiveCache:
        return ArchiveCache(self.catalogue)

    @part
    def words(self) -> Words:
        return Words(
            catalogue=self.catalogue,
            archive=self.archive,
            lexical=self.lexical,
            dictionary=Dictionary(kept_in=self.settings.home / "cache"),
        )

    @part
    def searcher(self) -> Searcher:
        ranker = Ranker(
            store=self.store,
            begin_query=self.query_vectors.begin,
            lexical=self.lexical,
            read_together=self._read_together if self.settings.cross_encoder else None,
        )
        return Searcher(
            catalogue=self.catalogue,
            archive=self.archive,
            ranker=ranker,
            lexical=self.lexical,
            words=self.words,
            literal=LiteralFinder(self.catalogue, self.words.compounds, self.words.starting),
            understands=understands(self.settings.encoder),
            reads_all_languages=self.settings.encoder == MULTILINGUAL,
            limits=limits_of(self.settings.encoder, self.settings.home / LIMITS),
            stage=self._stage,
        )

    @part
    def cross_encoder(self) -> CrossEncoder:
        from searchsvc.encode.rerank import CrossEncoder

        return CrossEncoder(str(self.settings.cross_encoder))

    def _read_together(self, words: str, passage_ids: Sequence[str]) -> dict[str, float]:
        """What the cross-encoder says of these passages. Loads it when it is the first."""
        known = self.catalogue.passages(passage_ids)
        scores = self.cross_encoder.scores(words, [stored.passage.encoder_input for stored in known.values()])
        return dict(zip(known, scores, strict=True))

    @part
    def suggester(self) -> Suggester:
        from searchsvc.search.suggest import Suggester

        return Suggester(archive=self.archive, words=self.words)

    @part
    def related(self) -> RelatedFinder:
        from searchsvc.search.related.finder import RelatedFinder

        return RelatedFinder(catalogue=self.catalogue, store=self.store, archive=self.archive)

    @part
    def related_by_facet(self) -> RelatedByFacet:
        from searchsvc.search.related.by_facet import RelatedByFacet

        return RelatedByFacet(
            catalogue=self.catalogue, finder=self.related, lexical=self.lexical,
            encode=lambda texts: self.encode_texts(texts).dense,
        )  # fmt: skip

    # -- the register and what is made of it --------------------------------------------------------------------------

    @part
    def registry(self) -> Registry:
        from searchsvc.register.registry import Registry

        return Registry(self.catalogue, now=self._clock)

    @part
    def journal(self) -> Journal:
        from searchsvc.digest.journal import Journal

        return Journal(self.catalogue, lambda: self.registry.entries, now=self._clock)

    @part
    def linker(self) -> Linker:
        from ingest.linker import Linker

        return Linker(catalogue=self.catalogue, store=self.store, registry=self.registry)

    @part
    def name_finder(self) -> NameFinder:
        from searchsvc.register.named import NameFinder

        return NameFinder(registry=self.registry, words=self.words, archive=self.archive)

    @property
    def register(self) -> Register:
        """The network's register as it is now."""
        return self.registry.register

    @part
    def contents(self) -> Contents:
        from searchsvc.people.contents import Contents

        return Contents(
            catalogue=self.catalogue, store=self.store, lexical=self.lexical, encode=self.encode_texts,
            dimensions=self.generations.dimensions,
        )  # fmt: skip

    @part
    def judge(self) -> Judge:
        from searchsvc.matching.network import Judge
        from searchsvc.matching.statements import Statements
        from searchsvc.people.contents import WorkVectors, WorkWords

        texts = Statements(
            self.encode_texts, self.lexical, kept=self.catalogue.statement_vectors,
            fingerprint=identity_of(self.settings.encoder).fingerprint,
        )  # fmt: skip
        works = WorkVectors(self.catalogue, self.store)
        return Judge(
            registry=self.registry, archive=self.archive, texts=texts, works=works,
            words=WorkWords(self.catalogue, self.lexical), decided=self.catalogue.verdicts.decided,
        )  # fmt: skip

    @part
    def ties(self) -> TieCache:
        from searchsvc.register.ties import TieCache

        return TieCache()

    @part
    def network(self) -> NetworkFinder:
        from searchsvc.network.finder import NetworkFinder

        return NetworkFinder(
            catalogue=self.catalogue, archive=self.archive, registry=self.registry, judge=self.judge, ties=self.ties,
            now=self._clock,
        )  # fmt: skip

    @part
    def watches(self) -> Watches:
        from searchsvc.digest.watches import Watches

        return Watches(
            self.catalogue.watches, self.users, self.registry, now=self._clock,
            open_to_all="search" in self.settings.open_scopes or self.settings.open_here,
        )  # fmt: skip

    @part
    def digester(self) -> Digester:
        from searchsvc.digest.digester import Digester

        return Digester(
            journal=self.journal, catalogue=self.catalogue, archive=self.archive, registry=self.registry,
            searcher=self.searcher, network=lambda: self.network, encode=self.encode_texts,
        )  # fmt: skip

    @part
    def projects(self) -> ProjectFinder:
        from searchsvc.projects.finder import ProjectFinder
        from searchsvc.projects.silent import labelled

        return ProjectFinder(
            registry=self.registry, catalogue=self.catalogue, archive=self.archive, store=self.store,
            judge=self.judge, now=self._clock, labeller=labelled,
        )  # fmt: skip

    @part
    def landscape(self) -> LandscapeFinder:
        from searchsvc.landscape.finder import LandscapeFinder

        return LandscapeFinder(
            catalogue=self.catalogue, store=self.store, archive=self.archive, registry=self.registry,
            projects=lambda: self.projects,
        )  # fmt: skip

    @part
    def opinions(self) -> Opinions:
        from searchsvc.opinions.chat import ChatServer
        from searchsvc.opinions.opinions import Opinions

        settings, model = self.settings, None
        if settings.judge_url and settings.judge_model:
            model = ChatServer(
                settings.judge_url, settings.judge_model, settings.judge_key, timeout_s=settings.judge_timeout_s
            )
        return Opinions(model=model, kept=self.catalogue.opinions, projects=lambda: self.projects, now=self._clock)

    @part
    def collaborators(self) -> CollaboratorFinder:
        from searchsvc.people.collaborators import CollaboratorFinder

        return CollaboratorFinder(
            archive=self.archive, registry=self.registry, contents=self.contents, judge=self.judge, ties=self.ties,
        )  # fmt: skip

    # -- curation -----------------------------------------------------------------------------------------------------

    @part
    def worklist(self) -> WorkList:
        from ingest.copies import similarity
        from searchsvc.curation import WorkList

        return WorkList(
            catalogue=self.catalogue, archive=self.archive, registry=self.registry, insights=self.insights,
            network=lambda: self.network, projects=lambda: self.projects, alike=similarity, now=self._clock,
        )  # fmt: skip

    @part
    def judging(self) -> Judging:
        from searchsvc.judging import Judging

        return Judging(catalogue=self.catalogue, searcher=self.searcher, insights=self.insights, now=self._clock)

    def away(self) -> list[str]:
        """Which of store, database and files does not answer."""
        asked: tuple[tuple[str, Callable[[], object]], ...] = (
            ("the store", self.store.check),
            ("the database", lambda: self.catalogue.meta(GENERATION)),
            ("the files", self.files.look),
        )
        away = []
        for name, ask in asked:
            try:
                ask()
            except Exception:  # of the engine, the driver or the storage: whatever it is, it does not answer
                away.append(name)
        return away

    # -- upkeep -------------------------------------------------------------------------------------------------------

    @part
    def upkeep(self) -> Upkeep:
        """Has compared the counts of catalogue and store."""
        from ingest.upkeep import Upkeep

        return Upkeep(self.catalogue, self.store, lambda: self.pipeline)

    @part
    def verification(self) -> Verification:
        from ingest.verification import Verification

        return Verification(
            self.catalogue, self.files, self.store, self.upkeep, lambda: self.pipeline, self.settings.home
        )

    def restored_alike(self) -> dict[str, object]:
        """Of the settings, what must be the same where a backup is restored."""
        names = ("encoder", "site_name", "public_url", "max_upload_mb", "insights")
        return {name: getattr(self.settings, name) for name in names}

    @part
    def backup(self) -> Maker:
        from searchsvc.backup import Maker

        return Maker(
            self.catalogue, self.files, self.restored_alike(), forget_removed=self._forget_removed, now=self._clock
        )

    def _forget_removed(self) -> None:
        if self.catalogue.removals():
            self.pipeline.forget_removed()

    @part
    def restorer(self) -> Restorer:
        from searchsvc.backup import Restorer

        def find(title: str, resource_id: str) -> bool:
            hits = self.searcher.search(title, limit=50, as_typed=True).hits
            return any(resource_id in (hit.resource.id, *hit.copies) for hit in hits)

        return Restorer(
            self.catalogue, self.files, self.verification, self.restored_alike(), find=find,
            erase_again=self._erase_again,
            backups=self.settings.home / "backups", now=self._clock,
        )  # fmt: skip

    def _erase_again(self) -> None:
        if self.registry.erase_again():
            self.linker.relink()

    def mover(self, there: Parts, told: Callable[[str, int, int], object]) -> Mover:
        """Moves this archive to another deployment."""
        from searchsvc.backup import Mover

        return Mover(
            self._place, there._place, scratch=self.settings.home / "scratch", erase_again=there._erase_again, told=told
        )

    @property
    def _place(self) -> Place:
        from searchsvc.backup import Place

        return Place(self.catalogue, self.files, self.store, self.verification, self.generations.wanted)

    def vault(self, url: str, *, make: bool = False) -> Vault:
        """Where backups are kept. Raises HomeError and SettingsError."""
        from searchsvc.backup import Vault

        return Vault(url, self.settings.backup_passphrase, make=make, home=self.settings.home if make else None)

    # -- writing ------------------------------------------------------------------------------------------------------

    @property
    def has_ocr(self) -> bool:
        """Whether pages that are pictures are read."""
        from ingest.ocr.engine import installed

        return self.settings.ocr != "off" and installed()

    @part
    def ocr(self) -> Ocr:
        from ingest.ocr.engine import engine_name
        from ingest.ocr.reader import Ocr
        from ingest.sandbox import Sandbox

        settings = self.settings
        sandbox = self.closed_later(
            Sandbox(
                timeout_s=settings.ocr_timeout_s,
                max_memory_bytes=settings.ocr_memory_mb * 1_000_000,
                preload=("ingest.extract.registry:type_of:text/plain", "pypdfium2", "ingest.ocr.engine:warm:all"),
            )
        )
        return Ocr(
            sandbox, self.catalogue.sights, engine=engine_name(), max_pictures=settings.ocr_max_pages,
            max_unpacked_bytes=settings.max_unpacked_mb * 1_000_000,
        )  # fmt: skip

    @part
    def facsimiles(self) -> Facsimiles:
        """How files look, for readers."""
        from ingest.facsimile.maker import Facsimiles
        from ingest.sandbox import Sandbox

        settings = self.settings
        sandbox = self.closed_later(
            Sandbox(
                timeout_s=min(settings.extract_timeout_s, _LOOKED_AT_S),
                max_memory_bytes=settings.extract_memory_mb * 1_000_000,
                max_result_bytes=_LOOKED_AT_BYTES,
                preload=(
                    *("ingest.facsimile.slides", "ingest.facsimile.pages", "ingest.facsimile.pdf_pages"),
                    *("lxml.html", "pptx", "pypdfium2", "PIL.Image"),
                ),
            )
        )
        return Facsimiles(sandbox, self.files, self._limits, scratch=settings.home / "scratch")

    @property
    def _limits(self) -> ExtractLimits:
        from ingest.extract.protocol import ExtractLimits

        settings = self.settings
        return ExtractLimits(max_pages=settings.max_pages, max_unpacked_bytes=settings.max_unpacked_mb * 1_000_000)

    @part
    def pipeline(self) -> Pipeline:
        from ingest.pipeline import Pipeline
        from ingest.sandbox import PRELOAD, Sandbox

        settings = self.settings
        sandbox = self.closed_later(
            Sandbox(
                timeout_s=settings.extract_timeout_s,
                max_memory_bytes=settings.extract_memory_mb * 1_000_000,
                preload=(*PRELOAD, f"ingest.prepare:warm:{settings.encoder}"),
            )
        )
        batcher = self.closed_later(Batcher(self._counted("passages", self.passage_encoder.encode), name="passages"))
        self.call_later(self.catalogue.whole.scrub)
        self.closed_later(self.passage_encoder)  # first, so that the batcher's thread does not wait for it
        return Pipeline(
            catalogue=self.catalogue,
            store=self.store,
            files=self.files,
            sandbox=sandbox,
            encode=batcher.encode,
            lexical=self.lexical.encode_documents,
            linker=self.linker,
            encoder_name=settings.encoder,
            limits=self._limits,
            max_bytes=settings.max_upload_mb * 1_000_000,
            scratch=settings.home / "scratch",
            ocr=self.ocr if self.has_ocr else None,
            now=self._clock,
            step=self.metrics.step if self.metrics else lambda _: contextlib.nullcontext(),
        )


def _provider(settings: Settings) -> Provider | None:
    """Who signs people in, if somebody does. Raises SettingsError where the packages for it are missing."""
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    if importlib.util.find_spec("joserfc") is None:
        raise SettingsError("oidc_issuer is set; pip install 'searchsvc[oidc]' brings what it needs.")
    return Provider(
        settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret,
        login_claim=settings.oidc_login_claim, groups_claim=settings.oidc_groups_claim,
    )  # fmt: skip


def _database_url(settings: Settings) -> str:
    """Of the catalogue."""
    return settings.database_url or f"sqlite:///{settings.home / 'catalogue.sqlite'}"
