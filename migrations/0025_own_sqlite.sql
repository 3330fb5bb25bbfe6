-- +goose Up

-- Wordings and published versions never change.
-- +goose StatementBegin
CREATE TRIGGER definitions_update BEFORE UPDATE ON definitions BEGIN SELECT RAISE(ABORT, 'a wording never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER definitions_delete BEFORE DELETE ON definitions BEGIN SELECT RAISE(ABORT, 'a wording never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER definitions_replace BEFORE INSERT ON definitions
WHEN EXISTS (SELECT 1 FROM definitions WHERE hash = NEW.hash AND source <> NEW.source)
BEGIN SELECT RAISE(ABORT, 'a wording never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER own_versions_update BEFORE UPDATE ON own_versions BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER own_versions_delete BEFORE DELETE ON own_versions BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER own_versions_replace BEFORE INSERT ON own_versions
WHEN EXISTS (SELECT 1 FROM own_versions WHERE worksheet = NEW.worksheet AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;
-- +goose StatementEnd
