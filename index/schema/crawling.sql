-- Sources that are visited, and what is known of their pages. Times are ISO 8601 in UTC.

CREATE TABLE crawl_sources (
    url       TEXT PRIMARY KEY,
    name      TEXT NOT NULL,     -- the source of articles that name none
    added     TEXT NOT NULL,
    fixed     INTEGER NOT NULL,  -- whether the interval was asked for, and so is not adapted
    interval  INTEGER NOT NULL,  -- seconds from the end of a visit to the next
    visited   TEXT,              -- when the last visit ended
    due       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Visits that have begun and not ended, of a source or of an address given once.
CREATE TABLE crawl_visits (
    url    TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    begun  TEXT NOT NULL,
    homes  TEXT NOT NULL         -- JSON list of addresses on the sites whose pages are followed
) STRICT, WITHOUT ROWID;

-- Pages that a visit has still to ask for; one that is answered goes, in the same transaction in
-- which its article comes.
CREATE TABLE crawl_frontier (
    number        INTEGER PRIMARY KEY,
    url           TEXT NOT NULL,
    visit         TEXT NOT NULL REFERENCES crawl_visits (url) ON DELETE CASCADE,
    site          TEXT NOT NULL,
    depth         INTEGER NOT NULL,
    rank          INTEGER NOT NULL,  -- lower ones are asked for first
    announced     TEXT,              -- when it was published, as printed, if announced at all
    announced_by  TEXT,              -- feed or sitemap
    UNIQUE (url, visit)
) STRICT;

CREATE INDEX crawl_frontier_by_site ON crawl_frontier (site, rank, number);
CREATE INDEX crawl_frontier_by_visit ON crawl_frontier (visit);

-- Pages as they were when they were last asked for.
CREATE TABLE crawl_pages (
    url            TEXT PRIMARY KEY,
    visit          TEXT NOT NULL,     -- the source that led there last
    outcome        TEXT NOT NULL,
    reason         TEXT NOT NULL,
    fetched        TEXT NOT NULL,
    interval       INTEGER NOT NULL,  -- seconds until it is asked for again
    etag           TEXT NOT NULL,
    last_modified  TEXT NOT NULL,
    announced      TEXT,              -- as in crawl_frontier, for a link that does not say
    announced_by   TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX crawl_pages_by_visit ON crawl_pages (visit, fetched);
