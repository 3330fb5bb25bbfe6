package worksheets

import (
	"context"
	"slices"

	"mend/internal/database"
	"mend/internal/rowmac"
)

// stampMACs stamps sent pages with a row MAC over their contents and their sharing state, within the
// transaction that sends or shares them.
func (st *Store) stampMACs(ctx context.Context, tx *database.DB, practice string, answers ...string) error {
	return rowmac.Stamp(ctx, tx, st.vault, practice, rowmac.Answer, answers...)
}

// withValidMAC returns the pages whose row MAC is valid. A page that was shared by editing the database
// directly is shared with nobody.
func (st *Store) withValidMAC(ctx context.Context, practice string, pages []Page) ([]Page, error) {
	var ids []string
	for _, p := range pages {
		ids = append(ids, p.Answer.ID)
	}
	good, err := rowmac.Valid(ctx, st.db, st.vault, practice, rowmac.Answer, ids...)
	return slices.DeleteFunc(pages, func(p Page) bool { return !good[p.Answer.ID] }), err
}
