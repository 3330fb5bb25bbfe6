package main

import (
	"cmp"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"mend/accounts"
	"mend/demo"
	"mend/handlers"
	"mend/handlers/web"
	"mend/internal/sandbox"
)

// practiceMode puts before the site the sandboxes in which counselors may practice.
func (h *app) practiceMode() (*sandbox.Stage, error) {
	stage, err := sandbox.New(h.site.URL, func() (sandbox.Copy, error) { return openCopy(h.site.URL) })
	if err != nil {
		return nil, err
	}
	h.site.Rehearse, h.site.EndRehearsal = stage.Begin, stage.End
	stage.Serve(handlers.New(h.site))
	return stage, nil
}

// openCopy makes a Mend with an invented practice in a throw-away folder, in
// which its first counselor is signed in. Nothing of the request that asks for
// it goes along: what that may open and has to record is of the real place.
func openCopy(url string) (made sandbox.Copy, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	folder, err := os.MkdirTemp("", "mend-practice-")
	if err != nil {
		return made, err
	}
	cfg := config{keyFile: filepath.Join(folder, "keys", "master.json")}
	cfg.inFolder(folder)
	copied, err := openHouse(ctx, cfg, accounts.Quick())
	if err != nil {
		return made, cmp.Or(os.RemoveAll(folder), err)
	}
	stopping := make(chan struct{})
	made.Close = func() {
		close(stopping)
		copied.close()
		os.RemoveAll(folder)
	}
	defer func() {
		if err != nil {
			made.Close()
		}
	}()
	people, err := demo.Seed(ctx, copied.stores(), demo.Stories, time.Now())
	if err != nil {
		return made, err
	}
	token, err := copied.site.Accounts.SignIn(ctx, people[0].SignIn, people[0].Password, "", time.Now())
	if err != nil {
		return made, err
	}
	login, err := copied.site.Accounts.Peek(ctx, token, time.Now())
	if err != nil {
		return made, err
	}
	copied.site.URL, copied.site.Stopping, copied.site.Rehearsed = url, stopping, demo.Password
	made.Handler, made.Person = handlers.New(copied.site), login.Person()
	made.Cookies = []*http.Cookie{web.LoginCookie(url, token)}
	return made, nil
}
