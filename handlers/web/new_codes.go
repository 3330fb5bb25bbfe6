package web

import (
	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// PasskeyForCode returns the challenge that a passkey must sign to use a code during its waiting
// period. It is "" unless the waiting period is what a form failed on and the code's owner has a
// passkey.
func (s *Server) PasskeyForCode(c *gin.Context, code string, problems fault.Fields) (string, error) {
	if problems["proof"] == "" {
		return "", nil
	}
	options, err := s.Accounts.ChallengeInvitation(c.Request.Context(), s.Party, code, s.Now())
	return string(options), err
}

// A NewCodeLine is a code that was created for a sign-in already in use.
type NewCodeLine struct {
	Who, State  i18n.Message
	When, Opens string
	For         string // whose account it is for, if it is another's: the id
}

// NewCodes returns the codes for the person signed in and, for a counselor, also those they created
// for partners and colleagues.
func (s *Server) NewCodes(c *gin.Context) ([]NewCodeLine, error) {
	ctx, l := c.Request.Context(), LoginOf(c)
	list, err := s.Accounts.NewCodes(ctx, l.PracticeID, l.Person(), s.Now())
	if err != nil || len(list) == 0 {
		return nil, err
	}
	people, err := s.Accounts.Names(ctx, l.PracticeID)
	if err != nil {
		return nil, err
	}
	var lines []NewCodeLine
	for _, code := range list {
		line := NewCodeLine{
			Who: makerOf(code, people), State: code.State(s.Now()),
			When:  Date(c, code.MadeAt.In(l.Zone()), "date.day_time_zone"),
			Opens: Date(c, code.OpensAt.In(l.Zone()), "date.day_time_zone"),
		}
		if code.For != l.Person() {
			line.For = code.For
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// makerOf returns who created a code, by name if known.
func makerOf(code accounts.NewCode, people []accounts.Counselor) i18n.Message {
	if name := NameOf(people, code.MadeBy); name != "" {
		return i18n.Message(name)
	}
	return "new_code.someone"
}
