package main

import "testing"

// TestARequestIsAuthorizedOnAPhoneReleasedAndWithdrawn: the counselor enters two requests; the
// partner signs both authorizations on the phone and withdraws one, and the counselor releases the
// other.
func TestARequestIsAuthorizedOnAPhoneReleasedAndWithdrawn(t *testing.T) {
	url, people := startDemo(t)
	kit := people[4]
	desk := openWindow(t, browse(t), url, "desk", 1280, 800)
	desk.signIn(people[0])
	desk.open("/couples/" + kit.Couple)
	desk.open(desk.link("/couples/"+kit.Couple, `^/partners/[A-Z2-7]{26}/file$`))
	desk.press(`a[href$="/requests"]`)
	for _, who := range []string{"Placeholder & Sons", "Invented Law Office"} {
		desk.eval(`document.querySelector("[name=capacity][value=lawyer]").click()`)
		desk.typeIn("[name=requester]", who)
		desk.typeIn("[name=purpose]", "A copy of what Kit signed.")
		desk.shot("requests")
		desk.press("button.go")
		desk.until(`document.querySelector("button[value=ask]")`)
		desk.press(`button[value=ask]`)
		desk.until(`document.querySelectorAll("button[value=ask]").length === 2`)
		desk.shot("request")
		desk.press(`.trail a`)
		desk.until(`document.querySelector("[name=requester]")`)
	}

	phone := openWindow(t, browse(t), url, "partner", 390, 844)
	phone.signIn(kit)
	for range 2 {
		phone.open("/my")
		phone.tap(`a[href^="/my/authorizations/"]`)
		phone.until(`document.querySelector("input[name=name]")`)
		phone.says("A copy of what Kit signed.")
		phone.tap("input[name=read]")
		phone.typeIn("input[name=name]", kit.Name)
		phone.shot("permission")
		phone.tap("button[value=signed]")
		phone.until(`document.querySelector("details")`)
	}
	name := phone.ask(`document.querySelector("main").innerText.includes("Placeholder") ? "Placeholder" : "Invented"`)
	phone.tap("details summary")
	phone.tap("button[value=withdrawn]")
	phone.until(`document.querySelector("[role=status]") && !document.querySelector("details")`)
	phone.says("You withdrew this on")

	other := map[string]string{"Placeholder": "Invented", "Invented": "Placeholder"}[name]
	desk.release(name)
	desk.says("An authorization is missing.")
	desk.press(".trail a")
	desk.press(".trail a")
	desk.release(other)
	desk.never("An authorization is missing.")
	desk.shot("release")
	desk.press("button.go")
	desk.until(`document.querySelector('a[href$="/records.pdf"]')`)
	desk.shot("released")

	phone.open("/my/consents")
	phone.says("Your own part of the record")
	phone.shot("disclosures")
}

// release opens a requester's request from the list, chooses what the partner authorized, and
// previews the release.
func (w *window) release(requester string) {
	w.t.Helper()
	w.eval(`[...document.querySelectorAll(".rows a")].find(a => a.innerText.includes("` + requester + `")).click()`)
	w.until(`document.querySelector("[name=piece]")`)
	w.eval(`document.querySelector("[name=piece]").click()`)
	w.press(`button[value=choose]`)
	w.until(`document.querySelector('a[href$="/preview.pdf"]')`)
}
