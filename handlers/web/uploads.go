package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/internal/fault"
)

// Uploaded returns the file that a multipart/form-data form sent in a field, or nil if there is
// none. Of a file larger than most it returns most+1 bytes; the rest is read and discarded.
func Uploaded(c *gin.Context, field string, most int64) ([]byte, error) {
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return nil, nil // the form is not multipart, so it has no file
	}
	var file []byte
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return file, nil
		}
		if err == nil && part.FormName() == field {
			file, err = io.ReadAll(io.LimitReader(part, most+1))
		}
		if err == nil {
			_, err = io.Copy(io.Discard, part)
		}
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return nil, fault.TooLarge
		}
		if err != nil {
			return nil, fmt.Errorf("upload: %w", fault.Malformed)
		}
	}
}
