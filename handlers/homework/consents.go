package homework

import (
	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/couples/consents"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// A ConsentLine is an entry in a list of the consent forms given to a partner.
type ConsentLine struct {
	ID, Title string
	Version   int
	State     consents.State
	When      string // of the newest answer, or when it was given
	Language  string // in which it was signed, named in English for staff; "" if unsigned
}

// ConsentLines returns consents as entries of a list.
func ConsentLines(c *gin.Context, list []consents.Consent) []ConsentLine {
	var lines []ConsentLine
	for _, consent := range list {
		words, tag := consent.Read(web.Speaks(c))
		line := ConsentLine{
			ID: consent.ID, Title: words.Title, Version: consent.Version.Number, State: consent.State(),
			When: web.Date(c, consent.Day(web.LoginOf(c).Zone()), "date.day"),
		}
		if _, signed := consent.Signature(); signed {
			line.Language = map[string]string{i18n.English.Tag: "English", i18n.Spanish.Tag: "Spanish"}[tag]
		}
		lines = append(lines, line)
	}
	return lines
}

// DownloadConsent sends a partner's form with their answer, in the language in which they read it.
func (s *Server) DownloadConsent(c *gin.Context, couple couples.Couple, p couples.Partner, id string) error {
	consent, err := s.Consents.Find(c.Request.Context(), couple, p, id)
	if err == nil && consent.State() == consents.Canceled {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	words, tag := consent.Read(web.Speaks(c))
	return s.downloadForm(c, words, tag, consent.Answers)
}

// DownloadPolicy sends the privacy policy as a partner signed it.
func (s *Server) DownloadPolicy(c *gin.Context, couple couples.Couple, p couples.Partner) error {
	signed, ok, err := s.Couples.SignedPolicy(c.Request.Context(), couple, p)
	if err == nil && !ok {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	tag := i18n.Spanish.Tag
	if signed.Wording == couples.InEnglish {
		tag = i18n.English.Tag
	}
	return s.downloadForm(c, consents.Wording{Title: signed.Title, Text: signed.Text}, tag, []consents.Answer{{
		Answer: consents.Signed, Name: signed.Name, Zone: web.LoginOf(c).Zone().String(), AnsweredAt: signed.SignedAt,
	}})
}

func (s *Server) downloadForm(c *gin.Context, words consents.Wording, tag string, answers []consents.Answer) error {
	practice, err := s.Accounts.FindPractice(c.Request.Context(), web.LoginOf(c).PracticeID)
	if err != nil {
		return err
	}
	paper := consents.PrintSetup{Letterhead: practice.Lines(), Letter: practice.Paper == "Letter"}
	return s.DownloadSigned(c, "form.pdf", words.Sheet(tag, answers, paper))
}
