"""The error tree of the kernel. `str(error)` is one line that says what is wrong and what to do.

SearchsvcError
├── SettingsError        a setting is wrong                     -> the process does not start
├── ModelError           the encoder is missing or not genuine  -> the process does not start
│   └── QuantizationError  it cannot be computed in int8        -> it is computed in fp32, which the log says
├── HomeError            the home cannot be used
│   ├── HomeBusyError    another process owns it                -> the command line talks to that one, or says so
│   ├── DamagedHomeError  the catalogue is damaged             -> `searchsvc restore`
│   └── DamagedBackupError  a backup is not whole              -> take another one
├── StoreError           the vector store failed                -> 503, the job is tried again
│   ├── DamagedStoreError  the embedded index cannot be read -> it is made anew from the catalogue
│   └── GenerationError  the index was made by another encoder  -> `searchsvc reindex`
├── AwayError            what is needed does not answer now          -> 503; a job waits until it does
│   ├── StoreAwayError   the vector store (a StoreError, too)
│   │   └── StoreFullError  its disk has too little room        -> 507
│   └── FilesAwayError   the place of the originals (a HomeError, too)
├── ProviderError        who signs people in does not let one in    -> the page to sign in, 403, 503 when it is away
├── BusyError            more is waiting than can be done   -> 503 with Retry-After
├── NotFoundError        no such resource, person, job          -> 404
│   └── UnknownError       it names the nearest                  -> pages say it in the visitor's language
├── QueryError           the query or a filter is malformed     -> 422
├── ConflictError        somebody else decided it meanwhile     -> 409; whoever asked looks again
└── IngestError          one file cannot be ingested            -> recorded with the file, never ends a batch
    ├── UnsupportedError   no extractor reads this type
    ├── DamagedError       empty, truncated, not what it says it is
    ├── EncryptedError     needs a password
    ├── LimitError         over a limit of time, memory, pages or unpacked size
    ├── GoneError          its source says that it is no longer there   -> marked, and taken out after a while
    ├── RefusedError       it is not to be asked for, or not given      -> said by `searchsvc sources check`
    └── UnreachableError   its source does not answer now               -> the next visit tries again
"""

__all__ = [
    "AwayError", "BusyError", "ConflictError", "DamagedBackupError", "DamagedError", "DamagedHomeError",
    "DamagedStoreError", "EncryptedError", "FilesAwayError", "GenerationError", "GoneError", "HomeBusyError",
    "HomeError", "IngestError", "LimitError", "ModelAwayError", "ModelError", "NotFoundError", "QuantizationError",
    "QueryError", "RefusedError", "SearchsvcError", "SettingsError", "StoreAwayError", "StoreError",
    "StoreFullError", "UnknownError", "UnreachableError", "UnsupportedError",
]  # fmt: skip


class SearchsvcError(Exception):
    """Everything searchsvc raises on purpose."""


class SettingsError(SearchsvcError):
    """A setting has a value that cannot be used."""


class ModelError(SearchsvcError):
    """The encoder's weights are missing, or are not the published ones."""


class QuantizationError(ModelError):
    """The bundled model cannot be computed in int8 on this machine; in fp32 it can."""


class HomeError(SearchsvcError):
    """The home directory cannot be read or written."""


class HomeBusyError(HomeError):
    """Another process owns the home and cannot be reached."""


class DamagedHomeError(HomeError):
    """The catalogue cannot be read as a database any more."""


class DamagedBackupError(HomeError):
    """A backup, or a part of it, is not what was written."""


class StoreError(SearchsvcError):
    """The vector store could not do what it was asked."""


class DamagedStoreError(StoreError):
    """The embedded index cannot be read. The catalogue has all that it is made of."""


class GenerationError(StoreError):
    """The live index was made by another encoder or chunker than the one configured."""


class AwayError(SearchsvcError):
    """What is needed does not answer now; it may come back."""


class StoreAwayError(AwayError, StoreError):
    """The server of the vector store cannot be reached, or cannot answer now."""


class StoreFullError(StoreAwayError):
    """The disk of the embedded index has too little room for what is to be written."""


class FilesAwayError(AwayError, HomeError):
    """The place where the originals are kept cannot be reached."""


class ModelAwayError(AwayError):
    """The server of the language model that is asked beside the encoder gives no answer that can be read."""


class ProviderError(SearchsvcError):
    """The provider of sign-in (OpenID Connect) did not say who somebody is. away: it does not answer now."""

    def __init__(self, said: str, *, away: bool = False) -> None:
        super().__init__(said)
        self.away = away


class BusyError(SearchsvcError):
    """More is waiting than can be answered soon, or the process is ending."""


class NotFoundError(SearchsvcError):
    """Nothing has this id."""


class UnknownError(NotFoundError):
    """Nothing has this id; `searchsvc.text.nearest.unknown` makes it.

    what: such as person. near: ids that may have been meant, with what each is called.
    """

    def __init__(self, what: str, key: str, near: tuple[tuple[str, str], ...], *, said: str, how: str) -> None:
        self.what, self.key, self.near = what, key, near
        shown = ", ".join(f"{one} ({name})" if name else one for one, name in near)
        super().__init__(
            f"no {what} has the {said} {key!r}"
            + (f"; the nearest are {shown}" if shown else "")
            + (f"; {how}." if how else ".")
        )


class QueryError(SearchsvcError):
    """The query or one of its filters is malformed."""


class ConflictError(SearchsvcError):
    """What was to be changed is not any more what whoever asks has seen; it says who changed it, and when."""


class IngestError(SearchsvcError):
    """One file cannot be ingested; the reason is kept with the file."""


class UnsupportedError(IngestError):
    """No extractor reads this type of file."""


class DamagedError(IngestError):
    """The file is empty, truncated or not what it says it is."""


class EncryptedError(IngestError):
    """The file can only be opened with a password."""


class LimitError(IngestError):
    """The file goes over a limit of time, memory, pages or unpacked size."""


class GoneError(IngestError):
    """What was listed is no longer at its source."""


class RefusedError(IngestError):
    """An address that is not to be asked, or a site that does not give what stands there."""


class UnreachableError(IngestError):
    """A source, or a site, that gives no answer now."""
