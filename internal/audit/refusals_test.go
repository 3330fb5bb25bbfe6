package audit_test

import (
	"strings"
	"testing"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// TestRefusalsThatAreAlikeBecomeOneEntryWithACounter: five thousand leave two entries.
func TestRefusalsThatAreAlikeBecomeOneEntryWithACounter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		now := at
		log := audit.New(db, fixed, "", func() time.Time { return now })
		who := dana
		refuse := func(object string) {
			t.Helper()
			if err := log.Refuse(t.Context(), who,
				audit.Event{Action: audit.Denied, Object: object, Reason: "GET"}); err != nil {
				t.Fatal(err)
			}
		}
		for range 5000 {
			refuse("/couples/:couple")
		}
		refuse("/audit") // of another kind, so written at once
		want := func(reasons ...string) {
			t.Helper()
			list, err := log.Entries(t.Context(), "p", audit.Filter{Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range list {
				got = append(got, e.Object+" "+e.Reason)
			}
			if strings.Join(got, "; ") != strings.Join(reasons, "; ") {
				t.Errorf("got %q, want %q", got, reasons)
			}
		}
		want("/audit GET", "/couples/:couple GET")
		now = now.Add(2 * time.Minute)
		refuse("/couples/:couple")
		want("/couples/:couple GET", "/couples/:couple GET 4999 more within a minute", "/audit GET", "/couples/:couple GET")
		refuse("/couples/:couple")
		if err := log.WriteRefusals(t.Context()); err != nil {
			t.Fatal(err)
		}
		want("/couples/:couple GET 1 more within a minute", "/couples/:couple GET",
			"/couples/:couple GET 4999 more within a minute", "/audit GET", "/couples/:couple GET")
		if report, err := log.Verify(t.Context()); err != nil || report.Findings != nil {
			t.Error(report, err)
		}
	})
}
