package handlers

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"net/url"
	"strings"
	"testing"

	"github.com/descope/virtualwebauthn"

	"mend/demo"
)

// A chip is a virtual authenticator with the passkey of a browser's owner.
type chip struct {
	b    *browser
	site virtualwebauthn.RelyingParty
	key  virtualwebauthn.Credential
}

// named changes the site's address to a host name, for which passkeys are possible.
func (w *world) named() {
	w.url = strings.Replace(w.url, "127.0.0.1", "localhost", 1)
	w.site.URL = w.url
	w.server.Config.Handler = New(w.site)
}

// withPasskey creates a passkey for the person signed in in b, and signs in with it.
func (b *browser) withPasskey() chip {
	t := b.w.t
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if point, err := key.PublicKey.Bytes(); err != nil || point[1] == 0 || point[33] == 0 {
		return b.withPasskey() // the library drops leading zeros of a coordinate
	}
	text, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	c := chip{
		b,
		virtualwebauthn.RelyingParty{Name: "Mend", ID: "localhost", Origin: b.w.url},
		virtualwebauthn.NewCredentialWithImportedKey(virtualwebauthn.KeyTypeEC2, text),
	}
	asked, err := virtualwebauthn.ParseAttestationOptions(b.post("/settings/passkeys/ask", url.Values{}).want(t, 200).body)
	if err != nil {
		t.Fatal(err)
	}
	answer := virtualwebauthn.CreateAttestationResponse(c.site, virtualwebauthn.NewAuthenticator(), c.key, *asked)
	b.post("/settings/passkeys", url.Values{"name": {"this laptop"}, "answer": {answer}}).want(t, 200,
		"Your recovery codes")
	return c
}

// answer returns the passkey's response to the challenge of a path.
func (c *chip) answer(path string) string {
	c.b.w.t.Helper()
	given := c.b.send("POST", path, url.Values{}, "Accept", "application/json").want(c.b.w.t, 200)
	asked, err := virtualwebauthn.ParseAssertionOptions(given.body)
	if err != nil {
		c.b.w.t.Fatal(err)
	}
	c.key.Counter++
	return virtualwebauthn.CreateAssertionResponse(c.site, virtualwebauthn.NewAuthenticator(), c.key, *asked)
}

// forForm returns the passkey's response for the form at path, requested as its page does.
func (c *chip) forForm(page, path string) string {
	c.b.w.t.Helper()
	ask := "/signature/passkey/ask?for=" + path
	c.b.get(page).want(c.b.w.t, 200, "Sign with your passkey", `data-ask="`+ask+`"`)
	return c.answer(ask)
}

const noPasskey = "That passkey couldn’t be used, so nothing was signed."

// TestANoteIsSignedWithAPasskey: only with the response to the challenge for this note. Without a
// passkey, people see the password field only.
func TestANoteIsSignedWithAPasskey(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.named()
		dana, note := w.as(w.dana), w.draftedNote()
		w.completeNote(dana, note)
		dana.get(note).want(t, 200, "Your password").never(t, "passkey")
		laptop := dana.withPasskey()
		sign := url.Values{"reviewed": {"yes"}, "seen": {dana.get(note).find(t, `name="seen" value="([0-9a-f]+)"`)}}
		for what, answer := range map[string]string{
			"another form":    laptop.answer("/signature/passkey/ask?for=" + note + "/addenda"),
			"another purpose": laptop.answer("/reauthenticate/passkey/ask"),
			"nonsense":        "{}",
		} {
			sign.Set("passkey", answer)
			dana.post(note+"/sign", sign).want(t, 422, noPasskey)
			if w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM notes WHERE signed_at IS NOT NULL AND session_id = ?`,
				strings.Split(note, "/")[2]) != "0" {
				t.Error(what, "signs")
			}
		}
		ellis := w.as(w.ellis)
		others := ellis.withPasskey()
		sign.Set("passkey", others.answer("/signature/passkey/ask?for="+note+"/sign"))
		dana.post(note+"/sign", sign).want(t, 422, noPasskey)
		sign.Set("passkey", laptop.forForm(note, note+"/sign"))
		sign.Del("reviewed")
		dana.post(note+"/sign", sign).want(t, 422, "Confirm that you’ve reviewed").never(t, noPasskey)
		sign.Set("reviewed", "yes")
		dana.post(note+"/sign", sign).want(t, 422, noPasskey) // it was used before
		sign.Set("passkey", laptop.forForm(note, note+"/sign"))
		w.later()
		dana.post(note+"/sign", sign).want(t, 422, noPasskey) // it has expired
		sign.Set("passkey", laptop.forForm(note, note+"/sign"))
		dana.post(note+"/sign", sign).want(t, 303)
		dana.get(note).want(t, 200, "Signed and locked")
		dana.get(note+".pdf").want(t, 200)
	})
}

// TestAnAddendumWithAPasskeyLosesNothing: what was typed is kept, and submitting twice adds one
// addendum.
func TestAnAddendumWithAPasskeyLosesNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.named()
		things := w.things()
		dana := w.as(w.dana)
		laptop, page := dana.withPasskey(), "/sessions/"+things["signed"]+"/note"
		add := url.Values{
			"key": {"k"}, "reason": {"A correction"}, "text": {"They met for 45 minutes."}, "passkey": {"{}"},
		}
		dana.post(page+"/addenda", add).
			want(t, 422, noPasskey, `value="A correction"`, "They met for 45 minutes.</textarea>").
			never(t, `value="{}"`)
		add.Set("passkey", laptop.forForm(page, page+"/addenda"))
		dana.post(page+"/addenda", add).want(t, 303)
		dana.post(page+"/addenda", add).want(t, 422, noPasskey)
		add.Del("passkey")
		add.Set("password", demo.Password) // the same form again
		dana.post(page+"/addenda", add).want(t, 303)
		if n := strings.Count(dana.get(page).want(t, 200).body, "They met for 45 minutes."); n != 1 {
			t.Errorf("the addendum is there %d times", n)
		}
	})
}

// TestWhateverIsSignedTakesAPasskey: a standalone note, and a supervisor's signature.
func TestWhateverIsSignedTakesAPasskey(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.named()
		things := w.things()
		dana, sam := w.as(w.dana), w.as(w.sam)
		laptop, key := dana.withPasskey(), sam.withPasskey()
		page := dana.begin(things["couple"], "contact", "joint", "n")
		dana.post(page, url.Values{
			"v.day": {"2031-03-11"}, "v.time": {"15:30"}, "v.with": {"Kit"}, "v.minutes": {"15"}, "v.how": {"phone"},
			"v.what": {"A call about the next session."}, "key": {"fill"},
		}).want(t, 303)
		seen := dana.get(page).find(t, `name="seen" value="([0-9a-f]+)"`)
		dana.post(page+"/sign", url.Values{
			"reviewed": {"yes"}, "seen": {seen}, "passkey": {laptop.forForm(page, page+"/sign")},
		}).want(t, 303)
		dana.get(page).want(t, 200, "Signed and locked")

		supervised := "/supervision/" + things["couple"] + "/notes/" + things["signed"]
		sam.post(supervised, url.Values{"passkey": {"{}"}}).want(t, 422, noPasskey)
		sam.post(supervised, url.Values{"passkey": {key.forForm(supervised, supervised)}}).want(t, 303)
		dana.get("/sessions/"+things["signed"]+"/note").want(t, 200, "Supervisor co-signature")
	})
}
