package main

import (
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/chromedp/chromedp"

	"mend/demo"
)

// A counter counts the presses and keys in a window.
type counter struct {
	*window
	presses int
	typed   int
}

func (c *counter) press(selector string) { c.presses++; c.window.press(selector) }
func (c *counter) tap(selector string)   { c.presses++; c.window.tap(selector) }

func (c *counter) typeIn(selector, text string) {
	c.typed += utf8.RuneCountInString(text)
	c.window.typeIn(selector, text)
}

// atMost fails the test if more than n presses were counted, and resets the count.
func (c *counter) atMost(n int, what string) {
	c.t.Helper()
	if c.presses > n {
		c.t.Errorf("%s took %d presses, not %d", what, c.presses, n)
	}
	c.t.Logf("%s: %d presses, %d characters", what, c.presses, c.typed)
	c.presses, c.typed = 0, 0
}

// key presses a key outside of any field.
func (w *window) key(key string) {
	w.t.Helper()
	if w.ask(`String(document.activeElement.matches("input:not([type=checkbox], [type=radio]), textarea"))`) == "true" {
		w.do(chromedp.KeyEvent("\u001b")) // Escape leaves the field on purpose
	}
	w.eval(`document.activeElement.blur()`)
	w.do(chromedp.KeyEvent(key))
}

// TestAMeasuredMinute counts a counselor's presses from an open couple to a running session, during
// it, and from its end to the signed note.
func TestAMeasuredMinute(t *testing.T) {
	url, people := startDemo(t)
	desk := &counter{window: openWindow(t, browse(t), url, "desk", 1280, 900)}
	desk.signIn(people[0])
	desk.open("/couples/" + people[4].Couple)
	desk.press(`a[href^="/sessions/"]`)
	desk.press(`form[action$="/start"] button`)
	desk.atMost(3, "from an open couple to its planned session")
	desk.shot("run-laptop")

	now := `document.querySelector("[data-now-prompt] .big").textContent`
	before := desk.ask(now)
	desk.key("n")
	desk.until(now + ` !== ` + strconv.Quote(before))
	desk.key("u")
	desk.until(`document.querySelector("[data-prompt][aria-current] input[type=checkbox]").checked`)
	desk.saved()
	desk.key("p")
	desk.until(`document.querySelector("[value=pause]").getAttribute("aria-pressed") === "true"`)
	desk.key("p")
	desk.until(`document.querySelector("[value=joint]").getAttribute("aria-pressed") === "true"`)
	desk.key("t")
	desk.until(`/^0:0[1-9]$/.test(document.querySelector("[data-turn-shown]").textContent)`)
	desk.key("w")
	desk.until(`document.querySelector(".writing").hidden`)
	desk.shot("run-folded")
	desk.do(chromedp.Reload())
	desk.until(`document.querySelector(".writing").hidden`) // what was folded stays folded
	desk.key("2")
	desk.until(`document.querySelector("[data-activities] li:nth-child(2) input[type=checkbox]").checked`)
	for _, c := range [][2]string{
		{"i", "[data-tools] input[type=checkbox]"},
		{"r", `[name="v.response.A"][type=checkbox]`},
	} { // press them in this order, because the next "r" continues from the first partner's box
		desk.key(c[0])
		desk.do(chromedp.KeyEvent(" "))
		desk.until(`document.querySelector('` + c[1] + `').checked && !document.querySelector(".writing").hidden`)
	}
	desk.do(chromedp.KeyEvent("r"), chromedp.KeyEvent(" ")) // the other partner's
	desk.until(`document.querySelector('[name="v.response.B"][type=checkbox]').checked`)
	desk.key("f")
	desk.do(chromedp.KeyEvent("n 2 p"), chromedp.KeyEvent("\u001b"), chromedp.KeyEvent("?")) // typed, left, and a key again
	desk.until(`document.querySelector('[name="v.observation"]').value.endsWith("n 2 p") && document.querySelector("[data-keys]").open`)
	desk.key("?")
	desk.window.tap(`[data-both-here] button`)
	desk.until(`["attendance.A", "attendance.B"].every(f => document.querySelector('[name="v.' + f + '"][value=present]').checked) && document.querySelector("[data-both-here]").hidden`)
	desk.typeIn(`[name="v.focus"]`, "the loan")
	desk.saved()
	desk.window.tap(`button[name="then"][value="A"]`)
	desk.until(`!document.querySelector('[data-alone-with="A"]').hidden && document.querySelector('[data-alone-with="B"]').hidden`)
	desk.window.tap(`button[name="then"][value="joint"]`)
	desk.until(`document.querySelector('[data-alone-with="A"]').hidden`)
	desk.window.press(`form:has([value="our-shared-account"]) button`)
	desk.typed = 0
	desk.press(`button[name="then"][value="end"]`)
	desk.shot("after")

	desk.press(`a.go[href$="/note"]`)
	desk.tap(`#goals .goal [type=radio]`)
	desk.tap(`[name="v.risk.routine"][type=checkbox]`)
	desk.tap(`[name="v.homework.none"][type=checkbox]`)
	for field, words := range map[string]string{
		"risk_text": "Nothing new was seen.", "plan_text": "Go on slowly.",
	} {
		desk.typeIn(`[name="v.`+field+`"]`, words) // docs/clinical.md, 6.4: the counselor's own words, never drafted
	}
	desk.until(`document.querySelector('[name="v.text.risk"]').value.endsWith("Nothing new was seen.") && document.querySelector('[name="v.text.next"]').value.includes("Go on slowly.")`)
	desk.tap(`[data-signing]`)
	desk.until(`document.querySelector("dialog.sign").open`)
	desk.tap(`#reviewed input`)
	desk.typeIn(`form[action$="/sign"] [name=password]`, demo.Password)
	desk.shot("note")
	desk.press(`form[action$="/sign"] button`)
	desk.says("Signed and locked")
	if desk.typed > 60 {
		t.Errorf("the note took %d typed characters", desk.typed)
	}
	desk.atMost(8, "from the end of the session to the signed note")

	desk.open("/couples/" + people[4].Couple + "/sessions/new")
	desk.shot("plan")
	desk.do(chromedp.Click(chromedp.CSS(`[data-order] li:nth-child(2) [data-up]`)))
	desk.until(`document.querySelector("[data-order] > input").value.split(",")[0] === document.querySelector("[data-order] li").dataset.activity`)
	desk.press(`button.go`)
	desk.press(`form[action$="/start"] button`)
	desk.open("/couples/" + people[4].Couple)
}

// TestOneKeyLeadsAnywhere opens the jump box and follows its first result.
func TestOneKeyLeadsAnywhere(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "desk", 1280, 900)
	w.signIn(people[0])
	for find, want := range map[string]string{
		"noor":        "/couples/" + people[4].Couple,
		"building an": "/library/apology-builder", "add a couple": "/couples/new",
	} {
		w.open("/")
		w.key("/")
		w.until(`document.querySelector("[data-jump-box]").open`)
		w.eval(`document.querySelector("#jump").value = ""`) // the driver also types the key into the box
		w.typeIn("#jump", find)
		w.until(`document.querySelector("[data-jump-box] a")?.getAttribute("href") === ` + strconv.Quote(want))
		w.do(chromedp.KeyEvent("\r"))
		w.until(`location.pathname === ` + strconv.Quote(want))
	}
	w.open("/couples/" + people[4].Couple)
	w.key("/")
	w.eval(`document.querySelector("#jump").value = ""`)
	w.do(chromedp.KeyEvent("step 2"))
	w.until(`document.querySelectorAll("[data-jump-box] a").length === 1`)
	w.do(chromedp.KeyEvent("\u0301"), chromedp.KeyEvent("\r")) // arrow down, then Enter
	w.until(`location.pathname.endsWith("/steps/own-and-apologize")`)
}

// TestOneKeyHidesNamesAndShowsThemAgain: for a couple sitting at the screen.
func TestOneKeyHidesNamesAndShowsThemAgain(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "desk", 1280, 900)
	w.signIn(people[0])
	w.open("/couples")
	w.says(people[4].Name)
	w.key("h")
	w.until(`document.querySelector("[data-hide-names]")?.textContent.includes("Show names")`)
	w.never(people[4].Name)
	w.key("h")
	w.until(`document.querySelector("[data-hide-names]")?.textContent.includes("Hide")`)
	w.open("/couples")
	w.says(people[4].Name)
}

// TestTwoWindowsFollowInTheBrowser: a second window shows what the first saves, and both texts if
// both edited.
func TestTwoWindowsFollowInTheBrowser(t *testing.T) {
	url, people := startDemo(t)
	browser := browse(t)
	one, two := openWindow(t, browser, url, "one", 1280, 900), openWindow(t, browser, url, "two", 820, 1180)
	for _, w := range []*window{one, two} {
		w.signIn(people[0])
	}
	one.open(one.link("/couples/"+people[4].Couple, `^/sessions/[A-Z2-7]{26}$`))
	one.press(`form[action$="/start"] button`)
	two.open(one.ask(`location.pathname`))
	two.shot("tablet")
	two.until(`getComputedStyle(document.querySelector(".doing")).display === "none"`)
	two.tap("#view-doing")
	two.until(`getComputedStyle(document.querySelector(".prompting")).display === "none"`)
	two.shot("tablet-doing")
	one.tap(`[name="v.attendance.A"][value=late]`)
	two.until(`document.querySelector('[name="v.attendance.A"][value=late]').checked`)
	one.typeIn(`[name="v.observation"]`, "They looked at each other.")
	two.until(`document.querySelector('[name="v.observation"]').value === "They looked at each other."`)
	one.key("n")
	two.until(`document.querySelector("[data-now-prompt] .big").textContent === ` +
		strconv.Quote(one.ask(`document.querySelector("[data-now-prompt] .big").textContent`)))
	one.key("p")
	two.until(`document.querySelector("[value=pause]").getAttribute("aria-pressed") === "true"`)
	two.tap("#view-writing")
	two.typeIn(`[name="v.observation"]`, " Both smiled.")
	one.until(`document.querySelector('[name="v.observation"]').value.endsWith("Both smiled.")`)
}

// TestEightWindowsFollowOneSession opens more windows in one browser than it allows connections per
// server. All follow, and each can save.
func TestEightWindowsFollowOneSession(t *testing.T) {
	url, people := startDemo(t)
	first := openWindow(t, browse(t), url, "first", 1280, 900)
	first.signIn(people[0])
	first.open(first.link("/couples/"+people[4].Couple, `^/sessions/[A-Z2-7]{26}$`))
	first.press(`form[action$="/start"] button`)
	run, tabs := first.ask(`location.pathname`), []*window{first}
	for range 7 {
		tab := first.beside()
		tab.open(run)
		tabs = append(tabs, tab)
	}
	for i, tab := range tabs {
		words := strconv.Itoa(i) + " was here."
		tab.eval(`(() => { const t = document.querySelector('[name="v.observation"]'); t.value = "` + words +
			`"; t.dispatchEvent(new Event("input", { bubbles: true })); })()`)
		tab.saved()
		for _, other := range tabs {
			other.until(`document.querySelector('[name="v.observation"]').value === "` + words + `"`)
		}
	}
}

// TestASessionGoesOnThroughAKilledServer kills the server while the counselor types and the
// couple's screen is open. Nothing is lost, the screen waits, and both reconnect by themselves.
func TestASessionGoesOnThroughAKilledServer(t *testing.T) {
	p, people := demoProcess(t)
	p.kill()
	p.args = append([]string{p.args[0], "demo"}, p.args[1:]...) // the demo requires no second factor
	p.again()
	browser := browse(t)
	desk, room := openWindow(t, browser, p.url, "desk", 1280, 900), openWindow(t, browser, p.url, "room", 1024, 768)
	desk.signIn(people[0])
	run := desk.shows(people[4].Couple, room)
	desk.typeIn(`[name="v.observation"]`, "Before. ")
	desk.saved()

	p.kill()
	desk.typeIn(`[name="v.observation"]`, "While it was away. ")
	desk.key("n")
	desk.until(`document.querySelector("[data-saving]").textContent.includes("Not saved yet, trying again")`)
	room.until(`!document.querySelector("[data-moment]").hidden`)
	prompt := desk.ask(`document.querySelector("[data-now-prompt] .big").textContent`)
	p.again()
	desk.saved()
	room.until(`document.querySelector("[data-moment]").hidden && document.querySelector("[data-text]").textContent === ` +
		strconv.Quote(prompt))
	desk.open(run)
	if got := desk.ask(`document.querySelector('[name="v.observation"]').value`); got != "Before. While it was away. " {
		t.Errorf("the session says %q", got)
	}
}
