package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"mend/demo"
)

// namesOfPeople lists how some partners of the demo are addressed.
var namesOfPeople = []string{"Robin", "Sasha", "Kit", "Noor"}

func TestWithNamesHiddenNoListNamesAnybody(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.things()
		dana, drew, sam := w.as(w.dana), w.as(w.drew), w.as(w.sam)
		lists := []struct {
			who   *browser
			paths []string
		}{
			{dana, []string{"/", "/couples", "/calendar?view=month", "/follow-ups", "/jump?find=robin"}},
			{drew, []string{"/front-desk?view=month", "/front-desk/couples"}},
			{sam, []string{"/supervision"}},
		}
		for _, l := range lists {
			named := 0
			for _, path := range l.paths {
				page := l.who.get(path).want(t, 200)
				for _, name := range namesOfPeople {
					if strings.Contains(page.body, name) {
						named++
					}
				}
			}
			if named == 0 {
				t.Errorf("%v name nobody at any time", l.paths)
			}
			l.who.post("/hide-names", nil).want(t, 303)
			for _, path := range l.paths {
				l.who.get(path).want(t, 200).never(t, namesOfPeople...)
			}
			l.who.post("/hide-names", nil).want(t, 303)
		}
		dana.get("/couples").want(t, 200, "Kit Larkspur and Noor Meadowsweet")
	})
}

func TestWhileASessionRunsListsNameNobody(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		dana.get("/").want(t, 200, "Kit")
		dana.post("/sessions/"+things["planned"]+"/start", nil).want(t, 303)
		w.now = w.now.Add(time.Minute)
		dana.post("/reauthenticate", url.Values{"password": {demo.Password}, "then": {"/"}})
		for _, path := range []string{"/", "/couples", "/calendar?view=month", "/follow-ups"} {
			dana.get(path).want(t, 200).never(t, namesOfPeople...)
		}
	})
}
