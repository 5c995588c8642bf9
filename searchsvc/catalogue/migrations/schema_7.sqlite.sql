CREATE TABLE bands (
    "key" VARCHAR(40) NOT NULL,
    resource_id VARCHAR(64) NOT NULL,
    PRIMARY KEY ("key", resource_id)
);

CREATE INDEX ix_bands_resource_id ON bands (resource_id);

CREATE TABLE deletions (
    resource_id VARCHAR(64) NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (resource_id)
);

CREATE INDEX ix_deletions_version ON deletions (version);

CREATE TABLE insights (
    day VARCHAR(10) NOT NULL,
    what VARCHAR(16) NOT NULL,
    "query" VARCHAR(200) NOT NULL,
    position INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, what, "query", position)
);

CREATE TABLE introductions (
    id VARCHAR(32) NOT NULL,
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    status VARCHAR(16) NOT NULL,
    at VARCHAR(40) NOT NULL,
    note TEXT,
    PRIMARY KEY (id)
);

CREATE TABLE items (
    id VARCHAR(64) NOT NULL,
    batch VARCHAR(64) NOT NULL,
    number INTEGER NOT NULL,
    uri TEXT NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    size_bytes BIGINT NOT NULL,
    status VARCHAR(16) NOT NULL,
    reason TEXT,
    resource_id VARCHAR(64),
    attempt INTEGER NOT NULL,
    created_at VARCHAR(40) NOT NULL,
    finished_at VARCHAR(40),
    PRIMARY KEY (id)
);

CREATE INDEX ix_items_batch ON items (batch);

CREATE INDEX ix_items_status ON items (status);

CREATE TABLE links (
    resource_id VARCHAR(64) NOT NULL,
    field VARCHAR(16) NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (resource_id, field, value)
);

CREATE TABLE locations (
    uri TEXT NOT NULL,
    resource_id VARCHAR(64) NOT NULL,
    source TEXT NOT NULL,
    added_at VARCHAR(40) NOT NULL,
    PRIMARY KEY (uri)
);

CREATE INDEX ix_locations_resource_id ON locations (resource_id);

CREATE TABLE meta (
    "key" VARCHAR(64) NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY ("key")
);

CREATE TABLE passages (
    "row" INTEGER NOT NULL,
    id VARCHAR(36) NOT NULL,
    resource_id VARCHAR(64) NOT NULL,
    ordinal INTEGER NOT NULL,
    text TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    locator_kind VARCHAR(16) NOT NULL,
    locator_number INTEGER,
    locator_heading TEXT,
    heading_path JSON NOT NULL,
    context TEXT NOT NULL,
    hidden BOOLEAN NOT NULL,
    matter VARCHAR(16) NOT NULL,
    terms TEXT NOT NULL,
    PRIMARY KEY ("row"),
    UNIQUE (id)
);

CREATE INDEX ix_passages_resource_id ON passages (resource_id);

CREATE TABLE register (
    type VARCHAR(16) NOT NULL,
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    data JSON NOT NULL,
    PRIMARY KEY (type, id)
);

CREATE TABLE register_edits (
    type VARCHAR(16) NOT NULL,
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    data JSON NOT NULL,
    PRIMARY KEY (type, id)
);

CREATE TABLE removals (
    id INTEGER NOT NULL,
    resource_id VARCHAR(64) NOT NULL,
    point_ids JSON NOT NULL,
    content_hash VARCHAR(64),
    PRIMARY KEY (id)
);

CREATE TABLE resources (
    id VARCHAR(64) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    title TEXT NOT NULL,
    authors JSON NOT NULL,
    date VARCHAR(32),
    year INTEGER,
    language VARCHAR(16),
    source TEXT NOT NULL,
    url TEXT,
    site TEXT,
    summary TEXT,
    identifiers JSON NOT NULL,
    publication JSON NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    media_type VARCHAR(128) NOT NULL,
    file_name TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    words INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    copy_group VARCHAR(64),
    added_at VARCHAR(40) NOT NULL,
    updated_at VARCHAR(40) NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX ix_resources_changed ON resources (changed);

CREATE INDEX ix_resources_content_hash ON resources (content_hash);

CREATE INDEX ix_resources_copy_group ON resources (copy_group);

CREATE TABLE signatures (
    resource_id VARCHAR(64) NOT NULL,
    minhash BLOB NOT NULL,
    PRIMARY KEY (resource_id)
);

CREATE TABLE texts (
    resource_id VARCHAR(64) NOT NULL,
    text TEXT NOT NULL,
    report JSON NOT NULL,
    PRIMARY KEY (resource_id)
);

CREATE TABLE workers (
    id VARCHAR(200) NOT NULL,
    seen_at FLOAT NOT NULL,
    PRIMARY KEY (id)
);

CREATE VIRTUAL TABLE IF NOT EXISTS passages_fts USING fts5(terms, content='passages', content_rowid='row', tokenize='unicode61 remove_diacritics 0');

CREATE TRIGGER IF NOT EXISTS passages_fts_insert AFTER INSERT ON passages BEGIN INSERT INTO passages_fts(rowid, terms) VALUES (new.row, new.terms); END;

CREATE TRIGGER IF NOT EXISTS passages_fts_delete AFTER DELETE ON passages BEGIN INSERT INTO passages_fts(passages_fts, rowid, terms) VALUES ('delete', old.row, old.terms); END;
