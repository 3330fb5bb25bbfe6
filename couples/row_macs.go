package couples

import (
	"context"
	"fmt"

	"mend/internal/fault"
	"mend/internal/rowmac"
)

// checkMAC returns fault.NotFound unless a row's MAC is valid.
func (st *Store) checkMAC(ctx context.Context, practice string, k rowmac.Kind, id string) error {
	good, err := rowmac.IsValid(ctx, st.db, st.vault, practice, k, id)
	if err == nil && !good {
		err = fmt.Errorf("%s %s: %w", k, id, fault.NotFound)
	}
	return err
}
