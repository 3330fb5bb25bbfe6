-- +goose Up

-- A passkey can also sign a note: subject is what is signed, '' for everything else. Challenges are
-- valid for five minutes, so none has to be kept.
DROP TABLE challenges;
CREATE TABLE challenges (
    owner_id   TEXT PRIMARY KEY,
    purpose    TEXT NOT NULL CHECK (purpose IN ('add', 'sign in', 'step up', 'new code', 'signature')),
    subject    TEXT NOT NULL,
    ceremony   TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);

-- The language in which a page was filled in, set when it is sent; NULL if unknown.
ALTER TABLE answers ADD COLUMN language TEXT CHECK (length(language) BETWEEN 2 AND 12);
