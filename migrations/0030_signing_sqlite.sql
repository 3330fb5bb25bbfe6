-- +goose Up

-- +goose StatementBegin
CREATE TRIGGER note_files_update BEFORE UPDATE ON note_files
BEGIN SELECT RAISE(ABORT, 'the file of a signed note never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER note_files_delete BEFORE DELETE ON note_files
BEGIN SELECT RAISE(ABORT, 'the file of a signed note never changes'); END;
-- +goose StatementEnd
-- REPLACE deletes without firing delete triggers.
-- +goose StatementBegin
CREATE TRIGGER note_files_replace BEFORE INSERT ON note_files
WHEN EXISTS (SELECT 1 FROM note_files WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the file of a signed note never changes'); END;
-- +goose StatementEnd
