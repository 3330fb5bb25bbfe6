-- +goose Up

-- +goose StatementBegin
CREATE TRIGGER erasures_update BEFORE UPDATE ON erasures
BEGIN SELECT RAISE(ABORT, 'what was erased stays on record'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER erasures_delete BEFORE DELETE ON erasures
BEGIN SELECT RAISE(ABORT, 'what was erased stays on record'); END;
-- +goose StatementEnd
-- A destroyed key stays destroyed.
-- +goose StatementBegin
CREATE TRIGGER vault_keys_destroyed BEFORE UPDATE ON vault_keys WHEN OLD.destroyed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a destroyed key stays destroyed'); END;
-- +goose StatementEnd
