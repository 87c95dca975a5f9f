-- The article store. Times are ISO 8601; lists and mappings are JSON.

CREATE TABLE articles (
    number              INTEGER PRIMARY KEY,
    id                  TEXT NOT NULL UNIQUE,
    title               TEXT NOT NULL,
    body                TEXT NOT NULL,
    url                 TEXT,
    authors             TEXT NOT NULL,
    published           TEXT,
    published_precision TEXT,
    modified            TEXT,
    fetched             TEXT,
    source              TEXT NOT NULL,
    section             TEXT NOT NULL,
    language            TEXT NOT NULL,
    tags                TEXT NOT NULL,
    dateline            TEXT NOT NULL,
    extra               TEXT NOT NULL,
    origin              TEXT NOT NULL,  -- where it was last read from
    content             BLOB NOT NULL,  -- hash of all fields above but number, id and fetched
    first_seen          TEXT NOT NULL,
    last_changed        TEXT NOT NULL,
    change              INTEGER NOT NULL UNIQUE
) STRICT;

-- Files that hold one article without a URL each; copies of a file share an article.
CREATE TABLE files (
    origin   TEXT PRIMARY KEY,
    article  INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX files_by_article ON files (article);

-- Numbers of `change` are shared with articles: every one is given out once.
CREATE TABLE deletions (
    id      TEXT PRIMARY KEY,
    change  INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

-- found: [[type, start, end, surface, name], ...], as `Mention`.
CREATE TABLE mentions (
    article     INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE,
    recogniser  TEXT NOT NULL,
    found       TEXT NOT NULL
) STRICT;

CREATE INDEX mentions_by_recogniser ON mentions (recogniser);

-- Files as they were when they were last read to the end without a problem.
CREATE TABLE sources (
    path         TEXT PRIMARY KEY,
    size         INTEGER NOT NULL,
    modified_ns  INTEGER NOT NULL,
    sha256       TEXT NOT NULL,
    reader       TEXT NOT NULL,
    articles     INTEGER NOT NULL,
    last_read    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    key    TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
