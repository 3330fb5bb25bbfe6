package worksheets

import (
	"context"
	"slices"

	"mend/internal/database"
	"mend/internal/rowmac"
)

// vouch vouches for pages that were sent, with every word in them and how far they
// are shared, within the transaction that sends or shares them.
func (st *Store) vouch(ctx context.Context, tx *database.DB, practice string, answers ...string) error {
	return rowmac.Stamp(ctx, tx, st.vault, practice, rowmac.Answer, answers...)
}

// vouched returns those of pages that are as the program wrote them: a page that was
// shared by a change past the program is shared with nobody.
func (st *Store) vouched(ctx context.Context, practice string, pages []Page) ([]Page, error) {
	var ids []string
	for _, p := range pages {
		ids = append(ids, p.Answer.ID)
	}
	good, err := rowmac.Good(ctx, st.db, st.vault, practice, rowmac.Answer, ids...)
	return slices.DeleteFunc(pages, func(p Page) bool { return !good[p.Answer.ID] }), err
}
