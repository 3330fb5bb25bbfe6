package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"mend/demo"
)

// A partner repeatedly saves one answer of a page.
type partner struct {
	browser *browser
	page    string
	moved   field
}

// open signs in and opens the first page to fill in.
func (p *partner) open(ctx context.Context, who demo.Person) error {
	if err := p.browser.signIn(ctx, who); err != nil {
		return err
	}
	home, err := p.browser.must(ctx, "GET", "/my", nil, http.StatusOK)
	if err != nil {
		return err
	}
	if p.page, err = found(home.body, `href="(/my/worksheets/[A-Z2-7]+)"><strong>Trust pulse`); err != nil {
		return err
	}
	page, err := p.browser.must(ctx, "GET", p.page, nil, http.StatusOK)
	if err != nil {
		return err
	}
	p.moved = field{name: "a.moved", path: p.page + "/fields/moved"}
	return p.moved.read(page.body, "moved")
}

func (p *partner) work(ctx context.Context, r *report) {
	took, err := p.moved.save(ctx, p.browser, fmt.Sprint("What moved it, said for the ", p.moved.revision+1, "th time."))
	r.note("a partner's save", took, err)
}

func (p *partner) readBack(ctx context.Context, r *report) {
	page, err := p.browser.must(ctx, "GET", p.page, nil, http.StatusOK)
	r.check(p.moved, err, p.moved.lost(page.body, "moved"))
}

// A counselor runs a session, with a second window and a couple screen.
type counselor struct {
	browser, screen *browser
	session         string // its path
	prompts         []string
	texts           map[string]string
	note, tick, now field
	turns           int

	mu    sync.Mutex
	shown map[string]time.Time // text that the screen should show -> since when
}

// open signs in, starts the session of the counselor's couple and opens its screen.
func (l *counselor) open(ctx context.Context, who demo.Person) error {
	b := l.browser
	if err := b.signIn(ctx, who); err != nil {
		return err
	}
	path := "/couples"
	for _, pattern := range []string{`href="(/couples/[A-Z2-7]{26})"`, `href="(/sessions/[A-Z2-7]+)"><strong>Planned`} {
		page, err := b.must(ctx, "GET", path, nil, http.StatusOK)
		if err != nil {
			return err
		}
		if path, err = found(page.body, pattern); err != nil {
			return err
		}
	}
	l.session = path
	if _, err := b.must(ctx, "POST", path+"/start", url.Values{}, http.StatusSeeOther); err != nil {
		return err
	}
	return l.ready(ctx)
}

// ready reads the page of the running session and joins the screen with its code.
func (l *counselor) ready(ctx context.Context) error {
	page, err := l.browser.must(ctx, "GET", l.session+"/run", nil, http.StatusOK)
	if err != nil {
		return err
	}
	l.texts, l.shown = map[string]string{}, map[string]time.Time{}
	for _, part := range strings.Split(page.body, `<li data-prompt="`)[1:] {
		id, rest, _ := strings.Cut(part, `"`)
		text, err := found(rest, `<span data-text>([^<]*)</span>`)
		if err != nil {
			return err
		}
		if !strings.Contains(rest[:strings.Index(rest, "</li>")], "ask alone") {
			l.prompts, l.texts[id] = append(l.prompts, id), text
		}
	}
	l.note = field{name: "v.observation", path: l.session + "/fields/observation"}
	l.tick = field{name: "v.support", path: l.session + "/fields/support"}
	l.now = field{name: "v.now", path: l.session + "/fields/now"}
	if err := l.note.read(page.body, "observation"); err != nil {
		return err
	}
	if err := l.tick.read(page.body, "support"); err != nil {
		return err
	}
	opened, err := l.browser.must(ctx, "POST", l.session+"/screen", url.Values{"do": {"open"}}, http.StatusOK)
	if err != nil {
		return err
	}
	code, err := found(opened.body, `<code>([^<]+)</code>`)
	if err != nil {
		return err
	}
	_, err = l.screen.must(ctx, "POST", "/room", url.Values{"code": {code}}, http.StatusSeeOther)
	return err
}

// work types each time and does the next thing in a session: a tick, a prompt, the clock, or
// loading the whole page.
func (l *counselor) work(ctx context.Context, r *report) {
	l.turns++
	took, err := l.note.save(ctx, l.browser, fmt.Sprint("Both slowed down, seen for the ", l.note.revision+1, "th time."))
	r.note("a counselor's words", took, err)
	switch l.turns % 4 {
	case 1:
		took, err := l.tick.save(ctx, l.browser, map[bool]string{true: "yes"}[l.tick.value == ""])
		r.note("a counselor's tick", took, err)
	case 2:
		l.turnPrompt(ctx, r)
	case 3:
		r.asked(ctx, "the clock", l.browser, "POST", l.session+"/clock",
			url.Values{"kind": {[]string{"pause", "joint"}[l.turns/4%2]}})
	default:
		r.asked(ctx, "the page of a running session", l.browser, "GET", l.session+"/run", nil)
	}
}

func (l *counselor) turnPrompt(ctx context.Context, r *report) {
	next := l.prompts[l.now.saves%len(l.prompts)]
	l.mu.Lock()
	l.shown[l.texts[next]] = time.Now()
	l.mu.Unlock()
	took, err := l.now.save(ctx, l.browser, next)
	r.note("a prompt", took, err)
}

// follow is the couple's screen, which measures how long a prompt takes to arrive.
func (l *counselor) follow(ctx context.Context, r *report) {
	r.stream(ctx, l.screen, l.session+"/room/stream", func(line string) {
		l.mu.Lock()
		defer l.mu.Unlock()
		for text, since := range l.shown {
			if strings.Contains(line, asJSON(text)) {
				r.note("a prompt, until it is on the screen", time.Since(since), nil)
				delete(l.shown, text)
			}
		}
	})
}

// watch is the counselor's second window.
func (l *counselor) watch(ctx context.Context, r *report) {
	r.stream(ctx, l.browser, l.session+"/changes", func(string) {})
}

func (l *counselor) readBack(ctx context.Context, r *report) {
	page, err := l.browser.must(ctx, "GET", l.session+"/run", nil, http.StatusOK)
	r.check(l.note, err, l.note.lost(page.body, "observation"))
	r.check(l.tick, err, l.tick.lost(page.body, "support"))
	id, wrong := found(page.body,
		`name="v.now" value="([^"]*)" data-now-field data-revision="`+fmt.Sprint(l.now.revision)+`"`)
	r.check(l.now, err, wrong != nil || id != l.now.value)
}

// stream reads a stream until ctx ends. If the stream ends earlier, that is an error.
func (r *report) stream(ctx context.Context, b *browser, path string, each func(line string)) {
	request, err := b.request(ctx, "GET", path, nil)
	if err != nil {
		r.note("a stream", 0, err)
		return
	}
	response, err := b.client.Do(request)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("a stream was answered with %d", response.StatusCode)
	}
	if err != nil {
		r.failed(ctx, "a stream", err)
		return
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		each(lines.Text())
	}
	r.failed(ctx, "a stream", fmt.Errorf("it ended: %v", lines.Err()))
}
