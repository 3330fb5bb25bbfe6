-- +goose Up

-- Pages that a worksheet assigned by itself were stored without their counselor, who was therefore
-- never shown that they had arrived.
UPDATE answers
SET counselor_id = (SELECT c.counselor_id FROM assignments s JOIN couples c ON c.id = s.couple_id WHERE s.id = answers.assignment_id)
WHERE counselor_id = '';
