package sessions

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/i18n"
)

// A Record holds what was ticked and typed in a session, by the name of the
// field:
//
//	plan, planned.ACTIVITY, review.ASSIGNMENT      before the session
//	part.PART, order                               its outline in minutes, the order of activities
//	prompts                                        the counselor's own, one per line
//	breach, now, turn, prompt.PROMPT               the breach, prompts, whose turn it is
//	show                                           the worksheet on the couple's screen
//	activity.ACTIVITY, activity.own                what was done
//	intervention.INTERVENTION, intervention.own    what the counselor used
//	response.A, quote.A, checkin.A (and B)         each partner in the session
//	attendance.A, mode.A (and B)                   who was there, and how
//	homework.ASSIGNMENT                            done, partly or not-done
//	homework.none                                  no homework was reviewed
//	focus, observation, interaction, pause.returned, measures, support
type Record map[string]string

// Has reports whether field was ticked or filled in.
func (r Record) Has(field string) bool { return r[field] != "" }

// Responses returns the response predicates ticked for side.
func (r Record) Responses(side string) []string {
	return strings.FieldsFunc(r["response."+side], func(c rune) bool { return c == ',' })
}

// MostResponses limits the response predicates per partner.
const MostResponses = 3

var (
	ids        = regexp.MustCompile(`^[A-Z2-7]{26}$`)
	longFields = []string{"plan", "prompts", "observation", "interaction"}
	lineFields = []string{"focus", "activity.own", "intervention.own", "quote.A", "quote.B", "checkin.A", "checkin.B"}
	oneOf      = map[string][]string{
		"attendance.A": {"present", "late", "left-early", "absent"},
		"attendance.B": {"present", "late", "left-early", "absent"},
		"mode.A":       {"in-person", "video", "phone"}, "mode.B": {"in-person", "video", "phone"},
		"turn": {"A", "B", "both"}, "pause.returned": {"returned", "did not return"},
		"measures": {"yes"}, "support": {"yes"}, "telehealth": {"yes"},
	}
	homeworkStates = []string{"done", "partly", "not-done"}
)

// checkFields returns what is wrong with values, by field. For an unknown field it returns
// fault.Malformed.
func (st *Store) checkFields(s Session, values map[string]string) error {
	bad := fault.Fields{}
	for field, value := range values {
		problem, known := st.checkField(s, field, value)
		if !known {
			return fmt.Errorf("session field: %w", fault.Malformed)
		}
		if problem != "" {
			bad[field] = problem
		}
	}
	return bad.Err()
}

func (st *Store) checkField(s Session, field, value string) (problem i18n.Message, known bool) {
	if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return "error.character_again", true
	}
	switch {
	case slices.Contains(longFields, field), slices.Contains(lineFields, field):
		return tooLong(value, LimitOf(field)), true
	case oneOf[field] != nil:
		return notIn(value, oneOf[field]), true
	}
	kind, id, _ := strings.Cut(field, ".")
	step, _ := st.method.Step(s.Step)
	switch kind {
	case "breach":
		return notOnList(value == "" || ids.MatchString(value)), field == "breach"
	case "now":
		_, ok := step.Prompt(value)
		return notOnList(ok || value == "" || isOwnPrompt(value)), field == "now"
	case "prompt":
		_, ok := step.Prompt(id)
		return notIn(value, []string{"yes"}), ok || isOwnPrompt(id)
	case "show":
		return tooLong(value, 100), field == "show"
	case "order":
		return tooLong(value, 2000), field == "order"
	case "part":
		return st.checkMinutes(value), isPart(id)
	case "activity", "planned":
		_, ok := step.Activity(id)
		return notIn(value, []string{"yes"}), ok
	case "intervention":
		_, ok := st.method.Intervention(id)
		return notIn(value, []string{"yes"}), ok
	case "response":
		return st.checkResponses(value), id == "A" || id == "B"
	case "homework":
		if id == "none" {
			return notIn(value, []string{"yes"}), true
		}
		return notIn(value, homeworkStates), ids.MatchString(id)
	case "review":
		return notIn(value, []string{"yes"}), ids.MatchString(id)
	}
	return "", false
}

func (st *Store) checkResponses(value string) i18n.Message {
	list := Record{"response.A": value}.Responses("A")
	if len(list) > MostResponses {
		return i18n.Plain("Choose up to %d for each partner.", MostResponses)
	}
	for _, id := range list {
		if _, ok := st.method.Response(id); !ok {
			return notOnList(false)
		}
	}
	return ""
}

// LimitOf returns the maximum length of a session or note field, in characters.
func LimitOf(field string) int {
	switch {
	case slices.Contains(lineFields, field):
		return 2000
	case field == "service":
		return 120
	}
	return 20000
}

func tooLong(value string, most int) i18n.Message {
	bad := fault.Fields{}
	bad.Length("x", value, 0, most)
	return bad["x"]
}

func notIn(value string, allowed []string) i18n.Message {
	return notOnList(value == "" || slices.Contains(allowed, value))
}

func notOnList(ok bool) i18n.Message {
	if ok {
		return ""
	}
	return "error.choose_from_list"
}

// Record returns the fields of s with their revisions.
func (st *Store) Record(ctx context.Context, s Session) (map[string]fields.Field, error) {
	p, err := st.recordFieldSet(ctx, st.db, s)
	if err != nil {
		return nil, fmt.Errorf("record of session %s: %w", s.ID, err)
	}
	fields, err := fields.All(ctx, st.db, p)
	if err != nil {
		return nil, fmt.Errorf("record of session %s: %w", s.ID, err)
	}
	return fields, nil
}

// AddCopies adds to saved, the record of s, the conflicting copies that author may restore or
// dismiss.
func (st *Store) AddCopies(ctx context.Context, s Session, author string, saved map[string]fields.Field) error {
	p, err := st.recordFieldSet(ctx, st.db, s)
	if err != nil {
		return err
	}
	return fields.AddCopies(ctx, st.db, p, author, saved)
}

// SaveField stores one field of s in one transaction. It returns fault.Locked if the note is
// signed, and a fields.Clash if the field was changed elsewhere.
func (st *Store) SaveField(ctx context.Context, s Session, e fields.Edit) (fields.Field, error) {
	if err := st.checkFields(s, map[string]string{e.Field: e.Value}); err != nil {
		return fields.Field{}, err
	}
	p, err := st.recordFieldSet(ctx, st.db, s)
	if err != nil {
		return fields.Field{}, fmt.Errorf("session %s: %w", s.ID, err)
	}
	f, err := fields.InTx(ctx, st.db, p, e, func(ctx context.Context, tx *database.DB) error {
		return st.guardUnsigned(ctx, tx, s, e.At)
	})
	if err != nil {
		return f, fmt.Errorf("session %s: %w", s.ID, err)
	}
	return f, nil
}

// SaveRecord stores the fields of a whole submitted form.
func (st *Store) SaveRecord(ctx context.Context, s Session, values map[string]string, key string, now time.Time) error {
	if err := st.checkFields(s, values); err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.guardUnsigned(ctx, tx, s, now); err != nil {
			return err
		}
		return st.replaceRecord(ctx, tx, s, key, now, values)
	})
}

// guardUnsigned locks the session's row and returns fault.Locked if its note is signed.
func (st *Store) guardUnsigned(ctx context.Context, tx *database.DB, s Session, now time.Time) error {
	n, err := tx.Exec(ctx, `
		UPDATE sessions SET touched_at = ?
		WHERE practice_id = ? AND id = ? AND NOT signed`, now, s.PracticeID, s.ID)
	if err == nil && n == 0 {
		err = fault.Locked
	}
	return err
}
