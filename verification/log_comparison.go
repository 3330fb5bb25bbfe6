package verification

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mend/internal/database"
	"mend/internal/vault"
)

// A claim is what a kind of audit entry implies about the database. missing is a query for the
// entries that contradict it: practice, sequence number and object.
type claim struct{ what, missing string }

// claims hold regardless of later changes: their objects never change, or the query compares only
// the latest entry.
var claims = []claim{
	{"a signed note is gone, or is not what was signed", `
		SELECT l.practice_id, l.seq, l.object_id FROM audit_log l
		WHERE l.action = 'signed' AND l.object IN ('note', 'individual file')
		  AND NOT EXISTS (SELECT 1 FROM notes n
		  WHERE n.id = l.object_id AND n.practice_id = l.practice_id AND n.signed_at IS NOT NULL AND n.hash = l.reason
		  AND l.person IN ('', n.signed_by))`},
	{"a signed addendum is gone, or is somebody else's", `
		SELECT l.practice_id, l.seq, l.object_id FROM audit_log l
		WHERE l.action = 'signed' AND l.object = 'addendum'
		  AND NOT EXISTS (SELECT 1 FROM addenda a
		  WHERE a.id = l.object_id AND a.practice_id = l.practice_id AND l.person IN ('', a.signed_by))`},
	{"a page that was sent is gone, or is open again", `
		SELECT l.practice_id, l.seq, l.object_id FROM audit_log l
		WHERE l.action = 'sent' AND l.object IN ('page', 'joint page', 'individual file')
		  AND NOT EXISTS (SELECT 1 FROM answers a
		  WHERE a.id = l.object_id AND a.practice_id = l.practice_id AND a.state = 'sent')`},
	{"what a partner told for a session by video is gone, or is the other's", `
		SELECT l.practice_id, l.seq, l.object_id FROM audit_log l
		WHERE l.action = 'sent' AND l.object = 'location'
		  AND NOT EXISTS (SELECT 1 FROM locations t JOIN partners p ON p.id = t.partner_id
		  WHERE t.id = l.object_id AND t.practice_id = l.practice_id AND p.side = l.side)`},
	{"a signature under a privacy policy is gone", `
		SELECT l.practice_id, l.seq, l.object_id FROM audit_log l
		WHERE l.action = 'signed' AND l.object = 'privacy policy'
		  AND NOT EXISTS (SELECT 1 FROM policy_signatures s JOIN partners p ON p.id = s.partner_id
		  WHERE s.policy_id = l.object_id AND p.side = l.side)`},
	{"a signed consent is gone", `
		SELECT l.practice_id, l.seq, l.object_id FROM audit_log l
		WHERE l.action = 'signed' AND l.object = 'consent'
		  AND NOT EXISTS (SELECT 1 FROM consent_answers a
		  WHERE a.consent_id = l.object_id AND a.practice_id = l.practice_id AND a.answer = 'signed')`},
	{"a signed authorization is gone", `
		SELECT l.practice_id, l.seq, l.object_id FROM audit_log l
		WHERE l.action = 'signed' AND l.object = 'authorization'
		  AND NOT EXISTS (SELECT 1 FROM authorization_answers a
		  WHERE a.authorization_id = l.object_id AND a.practice_id = l.practice_id AND a.answer = 'signed')`},
	{"a release of records is gone", `
		SELECT l.practice_id, l.seq, l.object_id FROM audit_log l
		WHERE l.action = 'sent' AND l.object = 'record release'
		  AND NOT EXISTS (SELECT 1 FROM releases r WHERE r.id = l.object_id AND r.practice_id = l.practice_id)`},
	{"a turn of a key to sharing is gone", `
		SELECT l.practice_id, MAX(l.seq) AS seq, l.object_id FROM audit_log l
		WHERE l.action = 'sharing'
		GROUP BY l.practice_id, l.object_id
		HAVING COUNT(*) > (SELECT COUNT(*) FROM sharing_turns t WHERE t.answer_id = l.object_id)`},
	{"an erasure is gone", `
		SELECT l.practice_id, l.seq, l.object_id FROM audit_log l
		WHERE l.action = 'erased'
		  AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.id = l.object_id AND e.practice_id = l.practice_id)`},
	{"somebody has another role than was given last", `
		SELECT l.practice_id, l.seq, l.object_id FROM audit_log l
		WHERE l.action = 'setting changed' AND l.object = 'colleague' AND l.reason LIKE 'role: %'
		  AND NOT EXISTS (SELECT 1 FROM audit_log n
		  WHERE n.practice_id = l.practice_id AND n.object_id = l.object_id AND n.seq > l.seq AND n.object = 'colleague'
		  AND n.reason LIKE 'role: %')
		  AND NOT EXISTS (SELECT 1 FROM counselors c WHERE c.id = l.object_id AND 'role: ' || c.role = l.reason)`},
	{"somebody whose access was ended has it", `
		SELECT l.practice_id, l.seq, l.object_id FROM audit_log l
		WHERE l.action = 'setting changed' AND l.object = 'colleague' AND l.reason = 'disabled'
		  AND NOT EXISTS (SELECT 1 FROM audit_log n
		  WHERE n.practice_id = l.practice_id AND n.object_id = l.object_id AND n.seq > l.seq AND n.action = 'joined')
		  AND NOT EXISTS (SELECT 1 FROM counselors c WHERE c.id = l.object_id AND c.disabled_at IS NOT NULL)`},
}

// compareLog compares the audit log with the database.
func compareLog(ctx context.Context, db *database.DB, _ *vault.Vault) ([]string, error) {
	var list []string
	for _, c := range claims {
		var rows []struct {
			Practice string `db:"practice_id"`
			Seq      int64  `db:"seq"`
			ID       string `db:"object_id"`
		}
		if err := db.Select(ctx, &rows, c.missing); err != nil {
			return nil, fmt.Errorf("%s: %w", c.what, err)
		}
		for _, r := range rows {
			list = append(list, fmt.Sprintf("log of practice %s, entry %d: %s (%s)", r.Practice, r.Seq, c.what, r.ID))
		}
	}
	return list, nil
}

// keys compares destroyed keys with erasures: a key that is only marked as destroyed would hide the
// data it encrypts.
func keys(ctx context.Context, db *database.DB, v *vault.Vault) ([]string, error) {
	var rows []struct {
		Couple      string `db:"couple_id"`
		Compartment string `db:"compartment"`
		Destroyed   bool   `db:"destroyed"`
		Kept        bool   `db:"kept"`
		Erased      bool   `db:"erased"`
	}
	err := db.Select(ctx, &rows, `
		SELECT k.couple_id, k.compartment, k.destroyed_at IS NOT NULL AS destroyed, length(k.wrapped) > 0 AS kept,
		       EXISTS (SELECT 1 FROM erasures e
		  WHERE e.couple_id = k.couple_id
		  AND (e.side = '' OR k.compartment IN ('private ' || e.side, 'individual ' || e.side))) AS erased
		FROM vault_keys k
		WHERE k.couple_id <> ''`)
	var list []string
	for _, r := range rows {
		switch {
		case r.Destroyed && r.Kept:
			list = append(list,
				fmt.Sprintf("couple %s: the key of %s is kept, and is marked as destroyed", r.Couple, r.Compartment))
		case r.Destroyed && !r.Erased:
			list = append(list,
				fmt.Sprintf("couple %s: the key of %s is marked as destroyed, and nothing was erased", r.Couple, r.Compartment))
		case r.Erased && !r.Destroyed:
			list = append(list, fmt.Sprintf("couple %s: the key of %s is there, and was destroyed", r.Couple, r.Compartment))
		}
	}
	if err != nil {
		return nil, err
	}
	missing, err := missingKeys(ctx, db, v)
	return append(list, missing...), err
}

// missingKeys returns couples and practices whose set of keys is incomplete, or whose keys cannot
// be unwrapped.
func missingKeys(ctx context.Context, db *database.DB, v *vault.Vault) (list []string, err error) {
	var rows []struct {
		Practice    string `db:"practice_id"`
		Couple      string `db:"couple_id"`
		Compartment string `db:"compartment"`
	}
	err = db.Select(ctx, &rows, `
		SELECT practice_id, couple_id, compartment FROM vault_keys
		UNION SELECT practice_id, id, '' FROM couples
		UNION SELECT id, '', '' FROM practices
		UNION SELECT '', '', '' FROM practices`)
	held := map[[2]string][]string{}
	for _, r := range rows {
		of := [2]string{r.Practice, r.Couple}
		held[of] = append(held[of], r.Compartment)
	}
	for of, names := range held {
		names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
		want := vault.Compartments(of[0], of[1])
		slices.Sort(want)
		slices.Sort(names)
		if !slices.Equal(want, names) {
			list = append(list,
				fmt.Sprintf("practice %q, couple %q: it has the keys of %s", of[0], of[1], strings.Join(names, ", ")))
		}
		if !v.KeysOpen(ctx, db, of[0], of[1]) {
			list = append(list, fmt.Sprintf("practice %q, couple %q: a key cannot be unwrapped", of[0], of[1]))
		}
	}
	return list, err
}
