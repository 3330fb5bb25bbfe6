package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// TestSavingOneFieldReadsNoOther makes every other stored text unreadable in the database. A page
// that shows them fails; saving one field does not.
func TestSavingOneFieldReadsNoOther(t *testing.T) {
	for name, page := range map[string]struct {
		partner bool
		path    string // of the page
		save    string // prefix of its autosave paths
		before  url.Values
		field   string
		value   string
	}{
		"a partner's worksheet": {
			true, "/my/worksheets/{open}", "/my/worksheets/{open}/fields/",
			url.Values{"a.share": {"no"}},
			"a.moved", "A walk.",
		},
		"the counselor's form about one partner": {
			false, "/assignments/{form}/form", "/assignments/{form}/form/fields/",
			url.Values{"a.first_step": {"A call."}},
			"a.choice", "The second.",
		},
		"a joint page in a session": {
			false, "/sessions/{held}/pages/{joint}", "/sessions/{held}/pages/{joint}/fields/",
			url.Values{"a.after_a": {"Slower."}},
			"a.exit", "A taxi.",
		},
		"the record of a session": {
			false, "/sessions/{held}/run", "/sessions/{held}/fields/",
			url.Values{"v.interaction": {"They waited."}},
			"v.observation", "Seen.",
		},
		"a note": {
			false, "/sessions/{held}/note", "/sessions/{held}/note/fields/",
			url.Values{"v.plan_text": {"Go on."}},
			"v.risk_text", "None raised.",
		},
		"a note without a session": {
			false, "/notes/{note}", "/notes/{note}/fields/",
			url.Values{"v.plan": {"Go on."}},
			"v.what", "A call.",
		},
		"a note in an individual file": {
			false, "/partners/{partner}/notes/{partnernote}", "/partners/{partner}/notes/{partnernote}/fields/",
			url.Values{"v.plan": {"Go on."}},
			"v.what", "A call.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				things := w.things()
				b := w.as(w.dana)
				b.post("/assignments/"+things["joint"]+"/active", url.Values{}).want(t, 303)
				if page.partner {
					b = w.as(w.partner(1, "A"))
				}
				at := func(path string) string { return visit{path: path}.with(things).path }
				for field := range page.before {
					form := url.Values{"base": {"0"}, "key": {"first.1"}, field: page.before[field]}
					b.put(at(page.save)+field[len("a."):], form).want(t, 200)
				}
				b.get(at(page.path)).want(t, 200)
				w.by(`UPDATE fields SET sealed = ? WHERE save_key = 'first.1'`, []byte(strings.Repeat("unreadable ", 9)))
				b.get(at(page.path)).want(t, 500)
				b.put(at(page.save)+page.field[len("a."):],
					url.Values{"base": {"0"}, "key": {"second.1"}, page.field: {page.value}}).want(t, 200, `"revision":1`)
			})
		})
	}
}
