package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mend/internal/fault"
	"mend/internal/typed"
)

// readEdit takes from the body of a PUT what is saved of one field: base, the
// revision it was based on, and key. The value stands beside them.
func (s *server) readEdit(c *gin.Context) (typed.Edit, map[string][]string, error) {
	got, err := values(c)
	if err != nil {
		return typed.Edit{}, nil, err
	}
	base, err := strconv.Atoi(got.Get("base"))
	if err != nil || len(got["base"]) != 1 || len(got["key"]) != 1 || base < 0 {
		return typed.Edit{}, nil, fault.Malformed
	}
	e := typed.Edit{Field: c.Param("field"), Base: base, Key: got.Get("key"), At: s.Now()}
	got.Del("base")
	got.Del("key")
	return e, got, nil
}

// readValue is readEdit for a field whose value is plain text, named v.FIELD.
func (s *server) readValue(c *gin.Context) (typed.Edit, error) {
	e, got, err := s.readEdit(c)
	if err != nil {
		return e, err
	}
	value, err := prefixed(got, "v.")
	if _, ok := value[e.Field]; err != nil || !ok || len(value) != 1 {
		return e, fault.Malformed
	}
	e.Value = value[e.Field]
	return e, nil
}

// saved answers a PUT of one field: with the new revision, with the other text
// after a clash, or with what is wrong. theirs turns a saved value into words.
func saved(c *gin.Context, f typed.Field, err error, zone *time.Location, theirs func(value string) string) error {
	if clash, ok := errors.AsType[typed.Clash](err); ok {
		if err := recordOpened(c); err != nil {
			return err
		}
		c.JSON(http.StatusConflict, gin.H{"revision": clash.Theirs.Revision, "theirs": theirs(clash.Theirs.Value),
			"problem": tell(c, "This was changed in another window.")})
		return nil
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		for _, problem := range problems {
			c.JSON(http.StatusUnprocessableEntity, gin.H{"problem": tell(c, problem)})
			return nil
		}
	}
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"revision": f.Revision, "saved_at": date(c, f.SavedAt.In(zone), "3:04 PM")})
	return nil
}

func asIs(value string) string { return value }
