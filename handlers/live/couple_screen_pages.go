package live

import (
	"context"
	"errors"
	"slices"
	"strings"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/i18n"
	"mend/sessions"
	"mend/worksheets"
)

// sideBySide returns the choice of worksheets, released by both partners, that the couple's screen
// can show. Without any it has no options.
func sideBySide(pages []worksheets.Page, shown fields.Field) web.RadioField {
	released := map[string][]couples.Side{}
	options := []web.Radio{{Value: "", Label: "Nothing"}}
	for _, p := range pages {
		id := p.Assignment.Worksheet
		if !p.Released() || slices.Contains(released[id], p.Side) {
			continue
		}
		if released[id] = append(released[id], p.Side); len(released[id]) == 2 {
			options = append(options, web.Radio{Value: id, Label: p.Worksheet.Title})
		}
	}
	if len(options) == 1 {
		options = nil
	}
	return web.Radios("show", "Side by side on the couple’s screen", shown, options)
}

// releasedPages returns the answers to a worksheet that both released, for the couple's screen, or
// nil if they cannot be shown.
func (s *Server) releasedPages(ctx context.Context, couple couples.Couple, worksheet string,
	spoken *i18n.Language,
) (*sessions.ScreenPages, error) {
	if worksheet == "" {
		return nil, nil
	}
	both, err := s.Worksheets.SideBySide(ctx, couple, worksheet)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i, r := range both {
		both[i].Worksheet = s.Worksheets.Catalogue().In(spoken, r.Worksheet)
	}
	shown := &sessions.ScreenPages{
		Title: both[0].Worksheet.Title, Left: couple.Partners[0].AddressAs, Right: couple.Partners[1].AddressAs,
		Answers: []string{both[0].Answer.ID, both[1].Answer.ID},
	}
	for _, row := range worksheets.Align(both[0], both[1]) {
		shown.Rows = append(shown.Rows,
			sessions.ScreenRow{Label: row.Label, Left: row.Left, Right: row.Right, Same: row.Same})
	}
	return shown, nil
}

// stillReleased removes pages from a screen if sharing was revoked since they were put on it. It is
// checked each time the screen is read.
func (s *Server) stillReleased(ctx context.Context, screen *sessions.Screen) error {
	if screen.Pages == nil {
		return nil
	}
	ok, err := s.Worksheets.StillReleased(ctx, screen.Practice, screen.Pages.Answers)
	if !ok {
		screen.Pages = nil
	}
	return err
}

// pagesOn returns the ids of the pages that a screen shows, "" for none.
func pagesOn(screen sessions.Screen) string {
	if screen.Pages == nil {
		return ""
	}
	return strings.Join(screen.Pages.Answers, " ")
}
