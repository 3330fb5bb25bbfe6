package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestHelpShowsTheProductAsItIs opens each page that the help has a picture of, takes the picture
// if pictures are wanted, and checks that the help shows it.
func TestHelpShowsTheProductAsItIs(t *testing.T) {
	url, people := startDemo(t)
	browser := browse(t)
	desk, phone := openWindow(t, browser, url, "desk", 1000, 680), openWindow(t, browser, url, "phone", 390, 700)
	desk.signIn(people[0])
	phone.signIn(people[3])
	couple := "/couples/" + people[4].Couple
	desk.open(couple + "/worksheets")
	desk.view("help-homework")
	desk.open("/follow-ups")
	desk.view("help-safe")
	desk.open(desk.link(couple, `^/sessions/[A-Z2-7]{26}/note$`))
	desk.view("help-note")
	phone.open(phone.link("/my", `^/my/worksheets/`))
	phone.view("help-couple")
	desk.open("/help")
	desk.typeIn("#find", "hides the notes")
	desk.press(".find button")
	desk.press(`main .rows a`)
	desk.says("W shows or hides the notes panel")
	for _, topic := range strings.Fields("session homework note couple safe") {
		desk.open("/help/" + topic)
		desk.until(`document.querySelector("figure img").naturalWidth > 200`)
	}
	desk.open(desk.link(couple, `^/sessions/[A-Z2-7]{26}$`))
	desk.press(`form[action$="/start"] button`)
	desk.do(chromedp.EmulateViewport(1280, 800))
	desk.view("help-session")
	desk.open("/help/session") // help can be opened while a session runs
	desk.says("When a partner is flooded")
}
