-- +goose Up

-- The screen that faces the couple in a session, on a device without a login. A code opens it once.
-- shows is its sealed content. It lasts as long as the session runs and the login that opened it is
-- valid.
CREATE TABLE couple_screens (
    session_id  TEXT PRIMARY KEY REFERENCES sessions (id),
    practice_id TEXT NOT NULL REFERENCES practices (id),
    login_id    TEXT NOT NULL REFERENCES logins (id),
    code_hash   TEXT UNIQUE,
    code_until  TIMESTAMP NOT NULL,
    token_hash  TEXT UNIQUE, -- of the device that used the code
    shows       BYTEA NOT NULL,
    closed_at   TIMESTAMP
);
CREATE INDEX couple_screens_login ON couple_screens (login_id);
