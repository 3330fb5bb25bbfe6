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

// KnownFor is how long a device is remembered after a sign-in.
const KnownFor = 90 * 24 * time.Hour

// RememberDevice returns a token that proves, in later sign-ins from the same device, that l's person
// signed in there before. A known device keeps its place under load, and its failures are counted
// separately. The token authorizes nothing and identifies nobody: it contains a random text, an
// expiry time, and a MAC of both and the sign-in under this installation's key. Changing the
// password, a factor or the role invalidates it.
func (st *Store) RememberDevice(ctx context.Context, l Login, now time.Time) (string, error) {
	revision, err := st.revisionOf(ctx, l)
	if err != nil {
		return "", fmt.Errorf("device of login %s: %w", l.ID, err)
	}
	head := rand.Text() + "." + strconv.FormatInt(now.Add(KnownFor).Unix(), 10)
	code, err := st.deviceCode(ctx, head, l.owner(), revision)
	return head + "." + code, err
}

// isKnown reports whether c has signed in from this device before.
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

// deviceCode returns the MAC in the token of a known device.
func (st *Store) deviceCode(ctx context.Context, head, owner string, revision int) (string, error) {
	return st.vault.Index(ctx, st.db, "", fmt.Sprintf("device/%s/%s/%d", head, owner, revision))
}

// revisionOf returns the revision of the credentials of l's person.
func (st *Store) revisionOf(ctx context.Context, l Login) (revision int, err error) {
	query := `SELECT revision FROM sign_ins WHERE practice_id = ? AND id = ?`
	if l.IsCounselor() {
		query = `SELECT revision FROM counselors WHERE practice_id = ? AND id = ?`
	}
	err = st.db.Get(ctx, &revision, query, l.PracticeID, l.owner())
	return revision, err
}
