package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"mend/accounts"
	"mend/calendar"
	"mend/calendar/reminders"
	"mend/couples"
	"mend/couples/consents"
	"mend/couples/treatment"
	"mend/demo"
	"mend/handlers"
	"mend/handlers/web"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/pdf"
	"mend/internal/vault"
	"mend/migrations"
	"mend/notes"
	"mend/records"
	"mend/records/caseload"
	"mend/records/export"
	"mend/sessions"
	"mend/worksheets"
	"mend/worksheets/promises"
)

// An app holds everything behind the handlers.
type app struct {
	db     *database.DB
	vault  *vault.Vault
	unlock func()
	site   web.Site

	inspected atomic.Pointer[web.Inspection] // the latest result, nil before the first
}

// openApp opens and migrates the database and loads the content. It first locks an SQLite file,
// because two processes that migrate one file corrupt each other's work.
func openApp(ctx context.Context, cfg config, hashing *accounts.Hashing) (*app, error) {
	h := &app{unlock: func() {}}
	if cfg.onSQLite() {
		var err error
		if h.unlock, err = database.Lock(cfg.database); err != nil {
			return nil, err
		}
	}
	var err error
	opening, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if h.db, err = database.Open(opening, cfg.database); err != nil {
		h.unlock()
		return nil, err
	}
	if err := copyBeforeMigrating(ctx, h.db, cfg.data); err != nil {
		h.close()
		return nil, err
	}
	if err := h.wire(ctx, cfg.keyFile, hashing); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

// monotonicClock returns a monotonic clock: changes of the machine's clock do not affect it.
func monotonicClock(start time.Time) func() time.Time {
	return func() time.Time { return start.Add(time.Since(start)).Round(0) }
}

// wire migrates the database and creates the stores.
func (h *app) wire(ctx context.Context, keyFile string, hashing *accounts.Hashing) error {
	if err := migrations.Apply(ctx, h.db); err != nil {
		return err
	}
	v, err := unlockVault(ctx, h.db, keyFile, time.Now())
	if err != nil {
		return err
	}
	h.vault = v
	now := monotonicClock(time.Now())
	method, err := sessions.LoadMethod()
	if err != nil {
		return err
	}
	catalogue, err := worksheets.LoadCatalogue(method)
	if err != nil {
		return err
	}
	h.site = web.Site{
		Accounts: accounts.NewStore(h.db, v, hashing), Couples: couples.NewStore(h.db, v, catalogue.BreachKindIDs()),
		Sessions: sessions.NewStore(h.db, v, method), Worksheets: worksheets.NewStore(h.db, v, catalogue),
		Promises: promises.NewStore(h.db, v, catalogue), Calendar: calendar.NewStore(h.db, v),
		Consents:  consents.NewStore(h.db, v),
		Treatment: treatment.NewStore(h.db, v, method.Terms()),
		Reminders: reminders.NewStore(h.db, v),
		Audit:     audit.New(h.db, audit.Keys{MAC: v.AuditKey, Sign: v.SigningKey}, checkpointsBeside(keyFile), now),
		Now:       now,
		Ready: func(r *http.Request) error {
			var one int
			return errors.Join(h.db.Broken(), h.db.Get(r.Context(), &one, `SELECT 1`))
		},
	}
	h.site.Records = records.NewStore(h.db, v, records.Sources{
		Accounts: h.site.Accounts, Couples: h.site.Couples, Consents: h.site.Consents, Sessions: h.site.Sessions,
		Worksheets: h.site.Worksheets, Promises: h.site.Promises, Treatment: h.site.Treatment,
	})
	h.site.Export = &export.Store{
		Couples: h.site.Couples, Sessions: h.site.Sessions, Worksheets: h.site.Worksheets, Calendar: h.site.Calendar,
		Consents: h.site.Consents, Promises: h.site.Promises, Treatment: h.site.Treatment, Records: h.site.Records,
	}
	h.site.Caseload = caseload.NewStore(h.db, v, h.site.Couples, h.site.Accounts)
	h.site.Notes = notes.NewStore(h.db, h.site.Accounts, h.site.Sessions, h.site.Worksheets,
		h.site.Calendar, h.site.Treatment, h.site.Promises)
	return h.site.Accounts.CheckZones(ctx)
}

// stores returns the stores that the demo needs.
func (h *app) stores() demo.Stores {
	return demo.Stores{
		Accounts: h.site.Accounts, Couples: h.site.Couples, Sessions: h.site.Sessions,
		Worksheets: h.site.Worksheets, Promises: h.site.Promises,
		Calendar: h.site.Calendar, Consents: h.site.Consents, Treatment: h.site.Treatment,
		Records: h.site.Records,
	}
}

// seedDemo seeds the demo.
func (h *app) seedDemo(ctx context.Context, cfg config) ([]demo.Person, error) {
	return demo.Seed(ctx, h.stores(), cfg.couples, time.Now())
}

func (h *app) close() {
	if err := h.db.Close(); err != nil {
		slog.Error("close database", "err", err.Error())
	}
	h.unlock()
}

// serve runs Mend until ctx ends.
func serve(ctx context.Context, cfg config, stdout, stderr io.Writer) error {
	closeLog, err := openLog(cfg.log, stderr)
	if err != nil {
		return err
	}
	defer closeLog()
	listener, err := net.Listen("tcp", cfg.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	if cfg.fonts != "" {
		if err := pdf.UseFonts(cfg.fonts); err != nil {
			return err
		}
	}
	h, err := openApp(ctx, cfg, accounts.StrongHashing())
	if err != nil {
		return err
	}
	defer h.close()
	h.site.URL, h.site.RequireSetup, h.site.MostAMinute = cfg.siteURL(listener.Addr()), true, 1800
	h.site.HSTSSubdomains = cfg.hstsAll
	if cfg.behindProxy != "" {
		h.site.Proxies = []string{cfg.behindProxy}
	}
	token, err := h.site.Accounts.BeginSetup(ctx)
	if err != nil {
		return err
	}
	if token != "" {
		fmt.Fprintf(stdout, "Set up your practice, once, at\n\n  %s/setup?token=%s\n\n", h.site.URL, token)
	}
	fmt.Fprintf(stdout, "Mend is at %s\n", h.site.URL)
	stop, err := h.background(ctx, cfg)
	if err != nil {
		return err
	}
	defer stop()
	h.site.Stopping = ctx.Done()
	if err := h.reportHealth(ctx, cfg); err != nil {
		return err
	}
	stage, err := h.withSandboxes()
	if err != nil {
		return err
	}
	defer stage.Close()
	return answer(ctx, listener, cfg, stage)
}

// serveDemo runs Mend with an invented practice in a temporary folder.
func serveDemo(ctx context.Context, cfg config, stdout, stderr io.Writer) error {
	if cfg.data == "" {
		folder, err := os.MkdirTemp("", "mend-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		cfg.keyFile = cmp.Or(cfg.keyFile, filepath.Join(folder, "keys", "master.json"))
		cfg.inFolder(folder)
	}
	slog.SetDefault(slog.New(slog.NewJSONHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	listener, err := net.Listen("tcp", cfg.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	h, err := openApp(ctx, cfg, accounts.FastHashing())
	if err != nil {
		return err
	}
	defer h.close()
	h.site.URL = cfg.siteURL(listener.Addr())
	people, err := h.seedDemo(ctx, cfg)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	if err := printAccounts(stdout, cfg.json, h.site.URL, people); err != nil {
		return err
	}
	h.site.Stopping = ctx.Done()
	return answer(ctx, listener, cfg, handlers.New(h.site))
}

// printAccounts prints the address of the demo and who can sign in.
func printAccounts(w io.Writer, asJSON bool, url string, people []demo.Person) error {
	if asJSON {
		return json.NewEncoder(w).Encode(map[string]any{"url": url, "people": people})
	}
	fmt.Fprintf(w,
		"Mend's demo is at %s\n\nEverybody here is invented, and everything is gone when you stop it. Sign in as\n\n", url)
	for _, p := range people {
		fmt.Fprintf(w, "  %-10s %-22s %-32s %s\n", p.Role, p.Name, p.SignIn, p.Password)
	}
	_, err := fmt.Fprintln(w)
	return err
}

// answer serves h on listener until ctx ends, and then waits up to ten seconds for requests in
// progress.
func answer(ctx context.Context, listener net.Listener, cfg config, h http.Handler) error {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, TLSConfig: tlsConfig(),
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		stopped <- server.Shutdown(last)
	}()
	var err error
	if cfg.tlsCert != "" {
		err = server.ServeTLS(listener, cfg.tlsCert, cfg.tlsKey)
	} else {
		err = server.Serve(listener)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// tlsConfig allows TLS 1.2 and later. For 1.2 it allows only AEAD cipher suites, not CBC.
func tlsConfig() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, CipherSuites: []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
	}}
}
