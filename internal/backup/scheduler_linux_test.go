package backup_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"mend/internal/backup"
	"mend/internal/dbtest"
)

// A said collects what the program logged.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// errors returns the number of logged failures.
func (s *said) errors() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Count(s.text.String(), `"level":"ERROR"`)
}

// smallDisk mounts a file system of one megabyte.
func smallDisk(t *testing.T) string {
	t.Helper()
	at := filepath.Join(t.TempDir(), "backups")
	if err := os.Mkdir(at, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", at, "tmpfs", 0, "size=1m"); err != nil {
		why := "NOT TRIED on this machine: mounting a small disk: " + err.Error()
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	t.Cleanup(func() { syscall.Unmount(at, syscall.MNT_DETACH) })
	return at
}

// wait waits until is returns true.
func wait(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 3000 {
		if is() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("waited in vain for ", what)
}

// TestABackupFolderInTroubleIsToldAndTriedAgain makes the backup folder unusable in three ways
// while the scheduler runs, and restores it.
func TestABackupFolderInTroubleIsToldAndTriedAgain(t *testing.T) {
	troubles := map[string]struct{ breaks, mends func(at string) error }{
		"full": {func(at string) error {
			f, err := os.Create(filepath.Join(at, "other"))
			for err == nil {
				_, err = f.Write(make([]byte, 4096))
			}
			return f.Close()
		}, func(at string) error { return os.Remove(filepath.Join(at, "other")) }},
		"read-only": {
			func(at string) error { return syscall.Mount("", at, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, "") },
			func(at string) error { return syscall.Mount("", at, "", syscall.MS_REMOUNT, "") },
		},
		"gone": {
			func(at string) error { return os.Rename(filepath.Join(at, "here"), filepath.Join(at, "elsewhere")) },
			func(at string) error { return os.Rename(filepath.Join(at, "elsewhere"), filepath.Join(at, "here")) },
		},
	}
	for what, trouble := range troubles {
		t.Run(what, func(t *testing.T) {
			var log said
			before := slog.Default()
			slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
			defer slog.SetDefault(before)
			at := smallDisk(t)
			folder := filepath.Join(at, "here")
			var mu sync.Mutex
			now := noon
			clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
			db := dbtest.SQLite(t)
			fill(t, db, 5)
			k := backup.Scheduler{
				DB: db, Folder: folder,
				To: backup.Seal{Recipient: "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"}, Keep: 1,
				PollInterval: 10 * time.Millisecond, Now: clock,
			}
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { defer close(done); k.Run(ctx) }()
			defer func() { stop(); <-done }()
			wait(t, "the first backup", func() bool { return !k.IsLate() })
			if err := trouble.breaks(at); err != nil {
				t.Fatal(err)
			}
			mu.Lock()
			now = noon.Add(backup.LateAfter + time.Minute)
			mu.Unlock()
			wait(t, "a failure, and another", func() bool { return log.errors() > 1 })
			if !k.IsLate() {
				t.Error("pages do not warn")
			}
			if what != "gone" && !k.Last().Equal(noon.Truncate(time.Second)) {
				t.Error("the old backup was removed for one that failed:", k.Last())
			}
			if _, err := os.Stat(folder); what == "gone" && err == nil {
				t.Error("the folder was made anew, where no disk is")
			}
			if err := trouble.mends(at); err != nil {
				t.Fatal(err)
			}
			wait(t, "a backup", func() bool { return !k.IsLate() })
			if left, _ := filepath.Glob(filepath.Join(folder, ".*")); len(left) > 0 {
				t.Error("left behind:", left)
			}
		})
	}
}
