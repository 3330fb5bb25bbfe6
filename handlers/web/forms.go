package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gin-gonic/gin/binding"

	"mend/internal/fault"
)

// Values returns the form in the body. Gin's own binding would also read fields from the URL.
func Values(c *gin.Context) (url.Values, error) {
	err := c.Request.ParseForm()
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, fault.TooLarge
	}
	kind, _, _ := strings.Cut(c.GetHeader("Content-Type"), ";")
	if err != nil || c.Request.ContentLength != 0 && kind != "application/x-www-form-urlencoded" {
		return nil, fmt.Errorf("form: %w", fault.Malformed)
	}
	if err := checkSingle(c.Request.PostForm); err != nil {
		return nil, err
	}
	bindKey(c)
	return c.Request.PostForm, nil
}

// bindKey appends a hash of the form's content to its idempotency key. A second press of the button
// sends the same content; going back in the browser and sending changed content with the same key
// is a new request. Credentials are not part of the content.
func bindKey(c *gin.Context) {
	form := c.Request.PostForm
	if c.Request.Method != http.MethodPost || form.Get("key") == "" || c.GetBool(boundKey) {
		return
	}
	key, _, _ := strings.Cut(form.Get("key"), "~") // without the hash of an earlier attempt
	form.Set("key", key)
	said := maps.Clone(form)
	delete(said, "password")
	delete(said, "passkey")
	sum := sha256.Sum256([]byte(c.Request.URL.Path + "\x00" + said.Encode()))
	form.Set("key", key+"~"+hex.EncodeToString(sum[:8]))
	c.Set(boundKey, true)
}

// boundKey marks a request whose key already has its hash.
const boundKey = "key is bound"

// Bind reads the body's form into the `form` tags of T. A field unknown to T, or a single field
// that is given twice, is fault.Malformed. Validating values is left to the domain packages.
func Bind[T any](c *gin.Context) (T, error) {
	var form T
	got, err := Values(c)
	if err != nil {
		return form, err
	}
	known := reflect.TypeFor[T]()
	for name, list := range got {
		field, ok := fieldFor(known, name)
		if !ok || len(list) > 1 && field.Type.Kind() != reflect.Slice {
			return form, fmt.Errorf("form field: %w", fault.Malformed)
		}
	}
	if err := binding.MapFormWithTag(&form, got, "form"); err != nil {
		return form, fmt.Errorf("form: %w", fault.Malformed)
	}
	return form, nil
}

// TakeField removes a field from the body's form and returns it, so that Bind does not see it. A field
// that is given twice is fault.Malformed.
func TakeField(c *gin.Context, name string) (string, error) {
	got, err := Values(c)
	if err != nil {
		return "", err
	}
	list := got[name]
	if len(list) > 1 {
		return "", fmt.Errorf("form field: %w", fault.Malformed)
	}
	delete(got, name)
	return strings.Join(list, ""), nil
}

// single lists the fields, common to all forms, that name the action, its base and the form's key.
// Giving one twice would be ambiguous.
var single = []string{"do", "seen", "key", "base", "then"}

// checkSingle returns fault.Malformed if any of these fields is given twice.
func checkSingle(got url.Values) error {
	for _, name := range single {
		if len(got[name]) > 1 {
			return fmt.Errorf("form field %s: %w", name, fault.Malformed)
		}
	}
	return nil
}

func fieldFor(t reflect.Type, name string) (reflect.StructField, bool) {
	fields := reflect.VisibleFields(t)
	i := slices.IndexFunc(fields, func(f reflect.StructField) bool { return f.Tag.Get("form") == name })
	if i < 0 {
		return reflect.StructField{}, false
	}
	return fields[i], true
}

// Prefixed returns the form's fields that start with prefix, with the prefix removed. Repeated
// values are joined with commas. A field that has neither the prefix nor a name in others is
// fault.Malformed.
func Prefixed(got url.Values, prefix string, others ...string) (map[string]string, error) {
	found := map[string]string{}
	for name, list := range got {
		if field, ok := strings.CutPrefix(name, prefix); ok {
			list = slices.DeleteFunc(slices.Clone(list), func(v string) bool { return v == "" })
			found[field] = strings.ReplaceAll(strings.Join(list, ","), "\r\n", "\n")
			continue
		}
		if !slices.Contains(others, name) || len(list) > 1 {
			return nil, fmt.Errorf("form field: %w", fault.Malformed)
		}
	}
	return found, nil
}
