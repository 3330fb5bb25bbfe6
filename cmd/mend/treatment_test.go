package main

import "testing"

// TestAPlanIsSharedFromTheDeskAndSignedOnAPhone: in Spanish, while the other partner says what they
// see differently.
func TestAPlanIsSharedFromTheDeskAndSignedOnAPhone(t *testing.T) {
	url, people := startDemo(t)
	robin, couple := people[2], people[2].Couple
	desk := openWindow(t, browse(t), url, "desk", 1280, 800)
	desk.signIn(people[0])
	desk.open("/couples/" + couple + "/treatment-plan")
	desk.press(`a[href*="/objectives/new"]`)
	desk.until(`document.querySelector("textarea[name=text]")`)
	desk.typeIn("textarea[name=text]", "Each says one thing they want to keep.")
	desk.eval(`document.querySelector("input[value=grounding]").click()`)
	desk.shot("objective")
	desk.press("button.go")
	desk.until(`document.querySelector("button[value=share]")`)
	desk.press("button[value=share]")
	desk.until(`document.querySelector("main h1") && !document.querySelector("button[value=share]")`)
	desk.says("Version 1, shared on")

	phone := openWindow(t, browse(t), url, "signer", 390, 844)
	phone.signIn(robin)
	phone.open("/my/settings")
	phone.tap(`form[action="/my/settings/language"] [value=es]`)
	phone.until(`document.documentElement.lang === "es"`)
	phone.open("/my")
	phone.says("Tu terapeuta compartió el plan.")
	phone.tap(`a[href="/my/treatment-plan"]`)
	phone.until(`document.querySelector("input[name=name]")`)
	phone.says("Ejercicio de anclaje")
	phone.shot("plan")
	phone.tap("input[name=read]")
	phone.typeIn("input[name=name]", robin.Name)
	phone.tap("button[value=signed]")
	phone.until(`document.querySelector("form [role=status]")`)
	phone.says("como " + robin.Name)

	other := openWindow(t, browse(t), url, "other", 390, 844)
	other.signIn(people[3])
	other.open("/my/treatment-plan")
	other.never(robin.Name)
	other.typeIn("textarea[name=line]", "I would begin with the evenings.")
	other.tap("button[value=disagreed]")
	other.until(`document.querySelector("form .prose")`)
	other.says("I would begin with the evenings.")

	desk.open("/couples/" + couple + "/treatment-plan")
	desk.says("as " + robin.Name)
	desk.says("I would begin with the evenings.")
	desk.shot("plan")
}
