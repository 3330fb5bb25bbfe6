package handlers

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/handlers/surface"
	"mend/handlers/web"
	"mend/internal/vault"
)

var writeSurfaces = flag.Bool("write-surfaces", false, "write testdata/surfaces.txt as the table is now")

// surfaces returns the table of all routes by surface, with who may use them and what they read.
func surfaces() string {
	var b strings.Builder
	for _, on := range surface.All {
		fmt.Fprintf(&b, "%s\n", strings.ToUpper(string(on)))
		var lines []string
		for _, r := range routes(web.NewServer(web.Site{})) {
			if r.Surface != on {
				continue
			}
			var opens []string
			for _, m := range r.Who.Opens {
				opens = append(opens, string(m))
			}
			lines = append(lines, strings.TrimRight(fmt.Sprintf("  %-10s %-4s %-55s %s", r.Who.Role, r.Method, r.Path,
				strings.Join(slices.Compact(opens), ", ")), " "))
		}
		slices.Sort(lines)
		b.WriteString(strings.Join(lines, "\n") + "\n\n")
	}
	return b.String()
}

// TestWhatMayFaceACoupleIsWrittenDown compares the table of surfaces with the reviewed one, so that
// nobody changes it unknowingly.
func TestWhatMayFaceACoupleIsWrittenDown(t *testing.T) {
	const file = "testdata/surfaces.txt"
	now := surfaces()
	if *writeSurfaces {
		if err := os.WriteFile(file, []byte(now), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	known, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(known), now); diff != "" {
		t.Errorf("read the change, then write it with -write-surfaces:\n%s", diff)
	}
}

// TestASurfaceOpensOnlyWhatMayBeSeenThere: surfaces that both partners may see read nothing private
// to one partner, and each surface is limited to certain roles.
func TestASurfaceOpensOnlyWhatMayBeSeenThere(t *testing.T) {
	private := []vault.Material{
		vault.IndividualFile, vault.PrivatePage, vault.LockedPage, vault.CounselorField,
	}
	closed := map[surface.Surface][]vault.Material{
		surface.Screen: append([]vault.Material{vault.Name, vault.Contact, vault.Breach, vault.Note, vault.JointRecord},
			private...),
		surface.Live:   private,
		surface.Public: {vault.Note, vault.JointRecord, vault.IndividualFile},
		surface.Portal: {vault.Note, vault.JointRecord, vault.IndividualFile},
	}
	roles := map[surface.Surface][]string{
		surface.Public: {web.Anyone.Role, web.Somebody.Role}, surface.Screen: {web.Anyone.Role},
		surface.Portal: {web.Partner.Role}, surface.Handover: {web.Counselor.Role},
		surface.Live: {web.Counselor.Role, web.Owner.Role, web.Staff.Role},
		surface.Staff: {
			web.Counselor.Role, web.Owner.Role, web.Staff.Role, web.Supervisor.Role, web.FrontDesk.Role, web.Anyone.Role,
		},
	}
	// Signing compares the note with private texts, and shows only the words that it repeats; the
	// joint pulse shows trends once both have agreed.
	allowed := []string{"/sessions/:session/note/sign", "/sessions/:session/note/addenda", "/couples/:couple/pulse/joint"}
	gives := "/couples/:couple/worksheets" // assigns a form in an individual file, but shows nothing of it
	for _, r := range routes(web.NewServer(web.Site{})) {
		if !slices.Contains(roles[r.Surface], r.Who.Role) {
			t.Errorf("%s %s is for %s, on %s", r.Method, r.Path, r.Who.Role, r.Surface)
		}
		if slices.Contains(allowed, r.Path) || r.Path == gives && r.Method == "POST" {
			continue
		}
		for _, m := range closed[r.Surface] {
			mine := r.Path == "/exit" || r.Surface == surface.Portal
			if slices.Contains(r.Who.Opens, m) && !mine {
				t.Errorf("%s %s, on %s, opens %s", r.Method, r.Path, r.Surface, m)
			}
		}
	}
}
