package homework

import (
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
	"mend/internal/fault"
	"mend/worksheets"
)

// ReadWhole reads a page that is submitted whole, without autosave.
func (s *Server) ReadWhole(c *gin.Context,
	f worksheets.OpenPage,
) (answers map[string]worksheets.Value, key string, problems fault.Fields, err error) {
	got, err := web.Values(c)
	if err != nil {
		return nil, "", nil, err
	}
	for name := range got {
		if !strings.HasPrefix(name, "a.") && name != "key" && name != "seen" && name != "do" {
			return nil, "", nil, fault.Malformed
		}
	}
	if _, err := strconv.Atoi(got.Get("seen")); err != nil || got.Get("key") == "" ||
		len(f.Page.Worksheet.Unknown(got)) > 0 {
		return nil, "", nil, fault.Malformed
	}
	answers, problems = ReadAnswers(f, got)
	return answers, got.Get("key"), problems, nil
}
