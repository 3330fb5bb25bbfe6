package accounts_test

import (
	"errors"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

func TestAnOwnerChangesThePracticeAndNobodyElseDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c, other := practice(t, st, "dana@example.org"), practice(t, st, "robin@example.org")
		member := accounts.Counselor{Email: "sasha@example.org", Name: "Sasha Invented"}
		if err := st.AddCounselor(t.Context(), c.PracticeID, &member, password, at); err != nil {
			t.Fatal(err)
		}
		before, err := st.FindPractice(t.Context(), c.PracticeID)
		if err != nil {
			t.Fatal(err)
		}
		p := before
		p.Name, p.Address, p.Telephone, p.TimeZone, p.Letterhead, p.Paper = "Harborside", "2 Pier Street", "555 0101",
			"Europe/Berlin", "By appointment", "A4"
		p.Formal, p.Insurer = true, true
		for who, id := range map[string]string{"a counselor": member.ID, "another's owner": other.ID, "nobody": ""} {
			if err := st.SavePractice(t.Context(), id, p); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", who, err)
			}
		}
		for range 2 { // submitted twice
			if err := st.SavePractice(t.Context(), c.ID, p); err != nil {
				t.Fatal(err)
			}
		}
		stale := before
		stale.Name = "Elsewhere"
		if err := st.SavePractice(t.Context(), c.ID, stale); !errors.Is(err, fault.Conflict) {
			t.Errorf("an earlier page: %v", err)
		}
		got, err := st.FindPractice(t.Context(), c.PracticeID)
		p.Revision = 2
		if diff := gocmp.Diff(p, got); diff != "" || err != nil {
			t.Errorf("-want +got:\n%s%v", diff, err)
		}
		p.Name, p.Paper = "", "A5"
		wantFaults(t, st.SavePractice(t.Context(), c.ID, p), "paper", "practice")
		if got, err := st.FindPractice(t.Context(), other.PracticeID); err != nil || got.Name != "Riverbend" {
			t.Errorf("the other practice is %q, %v", got.Name, err)
		}
	})
}

func TestACounselorChangesTheOwnNameAndLicenseAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c, other := practice(t, st, "dana@example.org"), practice(t, st, "robin@example.org")
		changed := c
		changed.Name, changed.Credentials, changed.LicenseType, changed.LicenseNo, changed.LicenseState = "Dana Madeup",
			"PhD", "LMFT", "0002", "VT"
		changed.Role, changed.PasswordHash, changed.Email = accounts.Member, "stolen", "elsewhere@example.org" // not changed by SaveCounselor
		if err := st.SaveCounselor(t.Context(), changed); err != nil {
			t.Fatal(err)
		}
		got, err := st.FindCounselor(t.Context(), c.PracticeID, c.ID)
		changed.Role, changed.PasswordHash, changed.Email = c.Role, c.PasswordHash, c.Email
		if diff := gocmp.Diff(changed, got); diff != "" || err != nil {
			t.Errorf("-want +got:\n%s%v", diff, err)
		}
		elsewhere := changed
		elsewhere.PracticeID = other.PracticeID
		if err := st.SaveCounselor(t.Context(), elsewhere); !errors.Is(err, fault.NotFound) {
			t.Errorf("in another practice: %v", err)
		}
		changed.Name, changed.LicenseNo = "", strings.Repeat("0", 61)
		wantFaults(t, st.SaveCounselor(t.Context(), changed), "license_no", "name")
	})
}
