-- +goose Up

-- The log of who did what: ids and codes alone. Each entry's mac covers the
-- entry and the mac before it.
CREATE TABLE audit_log (
    practice_id TEXT NOT NULL,
    seq         BIGINT NOT NULL,
    at          TIMESTAMP NOT NULL,
    person      TEXT NOT NULL,
    role        TEXT NOT NULL,
    login       TEXT NOT NULL,
    address     TEXT NOT NULL,
    device      TEXT NOT NULL,
    couple      TEXT NOT NULL,
    side        TEXT NOT NULL,
    action      TEXT NOT NULL,
    object      TEXT NOT NULL,
    object_id   TEXT NOT NULL,
    reason      TEXT NOT NULL,
    mac         TEXT NOT NULL,
    PRIMARY KEY (practice_id, seq)
);
CREATE INDEX audit_log_couple ON audit_log (practice_id, couple, seq);
CREATE INDEX audit_log_opened ON audit_log (practice_id, couple, side, object, seq) WHERE action = 'opened';
CREATE INDEX audit_log_person ON audit_log (practice_id, person, seq);

-- Where each practice's chain ends.
CREATE TABLE audit_heads (
    practice_id TEXT PRIMARY KEY,
    seq         BIGINT NOT NULL,
    mac         TEXT NOT NULL
);

-- What internal/rowmac vouches for: for each row that decides something, with
-- what belongs to it, a MAC over its columns under a key of the practice. A row
-- without one, and one without its row, are found.
CREATE TABLE row_macs (
    practice_id TEXT NOT NULL,
    kind        TEXT NOT NULL,
    id          TEXT NOT NULL,
    mac         TEXT NOT NULL,
    PRIMARY KEY (practice_id, kind, id)
);
