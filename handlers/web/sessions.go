package web

import (
	"context"

	"mend/couples"
	"mend/internal/fields"
	"mend/sessions"
	"mend/worksheets"
)

// SessionState returns the fields of a session's record, its times, and the couple's homework.
func (s *Server) SessionState(ctx context.Context, session sessions.Session,
	couple couples.Couple,
) (map[string]fields.Field, sessions.Times, []worksheets.Page, error) {
	fields, err := s.Sessions.Record(ctx, session)
	if err != nil {
		return nil, sessions.Times{}, nil, err
	}
	times, err := s.Sessions.Times(ctx, session, s.Now())
	if err != nil {
		return nil, times, nil, err
	}
	pages, err := s.Worksheets.ForCouple(ctx, couple)
	return fields, times, pages, err
}
