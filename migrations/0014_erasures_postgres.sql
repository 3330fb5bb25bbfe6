-- +goose Up

-- +goose StatementBegin
CREATE FUNCTION refuse_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what was erased stays on record'; END $$;
-- +goose StatementEnd
CREATE TRIGGER erasures_update BEFORE UPDATE OR DELETE ON erasures FOR EACH ROW EXECUTE FUNCTION refuse_erasure();
CREATE TRIGGER erasures_truncate BEFORE TRUNCATE ON erasures FOR EACH STATEMENT EXECUTE FUNCTION refuse_erasure();
-- A destroyed key stays destroyed.
CREATE TRIGGER vault_keys_destroyed BEFORE UPDATE ON vault_keys FOR EACH ROW
WHEN (OLD.destroyed_at IS NOT NULL) EXECUTE FUNCTION refuse_erasure();
