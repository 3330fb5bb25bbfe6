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

// SpeaksKey is the context key of the response's language, where something other than the login
// decides it.
const SpeaksKey = "speaks"

// Speaks returns the language of a response: the one a partner chose or, before sign-in, the one
// picked on the page or else requested by the browser. Counselors get English.
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
	return i18n.FromAcceptLanguage(c.GetHeader("Accept-Language"))
}

// detectLanguage sets the language of a page that needs no login to that of the person signed in. A
// page that does not exist is then in the same language as one that is hidden.
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

// pickedLanguageQuery returns the query that keeps the language picked before sign-in in forms and links. The
// browser stores none of it.
func pickedLanguageQuery(c *gin.Context) string {
	if c.Query("lang") == "" {
		return ""
	}
	return "?lang=" + Speaks(c).Tag
}

// Tell returns the sentence of a key in the response's language.
func Tell(c *gin.Context, sentence i18n.Message, args ...any) string {
	return Speaks(c).Say(sentence, args...)
}

// Date formats a time in the response's language.
func Date(c *gin.Context, at time.Time, layout i18n.Message) string {
	return Speaks(c).Date(at, layout)
}

// InWords translates a page's worksheet into the response's language.
func (s *Server) InWords(c *gin.Context, p *worksheets.Page) {
	p.Worksheet = s.Worksheets.Catalogue().In(Speaks(c), p.Worksheet)
}

// ForBoth returns the language of what both partners look at together: the one that both chose, or
// English if they differ. Using one partner's language would exclude the other and reveal that
// partner's choice.
func (s *Server) ForBoth(ctx context.Context, couple couples.Couple) (*i18n.Language, error) {
	tag, err := s.Accounts.LanguageOfBoth(ctx, couple.PracticeID, couple.Partners[0].ID, couple.Partners[1].ID)
	return i18n.Of(tag), err
}

// LanguageOf returns the language of the partner who owns the page.
func (s *Server) LanguageOf(ctx context.Context, p worksheets.Page) (*i18n.Language, error) {
	tag, err := s.Accounts.LanguageOf(ctx, p.PracticeID, p.PartnerID)
	return i18n.Of(tag), err
}

// UseLanguageOf sets the response's language to that of the partner whose page is filled in on the
// counselor's device.
func (s *Server) UseLanguageOf(c *gin.Context, f *worksheets.OpenPage) error {
	spoken, err := s.LanguageOf(c.Request.Context(), f.Page)
	if err == nil {
		c.Set(SpeaksKey, spoken)
		s.InWords(c, &f.Page)
	}
	return err
}

// SignInPath returns the sign-in page in the language of the person holding a device that has locked.
func SignInPath(c *gin.Context) string {
	if l := Speaks(c); !l.English() {
		return "/login?lang=" + l.Tag
	}
	return "/login"
}

// SaveLanguage stores the language that a partner picked before sign-in.
func (s *Server) SaveLanguage(c *gin.Context, l accounts.Login) error {
	picked := c.Query("lang")
	if picked == l.Language || l.IsCounselor() || !i18n.IsOffered(picked) {
		return nil
	}
	return s.Accounts.SetLanguage(c.Request.Context(), l, picked)
}
