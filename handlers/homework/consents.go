package homework

import (
	"slices"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/couples/consents"
	"mend/handlers/web"
	"mend/internal/i18n"
	"mend/internal/pdf"
)

// A ConsentLine is a consent form that a partner was given, in a list.
type ConsentLine struct {
	ID, Title string
	Version   int
	State     consents.State
	When      string // the newest answer, or when it was given
	Language  string // in which it was signed, "" if it was not
}

// ConsentLines are consents as they are listed.
func ConsentLines(c *gin.Context, list []consents.Consent) []ConsentLine {
	var lines []ConsentLine
	for _, consent := range list {
		words, tag := consent.Read(web.Speaks(c))
		line := ConsentLine{
			ID: consent.ID, Title: words.Title, Version: consent.Version.Number, State: consent.State(),
			When: web.Date(c, consent.Day(web.LoginOf(c).Zone()), "January 2, 2006"),
		}
		if _, signed := consent.Signature(); signed {
			line.Language = i18n.Of(tag).Name
		}
		lines = append(lines, line)
	}
	return lines
}

// ConsentSheet is a consent as it is printed, in the language in which it was read.
func (s *Server) ConsentSheet(c *gin.Context, consent consents.Consent) (pdf.Sheet, error) {
	practice, err := s.Accounts.FindPractice(c.Request.Context(), web.LoginOf(c).PracticeID)
	if err != nil {
		return pdf.Sheet{}, err
	}
	return consent.Sheet(consents.Paper{
		Letterhead: practice.Lines(), Letter: practice.Paper == "Letter", Language: web.Speaks(c),
	}), nil
}

// PolicySheet is the privacy policy as a partner signed it, as it is printed.
func (s *Server) PolicySheet(c *gin.Context, signed couples.SignedPolicy) (pdf.Sheet, error) {
	tag := i18n.English.Tag
	if signed.Wording != couples.InEnglish {
		tag = i18n.Spanish.Tag
	}
	words := consents.Version{Title: signed.Title, Text: signed.Text, Number: signed.Version}
	if tag == i18n.Spanish.Tag {
		words.TitleES, words.TextES = signed.Title, signed.Text
	}
	return s.ConsentSheet(c, consents.Consent{
		Version: words, GivenAt: signed.SignedAt,
		Answers: []consents.Answer{{
			Answer: consents.Signed, Language: tag, Name: signed.Name, Zone: web.LoginOf(c).Zone().String(),
			AnsweredAt: signed.SignedAt,
		}},
	})
}

// OpenConsents are those that wait for the partner.
func OpenConsents(list []consents.Consent) []consents.Consent {
	return slices.DeleteFunc(slices.Clone(list), func(c consents.Consent) bool { return c.State() != consents.Open })
}
