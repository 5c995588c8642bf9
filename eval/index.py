"""Homes in which test collections are indexed by the product's own parts, kept between runs."""

from __future__ import annotations

import gzip
import hashlib
import io
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from eval.cache import CachedEncode
from eval.gate import precision_here
from eval.generated import generated_texts
from eval.sets import BeirDocument, BeirSet
from ingest.chunk import chunk
from ingest.encoding import EncoderProcess
from ingest.pipeline import Incoming
from ingest.points import lexical_text, payload_of, with_ids
from searchsvc.catalogue import Location
from searchsvc.encode.identity import identity_of
from searchsvc.encode.load import Counter, load_counter
from searchsvc.encode.models import BUNDLED, MULTILINGUAL
from searchsvc.encode.quantization import MULTILINGUAL_STORED, STORED
from searchsvc.errors import SearchsvcError
from searchsvc.model import Block, Document, Encoded, Kind, Locator, Point, Report, Resource
from searchsvc.service import Service
from searchsvc.settings import Settings

__all__ = [
    "ARCHIVE",
    "REGISTER",
    "archive_indexed",
    "cache_folder",
    "generated_indexed",
    "index_docs",
    "network_indexed",
    "set_indexed",
]

ARCHIVE = Path(__file__).with_name("archive") / "files"
REGISTER = Path(__file__).with_name("archive") / "sources" / "register.yaml"
_STAMP = "2026-01-01T00:00:00.000+00:00"
_DOCS_AT_ONCE = 200
Progress = Callable[[int, int], object]


def cache_folder(encoder: str = BUNDLED) -> Path:
    """Where homes and vectors are kept; deleting it costs time only.

    Another one for other rounding: an index stays valid then, but what is measured must be what is computed now.
    """
    ranges = MULTILINGUAL_STORED if encoder == MULTILINGUAL else STORED
    rounding = "fp32" if precision_here() == "fp32" else hashlib.sha256(ranges.read_bytes()).hexdigest()[:8]
    return Path(platformdirs.user_cache_dir("searchsvc", appauthor=False)) / "eval" / rounding


@contextmanager
def set_indexed(given: BeirSet, settings: Settings, progress: Progress = lambda done, of: None) -> Iterator[Service]:
    """A service on the corpus of a set. A document's id in the set is its file name in the archive."""
    with _home(settings, f"{given.name}-{given.digest}") as service:
        if service.catalogue.meta("complete") is None:
            process = EncoderProcess(settings.encoder, backend=settings.encoder_backend)
            name = hashlib.sha256(identity_of(settings.encoder).fingerprint.encode()).hexdigest()[:12]
            vectors = CachedEncode(process.encode, cache_folder(settings.encoder) / f"vectors-{name}.sqlite")
            counter = load_counter(settings.encoder)
            try:
                index_docs(service, given.corpus, counter, vectors.encode, progress)
            finally:
                vectors.close()
                process.close()
            service.catalogue.set_meta("complete", "yes")
        yield service


@contextmanager
def archive_indexed(settings: Settings, progress: Progress = lambda done, of: None) -> Iterator[Service]:
    """A service on the sample archive, taken in by the pipeline as any user's files are."""
    files = sorted(path for path in ARCHIVE.rglob("*.*") if path.is_file())
    if not files:
        raise SearchsvcError(f"the sample archive is not at {ARCHIVE}; run this from a clone of the project.")
    digest = hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in files)).hexdigest()[:16]
    with _home(settings, f"archive-{digest}") as service:
        if service.catalogue.meta("complete") is None:
            service.import_register(REGISTER)
            for number, path in enumerate(files, 1):
                name = path.relative_to(ARCHIVE).as_posix()
                with path.open("rb") as stream:
                    [item] = service.pipeline.stage([Incoming(f"archive:{name}", path.name, "archive", stream)])
                service.pipeline.process(item.id)
                progress(number, len(files))
            service.catalogue.set_meta("complete", "yes")
        yield service


@contextmanager
def generated_indexed(
    count: int, settings: Settings, progress: Progress = lambda done, of: None, *, seed: int = 0
) -> Iterator[Service]:
    """A service on `count` generated texts, taken in by the pipeline as any user's files are."""
    digest = hashlib.sha256()
    for one in generated_texts(count, seed):
        digest.update(one.name.encode() + one.content)
    with _home(settings, f"generated-{count}-{digest.hexdigest()[:16]}") as service:
        if service.catalogue.meta("complete") is None:
            for number, one in enumerate(generated_texts(count, seed), 1):
                incoming = Incoming(f"generated:{one.name}", one.name, "generated", io.BytesIO(one.content))
                [item] = service.pipeline.stage([incoming])
                service.pipeline.process(item.id)
                progress(number, count)
            service.catalogue.set_meta("complete", "yes")
        yield service


@contextmanager
def network_indexed(
    folder: Path, settings: Settings, progress: Progress = lambda done, of: None, *, register: str = "register.yaml"
) -> Iterator[Service]:
    """A service on a network: a register and, where there are any, texts (`texts/` or `texts.tar.gz`) beside it."""
    source = folder / register
    try:
        said = source.read_bytes()
    except OSError as error:
        raise SearchsvcError(f"{source} cannot be read: {error.strerror}.") from None
    if source.suffix == ".gz":
        said = gzip.decompress(said)
    texts = dict(_texts_of(folder)) if register == "register.yaml" else {}
    digest = hashlib.sha256(said + b"".join(hashlib.sha256(one).digest() for one in texts.values())).hexdigest()[:16]
    with _home(settings, f"network-{folder.name}-{digest}") as service:
        if service.catalogue.meta("complete") is None:
            with tempfile.TemporaryDirectory() as scratch:
                path = Path(scratch) / "register.yaml"
                path.write_bytes(said)
                service.import_register(path)
            for number, (name, content) in enumerate(texts.items(), 1):
                incoming = Incoming(f"network:{name}", name.rpartition("/")[2], "network", io.BytesIO(content))
                [item] = service.pipeline.stage([incoming])
                service.pipeline.process(item.id)
                progress(number, len(texts))
            service.catalogue.set_meta("complete", "yes")
        yield service


def _texts_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Path below the folder -> content, in order."""
    packed = folder / "texts.tar.gz"
    if packed.is_file():
        with tarfile.open(packed) as archive:
            for member in sorted(archive.getmembers(), key=lambda one: one.name):
                if member.isfile() and (stream := archive.extractfile(member)):
                    yield member.name, stream.read()
    else:
        for path in sorted((folder / "texts").glob("*")):
            yield f"texts/{path.name}", path.read_bytes()


@contextmanager
def _home(settings: Settings, name: str) -> Iterator[Service]:
    """A home of this name, whole or empty; one that was left half done, or made by another encoder, is made anew."""
    if settings.encoder != BUNDLED:  # in fp32 all encoders have one folder
        name = f"{name}-{hashlib.sha256(settings.encoder.encode()).hexdigest()[:8]}"
    home = cache_folder(settings.encoder) / "homes" / name
    embedded: dict[str, object] = {"database_url": None, "qdrant_url": None, "files_url": None}
    own = settings.model_copy(update={**embedded, "home": home})
    for attempt in (1, 2):
        try:
            service = Service(own, work=False)
        except SearchsvcError:
            if attempt == 2:
                raise
            shutil.rmtree(home, ignore_errors=True)
            continue
        if service.catalogue.meta("complete") is None and service.catalogue.version() and attempt == 1:
            service.close()
            shutil.rmtree(home)
            continue
        break
    with service:
        yield service


def index_docs(
    service: Service,
    corpus: Sequence[BeirDocument],
    counter: Counter,
    encode: Callable[[Sequence[str]], Encoded],
    progress: Progress = lambda done, of: None,
) -> None:
    """The corpus into an empty service. A document's id in the set is its file name in the archive."""
    for at in range(0, len(corpus), _DOCS_AT_ONCE):
        _add(service, corpus[at : at + _DOCS_AT_ONCE], counter, encode)
        progress(min(at + _DOCS_AT_ONCE, len(corpus)), len(corpus))
    while service.store.maintain():
        pass


def _add(
    service: Service, docs: Sequence[BeirDocument], counter: Counter, encode: Callable[[Sequence[str]], Encoded]
) -> None:
    made = [(_resource(doc), with_ids(_id(doc), chunk(_document(doc), counter))) for doc in docs]
    encoded = encode([one.passage.encoder_input for _, stored in made for one in stored])
    at, points, words = 0, [], []
    for resource, stored in made:
        sparse = service.lexical.encode_documents([lexical_text(resource, one.passage) for one in stored])
        words.append([one.indices for one in sparse])
        for one, terms in zip(stored, sparse, strict=True):
            points.append(Point(one.id, encoded.dense[at], terms, payload_of(resource, one.passage, {})))
            at += 1
    service.store.upsert(points)
    for (resource, stored), held in zip(made, words, strict=True):
        service.catalogue.put(
            resource, text="", report={}, passages=stored, terms=held, minhash=b"", bands=(),
            location=Location(f"set:{resource.id}", resource.id, "set", _STAMP),
        )  # fmt: skip


def _document(doc: BeirDocument) -> Document:
    """Paragraphs as they stand; a document with a title alone is its title."""
    parts = [part.strip() for part in doc.text.split("\n\n") if part.strip()] or [doc.title.strip()]
    blocks = tuple(Block(part, Locator()) for part in parts if part)
    return Document(Kind.PAPER, doc.title, blocks, Report("set"))


def _resource(doc: BeirDocument) -> Resource:
    return Resource(
        _id(doc), Kind.PAPER, doc.title or doc.id, source="set", file_name=doc.id, passages=1, added_at=_STAMP,
        content_hash=hashlib.sha256(doc.id.encode()).hexdigest(),
    )  # fmt: skip


def _id(doc: BeirDocument) -> str:
    return hashlib.sha256(doc.id.encode()).hexdigest()[:32]
