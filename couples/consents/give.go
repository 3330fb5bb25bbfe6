package consents

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// Give gives a partner of c published versions to read and sign. Versions that the partner has open
// or has signed are skipped.
func (st *Store) Give(ctx context.Context, c couples.Couple, p couples.Partner, versions []string, formKey string,
	now time.Time,
) error {
	if c.Reader.Side() != "" {
		return fault.NotFound
	}
	if len(versions) == 0 {
		return fault.Fields{"versions": "Choose at least one form."}
	}
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.Consents, c.ID,
		func(ctx context.Context, tx *database.DB) error {
			published, err := st.published(ctx, tx, c.PracticeID)
			if err != nil {
				return err
			}
			given, err := st.list(ctx, tx, c, p)
			if err != nil {
				return err
			}
			for _, id := range versions {
				if !slices.ContainsFunc(published, func(v Version) bool { return v.ID == id }) {
					return fault.Conflict // a newer version was published, or the form was retired
				}
				if hasActive(given, id) {
					continue
				}
				if err := insertConsent(ctx, tx, c, p, id, formKey+" "+id, now); err != nil {
					return err
				}
			}
			return nil
		})
	if err != nil {
		return fmt.Errorf("consents of partner %s: %w", p.ID, err)
	}
	return nil
}

// hasActive reports whether given contains an open or signed consent for version, so that it is not given
// again.
func hasActive(given []Consent, version string) bool {
	return slices.ContainsFunc(given, func(c Consent) bool {
		return c.VersionID == version && (c.State() == Open || c.State() == Signed)
	})
}

// NotYetGiven returns the published versions for which a partner has no open or signed consent.
func NotYetGiven(published []Version, given []Consent) []Version {
	return slices.DeleteFunc(slices.Clone(published), func(v Version) bool { return hasActive(given, v.ID) })
}

func insertConsent(ctx context.Context, tx *database.DB, c couples.Couple, p couples.Partner, version, formKey string,
	now time.Time,
) error {
	id := rand.Text()
	given := eventOf(c, p, audit.Created, id, "given")
	_, err := audit.Exec(ctx, tx, given, `
		INSERT INTO consents (id, practice_id, couple_id, partner_id, version_id, given_by, given_at, form_key)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, id, c.PracticeID, c.ID, p.ID, version, c.Reader.Person(), now, formKey)
	return err
}

func eventOf(c couples.Couple, p couples.Partner, action audit.Action, id, reason string) audit.Event {
	return audit.Event{
		Practice: c.PracticeID, Couple: c.ID, Side: string(p.Side), Action: action, Object: "consent", ID: id,
		Reason: reason,
	}
}

// Cancel removes a form from the partner’s page if it was neither signed nor declined.
func (st *Store) Cancel(ctx context.Context, c couples.Couple, p couples.Partner, id string, now time.Time) error {
	if c.Reader.Side() != "" {
		return fault.NotFound
	}
	n, err := rowmac.Exec(ctx, st.db, st.vault, rowmac.Consents, c.ID, eventOf(c, p, audit.Changed, id, "canceled"), `
		UPDATE consents SET canceled_at = ?
		WHERE practice_id = ? AND couple_id = ? AND partner_id = ? AND id = ? AND canceled_at IS NULL
		  AND NOT EXISTS (SELECT 1 FROM consent_answers a WHERE a.consent_id = consents.id)`,
		now, c.PracticeID, c.ID, p.ID, id)
	if err == nil && n == 0 {
		err = fault.Conflict
	}
	if err != nil {
		return fmt.Errorf("consent %s: %w", id, err)
	}
	return nil
}
