package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// KnownFor is how long a device is known after a sign-in.
const KnownFor = 90 * 24 * time.Hour

// KnowDevice returns a token that shows, at later sign-ins from the same device, that l's
// person has signed in there. A known device is let in when many others ask, and its
// failures count for itself. It opens nothing. The token names nobody: it holds a random
// text, a time, and a code over both and the sign-in, under the key of this Mend. A
// changed password, factor or role ends it.
func (st *Store) KnowDevice(ctx context.Context, l Login, now time.Time) (string, error) {
	revision, err := st.revisionOf(ctx, l)
	if err != nil {
		return "", fmt.Errorf("device of login %s: %w", l.ID, err)
	}
	head := rand.Text() + "." + strconv.FormatInt(now.Add(KnownFor).Unix(), 10)
	code, err := st.deviceCode(ctx, head, l.owner(), revision)
	return head + "." + code, err
}

// isKnown tells whether from is a device on which c signed in before.
func (st *Store) isKnown(ctx context.Context, from Browser, c credentials, now time.Time) (bool, error) {
	last := strings.LastIndexByte(from.Known, '.')
	if c.owner() == "" || last < 0 {
		return false, nil
	}
	head, given := from.Known[:last], from.Known[last+1:]
	_, end, _ := strings.Cut(head, ".")
	seconds, err := strconv.ParseInt(end, 10, 64)
	until := time.Unix(seconds, 0)
	if err != nil || !until.After(now) || until.After(now.Add(KnownFor+ClockMayDiffer)) {
		return false, nil
	}
	code, err := st.deviceCode(ctx, head, c.owner(), c.Revision)
	return err == nil && subtle.ConstantTimeCompare([]byte(code), []byte(given)) == 1, err
}

// deviceCode is the code of a known device over the rest of its token.
func (st *Store) deviceCode(ctx context.Context, head, owner string, revision int) (string, error) {
	return st.vault.Index(ctx, st.db, "", fmt.Sprintf("device/%s/%s/%d", head, owner, revision))
}

// revisionOf returns the revision of what l's person signs in with.
func (st *Store) revisionOf(ctx context.Context, l Login) (revision int, err error) {
	query := `SELECT revision FROM sign_ins WHERE practice_id = ? AND id = ?`
	if l.IsCounselor() {
		query = `SELECT revision FROM counselors WHERE practice_id = ? AND id = ?`
	}
	err = st.db.Get(ctx, &revision, query, l.PracticeID, l.owner())
	return revision, err
}
