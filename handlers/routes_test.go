package handlers

import (
	"slices"
	"strings"
	"testing"

	"mend/handlers/surface"
	"mend/handlers/web"
	"mend/internal/vault"
)

func TestARouteWithoutAPolicyStopsTheProgramFromStarting(t *testing.T) {
	for _, who := range []web.Access{web.Anyone, web.Counselor, web.Partner} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, "GET /somewhere") {
					t.Errorf("%s: %q", who.Role, got)
				}
			}()
			web.Declared([]web.Route{web.Get("/somewhere", surface.Staff, who, nil)})
		}()
		web.Declared([]web.Route{web.Get("/somewhere", surface.Staff, who.MayRead(), nil)}) // opens nothing, and says so
	}
}

// TestWhatFacesTheCoupleOpensNothingPrivate: of the screens that both partners
// can see over the counselor's shoulder, none can open one partner's pages or
// file, whatever its handler does.
func TestWhatFacesTheCoupleOpensNothingPrivate(t *testing.T) {
	for _, r := range routesOf(web.Site{}) {
		if r.Path == "/sessions/:session/note/sign" || r.Path == "/sessions/:session/note/addenda" {
			continue // compares the note with what is private, and shows none of it but the words it repeats
		}
		joint := strings.HasPrefix(r.Path, "/sessions/") || r.Path == "/" || r.Path == "/couples" ||
			r.Path == "/couples/:couple" || r.Path == "/couples/:couple/record"
		for _, m := range []vault.Material{
			vault.IndividualFile, vault.PrivatePage, vault.LockedPage,
			vault.CounselorField,
		} {
			if joint && slices.Contains(r.Who.Opens, m) {
				t.Errorf("%s %s opens %s", r.Method, r.Path, m)
			}
			if r.Who.Role == web.Partner.Role && m == vault.IndividualFile && slices.Contains(r.Who.Opens, m) {
				t.Errorf("%s %s, a partner's, opens %s", r.Method, r.Path, m)
			}
		}
	}
}

// routesOf is the table of a site, in an order in which a practice's day goes:
// sessions before homework is opened, read and closed.
func routesOf(site web.Site) []web.Route {
	list := routes(web.NewServer(site))
	late := []string{"/assignments", "/library", "/settings", "/my"}
	slices.SortStableFunc(list, func(a, b web.Route) int { return placeIn(late, a) - placeIn(late, b) })
	return list
}

// placeIn is the number of the prefix that a route has, -1 for none.
func placeIn(prefixes []string, r web.Route) int {
	return slices.IndexFunc(prefixes, func(p string) bool { return strings.HasPrefix(r.Path, p) })
}
