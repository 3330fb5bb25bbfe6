package web

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/internal/i18n"
	"mend/worksheets"
)

// SpeaksKey holds the language of an answer, where something else than the login
// decides it.
const SpeaksKey = "speaks"

// Speaks returns the language of an answer: of a partner the one that they
// chose, at a door the one that was picked there, and else the one that the
// browser asks for. Counselors read English.
func Speaks(c *gin.Context) *i18n.Language {
	if _, in := c.Get(LoginKey); !in && !RouteOf(c).Surface.IsTranslated() {
		return i18n.English
	}
	if l, ok := c.Get(SpeaksKey); ok {
		return l.(*i18n.Language)
	}
	if l, ok := c.Get(LoginKey); ok {
		return i18n.Of(l.(accounts.Login).Language)
	}
	if picked := c.Query("lang"); picked != "" {
		return i18n.Of(picked)
	}
	return i18n.Asked(c.GetHeader("Accept-Language"))
}

// detectLanguage finds out whom a page that needs no login is shown to. A page that
// does not exist is in the language of one that is hidden.
func (s *Server) detectLanguage(ctx context.Context, c *gin.Context) {
	_, known := c.Get(LoginKey)
	token, err := c.Cookie(s.CookieName())
	if known || err != nil || c.Query("lang") != "" {
		return
	}
	if l, err := s.Accounts.Peek(ctx, token, s.Now()); err == nil {
		c.Set(SpeaksKey, i18n.Of(l.Language))
	}
}

// asPicked is what the forms and links of a door carry on, so that it stays in
// the language that was picked there. Nothing of it is kept by the browser.
func asPicked(c *gin.Context) string {
	if c.Query("lang") == "" {
		return ""
	}
	return "?lang=" + Speaks(c).Tag
}

// Tell returns a sentence, by its key, in the language of the answer.
func Tell(c *gin.Context, sentence i18n.Message, args ...any) string {
	return Speaks(c).Say(sentence, args...)
}

// Date returns a time in the language of the answer.
func Date(c *gin.Context, at time.Time, layout i18n.Message) string {
	return Speaks(c).Date(at, layout)
}

// InWords puts a page in the language of its reader.
func (s *Server) InWords(c *gin.Context, p *worksheets.Page) {
	p.Worksheet = s.Worksheets.Catalogue().In(Speaks(c), p.Worksheet)
}

// ForBoth returns the language of what both partners look at together: the one
// that both chose, and English where they chose different ones. A screen in the
// language of one would leave the other out, and say aloud what that one chose.
func (s *Server) ForBoth(ctx context.Context, couple couples.Couple) (*i18n.Language, error) {
	tag, err := s.Accounts.LanguageOfBoth(ctx, couple.PracticeID, couple.Partners[0].ID, couple.Partners[1].ID)
	return i18n.Of(tag), err
}

// LanguageOf returns the language of the partner whose page it is.
func (s *Server) LanguageOf(ctx context.Context, p worksheets.Page) (*i18n.Language, error) {
	tag, err := s.Accounts.LanguageOf(ctx, p.PracticeID, p.PartnerID)
	return i18n.Of(tag), err
}

// HandTo has the answer speak to the partner whose page is filled on the
// counselor's device.
func (s *Server) HandTo(c *gin.Context, f *worksheets.OpenPage) error {
	spoken, err := s.LanguageOf(c.Request.Context(), f.Page)
	if err == nil {
		c.Set(SpeaksKey, spoken)
		s.InWords(c, &f.Page)
	}
	return err
}

// DoorOf is the door in the language of whoever holds a device that has locked.
func DoorOf(c *gin.Context) string {
	if l := Speaks(c); !l.English() {
		return "/login?lang=" + l.Tag
	}
	return "/login"
}

// SaveLanguage stores the language that a partner picked at the door.
func (s *Server) SaveLanguage(c *gin.Context, l accounts.Login) error {
	picked := c.Query("lang")
	if picked == l.Language || l.IsCounselor() || !i18n.IsOffered(picked) {
		return nil
	}
	return s.Accounts.SetLanguage(c.Request.Context(), l, picked)
}
