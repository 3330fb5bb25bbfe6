package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"mend/calendar/reminders"
	"mend/internal/backup"
	"mend/worksheets"
)

// background starts the background tasks: log checkpoints, the nightly integrity check, backups,
// and reminders. stop cancels them and waits until they have ended.
func (h *app) background(ctx context.Context, cfg config) (stop func(), err error) {
	sends, err := h.reminderWorker(cfg)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	erasures := erasuresBeside(cfg.keyFile)
	h.site.OnErased = func(ctx context.Context) error { return h.noteErasures(ctx, erasures) }
	h.site.LastInspection = h.inspected.Load
	running.Go(func() { h.checkpoints(ctx, erasures) })
	running.Go(func() { h.extendSeries(ctx) })
	running.Go(func() { h.sweepUploads(ctx) })
	running.Go(func() { h.inspections(ctx, time.Minute, 24*time.Hour) })
	if cfg.backups != "" {
		scheduler := backup.Scheduler{
			DB: h.db, Folder: cfg.backups, To: cfg.seal(), Keep: cfg.keep,
			PollInterval: 10 * time.Minute, Now: time.Now,
		}
		h.site.BackupLate = scheduler.IsLate
		running.Go(func() { scheduler.Run(ctx) })
	}
	if sends != nil {
		running.Go(func() { sends.Run(ctx) })
	}
	return func() { cancel(); running.Wait() }, nil
}

// reminderWorker returns the worker that sends reminders, or nil if no mail server is configured.
func (h *app) reminderWorker(cfg config) (*reminders.Worker, error) {
	server, err := cfg.mailServer()
	if server == nil || err != nil {
		return nil, err
	}
	h.site.MailFrom = server.From()
	return &reminders.Worker{
		Store: h.site.Reminders, Server: server, Audit: h.site.Audit, SignIn: h.site.URL + "/login",
		Homework: worksheets.HasHomework, Now: h.site.Now, PollInterval: 15 * time.Second,
	}, nil
}

// checkpoints writes the signed checkpoints of the audit log and the list of erasures: every five
// minutes, after a thousand log entries, and a last time when ctx ends.
func (h *app) checkpoints(ctx context.Context, erasures string) {
	every := time.NewTicker(5 * time.Minute)
	defer every.Stop()
	for ctx.Err() == nil {
		select {
		case <-every.C:
		case <-h.site.Audit.Due():
		case <-ctx.Done():
		}
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		if err := h.site.Audit.Checkpoint(last); err != nil {
			slog.Error("audit checkpoint", "err", err.Error())
		}
		if err := h.noteErasures(last, erasures); err != nil {
			slog.Error("list of erasures", "err", err.Error())
		}
		if err := h.db.ScrubAgain(last); err != nil {
			slog.Error("empty the write-ahead log", "err", err.Error())
		}
		cancel()
	}
}

// extendSeries adds the appointments of the coming weeks to open-ended series, at startup and once
// a day, until ctx ends.
func (h *app) extendSeries(ctx context.Context) {
	daily := time.NewTicker(24 * time.Hour)
	defer daily.Stop()
	for ctx.Err() == nil {
		if err := h.site.Calendar.Extend(ctx, h.site.Now()); err != nil && ctx.Err() == nil {
			slog.Error("extend series of appointments", "err", err.Error())
		}
		select {
		case <-daily.C:
		case <-ctx.Done():
		}
	}
}

// sweepUploads deletes, every hour until ctx ends, caseloads that were uploaded a day ago and not
// imported.
func (h *app) sweepUploads(ctx context.Context) {
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for ctx.Err() == nil {
		if err := h.site.Caseload.Sweep(ctx, h.site.Now()); err != nil && ctx.Err() == nil {
			slog.Error("delete old uploads", "err", err.Error())
		}
		select {
		case <-hourly.C:
		case <-ctx.Done():
		}
	}
}
