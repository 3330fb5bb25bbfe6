package web

import (
	"errors"

	"github.com/gin-gonic/gin"

	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/pdf"
)

// DownloadSigned responds like Download with sheet signed by the practice. If the practice's
// certificate has expired, the file is unsigned and says so.
func (s *Server) DownloadSigned(c *gin.Context, name string, sheet pdf.Sheet) error {
	if err := checkExportSpace(c); err != nil {
		return err
	}
	now := s.Now()
	identity, err := s.Accounts.SigningIdentity(c.Request.Context(), LoginOf(c).PracticeID, now)
	if _, expired := errors.AsType[fault.Fields](err); expired {
		unsigned := i18n.Of(sheet.Language).Say("print.not_signed")
		sheet.Blocks = append(sheet.Blocks, pdf.Paragraph{Text: unsigned, Muted: true})
		return Download(c, name, sheet)
	}
	if err != nil {
		return err
	}
	file, err := pdf.Signed(sheet, pdf.Signing{Name: identity.Name(), At: now, Sign: identity.Sign})
	if err != nil {
		return err
	}
	return HandOut(c, name, "application/pdf", file)
}
