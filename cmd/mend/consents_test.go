package main

import "testing"

// TestAFormIsSignedInSpanishOnAPhoneAndReadAgain: by one partner, while the other declines the same
// form.
func TestAFormIsSignedInSpanishOnAPhoneAndReadAgain(t *testing.T) {
	url, people := startDemo(t)
	kit := openWindow(t, browse(t), url, "signer", 390, 844)
	kit.signIn(people[2+2*1])
	kit.open("/my/settings")
	kit.tap(`form[action="/my/settings/language"] [value=es]`)
	kit.until(`document.documentElement.lang === "es"`)
	kit.open("/my")
	kit.says("Formularios para leer y firmar")
	kit.tap(`a[href^="/my/consents/"]`)
	kit.until(`document.querySelector("input[name=name]")`)
	kit.says("Nadie las graba.")
	kit.tap("input[name=read]")
	kit.typeIn("input[name=name]", "Kit Larkspur")
	kit.shot("consent")
	kit.tap("button[value=signed]")
	kit.until(`document.querySelector("details")`)
	kit.says("como Kit Larkspur.")
	kit.open("/my/consents")
	kit.says("Firmado el")

	noor := openWindow(t, browse(t), url, "decliner", 390, 844)
	noor.signIn(people[2+2*1+1])
	noor.open("/my")
	noor.tap(`a[href^="/my/consents/"]`)
	noor.until(`document.querySelector("button[value=declined]")`)
	noor.tap("button[value=declined]")
	noor.until(`document.querySelector("[role=status]") && !document.querySelector("button[value=declined]")`)
	noor.says("you can still sign it")
	noor.open("/my/consents")
	noor.says("Declined")
	noor.never("Kit Larkspur")
}
