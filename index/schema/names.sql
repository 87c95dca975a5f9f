-- What names stand for, across articles; see index/names.

-- One row for each name that articles give, as `Mention` has it, with what follows from all rows.
CREATE TABLE names (
    number        INTEGER PRIMARY KEY,
    type          TEXT NOT NULL,
    name          TEXT NOT NULL,
    articles      INTEGER NOT NULL,  -- that give it
    core          TEXT NOT NULL,     -- what names must share to be spellings of each other
    voted         TEXT,              -- the type of all names of this core
    bucket        TEXT,              -- what names must share to be forms of each other
    grouped       TEXT,              -- the form under which those of this bucket are counted
    entity_type   TEXT NOT NULL,
    entity        TEXT NOT NULL,     -- what it counts under in the end
    reason        TEXT NOT NULL,
    UNIQUE (type, name)
) STRICT;

CREATE INDEX names_by_core ON names (core);
CREATE INDEX names_by_bucket ON names (bucket) WHERE bucket IS NOT NULL;
CREATE INDEX names_by_entity ON names (entity, entity_type);

-- How articles write a name. short: the core of a surface that abbreviates the name.
CREATE TABLE name_surfaces (
    number    INTEGER NOT NULL REFERENCES names (number) ON DELETE CASCADE,
    surface   TEXT NOT NULL,
    articles  INTEGER NOT NULL,
    short     TEXT,
    PRIMARY KEY (number, surface)
) STRICT, WITHOUT ROWID;

CREATE INDEX name_surfaces_by_short ON name_surfaces (short) WHERE short IS NOT NULL;

-- What a name may be called for short: the cores of its beginnings and endings.
CREATE TABLE name_parts (
    part    TEXT NOT NULL,
    number  INTEGER NOT NULL REFERENCES names (number) ON DELETE CASCADE,
    PRIMARY KEY (part, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX name_parts_by_number ON name_parts (number);

-- Articles whose mentions are not in the counts above yet, and mentions that still are though
-- they went or were replaced. The counts less the latter, and with the former, are those of all
-- mentions, always: counting a mention at a time, in the order of the articles, would rewrite
-- half of the tables in every transaction.
CREATE TABLE names_uncounted (
    article  INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE names_outdated (
    number  INTEGER PRIMARY KEY,
    found   TEXT NOT NULL
) STRICT;

-- Keys whose names are to be resolved again, by the step that does it.
CREATE TABLE names_due (
    step  TEXT NOT NULL,
    key   TEXT NOT NULL,
    PRIMARY KEY (step, key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER mentions_added AFTER INSERT ON mentions BEGIN
    INSERT INTO names_uncounted (article) VALUES (NEW.article);
END;

CREATE TRIGGER mentions_removed AFTER DELETE ON mentions BEGIN
    INSERT INTO names_outdated (found)
        SELECT OLD.found
        WHERE NOT EXISTS (SELECT 1 FROM names_uncounted WHERE article = OLD.article);
    DELETE FROM names_uncounted WHERE article = OLD.article;
END;

CREATE TRIGGER mentions_replaced AFTER UPDATE OF found ON mentions
WHEN OLD.found <> NEW.found BEGIN
    INSERT INTO names_outdated (found)
        SELECT OLD.found
        WHERE NOT EXISTS (SELECT 1 FROM names_uncounted WHERE article = OLD.article);
    INSERT INTO names_uncounted (article)
        SELECT NEW.article
        WHERE NOT EXISTS (SELECT 1 FROM names_uncounted WHERE article = NEW.article);
END;

INSERT INTO names_uncounted (article) SELECT article FROM mentions;
INSERT INTO settings (key, value) VALUES ('naming', '0');
