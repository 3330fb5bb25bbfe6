package handlers

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/internal/fault"
	"mend/internal/fold"
)

// A jumpLine is a place to go to: a couple, a worksheet, a step, a command.
type jumpLine struct {
	Kind  string `json:"kind"`
	Label string `json:"label"`
	Path  string `json:"path"`
}

// mostJumps is how many places the jump box offers at once.
const mostJumps = 12

type jumpView struct {
	base
	Find, Couple string
	List         []jumpLine
}

var jumpPage = page[jumpView]("jump.html")

// jump finds where somebody wants to go: what holds every word that was typed,
// of the couple whose page it was asked on first.
func (s *server) jump(c *gin.Context) error {
	l, ctx := login(c), c.Request.Context()
	view := jumpView{base: pageBase(c, "Go to"), Find: c.Query("find"), Couple: c.Query("couple")}
	var places []jumpLine
	couple, err := s.Couples.Find(ctx, l.PracticeID, l.CounselorID, view.Couple)
	switch {
	case err == nil:
		places = s.placesOf(jumpLine{
			"Couple", couple.Partners[0].Name + " and " + couple.Partners[1].Name,
			"/couples/" + couple.ID,
		})
	case !errors.Is(err, fault.NotFound):
		return err
	}
	if view.Find != "" {
		found, err := s.Couples.Caseload(ctx, l.PracticeID, l.CounselorID, couples.Search{Words: view.Find})
		if err != nil {
			return err
		}
		for _, couple := range found.Couples {
			if couple.ID != view.Couple {
				places = append(places, jumpLine{"Couple", couple.AName + " and " + couple.BName, "/couples/" + couple.ID})
			}
		}
	}
	places = append(places, commands(l)...)
	if view.Find != "" {
		for _, d := range s.Worksheets.Catalogue().All() {
			places = append(places, jumpLine{"Worksheet", d.Title, "/library/" + d.ID})
		}
	}
	view.List = holding(places, view.Find)
	if wantsJSON(c) {
		c.JSON(http.StatusOK, view.List)
		return nil
	}
	return render(c, http.StatusOK, jumpPage, view)
}

// placesOf are the pages of a couple.
func (s *server) placesOf(couple jumpLine) []jumpLine {
	list := []jumpLine{couple}
	for _, p := range []struct{ label, path string }{
		{"Plan a session", "/sessions/new"},
		{"Prepare for the next session", "/prepare"},
		{"Assign a worksheet", "/worksheets#give"},
		{"Homework", "/worksheets"},
		{"Promises", "/promises"},
		{"Trust pulse", "/pulse"},
		{"Record and notes", "/record"},
	} {
		list = append(list, jumpLine{couple.Label, p.label, couple.Path + p.path})
	}
	for _, step := range s.stepLines(nil) {
		label := step.Name
		if step.Number != "" {
			label = fmt.Sprintf("Step %s: %s", step.Number, step.Name)
		}
		list = append(list, jumpLine{couple.Label, label, couple.Path + "/steps/" + step.ID})
	}
	return list
}

// commands are what a counselor may do from anywhere.
func commands(l accounts.Login) []jumpLine {
	list := []jumpLine{
		{"", "Today", "/"},
		{"", "Add a couple", "/couples/new"},
		{"", "All couples", "/couples"},
		{"", "Follow-ups", "/follow-ups"},
		{"", "Library of worksheets", "/library"},
		{"", "Pathways", "/library/pathways"},
		{"", "Import a worksheet", "/library/import"},
		{"", "Help", "/help"},
		{"Settings", "You", "/settings/me"},
		{"Settings", "Sign-in and devices", "/settings/security"},
	}
	if l.IsOwner() {
		list = append(list, jumpLine{"Settings", "Practice and letterhead", "/settings/practice"},
			jumpLine{"Settings", "Safety and crisis lines", "/settings/safety"},
			jumpLine{"Settings", "Colleagues", "/settings/colleagues"}, jumpLine{"Settings", "Log of who did what", "/audit"})
	}
	return list
}

// holding returns the first places that hold every word of find.
func holding(places []jumpLine, find string) []jumpLine {
	list := []jumpLine{}
	for _, p := range places {
		if len(list) < mostJumps && fold.Has(p.Kind+" "+p.Label, find) {
			list = append(list, p)
		}
	}
	return list
}
