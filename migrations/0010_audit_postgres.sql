-- +goose Up

-- The log only grows. These triggers refuse mistakes; the chain shows whether somebody got around
-- them.
-- +goose StatementBegin
CREATE FUNCTION refuse_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the log only grows'; END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_log_update BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_audit();
CREATE TRIGGER audit_log_truncate BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit();
CREATE TRIGGER audit_heads_delete BEFORE DELETE ON audit_heads FOR EACH ROW EXECUTE FUNCTION refuse_audit();
CREATE TRIGGER audit_heads_truncate BEFORE TRUNCATE ON audit_heads FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit();
CREATE TRIGGER audit_heads_back BEFORE UPDATE ON audit_heads FOR EACH ROW
WHEN (NEW.seq < OLD.seq OR NEW.practice_id <> OLD.practice_id) EXECUTE FUNCTION refuse_audit();
