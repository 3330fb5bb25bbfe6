package main

import "testing"

// TestAWorkIsSetBackResumedEndedAndLookedBackOn: a relapse pauses sharing until it is resumed with
// a reason. Then counseling ends, and a partner chooses in Spanish, on the phone, to be asked
// later.
func TestAWorkIsSetBackResumedEndedAndLookedBackOn(t *testing.T) {
	url, people := startDemo(t)
	kit, page := people[4], "/couples/"+people[4].Couple
	desk := openWindow(t, browse(t), url, "desk", 1280, 800)
	desk.signIn(people[0])
	desk.open(page)
	desk.press(`a[href$="/setback"]`)
	desk.until(`document.querySelector("[name=words]")`)
	desk.shot("setback")
	desk.typeIn("[name=words]", "They met again last week.")
	desk.press("button.go")
	desk.until(`document.querySelector(".problems")`)
	desk.says("Choose a type.")
	desk.eval(`document.querySelector("[name=kind][value=setback]").click()`)
	desk.press("button.go")
	desk.until(`document.querySelector("form[action$='/resume']")`)
	desk.says("Sharing has been paused since")
	desk.shot("paused")
	desk.typeIn("[name=reason]", "Both were talked to by phone.")
	desk.press("form[action$='/resume'] button")
	desk.until(`location.pathname === "` + page + `"`)
	desk.never("Sharing is paused")
	desk.open(page + "/pulse")
	desk.says("They met again last week.")
	desk.shot("pulse-marked")

	desk.open(page + "/close")
	desk.eval(`document.querySelector("[name=ending][value=goals-reached]").click()`)
	desk.press("button.go")
	desk.until(`document.querySelector("form[action$='/summary']")`)
	desk.says("no answer yet")

	phone := openWindow(t, browse(t), url, "partner", 390, 844)
	phone.signIn(kit)
	phone.open("/my/settings")
	phone.tap(`form[action="/my/settings/language"] [value=es]`)
	phone.until(`document.documentElement.lang === "es"`)
	phone.open("/my")
	phone.tap(`a[href="/my/after-care"]`)
	phone.until(`document.querySelector("button[value=yes]")`)
	phone.says("Después de la terapia")
	phone.shot("after-care")
	phone.tap("button[value=yes]")
	phone.until(`document.querySelector("form [role=status]")`)
	phone.says("Dijiste que sí")
	phone.shot("after-care-yes")

	desk.open(page + "/close")
	desk.says("yes, and can sign in through")
	desk.says("no answer yet")
	desk.shot("closed")
}
