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

// withSandboxes wraps the site in a handler that also serves the sandboxes for practice runs.
func (h *app) withSandboxes() (*sandbox.Server, error) {
	stage, err := sandbox.New(h.site.URL, func() (sandbox.Copy, error) { return openCopy(h.site.URL) })
	if err != nil {
		return nil, err
	}
	h.site.BeginSandbox, h.site.EndSandbox = stage.Begin, stage.End
	stage.SetHandler(handlers.New(h.site))
	return stage, nil
}

// openCopy starts a separate Mend with an invented practice in a temporary folder, with its first
// counselor signed in. It does not use the request's context, whose materials and audit context
// belong to the real site.
func openCopy(url string) (made sandbox.Copy, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	folder, err := os.MkdirTemp("", "mend-practice-")
	if err != nil {
		return made, err
	}
	cfg := config{keyFile: filepath.Join(folder, "keys", "master.json")}
	cfg.inFolder(folder)
	copied, err := openApp(ctx, cfg, accounts.FastHashing())
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
	copied.site.URL, copied.site.Stopping, copied.site.SandboxPassword = url, stopping, demo.Password
	made.Handler, made.Person = handlers.New(copied.site), login.Person()
	made.Cookies = []*http.Cookie{web.LoginCookie(url, token)}
	return made, nil
}
