-- Articles that say nearly the same.

-- The story of each article that has been read for it. A row goes when its article's text changes.
CREATE TABLE stories (
    article  INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE,
    version  TEXT NOT NULL,                  -- of how it was read
    moment   INTEGER NOT NULL,               -- seconds since 1970; very large when unknown
    id       TEXT NOT NULL,                  -- of the article, which orders those of one moment
    leader   INTEGER,                        -- the first article of its story; null: none found yet
    due      INTEGER NOT NULL DEFAULT TRUE,  -- whether the leader has to be looked for
    story    TEXT                            -- the leader's id, where the story has several articles
) STRICT;

CREATE INDEX stories_by_moment ON stories (moment, id);
CREATE INDEX stories_due ON stories (moment, id) WHERE due;
CREATE INDEX stories_by_leader ON stories (leader);
CREATE INDEX stories_by_story ON stories (story) WHERE story IS NOT NULL;

-- Apart, because they are long and stay, while the row above changes. Arrays of uint32.
CREATE TABLE fingerprints (
    article   INTEGER PRIMARY KEY REFERENCES stories (article) ON DELETE CASCADE,
    digest    INTEGER NOT NULL,
    shingles  BLOB NOT NULL,
    facts     BLOB NOT NULL
) STRICT;

CREATE TRIGGER stories_of_changed_articles AFTER UPDATE OF content ON articles
BEGIN
    DELETE FROM stories WHERE article = NEW.number;
END;

-- When an article goes, those of its story are looked at again.
CREATE TRIGGER stories_without_article AFTER DELETE ON stories
BEGIN
    UPDATE stories SET due = TRUE WHERE leader = OLD.leader;
END;
