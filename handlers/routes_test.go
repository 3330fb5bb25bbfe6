package handlers

import (
	"slices"
	"strings"
	"testing"

	"mend/internal/vault"
)

func TestARouteWithoutAPolicyStopsTheProgramFromStarting(t *testing.T) {
	for _, who := range []access{anyone, counselor, partner} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, "GET /somewhere") {
					t.Errorf("%s: %q", who.role, got)
				}
			}()
			declared([]route{{"GET", "/somewhere", who, nil}})
		}()
		declared([]route{{"GET", "/somewhere", who.mayRead(), nil}}) // opens nothing, and says so
	}
}

// TestWhatFacesTheCoupleOpensNothingPrivate: of the screens that both partners
// can see over the counselor's shoulder, none can open one partner's pages or
// file, whatever its handler does.
func TestWhatFacesTheCoupleOpensNothingPrivate(t *testing.T) {
	for _, r := range (&server{}).routes() {
		if r.path == "/sessions/:session/note/sign" || r.path == "/sessions/:session/note/addenda" {
			continue // compares the note with what is private, and shows none of it but the words it repeats
		}
		joint := strings.HasPrefix(r.path, "/sessions/") || r.path == "/" || r.path == "/couples" ||
			r.path == "/couples/:couple" || r.path == "/couples/:couple/record"
		for _, m := range []vault.Material{
			vault.IndividualFile, vault.PrivatePage, vault.LockedPage,
			vault.CounselorField, vault.ProcessNote,
		} {
			if joint && slices.Contains(r.who.opens, m) {
				t.Errorf("%s %s opens %s", r.method, r.path, m)
			}
			if r.who.role == partner.role && (m == vault.IndividualFile || m == vault.ProcessNote) &&
				slices.Contains(r.who.opens, m) {
				t.Errorf("%s %s, a partner's, opens %s", r.method, r.path, m)
			}
		}
	}
}
