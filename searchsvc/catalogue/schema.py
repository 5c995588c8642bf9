"""The tables, and how a database is opened and made ready."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from searchsvc.catalogue.damage import tell_damage
from searchsvc.errors import HomeError

log = logging.getLogger(__name__)

metadata = sa.MetaData()

resources = sa.Table(
    "resources",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("authors", sa.JSON, nullable=False),
    sa.Column("date", sa.String(32)),
    sa.Column("date_kind", sa.String(16), nullable=False, server_default="published"),
    sa.Column("year", sa.Integer),
    sa.Column("language", sa.String(16)),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("site", sa.Text),
    sa.Column("summary", sa.Text),
    sa.Column("identifiers", sa.JSON, nullable=False),
    sa.Column("publication", sa.JSON, nullable=False),
    sa.Column("occasion", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("content_hash", sa.String(64), nullable=False, index=True),
    sa.Column("media_type", sa.String(128), nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("words", sa.Integer, nullable=False),
    sa.Column("passages", sa.Integer, nullable=False),
    sa.Column("copy_group", sa.String(64), index=True),
    sa.Column("added_at", sa.String(40), nullable=False),
    sa.Column("updated_at", sa.String(40), nullable=False),
    sa.Column("changed", sa.BigInteger, nullable=False, index=True),  # the version of its last change
)
restrictions = sa.Table(  # groups that alone see a resource; one that has none here is seen by all who may search
    "restrictions",
    metadata,
    sa.Column("resource_id", sa.String(64), primary_key=True),
    sa.Column("group", sa.String(64), primary_key=True),
)
deletions = sa.Table(  # for readers that keep a copy: what they must let go of
    "deletions",
    metadata,
    sa.Column("resource_id", sa.String(64), primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False, index=True),
)
texts = sa.Table(  # apart from `resources`, because lists of resources never need it
    "texts",
    metadata,
    sa.Column("resource_id", sa.String(64), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("report", sa.JSON, nullable=False),
)
links = sa.Table(  # what the register says a resource belongs to
    "links",
    metadata,
    sa.Column("resource_id", sa.String(64), primary_key=True),
    sa.Column(
        "field", sa.String(16), primary_key=True
    ),  # person, organization, project; hidden: names of authors; author: see rows.author_value
    sa.Column("value", sa.Text, primary_key=True),
)
locations = sa.Table(
    "locations",
    metadata,
    sa.Column("uri", sa.Text, primary_key=True),
    sa.Column("resource_id", sa.String(64), nullable=False, index=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("added_at", sa.String(40), nullable=False),
)
passages = sa.Table(
    "passages",
    metadata,
    sa.Column("row", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(36), nullable=False, unique=True),
    sa.Column("resource_id", sa.String(64), nullable=False, index=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("locator_kind", sa.String(16), nullable=False),
    sa.Column("locator_number", sa.Integer),
    sa.Column("locator_heading", sa.Text),
    sa.Column("locator_name", sa.Text),  # what the document calls the page, where that is not its number
    sa.Column("heading_path", sa.JSON, nullable=False),
    sa.Column("context", sa.Text, nullable=False),
    sa.Column("hidden", sa.Boolean, nullable=False),
    sa.Column("matter", sa.String(16), nullable=False),  # prose, references, front, contents
    sa.Column("terms", sa.Text, nullable=False),  # as searchsvc.text.terms.stream makes them
)
frequencies = sa.Table(  # term of BM25 -> in how many passages it stands; see frequencies.py
    "frequencies",
    metadata,
    sa.Column("term", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("passages", sa.Integer, nullable=False),
)
vocabularies = sa.Table(  # what of these counts is a resource's
    "vocabularies",
    metadata,
    sa.Column("resource_id", sa.String(64), primary_key=True),
    sa.Column("passages", sa.Integer, nullable=False),
    sa.Column("term_counts", sa.LargeBinary, nullable=False),  # pairs of little-endian 32-bit numbers
)
signatures = sa.Table(  # MinHash bands: resources that share one are compared
    "signatures",
    metadata,
    sa.Column("resource_id", sa.String(64), primary_key=True),
    sa.Column("minhash", sa.LargeBinary, nullable=False),
)
bands = sa.Table(
    "bands",
    metadata,
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("resource_id", sa.String(64), primary_key=True, index=True),
)
items = sa.Table(
    "items",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("batch", sa.String(64), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("uri", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("status", sa.String(16), nullable=False, index=True),
    sa.Column("reason", sa.Text),
    sa.Column("resource_id", sa.String(64)),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("finished_at", sa.String(40)),
    sa.Column("again", sa.Boolean, nullable=False, server_default=sa.false()),  # is there, and is to be read anew
    sa.Column("lost", sa.Integer, nullable=False, server_default="0"),  # workers that crashed while working on it
    sa.Column("groups", sa.Text, nullable=False, server_default=""),  # that alone are to see it, with commas between
)
workers = sa.Table(  # who does ingest jobs, and when each was last alive (seconds since the epoch)
    "workers",
    metadata,
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("seen_at", sa.Float, nullable=False),
)
removals = sa.Table(  # what store and files may have to forget; noted before points are written, and with every change
    "removals",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("resource_id", sa.String(64), nullable=False),
    sa.Column("point_ids", sa.JSON, nullable=False),
    sa.Column("content_hash", sa.String(64)),
)
register = sa.Table(  # people, organizations, projects and so on, as the files of the network's register have them
    "register",
    metadata,
    sa.Column("type", sa.String(16), primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),  # its place among those of its type
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
)
register_edits = sa.Table(  # what was changed since by hand: it lies over what the files say, also over those to come
    "register_edits",
    metadata,
    sa.Column("type", sa.String(16), primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),  # field -> value; null where there is to be none
)
introductions = sa.Table(  # what became of introductions: they are not suggested again
    "introductions",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("a", sa.Text, nullable=False),
    sa.Column("b", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("note", sa.Text),
)
statements = sa.Table(  # vectors of what the network says, by the hash of encoder and text; they can be made anew
    "statements",
    metadata,
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),  # 32-bit floats
)
verdicts = sa.Table(  # what somebody decided of two projects, or of a need and an offer; it wins over what is computed
    "verdicts",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),  # same work, meets
    sa.Column("a", sa.Text, nullable=False),  # ids: of two projects, or of whose the need and the offer are
    sa.Column("b", sa.Text, nullable=False),
    sa.Column("need", sa.Text, nullable=False),  # word for word; empty for projects
    sa.Column("offer", sa.Text, nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),  # yes, no, later
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)
sights = sa.Table(  # what OCR saw in a file: lines with their places, as searchsvc.model.SeenLine has them
    "sights",
    metadata,
    sa.Column("content_hash", sa.String(64), primary_key=True),
    sa.Column("place", sa.String(200), primary_key=True),
    sa.Column("engine", sa.String(64), nullable=False),
    sa.Column("seen", sa.JSON, nullable=False),
)
opinions = sa.Table(  # what a language model said of texts, which are known by their hash
    "opinions",
    metadata,
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("model", sa.String(200), primary_key=True),
    sa.Column("says", sa.String(8), nullable=False),  # yes, no, unsure
    sa.Column("at", sa.String(40), nullable=False),
)
insights = sa.Table(  # how often something was searched, not found or clicked on a day; never by whom
    "insights",
    metadata,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("what", sa.String(16), primary_key=True),  # search, nothing, click
    sa.Column("query", sa.String(200), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),  # of a click, from 1; 0 for searches
    sa.Column("count", sa.Integer, nullable=False),
)
curation = sa.Table(  # what somebody decided of the archive; never changed: what is undone is undone by another row
    "curation",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False, unique=True),  # in the order in which they were decided, from 1
    sa.Column("kind", sa.String(16), nullable=False),  # what was doubted; see searchsvc.curation
    sa.Column("item", sa.String(40), nullable=False),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("resource", sa.String(64), nullable=False, index=True),  # empty when it is about none
    sa.Column("other", sa.String(64), nullable=False, index=True),  # of two resources, the second
    sa.Column("about", sa.Text, nullable=False),  # for people: a title, a search, two names
    sa.Column("state", sa.String(16), nullable=False),  # digest of what was doubted: it holds while that is the same
    sa.Column("value", sa.JSON),
    sa.Column("before", sa.JSON),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("undoes", sa.String(32), nullable=False),  # id of another decision; empty for all others
)
as_read = sa.Table(  # of resources that were corrected, what their files say: column of `resources` -> value
    "as_read",
    metadata,
    sa.Column("resource_id", sa.String(64), primary_key=True),
    sa.Column("said", sa.JSON, nullable=False),
)
withdrawn = sa.Table(  # resources that are shown to nobody until somebody takes it back
    "withdrawn",
    metadata,
    sa.Column("resource_id", sa.String(64), primary_key=True),
)
revisions = sa.Table(  # what resources were before another version of their file came
    "revisions",
    metadata,
    sa.Column("resource_id", sa.String(64), primary_key=True),
    sa.Column("at", sa.String(40), primary_key=True),
    sa.Column("alike", sa.Float, nullable=False),  # share of text that stayed, 0 to 1; see ingest.copies
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("words", sa.Integer, nullable=False),
)
judged_queries = sa.Table(  # whose results people of the archive judge
    "judged_queries",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),  # in the order in which they are judged
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("origin", sa.String(16), nullable=False),  # insights, own
    sa.Column("depth", sa.Integer, nullable=False),  # how many of each way of searching were pooled
    sa.Column("at", sa.String(40), nullable=False),
)
pooled = sa.Table(  # what is judged for each
    "pooled",
    metadata,
    sa.Column("query_id", sa.String(16), primary_key=True),
    sa.Column("resource_id", sa.String(64), primary_key=True, index=True),
    sa.Column("place", sa.Integer, nullable=False),  # in the order in which it is shown, which is shuffled
    sa.Column("passage_id", sa.String(36)),
    sa.Column("found", sa.JSON, nullable=False),  # way of searching -> place there, from 1
)
judgments = sa.Table(  # by each person
    "judgments",
    metadata,
    sa.Column("query_id", sa.String(16), primary_key=True),
    sa.Column("resource_id", sa.String(64), primary_key=True, index=True),
    sa.Column("judge", sa.String(200), primary_key=True),
    sa.Column("grade", sa.Integer),  # 0 no, 1 partly, 2 yes; null: cannot say
    sa.Column("number", sa.Integer, nullable=False),  # in the order in which they were made
    sa.Column("at", sa.String(40), nullable=False),
)
keys = sa.Table(  # of the API; what was shown is not kept
    "keys",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("origins", sa.JSON, nullable=False),
    sa.Column("groups", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("per_minute", sa.Integer),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("expires_at", sa.String(40)),
    sa.Column("revoked_at", sa.String(40)),
    sa.Column("used_at", sa.String(40)),
)
audit = sa.Table(  # what was changed, and who tried a key that opens nothing
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.String(40), nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("about", sa.Text),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("address", sa.String(64)),
)
erased = sa.Table(  # people who were taken out: keyed hashes of what they went by, so that none comes back
    "erased",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),  # of kind `key`: the key that the others are made with
    sa.Column("kind", sa.String(16), nullable=False),  # key, id, orcid, name, author
    sa.Column("person", sa.String(32), nullable=False),  # which of them; made up
    sa.Column("unnamed", sa.Boolean, nullable=False),  # the name is to be shown nowhere
)
users = sa.Table(  # people who sign in; of one who was taken out the id alone
    "users",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("login", sa.String(200), unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("groups", sa.JSON, nullable=False),
    sa.Column("person", sa.Text),
    sa.Column("password", sa.Text),  # its hash
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("disabled_at", sa.String(40)),
    sa.Column("removed_at", sa.String(40)),
    sa.Column("signed_in_at", sa.String(40)),
    sa.Column("subject", sa.String(64)),  # digest of who it is at a provider of sign-in
    sa.Index("ix_users_subject", "subject", unique=True),
)
sessions = sa.Table(  # of browsers; what their cookies hold is not kept
    "sessions",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.String(16), nullable=False, index=True),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("seen_at", sa.String(40), nullable=False),
)
signin_links = sa.Table(  # that open the archive once
    "signin_links",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.String(16), nullable=False, index=True),
    sa.Column("expires_at", sa.String(40), nullable=False),
)
signin_tries = sa.Table(  # how often an account or address was tried, by a digest of it
    "signin_tries",
    metadata,
    sa.Column("subject", sa.String(64), primary_key=True),
    sa.Column("began_at", sa.String(40), nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
)
journal = sa.Table(  # when what is known of a thing became known and changed last; what it was is not kept, but hashes
    "journal",
    metadata,
    sa.Column("type", sa.String(16), primary_key=True),  # resource, or a kind of entries of the register
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),  # of a resource; empty for others
    sa.Column("first_at", sa.String(40), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("fields", sa.JSON, nullable=False),  # name -> hash
    sa.Column("changed", sa.JSON, nullable=False),  # names of those that changed at `at`
    sa.Column("gone", sa.Boolean, nullable=False),
    sa.Column("groups", sa.Text, nullable=False),  # that alone see it, with commas between
    sa.Column("opened_at", sa.String(40)),  # when others came to see it
    sa.Column("opened_from", sa.Text),  # the groups that alone had seen it
    sa.Column("public_at", sa.String(40), index=True),  # when what everybody sees changed; null: nobody ever saw it
    sa.Column("public", sa.Boolean, nullable=False),
    sa.Column("places", sa.JSON, nullable=False, server_default="[]"),  # hashes of where a resource was found
)
sources = sa.Table(  # where resources come from by themselves
    "sources",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("location", sa.Text, nullable=False),
    sa.Column("every_s", sa.Integer, nullable=False),  # 0: by hand alone
    sa.Column("groups", sa.JSON, nullable=False),  # that alone see what comes from it
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("paused_at", sa.String(40)),
    sa.Column("removed_at", sa.String(40)),  # it is being taken out, and is then no longer here
    sa.Column("keeps", sa.Boolean, nullable=False),  # what came from it, when it is taken out
    sa.Column("due_at", sa.String(40)),
    sa.Column("asked", sa.String(8)),  # sync, dry: by hand
    sa.Column("visits", sa.Integer, nullable=False),  # the number of the last one that began
    sa.Column("began_at", sa.String(40)),
    sa.Column("ended_at", sa.String(40)),  # none while one is under way, also when its process was killed
    sa.Column("good_at", sa.String(40)),  # when it listed everything last
    sa.Column("failed", sa.Integer, nullable=False),  # visits in a row
    sa.Column("failing_since", sa.String(40)),
    sa.Column("failing_why", sa.Text),
    sa.Column("held", sa.Integer, nullable=False),  # how many are gone at once, and wait for somebody to confirm it
    sa.Column("confirmed", sa.Integer, nullable=False),  # how many may be
    sa.Column("report", sa.JSON, nullable=False),  # of the last visit
)
listed = sa.Table(  # what each source lists
    "listed",
    metadata,
    sa.Column("source_id", sa.String(16), primary_key=True),
    sa.Column("uri", sa.Text, primary_key=True),
    sa.Column("place", sa.Text, index=True),  # the location in the archive
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("shown", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # new, sent, in, declined
    sa.Column("seen", sa.Integer, nullable=False),  # the number of the last visit that listed it
    sa.Column("due", sa.Boolean, nullable=False),  # it is to be asked for in this visit
    sa.Column("listed_revision", sa.Text, nullable=False),
    sa.Column("revision", sa.Text, nullable=False),  # that was fetched
    sa.Column("etag", sa.Text, nullable=False),
    sa.Column("modified", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("item_id", sa.String(64)),
    sa.Column("stated", sa.JSON),  # ingest.sources.protocol.Stated
    sa.Column("restate", sa.Boolean, nullable=False),  # it is another than the resource was made with
    sa.Column("gone_since", sa.String(40)),
    sa.Column("failing_since", sa.String(40)),
    sa.Column("failing_why", sa.Text),
)
watches = sa.Table(  # searches that somebody follows; of a feed's secret address the hash alone
    "watches",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("person", sa.Text, nullable=False, index=True),  # id in the register; empty for who is not in it
    sa.Column("user_id", sa.String(16), nullable=False, index=True),  # whose account it is; empty for none
    sa.Column("search", sa.Text, nullable=False),  # as it stands in an address
    sa.Column("every", sa.String(8), nullable=False),  # weekly, monthly
    sa.Column("digest", sa.String(64), unique=True),
    sa.Column("created_at", sa.String(40), nullable=False),
)
recipients = sa.Table(  # who gets letters with what is new
    "recipients",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("person", sa.Text, nullable=False, unique=True),  # id in the register
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("every", sa.String(8), nullable=False),  # weekly, monthly
    sa.Column("lang", sa.String(8), nullable=False),
    sa.Column("introductions", sa.Integer, nullable=False),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("told_until", sa.String(40), nullable=False),
    sa.Column("stopped_at", sa.String(40)),
    sa.Column("why", sa.Text, nullable=False),  # it was stopped
)
letters = sa.Table(  # who got what; one for each stretch of time
    "letters",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("recipient_id", sa.String(16), nullable=False, index=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("since", sa.String(40), nullable=False),
    sa.Column("until", sa.String(40), nullable=False),
    sa.Column("items", sa.JSON, nullable=False),  # id of a resource -> the moment of its news
    sa.Column("status", sa.String(16), nullable=False),  # ready, sending, sent, refused, unknown
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("says", sa.Text, nullable=False),  # what the server said
)
answers = sa.Table(  # what services said of identifiers; asked again when they are old
    "answers",
    metadata,
    sa.Column("service", sa.String(16), primary_key=True),
    sa.Column("key", sa.String(400), primary_key=True),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("said", sa.JSON, nullable=False),  # an empty object where it knew nothing
)
meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

_SQLITE_TEXT_INDEX = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS passages_fts USING fts5("
    "terms, content='passages', content_rowid='row', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER IF NOT EXISTS passages_fts_insert AFTER INSERT ON passages BEGIN "
    "INSERT INTO passages_fts(rowid, terms) VALUES (new.row, new.terms); END",
    "CREATE TRIGGER IF NOT EXISTS passages_fts_delete AFTER DELETE ON passages BEGIN "
    "INSERT INTO passages_fts(passages_fts, rowid, terms) VALUES ('delete', old.row, old.terms); END",
)
POSTGRES_WORDS = "to_tsvector('simple', terms)"
_POSTGRES_TEXT_INDEX = (f"CREATE INDEX IF NOT EXISTS passages_fts ON passages USING gin ({POSTGRES_WORDS})",)


# One more whenever the tables change, with a file in `migrations` (docs/extending.md). Tests tell when:
# tests/packaging/test_fingerprints.py and tests/catalogue/test_upgrade.py.
SCHEMA = "27"


def open_engine(url: str, backups: Path | None = None) -> sa.Engine:
    """An engine for `url`, with its tables made if they are missing and upgraded if they are of an older schema.

    backups: where the copy goes that is made before; beside a database of SQLite when None. Raises HomeError with one
    line.
    """
    try:
        engine = sa.create_engine(_with_driver(url), pool_pre_ping=True)
        if engine.dialect.name == "sqlite":
            tell_damage(engine)
        return _with_tables(engine, backups)
    except sa.exc.SQLAlchemyError as error:
        shown = sa.make_url(_with_driver(url)).render_as_string() if "://" in url else url
        reason = " ".join(str(getattr(error, "orig", None) or error).split())[:300]
        raise HomeError(f"the database {shown} cannot be used: {reason}. Check SEARCHSVC_DATABASE_URL.") from None


def _with_tables(engine: sa.Engine, backups: Path | None) -> sa.Engine:
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        sa.event.listen(engine, "connect", configure_sqlite)
        with engine.connect() as connection:
            found = _schema_of(connection)
        if found not in (None, SCHEMA):
            _upgrade_sqlite(engine, backups or Path(str(engine.url.database)).parent / "backups")
    extra = _SQLITE_TEXT_INDEX if sqlite else _POSTGRES_TEXT_INDEX
    with engine.begin() as connection:
        if not sqlite:  # two processes may start at once
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7325101)"))
        found = _schema_of(connection)
        if found not in (None, SCHEMA):
            _upgrade(engine, connection, backups)
        metadata.create_all(connection)
        for statement in extra:
            connection.exec_driver_sql(statement)
        if found is None:
            connection.execute(sa.insert(meta), {"key": "version", "value": "0"})  # there is always a row to wait for
            connection.execute(sa.insert(meta), {"key": "schema", "value": SCHEMA})
    return engine


def _upgrade_sqlite(engine: sa.Engine, backups: Path) -> None:
    from searchsvc.catalogue.upgrade import transactional

    whole = transactional(str(engine.url))
    with whole.begin() as connection:
        _upgrade(engine, connection, backups)
    whole.dispose()


def _schema_of(connection: sa.Connection) -> str | None:
    """None: there are no tables yet, or a process that made them was killed before it had finished."""
    if not sa.inspect(connection).has_table(meta.name):
        return None
    found: str | None = connection.execute(sa.select(meta.c.value).where(meta.c.key == "schema")).scalar()
    return found


def _upgrade(engine: sa.Engine, connection: sa.Connection, backups: Path | None) -> None:
    """From what the database has, in the transaction of `connection`. Raises HomeError for what cannot be read."""
    found = str(_schema_of(connection))
    if found.isdigit() and int(found) > int(SCHEMA):
        raise HomeError(
            f"the archive was made by a newer version of searchsvc (schema {found}, this one knows {SCHEMA}); "
            "install that version, or a newer one."
        )
    from searchsvc.catalogue import upgrade

    if not found.isdigit() or int(found) < upgrade.OLDEST:
        raise HomeError(
            f"the archive was made by another version of searchsvc that was never released (schema {found}); "
            "use a new home and add the files again."
        )
    if backups is None:
        raise HomeError(f"the archive has schema {found}, and there is no place for the copy before its upgrade.")
    copy = upgrade.set_aside(engine, int(found), backups)
    upgrade.migrate(connection, int(found))
    connection.execute(sa.update(meta).where(meta.c.key == "schema").values(value=SCHEMA))
    log.warning("the archive was upgraded from schema %s to %s; as it was before, it is in %s.", found, SCHEMA, copy)


def _with_driver(url: str) -> str:
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


def configure_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=30000",
        "cache_size=-64000",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
