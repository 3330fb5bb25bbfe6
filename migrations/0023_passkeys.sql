-- +goose Up

-- A passkey of a counselor or of a partner's sign-in: another second factor. name is its owner's
-- name for it; record is the credential, with the public key and the signature counter.
CREATE TABLE passkeys (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    owner_id    TEXT NOT NULL,
    name        BYTEA NOT NULL,
    record      BYTEA NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    used_at     TIMESTAMP,
    suspect_at  TIMESTAMP -- since when its counter says that there may be a copy
);
CREATE INDEX passkeys_owner ON passkeys (owner_id);

-- The challenge that a passkey signs, for one login or invitation, valid once.
CREATE TABLE challenges (
    owner_id   TEXT PRIMARY KEY,
    purpose    TEXT NOT NULL CHECK (purpose IN ('add', 'sign in', 'step up', 'new code')),
    ceremony   TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
