-- +goose Up

-- What a partner would rather talk about than write: the question alone, sealed.
CREATE TABLE to_talk (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    partner_id  TEXT NOT NULL REFERENCES partners (id),
    words       BYTEA NOT NULL,
    put_at      TIMESTAMP NOT NULL,
    done_at     TIMESTAMP
);
CREATE INDEX to_talk_open ON to_talk (practice_id, couple_id) WHERE done_at IS NULL;
