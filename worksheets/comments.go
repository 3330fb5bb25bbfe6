package worksheets

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// A Comment is what a counselor writes about one question of a sent page. The page's author can
// read it once the counselor shows it; nobody else ever can.
type Comment struct {
	ID        string     `db:"id"`
	WrittenAt time.Time  `db:"written_at"`
	ShownAt   *time.Time `db:"shown_at"`
	Field     string     `db:"-"`
	Words     string     `db:"-"`
}

// commentItem returns the vault item of a comment on p: the counselor's own until it is shown, then
// a part of the author's page.
func commentItem(p Page, shown bool) vault.Item {
	item := vault.Item{
		Couple: p.CoupleID, Material: vault.IndividualFile, State: vault.Kept,
		Of: vault.Side(p.Side), ID: p.Answer.ID,
	}
	if shown {
		item.Material, item.State = vault.PrivatePage, vault.Sent
	}
	return item
}

// commented returns an assignment's page if one partner sent it, or fault.NotFound.
func (st *Store) commented(ctx context.Context, c couples.Couple, assignment string) (Page, error) {
	readings, err := st.Read(ctx, c, assignment)
	if err != nil {
		return Page{}, err
	}
	p := readings[0].Page
	if c.Reader.Side() != "" || !p.Sent() || p.Audience == ToJoint || !p.Worksheet.Portal {
		return Page{}, fault.NotFound
	}
	return p, nil
}

// Comment stores a comment on a question of a page. Repeating a form key changes nothing.
func (st *Store) Comment(ctx context.Context, c couples.Couple, assignment, field, words,
	formKey string, now time.Time,
) error {
	p, err := st.commented(ctx, c, assignment)
	if err != nil {
		return err
	}
	bad, words := fault.Fields{}, strings.TrimSpace(words)
	bad.Length("words", words, 1, 2000)
	if _, ok := p.Worksheet.Field(field); !ok {
		bad["field"] = "Choose the question."
	}
	if err := bad.Err(); err != nil {
		return err
	}
	id := rand.Text()
	sealed, err := st.sealComment(ctx, st.db, c, p, false, id, field+"\n"+words)
	if err != nil {
		return err
	}
	_, err = audit.Exec(ctx, st.db, p.event(audit.Created, "comment"), `
		INSERT INTO comments (id, practice_id, answer_id, words, form_key, written_at)
		VALUES (?, ?, ?, ?, ?, ?)`, id, c.PracticeID, p.Answer.ID, sealed, formKey, now)
	if errors.Is(err, fault.Conflict) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("comment on answer %s: %w", p.Answer.ID, err)
	}
	return nil
}

func (st *Store) sealComment(ctx context.Context, db *database.DB, c couples.Couple, p Page, shown bool, id,
	text string,
) ([]byte, error) {
	box, err := st.vault.Open(ctx, db, c.Reader, commentItem(p, shown))
	if err != nil {
		return nil, err
	}
	row := box.Row("comments", id)
	return row.Seal("words", text), row.Err()
}

// ShowComment lets the author of a page read a comment on it. For a locked page it returns
// fault.Forbidden: the author cannot reopen the page, and so not its comments either.
func (st *Store) ShowComment(ctx context.Context, c couples.Couple, assignment, id string, now time.Time) error {
	p, err := st.commented(ctx, c, assignment)
	if err != nil {
		return err
	}
	if p.Worksheet.Locked {
		return fault.Forbidden
	}
	list, err := st.Comments(ctx, c, p)
	if err != nil {
		return err
	}
	comment, ok := find(list, func(k Comment) bool { return k.ID == id })
	if !ok {
		return fmt.Errorf("comment %s: %w", id, fault.NotFound)
	}
	if comment.ShownAt != nil {
		return nil
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		sealed, err := st.sealComment(ctx, tx, c, p, true, id, comment.Field+"\n"+comment.Words)
		if err != nil {
			return err
		}
		_, err = audit.Exec(ctx, tx, p.event(audit.Changed, "comment shown"), `
			UPDATE comments SET words = ?, shown_at = ? WHERE practice_id = ? AND id = ? AND shown_at IS NULL`,
			sealed, now, c.PracticeID, id)
		return err
	})
}

// Comments returns the comments on a page, oldest first: all for its counselor, those that were
// shown for its author.
func (st *Store) Comments(ctx context.Context, c couples.Couple, p Page) ([]Comment, error) {
	author := c.Reader.Side() != ""
	if author && c.Reader.Side() != vault.Side(p.Side) {
		return nil, nil
	}
	var rows []struct {
		Comment
		Sealed []byte `db:"words"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT id, written_at, shown_at, words
		FROM comments
		WHERE practice_id = ? AND answer_id = ? AND (? = FALSE OR shown_at IS NOT NULL)
		ORDER BY written_at, id`, c.PracticeID, p.Answer.ID, author)
	if err != nil {
		return nil, fmt.Errorf("comments on answer %s: %w", p.Answer.ID, err)
	}
	list := make([]Comment, len(rows))
	for i, r := range rows {
		box, err := st.vault.Open(ctx, st.db, c.Reader, commentItem(p, r.ShownAt != nil))
		if err != nil {
			return nil, err
		}
		row := box.Row("comments", r.ID)
		list[i] = r.Comment
		list[i].Field, list[i].Words, _ = strings.Cut(row.Read("words", r.Sealed), "\n")
		if row.Err() != nil {
			return nil, row.Err()
		}
	}
	return list, nil
}
