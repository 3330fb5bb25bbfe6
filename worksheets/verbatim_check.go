package worksheets

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/fold"
	"mend/internal/i18n"
)

// sameRun is the length, in words, of a run that a joint note may not share with a page that the
// other partner may not read (docs/clinical.md, 6.1).
const sameRun = 8

// A NoteCheck holds the texts of a note to be checked before it is signed.
type NoteCheck struct {
	Side  couples.Side // whose individual file the note is in; "" for the joint record
	Texts map[string]string
	Kept  []string // texts besides worksheets that are private to somebody other than Side
}

// CheckNote returns fault.Fields for each of the texts, by its key, that repeats eight or more
// words in a row from what a partner wrote and a reader of the note may not read: a private or
// unreleased page, or an individual file. Both partners may read a joint note; only the one
// concerned may read a note in an individual file.
func (st *Store) CheckNote(ctx context.Context, db *database.DB, c couples.Couple, check NoteCheck) error {
	private, err := st.privateTexts(audit.Comparing(ctx), db, c, check.Side)
	if err != nil {
		return err
	}
	runs := map[string]bool{}
	for _, text := range append(private, check.Kept...) {
		for _, run := range runsOf(text) {
			runs[run] = true
		}
	}
	bad := fault.Fields{}
	for key, text := range check.Texts {
		for _, run := range runsOf(text) {
			if runs[run] {
				bad[key] = i18n.Plain(repeats[check.Side == ""], run)
				break
			}
		}
	}
	return bad.Err()
}

// repeats are the error messages, by whether the note is joint.
var repeats = map[bool]string{
	true: "This repeats, word for word, what one partner wrote privately to you: “%s”. Please say it in other words, " +
		"or leave it out: both may read this note.",
	false: "This repeats, word for word, what the other partner wrote privately to you: “%s”. Please leave it out: it " +
		"doesn’t belong in this file.",
}

// runsOf returns every run of eight words in text, folded, so that differences in apostrophes,
// accents and spaces do not matter.
func runsOf(text string) []string {
	words := strings.FieldsFunc(strings.ReplaceAll(fold.Text(text), "'", ""), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	})
	var runs []string
	for i := range max(len(words)-sameRun+1, 0) {
		runs = append(runs, strings.Join(words[i:i+sameRun], " "))
	}
	return runs
}

// privateTexts returns every text that a partner sent or that is in an individual file, except what
// the other partner can read on a released page and what belongs to the partner except.
func (st *Store) privateTexts(ctx context.Context, db *database.DB, c couples.Couple, except couples.Side) (
	[]string, error,
) {
	var rows []pageRow
	err := db.Select(ctx, &rows, `
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM answers a
		JOIN assignments s ON s.id = a.assignment_id
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE s.practice_id = ? AND s.couple_id = ? AND a.partner_id IS NOT NULL AND (a.state = 'sent' OR NOT s.portal)
		  AND p.erased_at IS NULL AND p.side <> ?`, c.PracticeID, c.ID, except)
	if err != nil {
		return nil, fmt.Errorf("private pages of couple %s: %w", c.ID, err)
	}
	pages, err := st.pages(ctx, c, rows)
	if err != nil {
		return nil, err
	}
	err = couples.MayShare(ctx, db, c.PracticeID, c.ID)
	separating := errors.Is(err, couples.ErrSeparating) // nobody reads the other's pages any more
	if err != nil && !separating {
		return nil, err
	}
	var places []fields.FieldSet
	for _, p := range pages {
		place, err := st.fieldSet(ctx, db, c.Reader, p)
		if err != nil {
			return nil, err
		}
		places = append(places, place)
	}
	written, err := fields.Many(ctx, db, places)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, p := range pages {
		values, err := decode(p.Worksheet, fields.Values(written[p.Answer.ID]))
		if err != nil {
			return nil, err
		}
		own := valueTexts(values)
		if p.Released() && !separating {
			shown := valueTexts(p.Worksheet.partnerValues(values))
			own = slices.DeleteFunc(own, func(text string) bool { return slices.Contains(shown, text) })
		}
		texts = append(texts, own...)
	}
	return texts, nil
}

// valueTexts returns the texts in values, those in tables included.
func valueTexts(values map[string]Value) (texts []string) {
	for _, v := range values {
		texts = append(texts, v.Text)
		for _, row := range v.Rows {
			texts = append(texts, slices.Collect(maps.Values(row))...)
		}
	}
	return texts
}
