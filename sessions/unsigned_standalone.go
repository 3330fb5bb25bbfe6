package sessions

import (
	"context"
	"fmt"

	"mend/couples"
)

// An UnsignedNote is an unsigned note without a session. Its text is not read.
type UnsignedNote struct {
	StandaloneLine
	CoupleID  string `db:"couple_id"`
	RecordNo  string `db:"record_no"`
	PartnerID string `db:"partner_id"` // whose individual file it is in; "" for the joint record
	Names     string `db:"-"`          // of the couple, such as "Robin and Sasha"
}

// unsignedAtOnce limits the list. More notes appear as these are signed.
const unsignedAtOnce = 10

// UnsignedStandalone returns the unsigned notes without a session of a counselor's couples, oldest
// first: those in individual files or those in joint records.
func (st *Store) UnsignedStandalone(ctx context.Context, practice, counselor string, individual bool) (
	[]UnsignedNote, error,
) {
	var list []UnsignedNote
	err := st.db.Select(ctx, &list, fmt.Sprintf(`
		SELECT n.id, n.kind, n.happened_at, n.signed_at, 0 AS addenda, n.couple_id, c.record_no,
		       COALESCE(p.id, '') AS partner_id
		FROM notes n
		JOIN couples c ON c.id = n.couple_id
		LEFT JOIN partners p ON p.couple_id = n.couple_id AND p.side = n.side
		WHERE n.practice_id = ? AND n.signed_at IS NULL AND n.session_id IS NULL AND c.counselor_id = ?
		  AND (n.side <> '') = ? AND c.erased_at IS NULL AND p.erased_at IS NULL
		ORDER BY n.happened_at, n.id
		LIMIT %d`, unsignedAtOnce), practice, counselor, individual)
	if err != nil {
		return nil, fmt.Errorf("unsigned notes: %w", err)
	}
	ids := make([]string, len(list))
	for i, n := range list {
		ids[i] = n.CoupleID
	}
	names, err := couples.NamesOf(ctx, st.vault, st.db, practice, counselor, ids)
	if err != nil {
		return nil, fmt.Errorf("unsigned notes: %w", err)
	}
	for i, n := range list {
		list[i].Names = names[n.CoupleID]
	}
	return list, nil
}
