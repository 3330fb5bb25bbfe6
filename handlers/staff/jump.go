package staff

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/fold"
)

// A JumpLine is a destination: a couple, a worksheet, a step or a command.
type JumpLine struct {
	Kind  string `json:"kind"`
	Label string `json:"label"`
	Path  string `json:"path"`
}

// mostJumps is the number of destinations that the jump box offers at once.
const mostJumps = 12

type jumpView struct {
	web.Base
	Find, Couple string
	List         []JumpLine
}

var jumpPage = web.NewPage[jumpView]("staff/jump.html")

// jump returns the destinations that match every word typed. Those of the couple whose page is open
// come first.
func (s *Server) jump(c *gin.Context) error {
	l, ctx := web.LoginOf(c), c.Request.Context()
	view := jumpView{Base: web.PageBase(c, "Go to"), Find: c.Query("find"), Couple: c.Query("couple")}
	var places []JumpLine
	couple, err := s.Couples.Find(ctx, l.PracticeID, l.CounselorID, view.Couple)
	switch {
	case err == nil:
		places = s.placesOf(JumpLine{
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
				places = append(
					places,
					JumpLine{"Couple", web.NamesOf(c, couple.RecordNo, couple.Names()), "/couples/" + couple.ID},
				)
			}
		}
	}
	places = append(places, commands(l)...)
	if view.Find != "" {
		for _, d := range s.Worksheets.Catalogue().All() {
			places = append(places, JumpLine{"Worksheet", d.Title, "/library/" + d.ID})
		}
	}
	view.List = matchingJumps(places, view.Find)
	if web.WantsJSON(c) {
		c.JSON(http.StatusOK, view.List)
		return nil
	}
	return web.Render(c, http.StatusOK, jumpPage, view)
}

// placesOf returns the pages of a couple.
func (s *Server) placesOf(couple JumpLine) []JumpLine {
	list := []JumpLine{couple}
	for _, p := range []struct{ label, path string }{
		{"Plan a session", "/sessions/new"},
		{"Prepare for the next session", "/prepare"},
		{"Assign a worksheet", "/worksheets#give"},
		{"Homework", "/worksheets"},
		{"Treatment plan", "/treatment-plan"},
		{"Promises", "/promises"},
		{"Trust pulse", "/pulse"},
		{"Record and notes", "/record"},
	} {
		list = append(list, JumpLine{couple.Label, p.label, couple.Path + p.path})
	}
	for _, step := range s.StepLines(nil) {
		label := step.Name
		if step.Number != "" {
			label = fmt.Sprintf("Step %s: %s", step.Number, step.Name)
		}
		list = append(list, JumpLine{couple.Label, label, couple.Path + "/steps/" + step.ID})
	}
	return list
}

// commands returns the pages that a counselor can open from anywhere.
func commands(l accounts.Login) []JumpLine {
	list := []JumpLine{
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
		list = append(
			list,
			JumpLine{"Settings", "Practice and letterhead", "/settings/practice"},
			JumpLine{"Settings", "Safety and crisis lines", "/settings/safety"},
			JumpLine{
				"Settings",
				"Colleagues",
				"/settings/colleagues",
			},
			JumpLine{"Settings", "Log of who did what", "/audit"},
		)
	}
	return list
}

// matchingJumps returns the first mostJumps places that contain every word of find.
func matchingJumps(places []JumpLine, find string) []JumpLine {
	list := []JumpLine{}
	for _, p := range places {
		if len(list) < mostJumps && fold.Has(p.Kind+" "+p.Label, find) {
			list = append(list, p)
		}
	}
	return list
}
