-- +goose Up

-- Published versions, and partners' answers to them, never change.
CREATE TRIGGER consent_versions_change BEFORE UPDATE OR DELETE ON consent_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_answers_change BEFORE UPDATE OR DELETE ON consent_answers FOR EACH ROW EXECUTE FUNCTION refuse_change();
