package growth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"mend/couples"
	"mend/demo"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/vault"
)

// A cloner clones couples from templates: the same rows with new ids, keys and names. It collects
// rows by table and inserts them in batches.
type cloner struct {
	g      Target
	tx     *database.DB
	table  map[string]database.Table
	rows   map[string][][]any
	log    map[string][]audit.Entry // by practice
	signIn map[string]bool          // names in use
	cloned int                      // couples cloned so far
	all    int
}

// batch is the number of rows of a table inserted at once.
const batch = 4096

// A place is where a clone belongs: practice, counselor, record number and partners.
type place struct {
	practice, counselor, recordNo string
	partners                      [2]couples.Partner
}

// A clone is a couple being cloned.
type clone struct {
	*cloner
	m       *template
	begin   string
	couple  couples.Couple
	is      map[string]string // value in the template -> value in this couple
	words   *strings.Replacer
	boxes   []vault.Box
	people  []demo.Person
	signsIn string // the sign-in name of the partner whose sign-in is being cloned
}

// nextPrefix returns the prefix for the ids of the next couple. It keeps the ids of a couple close
// together and in ascending order, since otherwise each row would touch a different page of each
// index, too many for any cache.
func (k *cloner) nextPrefix() string {
	const letters, length = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 4
	n := k.cloned * (1 << (5 * length)) / max(k.all, k.cloned+1)
	k.cloned++
	var out [length]byte
	for i := range out {
		out[length-1-i] = letters[n>>(5*i)&31]
	}
	return string(out[:])
}

// id returns a new id with the couple's prefix.
func (c *clone) id() string { return c.begin + rand.Text()[len(c.begin):] }

// make clones a couple from m at a place and returns the sign-ins of its partners.
func (k *cloner) make(ctx context.Context, m *template, at place) ([]demo.Person, error) {
	c := &clone{
		cloner: k, m: m, begin: k.nextPrefix(),
		is: map[string]string{
			m.couple.PracticeID: at.practice, m.couple.CounselorID: at.counselor,
			m.couple.RecordNo: at.recordNo,
		},
	}
	for id := range m.varies {
		c.is[id] = c.id()
	}
	c.couple = couples.Couple{
		ID: c.is[m.couple.ID], PracticeID: at.practice, CounselorID: at.counselor,
		RecordNo: at.recordNo, Partners: at.partners,
	}
	for i, p := range m.couple.Partners {
		c.couple.Partners[i].ID = c.is[p.ID]
	}
	c.rename()
	if err := c.unlock(ctx); err != nil {
		return nil, err
	}
	c.hashNotes()
	for _, p := range m.parts {
		if err := c.part(ctx, p); err != nil {
			return nil, err
		}
	}
	for _, e := range m.entries {
		e.Person, e.Couple, e.ID, e.Reason = c.now(e.Person), c.couple.ID, c.now(e.ID), c.now(e.Reason)
		k.log[at.practice] = append(k.log[at.practice], e)
	}
	return c.people, nil
}

// now returns this couple's value for a value of the template.
func (c *clone) now(text string) string {
	if is, ok := c.is[text]; ok {
		return is
	}
	return text
}

// rename prepares the replacement of names and ids in texts.
func (c *clone) rename() {
	pairs := []string{c.m.couple.RecordNo, c.couple.RecordNo}
	for id := range c.m.named {
		pairs = append(pairs, id, c.is[id])
	}
	for i, p := range c.m.couple.Partners {
		n := c.couple.Partners[i]
		pairs = append(pairs, p.Name, n.Name, p.AddressAs, n.AddressAs)
	}
	c.words = strings.NewReplacer(pairs...)
}

// unlock creates the couple's keys and opens its vault boxes.
func (c *clone) unlock(ctx context.Context) error {
	if err := c.g.Vault.CreateCouple(ctx, c.tx, c.couple.PracticeID, c.couple.ID, c.made()); err != nil {
		return err
	}
	for _, o := range c.m.boxes {
		box, err := c.g.Vault.Open(ctx, c.tx, o.as(c.couple), o.item(c.couple.ID))
		if err != nil {
			return err
		}
		c.boxes = append(c.boxes, box)
	}
	return nil
}

// made returns when the couple was created.
func (c *clone) made() time.Time {
	for _, p := range c.m.parts {
		for i, column := range p.table.Columns {
			if p.table.Name == "couples" && column == "created_at" {
				return p.rows[0][i].(time.Time)
			}
		}
	}
	return time.Time{}
}

// text returns the text of a secret with this couple's names and ids.
func (c *clone) text(s secret) string {
	if s.retelled {
		return c.words.Replace(s.text)
	}
	return s.text
}

// hashNotes computes the new hash of each signed note, whose text has changed.
func (c *clone) hashNotes() {
	for _, p := range c.m.parts {
		if p.table.Name != "notes" {
			continue
		}
		for i, row := range p.rows {
			for _, s := range p.sealed[i] {
				sum := sha256.Sum256([]byte(c.text(s)))
				c.is[value(p.table, row, "hash")] = hex.EncodeToString(sum[:])
			}
		}
	}
}

// value returns a row's text in a column.
func value(t database.Table, row []any, column string) string {
	for i, name := range t.Columns {
		if name == column {
			text, _ := row[i].(string)
			return text
		}
	}
	return ""
}

// part adds the couple's rows of one table.
func (c *clone) part(ctx context.Context, p part) error {
	for i, told := range p.rows {
		if p.table.Name == "fields" {
			field, _, _ := strings.Cut(c.text(p.sealed[i][0]), "\x00")
			slot, err := c.g.Vault.Index(ctx, c.tx, c.couple.PracticeID,
				"typed/"+c.now(value(p.table, told, "owner_id"))+"/"+field)
			if err != nil {
				return err
			}
			c.is[value(p.table, told, "slot")] = slot
		}
		if p.table.Name == "sign_ins" {
			c.signsIn = c.freeName()
		}
		row := make([]any, len(told))
		for n, v := range told {
			row[n] = v
			if text, ok := v.(string); ok {
				row[n] = c.now(text)
			}
		}
		for _, s := range p.sealed[i] {
			text := c.text(s)
			if p.table.Name == "sign_ins" {
				text = c.signsIn
			}
			sealed, err := c.boxes[s.box].Seal(vault.CellRef{
				Table: p.table.Name, Column: p.table.Columns[s.column],
				Row: c.spot(s.row), Owner: c.spot(s.owner),
			}, text)
			if err != nil {
				return err
			}
			row[s.column] = sealed
		}
		if err := c.once(ctx, p.table, row); err != nil {
			return err
		}
		if err := c.add(ctx, p.table, row); err != nil {
			return err
		}
	}
	return nil
}

func (c *clone) spot(parts []string) string {
	is := make([]string, len(parts))
	for i, text := range parts {
		is[i] = c.now(text)
	}
	return strings.Join(is, "")
}

// once sets the values that must be unique: form keys, tokens, and the partner's sign-in name.
func (c *clone) once(ctx context.Context, t database.Table, row []any) error {
	for i, column := range t.Columns {
		switch column {
		case "form_key", "token_hash":
			row[i] = c.id()
		case "name_index":
			token, err := c.g.Vault.Index(ctx, c.tx, "", "sign-in/"+c.signsIn)
			if err != nil {
				return err
			}
			row[i] = token
			for _, p := range c.couple.Partners {
				if p.ID == value(t, row, "partner_id") {
					c.people = append(c.people,
						demo.Person{
							Role: "partner", Name: p.Name, SignIn: c.signsIn, Password: demo.Password, Couple: c.couple.ID,
							Partner: string(p.Side),
						})
				}
			}
		}
	}
	return nil
}

// add adds rows of t, and inserts them once there are enough.
func (k *cloner) add(ctx context.Context, t database.Table, rows ...[]any) error {
	k.table[t.Name] = t
	k.rows[t.Name] = append(k.rows[t.Name], rows...)
	if len(k.rows[t.Name]) < batch {
		return nil
	}
	return k.flush(ctx, t.Name)
}

func (k *cloner) flush(ctx context.Context, name string) error {
	rows := k.rows[name]
	k.rows[name] = rows[:0]
	return k.tx.InsertAll(ctx, k.table[name], rows)
}
