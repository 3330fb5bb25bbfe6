-- +goose Up

-- The log only grows. These triggers refuse mistakes; the chain shows whether somebody got around
-- them.
-- +goose StatementBegin
CREATE TRIGGER audit_log_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_log_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_log_replace BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE practice_id = NEW.practice_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_heads_delete BEFORE DELETE ON audit_heads
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_heads_back BEFORE UPDATE ON audit_heads WHEN NEW.seq < OLD.seq OR NEW.practice_id <> OLD.practice_id
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
-- +goose StatementEnd
