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
		web.Declared([]web.Route{web.Get("/somewhere", surface.Staff, who.MayRead(), nil)}) // no materials
	}
}

// TestWhatFacesTheCoupleOpensNothingPrivate: pages of the counselor that both partners can see
// cannot read one partner's pages or file, whatever their handlers do.
func TestWhatFacesTheCoupleOpensNothingPrivate(t *testing.T) {
	for _, r := range routesOf(web.Site{}) {
		if r.Path == "/sessions/:session/note/sign" || r.Path == "/sessions/:session/note/addenda" {
			continue // compares the note with private texts, and shows only the words it repeats
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

// routesOf returns the routes in the order of a practice's day: sessions before homework is opened,
// read and closed.
func routesOf(site web.Site) []web.Route {
	list := routes(web.NewServer(site))
	late := []string{"/assignments", "/library", "/settings", "/my"}
	slices.SortStableFunc(list, func(a, b web.Route) int { return placeIn(late, a) - placeIn(late, b) })
	return list
}

// placeIn returns the index of the prefix that a route has, or -1.
func placeIn(prefixes []string, r web.Route) int {
	return slices.IndexFunc(prefixes, func(p string) bool { return strings.HasPrefix(r.Path, p) })
}
