-- +goose Up

-- A passkey may also be asked to sign a note: subject is what is signed, '' for all else. A
-- challenge lives five minutes, so that none is carried over.
DROP TABLE challenges;
CREATE TABLE challenges (
    owner_id   TEXT PRIMARY KEY,
    purpose    TEXT NOT NULL CHECK (purpose IN ('add', 'sign in', 'step up', 'new code', 'signature')),
    subject    TEXT NOT NULL,
    ceremony   TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);

-- In which language a page was filled, once it is sent; NULL where nobody knows.
ALTER TABLE answers ADD COLUMN language TEXT CHECK (length(language) BETWEEN 2 AND 12);
