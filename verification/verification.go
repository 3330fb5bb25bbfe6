// Package verification detects changes to the database made outside the program. It checks the
// audit chain, the row MACs, the audit log against the data, the keys, every encrypted value, the
// schema, and the database file. It is a separate package because the command line, the nightly run
// and the owner's page use it.
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

// A Result is the result of a verification.
type Result struct {
	At          time.Time
	Entries     int64 // of the audit log
	Checkpoints int
	Things      int      // rows with a MAC
	Findings    []string // empty for an unmodified database
}

// checks are the checks that run in one snapshot of the database.
var checks = map[string]func(context.Context, *database.DB, *vault.Vault) ([]string, error){
	"what the log tells": compareLog, "the keys": keys, "what is sealed": sealed,
}

// Run runs all checks. It can run while people work.
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
		for what, check := range checks {
			list, err := check(ctx, tx, v)
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
