package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/i18n/i18ntest"
)

// clipped lists the visible elements whose own text is cut off, overflows, or is covered.
const clipped = `[...document.querySelectorAll("body *")].filter(e => {
	const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()), style = getComputedStyle(e);
	if (!own || !e.checkVisibility() || e.closest("svg, .hide, select, textarea, template") || !e.clientWidth) return false;
	const wide = e.scrollWidth > e.clientWidth + 1, cut = /hidden|clip/;
	const tall = cut.test(style.overflowY) && e.scrollHeight > e.clientHeight + 1;
	return wide || tall || outside(e, cut) || covered(e);
}).map(e => e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 50)).slice(0, 6).join(" | ")`

// outside reports whether an ancestor with hidden overflow cuts off part of e's text; covered,
// whether another element covers the visible end of one of its lines.
const outside = `const outside = (e, cut) => {
	const range = document.createRange();
	range.selectNodeContents(e);
	const text = range.getBoundingClientRect();
	for (let a = e; a; a = a.parentElement) {
		const style = getComputedStyle(a), box = a.getBoundingClientRect();
		if (cut.test(style.overflowX) && (text.right > box.right + 1 || text.left < box.left - 1)) return true;
		if (/auto|scroll/.test(style.overflowX)) return false;
	}
	return text.right > document.documentElement.clientWidth + 1 || text.left < -1;
};
const covered = e => {
	const range = document.createRange();
	range.selectNodeContents(e);
	return [...range.getClientRects()].some(line => {
		const hit = document.elementFromPoint(line.right - 2, (line.top + line.bottom) / 2);
		return hit && !e.contains(hit) && !hit.contains(e);
	});
};`

// TestNothingThatAPartnerReadsIsCutOffInALongerLanguage visits partners' pages and the pages before
// sign-in in a language in which every sentence is 40 % longer.
func TestNothingThatAPartnerReadsIsCutOffInALongerLanguage(t *testing.T) {
	dbtest.Thorough(t)
	data := t.TempDir()
	lang := i18ntest.Pseudo().Tag
	url, people := startDemo(t, "-data", data)
	db, err := database.Open(t.Context(), filepath.Join(data, "mend.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(t.Context(), `UPDATE sign_ins SET language = ?`, lang); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	for name, person := range map[string]int{"door": -1, "kit": 4, "alex": 6, "morgan": 8} {
		w := &walk{window: openWindow(t, browse(t), url, "long-"+name, 390, 844), seen: map[string]int{}}
		if w.queue = []string{"/my"}; person < 0 {
			w.queue = []string{"/login?lang=" + lang, "/join?lang=" + lang, "/room?lang=" + lang, "/about?lang=" + lang}
			w.open("/about")
		} else {
			w.signIn(people[person])
		}
		for i := 0; i < len(w.queue); i++ {
			w.inLong(w.queue[i])
			kinds[kindOf(w.queue[i])] = true
		}
	}
	if len(kinds) < 12 {
		t.Errorf("only %d kinds of pages", len(kinds))
	}
}

// inLong checks a page in the longer language at two phone sizes, and queues its links.
func (w *walk) inLong(path string) {
	w.t.Helper()
	html := w.page(path)
	if html == "" {
		return
	}
	for _, found := range link.FindAllStringSubmatch(html, -1) {
		if strings.HasPrefix(found[1], "/my") {
			w.add(strings.ReplaceAll(found[1], "&amp;", "&"))
		}
	}
	w.open(path)
	if !strings.Contains(w.ask(`document.body.innerText`), "⟦") {
		w.t.Errorf("%s is not in the longer language", path)
	}
	for _, width := range []int64{390, 320} {
		w.do(chromedp.EmulateViewport(width, 844))
		w.fits(path)
		w.eval(`for (const d of document.querySelectorAll("details")) d.open = true;`)
		if cut := w.ask("(() => {" + outside + "return " + clipped + "})()"); cut != "" {
			w.t.Errorf("%s at %d is cut off: %s", path, width, cut)
		}
		w.shot("long-" + strings.Trim(strings.NewReplacer("/", "_", ":", "", "?", "_", "=", "_").Replace(kindOf(path)), "_"))
	}
}
