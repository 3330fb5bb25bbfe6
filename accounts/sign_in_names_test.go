package accounts_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

func TestASignInNameIsReadByItsPartnerAndTheirCounselorAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c, other := practice(t, st, "dana@example.org"), practice(t, st, "ola@example.org")
		join(t, st, c.PracticeID, "partner-robin", "amber-anchor-10")
		p, elsewhere := c.PracticeID, other.PracticeID
		for _, test := range []struct {
			who    string
			reader vault.Actor
			want   string
		}{
			{"the partner", vault.ForPartner(p, "partner-robin", "couple", "A"), "amber-anchor-10"},
			{"the other partner", vault.ForPartner(p, "partner-sasha", "couple", "B"), ""},
			{"the counselor", vault.ForCounselor(p, c.ID, "couple"), "amber-anchor-10"},
			{"the counselor of another couple", vault.ForCounselor(p, "ellis", "another"), ""},
			{"a supervisor", vault.ForSupervisor(p, "sam", "couple"), ""},
			{"the front desk", vault.ForDesk(p, "drew"), ""},
			{"an owner with a reason", vault.ForEmergencyAccess(p, "owner", "couple"), ""},
		} {
			name, joined, err := st.SignInName(t.Context(), test.reader, "couple", "A", "partner-robin")
			if name != test.want || joined != (test.want != "") || errors.Is(err, fault.NotFound) != (test.want == "") {
				t.Errorf("%s: %q, %v, %v", test.who, name, joined, err)
			}
		}
		dana, ola := vault.ForCounselor(p, c.ID, "couple"), vault.ForCounselor(elsewhere, other.ID, "couple")
		if name, joined, err := st.SignInName(t.Context(), ola, "couple", "A", "partner-robin"); joined || err != nil {
			t.Errorf("another practice: %q, %v", name, err)
		}
		if name, joined, err := st.SignInName(t.Context(), dana, "couple", "B", "partner-sasha"); joined || err != nil {
			t.Errorf("who did not join: %q, %v", name, err)
		}
	})
}

func TestASignInNameIsSealedChangesWithANewInvitationAndIsErased(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "")
		dana := vault.ForCounselor(c.PracticeID, c.ID, "couple")
		named := func() string {
			name, _, err := st.SignInName(t.Context(), dana, "couple", "A", "partner-robin")
			if err != nil {
				t.Fatal(err)
			}
			return name
		}
		var login string
		for i, name := range []string{"amber-anchor-10", "calm-river-11"} {
			// a new code for a sign-in that is in use is delayed by a day
			code, later := invite(t, st, c.PracticeID, "partner-robin"), at.Add(time.Duration(i)*25*time.Hour)
			token, err := st.Join(t.Context(), code, name, passphrase, later)
			if err != nil {
				t.Fatal(err)
			}
			login = token
			if got := named(); got != name {
				t.Errorf("got %q, want %q", got, name)
			}
			for _, value := range stored(t, db, "sign_ins") {
				if strings.Contains(value, name) {
					t.Errorf("%s is stored as it is", name)
				}
			}
		}
		if err := db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
			return st.EndSignIns(ctx, tx, c.PracticeID, []string{"partner-robin"}, at)
		}); err != nil {
			t.Fatal(err)
		}
		if got := named(); got != "" {
			t.Errorf("%q was not erased", got)
		}
		if _, err := st.Authenticate(t.Context(), login, at.Add(25*time.Hour+time.Minute)); !errors.Is(err, fault.SignedOut) {
			t.Error("the login goes on:", err)
		}
		if _, found, err := rowmac.Verify(t.Context(), db, dbtest.Vault(t, db)); err != nil || len(found) > 0 {
			t.Error(found, err)
		}
	})
}
