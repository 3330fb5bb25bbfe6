// Package verification looks for what was changed in the database by anything but
// the program: the chain of the log, what is vouched for, what the log tells against
// what is there, keys, every sealed value, the schema, and the file itself. It is a package of its own
// because the command line, the nightly run and the owner's page ask for the same.
package verification

import (
	"context"
	"fmt"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/rowmac"
	"mend/internal/vault"
	"mend/migrations"
)

// A Result is what was looked at and what is wrong.
type Result struct {
	At          time.Time
	Entries     int64 // of the log
	Checkpoints int
	Things      int      // that are vouched for
	Findings    []string // none is a database as it was written
}

// looks are what is looked at in one state of the database.
var looks = map[string]func(context.Context, *database.DB, *vault.Vault) ([]string, error){
	"what the log tells": told, "the keys": keys, "what is sealed": sealed,
}

// Run looks at everything. It may run while people work.
func Run(ctx context.Context, db *database.DB, v *vault.Vault, log *audit.Log, now time.Time) (Result, error) {
	r := Result{At: now}
	report, err := log.Verify(ctx)
	if err != nil {
		return r, fmt.Errorf("the log could not be read: %w", err)
	}
	r.Entries, r.Checkpoints = report.Entries, report.Checkpoints
	for _, f := range report.Findings {
		r.Findings = append(r.Findings, f.String())
	}
	things, found, err := rowmac.Verify(ctx, db, v)
	if err != nil {
		return r, fmt.Errorf("what is vouched for could not be read: %w", err)
	}
	r.Things = things
	for _, f := range found {
		r.Findings = append(r.Findings, f.String())
	}
	err = db.Snapshot(ctx, func(ctx context.Context, tx *database.DB) error {
		for what, look := range looks {
			list, err := look(ctx, tx, v)
			if err != nil {
				return fmt.Errorf("%s could not be read: %w", what, err)
			}
			r.Findings = append(r.Findings, list...)
		}
		return nil
	})
	if err != nil {
		return r, err
	}
	guards, err := migrations.Differences(ctx, db)
	if err != nil {
		return r, fmt.Errorf("the schema could not be compared: %w", err)
	}
	broken, err := db.Faults(ctx)
	if err != nil {
		return r, fmt.Errorf("the file could not be looked at: %w", err)
	}
	r.Findings = append(append(r.Findings, guards...), broken...)
	return r, nil
}
