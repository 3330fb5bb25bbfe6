package main

import (
	"strings"
	"time"

	"github.com/pquerna/otp/totp"
)

const deskPassword = "a desk by the river"

func (c *journey) setUp(path string) {
	w := c.desk
	w.open(path)
	w.shot("setup-short")
	w.eval(`document.querySelector("details").open = true`)
	for field, text := range map[string]string{
		"practice": "Inventia Couples Practice", "telephone": "(555) 010-0199", "name": "Ulla Testwell",
		"credentials": "MA, LMFT", "license_type": "LMFT", "license_no": "00002", "license_state": "Example State",
		"email": "ulla@inventia.example",
	} {
		w.typeIn("#"+field, text)
	}
	w.typeIn("#address", "1 Nowhere Street")
	w.typeIn("#password", "short")
	w.shot("setup")
	w.press("button.go")
	w.says("at least 12 characters")
	if name := w.ask(`document.getElementById("name").value`); name != "Ulla Testwell" {
		w.t.Errorf("the name that was typed became %q", name)
	}
	w.typeIn("#password", deskPassword)
	w.press("button.go")
	c.secure()
	w.open(path)
	w.says("Page not found")
}

// secure completes the setup that an owner must do first: an authenticator app, and a copy of
// the master key.
func (c *journey) secure() {
	w := c.desk
	w.says("First, set up two-step verification")
	w.press(`button[value="begin"]`)
	secret := w.ask(`[...document.querySelectorAll("#second ~ p code, section code")].pop().textContent`)
	w.shot("second-step")
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	w.typeIn("#code", code)
	w.press(`form:has([value="confirm"]) button.go`)
	w.says("Your recovery codes")
	w.shot("recovery-codes")
	w.press("a.button.go")
	w.says("Recovery key")
	w.typeIn("#passphrase", "seven quiet herons by the pier")
	w.typeIn("#repeated", "seven quiet herons by the pier")
	w.press("button.go")
	w.says("Print this page now")
	w.shot("key")
	text := strings.Fields(w.ask(`document.querySelector("pre.key").textContent.replace(/-----.*-----/g, "")`))
	last := strings.Join(text, "")
	w.typeIn("#tail", last[len(last)-12:])
	w.press("button.go")
	w.says("You have a recovery copy")
	w.open("/")
	w.says("Add a couple")
	w.says("Explore with sample data")
	w.shot("empty-practice")
}

func (c *journey) addCouple() {
	w := c.desk
	w.open("/couples/new")
	w.typeIn("#a_name", "Robin Inventa")
	w.typeIn("#b_name", "Sasha Madeup")
	w.typeIn(`[name="breach.0.name"]`, "the hidden loan")
	w.press("button.go")
	w.says("who broke trust")
	w.tap(`[name="breach.0.broke"][value="A"]`)
	w.tap(`[name="breach.0.kinds"][value="hidden-money"]`)
	w.press("button.go")
	w.says("Robin and Sasha")
	c.couple = w.ask(`location.pathname`)
	w.typeIn("#goal", "Speak about the loan without shouting.")
	w.press(`form[action$="/goals"] button`)
	w.says("Speak about the loan without shouting.")
}

// confirmLines confirms the crisis lines, which is required before the first invitation.
func (c *journey) confirmLines() {
	w := c.desk
	w.open(c.couple)
	w.press(`li:nth-child(2) > form[action$="/invitations"] button`)
	w.says("Confirm your crisis resources first")
	w.press(`main a[href="/settings/safety"]`)
	w.says("before inviting anyone")
	w.typeIn("#no_cover", "I work alone, and tell every couple whom to call.")
	w.press(`form[action="/settings/safety"] button.go`)
	w.says("verified every resource")
	w.tap(`[name="reviewed"]`)
	w.shot("safety")
	w.press(`form[action="/settings/safety"] button.go`)
	w.says("Confirmed")
}

// invite creates an invitation code in the counselor's window and joins with it on the
// partner's phone.
func (c *journey) invite(phone *window, name string) {
	c.desk.open(c.couple)
	button := `form[action$="/invitations"]:has(.hide) button`
	if name == "Sasha" {
		button = `li:nth-child(2) > form[action$="/invitations"] button`
	}
	c.desk.press(button)
	c.desk.says("Private code for " + name)
	c.desk.shot("invitation-" + name)
	code := c.desk.ask(`document.getElementById("code").textContent`)
	phone.open("/join#" + code)
	if got := phone.ask(`document.getElementById("code").value + location.hash`); got != code {
		phone.t.Errorf("the scanned code became %q, want %q and nothing behind the #", got, code)
	}
	phone.typeIn("#passphrase", "four words of "+name)
	phone.shot("join")
	phone.press("button.go")
	phone.says("Hello, " + name)
	phone.says("all caught up")
	phone.open("/my/policy")
	phone.says("except as the law requires")
	phone.tap(`[name="read"]`)
	phone.typeIn("#name", name+" Invented")
	phone.shot("policy")
	phone.press("button.go")
	phone.says("Hello, " + name)
}
