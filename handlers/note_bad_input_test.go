package handlers

import (
	"net/url"
	"strings"
	"testing"

	"mend/demo"
)

// TestASignatureWhoseAnswerIsLostIsThereOnce: a browser that was closed, or that sends the form
// again, finds the note signed and its file unchanged.
func TestASignatureWhoseAnswerIsLostIsThereOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, note := w.as(w.dana), w.draftedNote()
		w.completeNote(dana, note)
		seen := dana.get(note).find(t, `name="seen" value="([0-9a-f]+)"`)
		sign := url.Values{"reviewed": {"yes"}, "seen": {seen}, "password": {demo.Password}}
		dana.post(note+"/sign", sign) // ignore the response
		file := w.as(w.dana).get(note+".pdf").want(t, 200).body
		dana.get(note).want(t, 200, "Signed and locked")
		dana.post(note+"/sign", sign).want(t, 303)
		if w.as(w.dana).get(note+".pdf").want(t, 200).body != file {
			t.Error("it was signed twice")
		}
	})
}

// TestANoteOfOneKindOfCharacterAndAVeryLongOneAreSigned: completely, or refused with what was typed
// kept. What cannot be printed is listed before signing.
func TestANoteOfOneKindOfCharacterAndAVeryLongOneAreSigned(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		couple, _, _ := w.kits()
		dana := w.as(w.dana)
		fill := func(key, what, plan string) (string, answer) {
			path := dana.begin(couple, "consultation", "joint", key)
			return path, dana.post(path, url.Values{
				"v.day": {"2031-03-11"}, "v.time": {"15:30"}, "v.with": {"🙂"}, "v.minutes": {"15"}, "v.how": {"phone"},
				"v.what": {what}, "v.plan": {plan}, "key": {"fill"},
			})
		}
		sign := func(path string) answer {
			seen := dana.get(path).find(t, `name="seen" value="([0-9a-f]+)"`)
			dana.post(path+"/sign", url.Values{"seen": {seen}, "reviewed": {"yes"}, "password": {demo.Password}}).want(t, 303)
			return dana.get(path+"/note.pdf").want(t, 200)
		}
		path, saved := fill("long", strings.Repeat("word ", 10_000), "End.")
		saved.want(t, 303)
		if n := strings.Count(pdfText(t, sign(path)), "word"); n != 10_000 {
			t.Errorf("%d of 10,000 words are in the file", n)
		}
		tooLong := strings.TrimSpace(strings.Repeat("word ", 40_000))
		_, saved = fill("longer", tooLong, "")
		saved.want(t, 422, tooLong+"</textarea>")
		path, saved = fill("emoji", "😀🙏👨‍👩‍👧\U000F0000", "🧸")
		saved.want(t, 303)
		dana.get(path).want(t, 200, "The PDF cannot print these words correctly")
		if err := verified([]byte(sign(path).body)); err != nil {
			t.Error(err)
		}
	})
}
