package accounts_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// practiceWithoutReview creates a practice that has not confirmed its crisis lines.
func practiceWithoutReview(t *testing.T, st *accounts.Store, email string) accounts.Counselor {
	t.Helper()
	p, c := riverbend(), dana()
	c.Email = email
	if err := st.CreatePractice(t.Context(), &p, &c, password, at); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNobodyIsInvitedBeforeTheCrisisLinesAreConfirmed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practiceWithoutReview(t, st, "dana@example.org")
		practice(t, st, "robin@example.org") // another practice's review does not count
		if _, err := st.Invite(t.Context(), c.PracticeID, "partner-robin", at); !errors.Is(err, accounts.ErrUnreviewed) {
			t.Errorf("got %v", err)
		}
		if n := count(t, db, `SELECT COUNT(*) FROM invitations`); n != 0 {
			t.Errorf("got %d invitations", n)
		}
		if err := st.ReviewSafety(t.Context(), c.PracticeID, c.ID, safety(), at); err != nil {
			t.Fatal(err)
		}
		invite(t, st, c.PracticeID, "partner-robin")
	})
}

func TestWhatWasConfirmedIsKeptWithWhoAndWhen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practiceWithoutReview(t, st, "dana@example.org")
		got, err := st.FindSafety(t.Context(), c.PracticeID)
		if diff := gocmp.Diff(accounts.DefaultSafety(), got); diff != "" || err != nil || got.Reviewed() {
			t.Errorf("before (-want +got):\n%s%v", diff, err)
		}
		want := accounts.Safety{
			PublicFrame: accounts.PublicFrame{
				AppName: "Lists", ExitURL: "https://www.metoffice.gov.uk/",
				Lines: accounts.CrisisLines{
					{For: "Emergency", Call: "999"},
					{For: "Talk “now”", Text: "HI to 85258", Web: "example.org"},
				},
			},
			Region: "uk", CoverName: "Ellis Invented", CoverContact: "ellis@example.org", EscalateHours: 8,
		}
		if err := st.ReviewSafety(t.Context(), c.PracticeID, c.ID, want, at); err != nil {
			t.Fatal(err)
		}
		got, err = st.FindSafety(t.Context(), c.PracticeID)
		want.ReviewedAt, want.ReviewedBy, want.Revision = &at, c.ID, 1
		if diff := gocmp.Diff(want, got); diff != "" || err != nil || !got.Reviewed() {
			t.Errorf("after (-want +got):\n%s%v", diff, err)
		}
	})
}

func TestOnlyAnOwnerConfirms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practiceWithoutReview(t, st, "dana@example.org")
		other := practice(t, st, "robin@example.org")
		member := accounts.Counselor{Email: "sasha@example.org", Name: "Sasha Invented"}
		if err := st.AddCounselor(t.Context(), c.PracticeID, &member, password, at); err != nil {
			t.Fatal(err)
		}
		for who, id := range map[string]string{"a counselor": member.ID, "another's owner": other.ID, "nobody": ""} {
			if err := st.ReviewSafety(t.Context(), c.PracticeID, id, safety(), at); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", who, err)
			}
		}
		if s, err := st.FindSafety(t.Context(), c.PracticeID); err != nil || s.Reviewed() {
			t.Errorf("reviewed by %q, %v", s.ReviewedBy, err)
		}
	})
}

func TestTwoOwnersDoNotOverwriteEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana@example.org")
		seen, err := st.FindSafety(t.Context(), c.PracticeID)
		if err != nil {
			t.Fatal(err)
		}
		mine, theirs := seen, seen
		mine.AppName, theirs.AppName = "Lists", "Pages"
		for range 2 { // submitted twice
			if err := st.ReviewSafety(t.Context(), c.PracticeID, c.ID, mine, at.Add(time.Minute)); err != nil {
				t.Error(err)
			}
		}
		first := safety()
		first.AppName = "Plans"
		for _, stale := range []accounts.Safety{theirs, first} {
			if err := st.ReviewSafety(t.Context(), c.PracticeID, c.ID, stale,
				at.Add(time.Hour)); !errors.Is(err, fault.Conflict) {
				t.Errorf("%s: %v", stale.AppName, err)
			}
		}
		got, err := st.FindSafety(t.Context(), c.PracticeID)
		if err != nil || got.AppName != "Lists" || got.Revision != 2 || !got.ReviewedAt.Equal(at.Add(time.Minute)) {
			t.Errorf("got %q, revision %d, %v, %v", got.AppName, got.Revision, got.ReviewedAt, err)
		}
	})
}

// TestSettingsChangedAtTheDatabaseCanBeConfirmedAnew: until then the default counts.
func TestSettingsChangedAtTheDatabaseCanBeConfirmedAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana@example.org")
		if _, err := db.Exec(t.Context(), `UPDATE practice_safety SET exit_url = 'https://elsewhere.example/'`); err != nil {
			t.Fatal(err)
		}
		got, err := st.FindSafety(t.Context(), c.PracticeID)
		if diff := gocmp.Diff(accounts.DefaultSafety(), got); diff != "" || err != nil {
			t.Errorf("changed at the database (-want +got):\n%s%v", diff, err)
		}
		front, err := st.FrontFrame(t.Context())
		if err != nil || front.ExitURL != accounts.DefaultSafety().ExitURL {
			t.Error("the login page leads to", front.ExitURL, err)
		}
		if err := st.ReviewSafety(t.Context(), c.PracticeID, c.ID, safety(), at); err != nil {
			t.Fatal(err)
		}
		if got, err = st.FindSafety(t.Context(), c.PracticeID); err != nil || got.ReviewedBy != c.ID {
			t.Error("confirmed anew:", got.ReviewedBy, err)
		}
	})
}

func TestWhatIsWrongWithTheSafetySettingsIsSaidAtItsField(t *testing.T) {
	for what, test := range map[string]struct {
		change func(*accounts.Safety)
		want   []string
	}{
		"nothing": {func(*accounts.Safety) {}, nil},
		"a cover": {func(s *accounts.Safety) {
			s.NoCover, s.CoverName, s.CoverContact = "", "Ellis Invented", "(555) 010-0143"
		}, nil},
		"nobody, and not said": {func(s *accounts.Safety) { s.NoCover = "" }, []string{"cover_name"}},
		"a cover nobody can reach": {
			func(s *accounts.Safety) { s.NoCover, s.CoverName = "", "Ellis Invented" },
			[]string{"cover_name"},
		},
		"a name that tells":       {func(s *accounts.Safety) { s.AppName = "Couples’ notes" }, []string{"app_name"}},
		"the name of the program": {func(s *accounts.Safety) { s.AppName = "MEND" }, []string{"app_name"}},
		"no name":                 {func(s *accounts.Safety) { s.AppName = "" }, []string{"app_name"}},
		"a long name": {
			func(s *accounts.Safety) { s.AppName = strings.Repeat("n", 31) },
			[]string{"app_name"},
		},
		"an exit to this machine": {func(s *accounts.Safety) { s.ExitURL = "https://localhost/" }, []string{"exit_url"}},
		"an invented region":      {func(s *accounts.Safety) { s.Region = "moon" }, []string{"region"}},
		"no lines":                {func(s *accounts.Safety) { s.Lines = nil }, []string{"line-0"}},
		"the second line has no use": {func(s *accounts.Safety) {
			s.Lines = append(s.Lines[:1:1],
				accounts.CrisisLine{For: "Help"})
		}, []string{"line-1"}},
		"an hour":    {func(s *accounts.Safety) { s.EscalateHours = 1 }, nil},
		"three days": {func(s *accounts.Safety) { s.EscalateHours = 72 }, nil},
		"no hours":   {func(s *accounts.Safety) { s.EscalateHours = 0 }, []string{"escalate_hours"}},
		"a week":     {func(s *accounts.Safety) { s.EscalateHours = 168 }, []string{"escalate_hours"}},
		"too much":   {func(s *accounts.Safety) { s.NoCover = strings.Repeat("x", 501) }, []string{"no_cover"}},
	} {
		t.Run(what, func(t *testing.T) {
			s := safety()
			test.change(&s)
			wantFaults(t, s.Validate(), test.want...)
		})
	}
}

func TestTheFrontDoorShowsTheOnlyPracticesBox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		want := accounts.DefaultSafety().PublicFrame
		front := func(when string) {
			t.Helper()
			got, err := st.FrontFrame(t.Context())
			if diff := gocmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s (-want +got):\n%s%v", when, diff, err)
			}
		}
		front("without a practice")
		c := practiceWithoutReview(t, st, "dana@example.org")
		front("before the review")
		s := safety()
		s.AppName = "Lists"
		if err := st.ReviewSafety(t.Context(), c.PracticeID, c.ID, s, at); err != nil {
			t.Fatal(err)
		}
		want = s.PublicFrame
		front("after it")
		practice(t, st, "robin@example.org")
		want = accounts.DefaultSafety().PublicFrame
		front("with two practices")
	})
}
