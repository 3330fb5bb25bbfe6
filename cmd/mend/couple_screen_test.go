package main

import (
	"io"
	"net"
	"strconv"
	"sync"
	"testing"

	"mend/internal/porttest"
)

// A wire is a proxy between browsers and the server that can be disconnected.
type wire struct {
	t        *testing.T
	from, to string
	mu       sync.Mutex
	listener net.Listener
	lines    []net.Conn
}

// join accepts connections.
func (w *wire) join() {
	w.t.Helper()
	listener, err := net.Listen("tcp", w.from)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	w.listener = listener
	w.mu.Unlock()
	go func() {
		for {
			line, err := listener.Accept()
			if err != nil {
				return
			}
			go w.carry(line)
		}
	}()
}

func (w *wire) carry(line net.Conn) {
	far, err := net.Dial("tcp", w.to)
	if err != nil {
		line.Close()
		return
	}
	w.mu.Lock()
	w.lines = append(w.lines, line, far)
	w.mu.Unlock()
	go func() { io.Copy(far, line); far.Close() }()
	io.Copy(line, far)
	line.Close()
}

// cut closes all connections and accepts no more.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listener.Close()
	for _, line := range w.lines {
		line.Close()
	}
	w.lines = nil
}

// shows starts a couple's next session, opens the couple's screen in another window, and returns
// the path of the running session, now open in w.
func (w *window) shows(couple string, room *window) (run string) {
	w.t.Helper()
	w.open(w.link("/couples/"+couple, `^/sessions/[A-Z2-7]{26}$`))
	w.press(`form[action$="/start"] button`)
	run = w.ask(`location.pathname`)
	w.press(`a[href$="/screen"]`)
	w.press(`[name="do"][value="open"]`)
	w.shot("screen-code")
	room.open("/room?code=" + w.ask(`document.querySelector("p.big code").textContent`))
	room.shot("door")
	room.press("button.go")
	w.open(run)
	return run
}

// TestTheCouplesScreenFollowsInTheBrowser runs a session in one window, shows it to the couple in
// another, and interrupts the connection.
func TestTheCouplesScreenFollowsInTheBrowser(t *testing.T) {
	wire := &wire{t: t, from: porttest.Free(t), to: porttest.Free(t)}
	wire.join()
	t.Cleanup(wire.cut)
	url, people := startDemo(t, "-addr", wire.to, "-url", "http://"+wire.from)
	browser := browse(t)
	desk, room := openWindow(t, browser, url, "desk", 1280, 900), openWindow(t, browser, url, "room", 1024, 768)
	desk.signIn(people[0])
	run := desk.shows(people[4].Couple, room)
	desk.tap("[data-next]")
	prompt := desk.ask(`document.querySelector("[data-now-prompt] .big").textContent`)
	room.until(`document.querySelector("[data-text]").textContent === ` + strconv.Quote(prompt))
	room.shot("prompt")
	room.dark(true)
	room.shot("prompt-dark")
	room.dark(false)
	desk.typeIn("[data-next]", "t")
	room.until(`document.querySelector("[data-turn]").textContent !== ""`)
	desk.typeIn("[data-next]", "?")
	desk.until(`document.querySelector("[data-keys]").open`)
	desk.shot("keys")
	desk.tap("[data-keys] button")
	desk.typeIn(`[data-field="focus"] input`, "t?p")
	desk.until(`!document.querySelector("[data-keys]").open && document.querySelector("[value=pause]").getAttribute("aria-pressed") === "false"`)
	desk.keys("\u001b") // Escape leaves the field on purpose
	desk.typeIn("[data-next]", "p")
	room.until(`document.querySelector("[data-room]").dataset.mode === "pause"`)
	room.says("Breathe in slowly")
	room.shot("pause")
	room.never(people[4].Name)

	wire.cut()
	room.until(`!document.querySelector("[data-moment]").hidden`)
	room.shot("moment")
	wire.join()
	desk.open(run)
	desk.tap(`button[name="then"][value="joint"]`)
	room.until(`document.querySelector("[data-room]").dataset.mode === "prompt" && document.querySelector("[data-moment]").hidden`)
	desk.press(`button[name="then"][value="end"]`)
	room.until(`document.querySelector("[data-room]").dataset.mode === "over"`)
	room.says("We’ll stop here for today.")
	room.shot("over")
}

// TestTheCouplesScreenShowsReleasedPagesAndStops shows two released pages side by side on the
// couple's screen, removes them, and stops the session.
func TestTheCouplesScreenShowsReleasedPagesAndStops(t *testing.T) {
	url, people := startDemo(t)
	browser := browse(t)
	desk, room := openWindow(t, browser, url, "desk", 1280, 900), openWindow(t, browser, url, "room", 1024, 768)
	desk.signIn(people[1])
	desk.shows(people[10].Couple, room)
	desk.tap(`[data-field="show"] [value="fears-hopes-dreams"]`)
	room.until(`document.querySelector(".aligned") && document.querySelector("[data-moment]").hidden`)
	room.says("That it could happen again.")
	room.says("That I will be judged by it forever.")
	room.shot("side-by-side")
	desk.tap(`[data-field="show"] [value=""]`)
	room.until(`!document.querySelector(".aligned")`)
	room.never("judged by it")
	desk.tap(`button[name="then"][value="stop"]`)
	desk.until(`document.querySelector("[data-stopping]").open`)
	desk.eval(`document.querySelector("[data-stopping] button[value=stop]").click()`)
	desk.until(`location.pathname.endsWith("/stopped") && document.readyState === "complete"`)
	desk.says("Stopping for today")
	room.until(`document.querySelector("[data-room]").dataset.mode === "over"`)
	room.says("We’ll stop here for today.")
}

// TestAHandedOverScreenIsGoneThroughToItsEnd completes a private conversation on the counselor's
// device: question by question, reviewed, and locked.
func TestAHandedOverScreenIsGoneThroughToItsEnd(t *testing.T) {
	url, people := startDemo(t)
	desk := openWindow(t, browse(t), url, "desk", 1024, 768)
	desk.signIn(people[0])
	file := desk.link("/couples/"+people[4].Couple, `^/partners/[A-Z2-7]{26}/file$`)
	desk.open(file)
	desk.press(`button[value="private-conversation-record"]`)
	desk.open(desk.link(file, `/handover$`))
	desk.until(`document.querySelector("[data-pager]").dataset.ready === "yes"`)
	for n := range 6 {
		desk.tap(`[data-question]:not([hidden]) label:last-of-type`)
		desk.tap("[data-forward]")
		desk.until(`document.querySelectorAll("[data-question]")[` + strconv.Itoa(n) + `].hidden`)
	}
	desk.saved()
	desk.until(`document.querySelectorAll("[data-review-list] li").length === 6 && document.querySelector("[data-forward]").hidden`)
	desk.never("decision")
	desk.press("[data-final] button")
	if at := desk.ask(`location.pathname`); at != "/login" {
		t.Errorf("the device is at %s", at)
	}
}
