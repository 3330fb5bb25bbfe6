package main

import (
	"time"

	"mend/calendar/reminders"
	"mend/worksheets"
)

// reminding returns what sends reminders, nil without a mail server.
func (h *app) reminding(cfg config) (*reminders.Worker, error) {
	server, err := cfg.mailServer()
	if server == nil || err != nil {
		return nil, err
	}
	return &reminders.Worker{
		Store: h.site.Reminders, Server: server, Audit: h.site.Audit, SignIn: h.site.URL + "/login",
		Homework: worksheets.HasHomework, Now: h.site.Now, Look: 15 * time.Second,
	}, nil
}
