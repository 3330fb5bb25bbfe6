package worksheets

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// Sharing a page takes two decisions: the author's, after an exact preview, and then the
// counselor's. Either can stop sharing. If the partner has already opened the page, stopping
// prevents further reading and stays on record.

// A SharingDecision is what the author or the counselor decided about sharing a page.
type SharingDecision string

// The author's decisions, the counselor's, and TakeBack, which both can make.
const (
	Yes       SharingDecision = "yes"
	NotNow    SharingDecision = "not-now"
	Talk      SharingDecision = "talk"
	Release   SharingDecision = "release"
	Keep      SharingDecision = "keep"
	ToSession SharingDecision = "session"
	TakeBack  SharingDecision = "take-back"
)

// A Sharing is the state of sharing a page.
type Sharing struct {
	Consent     SharingDecision `db:"consent"`  // the author's latest decision, or ""
	Decision    SharingDecision `db:"decision"` // the counselor's latest decision, or ""
	OpenedAt    *time.Time      `db:"opened_at"`
	TakenBackAt *time.Time      `db:"taken_back_at"`
	Paused      bool            `db:"paused"` // sharing between the partners is paused, after a setback
}

// Shared reports whether the author and the counselor both decided to share the page, and nobody
// took it back. This is what the author is told: Released would tell them, while sharing is paused,
// whether the other partner has opened the page.
func (s Sharing) Shared() bool {
	return s.Consent == Yes && s.Decision == Release && s.TakenBackAt == nil
}

// Released reports whether the other partner may read the page now. While sharing is paused, that
// is only so for a page they have opened before.
func (s Sharing) Released() bool {
	waits := s.Paused && s.OpenedAt == nil
	return s.Shared() && !waits
}

const released = `a.state = 'sent' AND a.consent = 'yes' AND a.decision = 'release' AND a.taken_back_at IS NULL
	AND NOT EXISTS (SELECT 1 FROM assignments g JOIN closings z ON z.couple_id = g.couple_id
	  WHERE g.id = a.assignment_id AND z.ending = 'separating' AND z.reopened_at IS NULL)
	AND (a.opened_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM assignments g JOIN setbacks z ON z.couple_id = g.couple_id
	  WHERE g.id = a.assignment_id AND z.resumed_at IS NULL))`

// Shareable reports whether a page of this kind can ever be shared with the other partner.
func (d Definition) Shareable() bool {
	return d.Portal && !d.Locked && d.FilledBy != Joint && d.Privacy != Private
}

// Consent records the author's decision about sharing a sent page: yes, not now, talk first, or
// stop sharing.
func (st *Store) Consent(ctx context.Context, f OpenPage, key SharingDecision, now time.Time) error {
	if !f.Worksheet.Shareable() || !f.Sent() || f.reader.Side() != vault.Side(f.Side) {
		return fault.NotFound
	}
	if !slices.Contains([]SharingDecision{Yes, NotNow, Talk, TakeBack}, key) {
		return fault.Malformed
	}
	return st.recordDecision(ctx, f.Page, "author", key, now)
}

// Decide records the counselor's decision about sharing a sent page. Releasing it without the
// author's consent is fault.Forbidden. Releasing a page that may concern what its reader does not
// want to hear is fault.Fields until the counselor confirms with looked.
func (st *Store) Decide(ctx context.Context, c couples.Couple, assignment string, key SharingDecision,
	looked bool, now time.Time,
) error {
	if !slices.Contains([]SharingDecision{Release, Keep, ToSession, TakeBack}, key) {
		return fault.Malformed
	}
	readings, err := st.Read(ctx, c, assignment)
	if err != nil {
		return err
	}
	p := readings[0].Page
	if !p.Worksheet.Shareable() || !p.Sent() || c.Reader.Side() != "" {
		return fault.NotFound
	}
	if key == Release {
		if err := st.requireReview(ctx, c, readings[0], looked); err != nil {
			return err
		}
	}
	return st.recordDecision(ctx, p, "counselor", key, now)
}

// requireReview refuses, unless looked is set, to release a page that may concern what its reader does
// not want to hear, or a statement of what happened if the reader was not asked what they want to
// know.
func (st *Store) requireReview(ctx context.Context, c couples.Couple, r SentPage, looked bool) error {
	if looked {
		return nil
	}
	ctx, reader := audit.Comparing(ctx), c.Partner(r.Side.Other())
	if r.Assignment.Worksheet == statement {
		said, err := st.saidWhatToHear(ctx, c, reader.Side, r.BreachID)
		if err != nil {
			return err
		}
		if !said {
			return fault.Fields{"looked": i18n.Message(reader.AddressAs + " has not said yet what they want to know. " +
				"Assign “What I want to know” first, or ask in session.")}
		}
	}
	list, err := st.Boundaries(ctx, c, false)
	if err != nil {
		return err
	}
	var topics []string
	for _, t := range r.Touches(r, list) {
		topics = append(topics, "“"+t.Topic+"” (“"+strings.TrimSuffix(t.Word, "*")+"”)")
	}
	if len(topics) == 0 {
		return nil
	}
	return fault.Fields{"looked": i18n.Plain(
		"This page may touch what %s does not want to know: %s. Please look first.",
		reader.AddressAs, strings.Join(topics, ", "))}
}

// changeOf returns the columns that a decision sets. Who stops sharing also takes back their own
// yes, so that the page is not released again without asking them.
func changeOf(by string, key SharingDecision) string {
	switch {
	case key != TakeBack:
		return changes[key]
	case by == "author":
		return changes[NotNow]
	}
	return changes[Keep]
}

// changes maps each decision to the columns it sets.
var changes = map[SharingDecision]string{
	Yes:       `consent = 'yes', decision = '', taken_back_at = NULL`,
	NotNow:    `consent = 'not-now', decision = ''`,
	Talk:      `consent = 'talk', decision = ''`,
	Release:   `decision = 'release', taken_back_at = NULL`,
	Keep:      `decision = 'keep'`,
	ToSession: `decision = 'session'`,
}

// recordDecision records a decision and applies it to the answer, in one transaction. If the page is
// released, any decision other than yes or release also marks it as taken back.
func (st *Store) recordDecision(ctx context.Context, p Page, by string, key SharingDecision, now time.Time) error {
	err := rowmac.Change(ctx, st.db, st.vault, p.PracticeID, rowmac.Answer, p.Answer.ID,
		func(ctx context.Context, tx *database.DB) error {
			if key == Release {
				if err := couples.GuardRelease(ctx, tx, st.vault, p.PracticeID, p.CoupleID); err != nil {
					return err
				}
			}
			var was Sharing
			err := tx.Get(ctx, &was, `
			UPDATE answers SET touched_at = ?
			WHERE practice_id = ? AND id = ? AND state = 'sent'
			RETURNING consent, decision, opened_at, taken_back_at`, now, p.PracticeID, p.Answer.ID)
			if err != nil {
				return err
			}
			if key == Release && was.Consent != Yes {
				return fault.Forbidden
			}
			if (key == Yes || key == Release) && was.Shared() {
				return nil // submitted twice
			}
			if key == TakeBack && !was.Shared() {
				return nil // there is nothing to take back
			}
			change, args := changeOf(by, key), []any{}
			if key != Yes && key != Release && was.Shared() {
				change, args = `taken_back_at = ?, `+change, []any{now}
			}
			if _, err := tx.Exec(ctx, `UPDATE answers SET `+change+` WHERE practice_id = ? AND id = ?`,
				append(args, p.PracticeID, p.Answer.ID)...); err != nil {
				return err
			}
			return st.insertDecision(ctx, tx, p, by, key, now)
		})
	if err != nil {
		return fmt.Errorf("share answer %s: %w", p.Answer.ID, err)
	}
	return nil
}

func (st *Store) insertDecision(ctx context.Context, tx *database.DB, p Page, by string,
	key SharingDecision, now time.Time,
) error {
	if err := audit.Record(ctx, tx, p.event(audit.Shared, string(key))); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO sharing_turns (id, practice_id, answer_id, turned_by, turn, turned_at)
		VALUES (?, ?, ?, ?, ?, ?)`, rand.Text(), p.PracticeID, p.Answer.ID, by, key, now)
	return err
}

// Preview returns a page exactly as the other partner would see it, for its author and the
// counselor.
func (p Page) Preview(r SentPage) SentPage {
	return SentPage{Page: p, Role: r.Role, Values: p.Worksheet.partnerValues(r.Values), forPartner: true}
}

// partnerValues returns the values that the other partner could read: without those for the
// counselor alone and those that the worksheet withholds.
func (d Definition) partnerValues(values map[string]Value) map[string]Value {
	kept := map[string]Value{}
	for _, f := range d.PartnerFields() {
		if v, ok := values[f.ID]; ok && v.Declined == "" {
			kept[f.ID] = d.withhold(f.ID, v)
		}
	}
	return kept
}

// A Withheld defines the parts of a table that the other partner never sees: rows, selected by an
// answer in one column, and whole columns.
type Withheld struct {
	Field   string   `yaml:"field"`
	Column  string   `yaml:"column,omitempty"` // rows in which this column
	Value   string   `yaml:"value"`            // has this answer are withheld
	Columns []string `yaml:"columns,omitempty"`
}

func (d Definition) withhold(field string, v Value) Value {
	for _, w := range d.Withheld {
		if w.Field != field {
			continue
		}
		var rows []map[string]string
		for _, row := range v.Rows {
			if row[w.Column] == w.Value {
				continue
			}
			left := map[string]string{}
			for column, text := range row {
				if !slices.Contains(w.Columns, column) {
					left[column] = text
				}
			}
			rows = append(rows, left)
		}
		v.Rows = rows
	}
	return v
}

// checkWithheld returns an error if a rule refers to a missing table, column or option.
func (d Definition) checkWithheld() error {
	for _, w := range d.Withheld {
		f, ok := d.Field(w.Field)
		if !ok || f.Type != Table {
			return fmt.Errorf("there is no table %q", w.Field)
		}
		for _, id := range append(slices.Clone(w.Columns), w.Column) {
			if _, ok := f.column(id); !ok {
				return fmt.Errorf("%s has no column %q", w.Field, id)
			}
		}
		column, _ := f.column(w.Column)
		if !column.accepts(w.Value) {
			return fmt.Errorf("%s.%s has no option %q", w.Field, w.Column, w.Value)
		}
	}
	return nil
}
