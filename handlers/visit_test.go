package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func (v visit) with(things map[string]string) visit {
	for name, value := range things {
		v.path = strings.ReplaceAll(v.path, "{"+name+"}", value)
	}
	form := url.Values{}
	for key, list := range v.form {
		for _, item := range list {
			for name, value := range things {
				item = strings.ReplaceAll(item, "{"+name+"}", value)
			}
			form.Add(key, item)
		}
	}
	if v.form != nil {
		v.form = form
	}
	return v
}

func (v visit) call(b *browser, name string) answer {
	method, _, _ := strings.Cut(name, " ")
	if method == "PUT" {
		return b.put(v.path, v.form)
	}
	return b.send(method, v.path, v.form)
}

func (v visit) answers(t *testing.T, name string, b *browser) {
	t.Helper()
	if a := v.call(b, name); a.status != v.want {
		t.Errorf("%s %s: got %d %s, want %d: %.300s", name, v.path, a.status, a.location(), v.want, stripTags(a.body))
	}
}

func (v visit) signedOut(t *testing.T, name string, b *browser) {
	t.Helper()
	a := v.call(b, name)
	if strings.HasPrefix(name, "PUT") && a.status == http.StatusUnauthorized {
		return
	}
	if a.status != http.StatusSeeOther || a.location() != "/login" {
		t.Errorf("%s signed out: got %d %s", name, a.status, a.location())
	}
}

func (v visit) hidden(t *testing.T, name string, browsers ...*browser) {
	t.Helper()
	for _, b := range browsers {
		a := v.call(b, name)
		path := "/no/such/page"
		for _, handover := range []string{"/handover", "/handed"} {
			if strings.HasSuffix(name, handover) { // on a handed-over device, without a frame
				path = "/assignments/nothing" + handover
			}
		}
		nowhere := b.send(strings.Fields(name)[0], path, v.form, "Accept",
			map[bool]string{true: "application/json"}[strings.HasPrefix(name, "PUT")])
		if a.status != http.StatusNotFound || a.body != nowhere.body {
			t.Errorf("%s %s: got %d %s, want the same 404 as anywhere: %.200s", name, v.path, a.status,
				a.location(), stripTags(a.body))
		}
	}
}
