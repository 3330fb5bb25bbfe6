package main

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"time"

	"mend/internal/backup"
	"mend/internal/health"
)

// reportHealth checks the free disk space and counts the server's responses. If an address is
// configured, it serves metrics there.
func (h *app) reportHealth(ctx context.Context, cfg config) error {
	room := &health.DiskSpace{Path: cfg.data, Free: health.Free}
	if cfg.onSQLite() { // which can be outside the data folder
		room.Path = filepath.Dir(cfg.database)
	}
	h.site.LowSpace, h.site.CriticalSpace = room.IsLow, room.IsCritical
	if cfg.metrics == "" {
		return nil
	}
	var last func() time.Time
	if cfg.backups != "" {
		last = backup.Scheduler{Folder: cfg.backups, Now: time.Now}.Last
	}
	figures := health.NewMetrics(room, last, h.db.Broken)
	h.site.CountResponse = figures.CountResponse
	listener, err := health.Listen(cfg.metrics)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: figures, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	go func() {
		if err := server.Serve(listener); err != nil && ctx.Err() == nil {
			slog.Error("figures", "err", err.Error())
		}
	}()
	return nil
}
