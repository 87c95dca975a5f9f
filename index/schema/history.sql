-- What articles said before, and where their dates come from.

-- By which an article is recognised: what the addresses of all its renditions have in common.
ALTER TABLE articles ADD COLUMN address TEXT;
UPDATE articles SET address = canonical_address(url) WHERE url IS NOT NULL;
CREATE INDEX articles_by_address ON articles (address) WHERE address IS NOT NULL;

-- role of the date → [source, doubts, sources that disagree, date refused], as `DateOrigin`.
ALTER TABLE articles ADD COLUMN date_origins TEXT NOT NULL DEFAULT '{}';

-- Since when an article says what it says, and when it last did. Without a row: since it was
-- fetched, or first put into the store.
CREATE TABLE sightings (
    article    INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE,
    since      TEXT NOT NULL,
    last_seen  TEXT NOT NULL
) STRICT;

-- What articles said before. text: JSON of title and body, compressed by zlib.
CREATE TABLE versions (
    number      INTEGER PRIMARY KEY,
    article     INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    text        BLOB NOT NULL,
    digest      BLOB NOT NULL,  -- of title and body, as index.versions compares them
    fetched     TEXT,
    first_seen  TEXT NOT NULL,
    last_seen   TEXT NOT NULL,
    UNIQUE (article, first_seen, digest)
) STRICT;

-- Paragraphs (and titles) of versions that the article no longer has.
CREATE TABLE removed_paragraphs (
    article   INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    digest    BLOB NOT NULL,
    text      TEXT NOT NULL,
    language  TEXT NOT NULL,
    PRIMARY KEY (article, digest)
) STRICT, WITHOUT ROWID;

-- Their words, folded, with their stems. gone: 1 when the article has no word of that stem at all.
CREATE TABLE removed_words (
    stem     TEXT NOT NULL,
    word     TEXT NOT NULL,
    article  INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    gone     INTEGER NOT NULL,
    PRIMARY KEY (stem, word, article)
) STRICT, WITHOUT ROWID;

CREATE INDEX removed_words_by_word ON removed_words (word, stem);
CREATE INDEX removed_words_by_article ON removed_words (article);
