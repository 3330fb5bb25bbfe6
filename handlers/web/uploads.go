package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/internal/fault"
)

// Uploaded returns the file that a form of the type multipart/form-data sent in a field, none
// if there is no such file. Of a file larger than most it returns one byte more than that:
// the rest is read and dropped.
func Uploaded(c *gin.Context, field string, most int64) ([]byte, error) {
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return nil, nil // a form without a file
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
