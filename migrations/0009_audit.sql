-- +goose Up

-- The audit log: only ids and codes. Each entry's mac covers the entry and the previous mac.
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

-- The last entry of each practice's chain.
CREATE TABLE audit_heads (
    practice_id TEXT PRIMARY KEY,
    seq         BIGINT NOT NULL,
    mac         TEXT NOT NULL
);

-- Row MACs of internal/rowmac: for each row that decides something, with the rows that belong to
-- it, a MAC over its columns under a key of the practice. Verification reports a row without a MAC,
-- and a MAC without its row.
CREATE TABLE row_macs (
    practice_id TEXT NOT NULL,
    kind        TEXT NOT NULL,
    id          TEXT NOT NULL,
    mac         TEXT NOT NULL,
    PRIMARY KEY (practice_id, kind, id)
);
