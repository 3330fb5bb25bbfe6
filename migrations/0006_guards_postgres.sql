-- +goose Up

-- What was signed or sent never changes. The program never changes it; these triggers refuse
-- changes by a bug or directly in the database.
-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what was signed or sent never changes'; END $$;
-- +goose StatementEnd
CREATE TRIGGER notes_signed_update BEFORE UPDATE ON notes FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER notes_signed_delete BEFORE DELETE ON notes FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
-- The kind and the file of a note never change, signed or not.
CREATE TRIGGER notes_filing_update BEFORE UPDATE ON notes FOR EACH ROW
WHEN (OLD.couple_id <> NEW.couple_id OR OLD.side <> NEW.side OR OLD.kind <> NEW.kind OR OLD.id <> NEW.id
  OR OLD.session_id IS DISTINCT FROM NEW.session_id)
EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sessions_signed_update BEFORE UPDATE ON sessions FOR EACH ROW WHEN (OLD.signed) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sessions_signed_delete BEFORE DELETE ON sessions FOR EACH ROW WHEN (OLD.signed) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER addenda_update BEFORE UPDATE OR DELETE ON addenda FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- +goose StatementBegin
CREATE FUNCTION refuse_fields() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE owners TEXT[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.owner_id] WHEN 'DELETE' THEN ARRAY[OLD.owner_id] ELSE ARRAY[OLD.owner_id, NEW.owner_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM sessions WHERE id = ANY (owners) AND signed)
       OR EXISTS (SELECT 1 FROM notes WHERE id = ANY (owners) AND signed_at IS NOT NULL)
       OR EXISTS (SELECT 1 FROM answers WHERE id = ANY (owners) AND state = 'sent') THEN
        RAISE EXCEPTION 'what was signed or sent never changes';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER fields_signed BEFORE INSERT OR UPDATE OR DELETE ON fields FOR EACH ROW EXECUTE FUNCTION refuse_fields();
-- +goose StatementBegin
CREATE FUNCTION refuse_interval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE owners TEXT[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.session_id] WHEN 'DELETE' THEN ARRAY[OLD.session_id] ELSE ARRAY[OLD.session_id, NEW.session_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM sessions WHERE id = ANY (owners) AND signed) THEN
        RAISE EXCEPTION 'a signed session never changes';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER session_intervals_signed BEFORE INSERT OR UPDATE OR DELETE ON session_intervals FOR EACH ROW EXECUTE FUNCTION refuse_interval();

-- A sent answer stays sent; marking it as read does not change it.
CREATE TRIGGER answers_sent_update BEFORE UPDATE ON answers FOR EACH ROW
WHEN (OLD.state = 'sent' AND (NEW.state <> 'sent' OR NEW.sent_at <> OLD.sent_at OR NEW.assignment_id <> OLD.assignment_id OR NEW.partner_id <> OLD.partner_id))
EXECUTE FUNCTION refuse_change();
