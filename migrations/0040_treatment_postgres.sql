-- +goose Up

-- A shared plan, and a partner's answer to one, never change.
CREATE TRIGGER treatment_plan_versions_change BEFORE UPDATE OR DELETE ON treatment_plan_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER treatment_plan_answers_change BEFORE UPDATE OR DELETE ON treatment_plan_answers FOR EACH ROW EXECUTE FUNCTION refuse_change();
