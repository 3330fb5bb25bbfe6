package growth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"mend/couples"
	"mend/demo"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// A template is one seeded couple, taken apart: all its rows in every table, with the encrypted
// values decrypted. Like a backup, it does not know the tables. It refuses what it cannot decrypt,
// so that a new kind of encrypted value is noticed.
type template struct {
	couple  couples.Couple
	parts   []part
	entries []audit.Entry
	varies  map[string]bool // ids of its own, which are new in each clone
	named   map[string]bool // those of them that appear in texts
	boxes   []opened
	people  []demo.Person // its partners
}

// A part is the couple's rows of one table.
type part struct {
	table  database.Table
	rows   [][]any
	sealed [][]secret // by row
}

// A secret is a decrypted value.
type secret struct {
	column   int
	text     string
	box      int
	row      []string // its cell's row id, as parts with separators
	owner    []string
	retelled bool // the text contains something of this couple
}

// opened is a vault box with how it is opened.
type opened struct {
	as       func(c couples.Couple) vault.Actor
	material vault.Material
	state    vault.State
	side     vault.Side
	box      vault.Box // the template couple's
}

func (o opened) item(couple string) vault.Item {
	return vault.Item{Couple: couple, Material: o.material, State: o.state, Of: o.side}
}

// readers are the actors that can open what belongs to a couple.
var readers = []func(c couples.Couple) vault.Actor{
	func(c couples.Couple) vault.Actor { return vault.ForCounselor(c.PracticeID, c.CounselorID, c.ID) },
	func(c couples.Couple) vault.Actor {
		return vault.ForPartner(c.PracticeID, c.Partners[0].ID, c.ID, "A")
	},
	func(c couples.Couple) vault.Actor {
		return vault.ForPartner(c.PracticeID, c.Partners[1].ID, c.ID, "B")
	},
	func(c couples.Couple) vault.Actor { return vault.ForProgram(c.PracticeID) },
}

var (
	materials = []vault.Material{
		vault.Name, vault.Contact, vault.SafeContact, vault.Breach, vault.LockedPage, vault.PrivatePage,
		vault.ReleasePage, vault.JointPage,
		vault.CounselorField, vault.IndividualFile, vault.JointRecord, vault.Note,
		vault.Screen, vault.SignInName, vault.Consent, vault.SharedPlan, vault.PlanAnswer,
	}
	states = []vault.State{vault.Kept, vault.Draft, vault.Sent, vault.Active, vault.Signed}
)

// boxesOf opens one box for each kind of item of a couple.
func boxesOf(ctx context.Context, v *vault.Vault, db *database.DB, c couples.Couple) ([]opened, error) {
	var list []opened
	for _, material := range materials {
		for _, side := range []vault.Side{"", "A", "B"} {
			o, err := boxOf(ctx, v, db, c, opened{material: material, side: side})
			if errors.Is(err, fault.NotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			list = append(list, o)
		}
	}
	return list, nil
}

func boxOf(ctx context.Context, v *vault.Vault, db *database.DB, c couples.Couple, o opened) (opened, error) {
	err := error(fault.NotFound)
	for _, o.state = range states {
		for _, o.as = range readers {
			if o.box, err = v.Open(ctx, db, o.as(c), o.item(c.ID)); !errors.Is(err, fault.NotFound) {
				return o, err
			}
		}
	}
	return o, err
}

// apart lists the tables that a clone gets elsewhere or does without: keys, the audit log, row
// MACs, and note files, which are signed over names that a clone changes.
var apart = []string{"vault_keys", "audit_log", "audit_heads", "row_macs", "note_files"}

// newTemplate takes a couple of db apart.
func newTemplate(ctx context.Context, v *vault.Vault, db *database.DB, c couples.Couple) (*template, error) {
	m := &template{couple: c, varies: map[string]bool{c.ID: true}, named: map[string]bool{}}
	var err error
	if m.boxes, err = boxesOf(ctx, v, db, c); err != nil {
		return nil, err
	}
	tables, err := db.Tables(ctx)
	if err != nil {
		return nil, err
	}
	for grown := -1; grown < len(m.varies); { // until no row has a new id of the couple
		grown = len(m.varies)
		m.parts = nil
		for _, t := range tables {
			if err := m.take(ctx, db, t); err != nil {
				return nil, err
			}
		}
	}
	for i := range m.parts {
		if err := m.open(&m.parts[i]); err != nil {
			return nil, err
		}
	}
	return m, db.Select(ctx, &m.entries, `
		SELECT at, person, role, login, address, device, couple, side, action, object, object_id, reason
		FROM audit_log
		WHERE practice_id = ? AND couple = ?
		ORDER BY seq`, c.PracticeID, c.ID)
}

// take keeps the rows of t that contain an id of the couple.
func (m *template) take(ctx context.Context, db *database.DB, t database.Table) error {
	if slices.Contains(apart, t.Name) {
		return nil
	}
	p := part{table: t}
	err := db.Rows(ctx, t, func(row []any) error {
		if !slices.ContainsFunc(row, func(v any) bool { text, ok := v.(string); return ok && m.varies[text] }) {
			return nil
		}
		p.rows = append(p.rows, slices.Clone(row))
		for i, column := range t.Columns {
			if text, ok := row[i].(string); ok && (column == "id" || column == "slot") {
				m.varies[text] = true
			}
		}
		return nil
	})
	if len(p.rows) > 0 {
		m.parts = append(m.parts, p)
	}
	return err
}

// open decrypts the values in the rows of p.
func (m *template) open(p *part) error {
	p.sealed = make([][]secret, len(p.rows))
	for i, row := range p.rows {
		for column, kind := range p.table.Kinds {
			if kind != database.Bytes || row[column] == nil {
				continue
			}
			s, ok := m.find(p.table, row, column)
			if !ok {
				return fmt.Errorf("growth: cannot tell how %s.%s is sealed", p.table.Name, p.table.Columns[column])
			}
			p.sealed[i] = append(p.sealed[i], s)
		}
	}
	return nil
}

// find tries every box with every cell that the row could belong to, the simple ones first.
func (m *template) find(t database.Table, row []any, column int) (secret, bool) {
	var texts []string
	for _, v := range row {
		if text, ok := v.(string); ok && text != "" && len(text) < 60 {
			texts = append(texts, text)
		}
	}
	spots := [][]string{{}}
	for range 3 {
		spots = longer(spots, texts)
		for _, at := range spots {
			owners := [][]string{at}
			if len(at) == 1 {
				owners = longer([][]string{{}}, texts)
			}
			for _, owner := range owners {
				spot := vault.CellRef{
					Table: t.Name, Column: t.Columns[column], Row: strings.Join(at, ""),
					Owner: strings.Join(owner, ""),
				}
				for n, o := range m.boxes {
					if text, err := o.box.Read(spot, row[column].([]byte)); err == nil {
						return secret{column, text, n, at, owner, m.mentionsCouple(text)}, true
					}
				}
			}
		}
	}
	return secret{}, false
}

// longer extends each of spots by each text, after a slash or a space.
func longer(spots [][]string, texts []string) (list [][]string) {
	for _, at := range spots {
		for _, text := range texts {
			if len(at) == 0 {
				list = append(list, []string{text})
				continue
			}
			list = append(list, slices.Concat(at, []string{"/", text}), slices.Concat(at, []string{" ", text}))
		}
	}
	return list
}

// mentionsCouple reports whether text contains a name or id of the couple.
func (m *template) mentionsCouple(text string) bool {
	named := false
	for id := range m.varies {
		if strings.Contains(text, id) {
			m.named[id], named = true, true
		}
	}
	return named || slices.ContainsFunc(m.words(), func(w string) bool { return strings.Contains(text, w) })
}

// words returns the partners' names and the record number.
func (m *template) words() []string {
	a, b := m.couple.Partners[0], m.couple.Partners[1]
	return []string{a.Name, b.Name, a.AddressAs, b.AddressAs, m.couple.RecordNo}
}
