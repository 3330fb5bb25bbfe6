package handlers

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/worksheets"
)

const speaksKey = "speaks"

// inEnglish are the pages without a login that no partner sees.
var inEnglish = map[string]bool{"/setup": true, "/colleague": true, "/styleguide": true}

// speaks returns the language of an answer: of a partner the one that they
// chose, at a door the one that was picked there, and else the one that the
// browser asks for. Counselors read English.
func speaks(c *gin.Context) *i18n.Language {
	if inEnglish[c.FullPath()] {
		return i18n.English
	}
	if l, ok := c.Get(speaksKey); ok {
		return l.(*i18n.Language)
	}
	if l, ok := c.Get(loginKey); ok {
		return i18n.Of(l.(accounts.Login).Language)
	}
	if picked := c.Query("lang"); picked != "" {
		return i18n.Of(picked)
	}
	return i18n.Asked(c.GetHeader("Accept-Language"))
}

// detectLanguage finds out whom a page that needs no login is shown to. A page that
// does not exist is in the language of one that is hidden.
func (s *server) detectLanguage(ctx context.Context, c *gin.Context) {
	_, known := c.Get(loginKey)
	token, err := c.Cookie(s.cookieName())
	if known || err != nil || c.Query("lang") != "" {
		return
	}
	if l, err := s.Accounts.Peek(ctx, token, s.Now()); err == nil {
		c.Set(speaksKey, i18n.Of(l.Language))
	}
}

// asPicked is what the forms and links of a door carry on, so that it stays in
// the language that was picked there. Nothing of it is kept by the browser.
func asPicked(c *gin.Context) string {
	if c.Query("lang") == "" {
		return ""
	}
	return "?lang=" + speaks(c).Tag
}

// tell returns an English sentence in the language of the answer.
func tell(c *gin.Context, sentence string, args ...any) string {
	return speaks(c).Say(sentence, args...)
}

// date returns a time in the language of the answer.
func date(c *gin.Context, at time.Time, layout string) string { return speaks(c).Date(at, layout) }

// inWords puts a page in the language of its reader.
func (s *server) inWords(c *gin.Context, p *worksheets.Page) {
	p.Worksheet = s.Worksheets.Catalogue().In(speaks(c), p.Worksheet)
}

// forBoth returns the language of what both partners look at together: the one
// that both chose, and English where they chose different ones. A screen in the
// language of one would leave the other out, and say aloud what that one chose.
func (s *server) forBoth(ctx context.Context, couple couples.Couple) (*i18n.Language, error) {
	tag, err := s.Accounts.LanguageOfBoth(ctx, couple.PracticeID, couple.Partners[0].ID, couple.Partners[1].ID)
	return i18n.Of(tag), err
}

// languageOf returns the language of the partner whose page it is.
func (s *server) languageOf(ctx context.Context, p worksheets.Page) (*i18n.Language, error) {
	tag, err := s.Accounts.LanguageOf(ctx, p.PracticeID, p.PartnerID)
	return i18n.Of(tag), err
}

// handTo has the answer speak to the partner whose page is filled on the
// counselor's device.
func (s *server) handTo(c *gin.Context, f *worksheets.OpenPage) error {
	spoken, err := s.languageOf(c.Request.Context(), f.Page)
	if err == nil {
		c.Set(speaksKey, spoken)
		s.inWords(c, &f.Page)
	}
	return err
}

// doorOf is the door in the language of whoever holds a device that has locked.
func doorOf(c *gin.Context) string {
	if l := speaks(c); !l.English() {
		return "/login?lang=" + l.Tag
	}
	return "/login"
}

// saveLanguage stores the language that a partner picked at the door.
func (s *server) saveLanguage(c *gin.Context, l accounts.Login) error {
	picked := c.Query("lang")
	if picked == l.Language || l.IsCounselor() || !i18n.IsOffered(picked) {
		return nil
	}
	return s.Accounts.SetLanguage(c.Request.Context(), l, picked)
}

type languageForm struct {
	Language string `form:"language"`
}

// chooseLanguage stores in which language Mend speaks to a partner.
func (s *server) chooseLanguage(c *gin.Context) error {
	form, err := bind[languageForm](c)
	if err != nil {
		return err
	}
	if !i18n.IsOffered(form.Language) {
		return fault.Malformed
	}
	if err := s.Accounts.SetLanguage(c.Request.Context(), login(c), form.Language); err != nil {
		return err
	}
	return redirect(c, "/my/settings", "saved")
}
