-- What articles said before, and where their dates come from.

-- By which an article is recognised: what the addresses of all its renditions have in common.
ALTER TABLE articles ADD COLUMN address TEXT;
UPDATE articles SET address = canonical_address(url) WHERE url IS NOT NULL;
CREATE INDEX articles_by_address ON articles (address) WHERE address IS NOT NULL;

-- role of the date → [source, doubts, sources that disagree, date refused], as `DateOrigin`.
ALTER TABLE articles ADD COLUMN date_origins TEXT NOT NULL DEFAULT '{}';
