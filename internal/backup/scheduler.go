package backup

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mend/internal/database"
)

// How often backups are made, and after how long a missing one is reported.
const (
	Every     = 24 * time.Hour
	LateAfter = 36 * time.Hour
)

// A Scheduler makes a backup of a database each day and keeps the latest ones.
type Scheduler struct {
	DB           *database.DB
	Folder       string
	To           Seal
	Keep         int
	PollInterval time.Duration // how often it checks whether one is due
	Now          func() time.Time
}

const (
	prefix = "mend-"
	suffix = ".backup"
	stamp  = "20060102T150405Z"
)

// Run makes backups until ctx ends. A failed one is logged and retried at the next check. The
// folder is created only at the start: if it disappears later, its disk is gone, and the backup
// must not be written elsewhere.
func (s Scheduler) Run(ctx context.Context) {
	if err := os.MkdirAll(s.Folder, 0o700); err != nil {
		slog.Error("folder of backups", "err", err.Error())
	}
	every := time.NewTicker(s.PollInterval)
	defer every.Stop()
	for {
		if s.Now().Sub(s.Last()) >= Every {
			s.once(ctx)
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			return
		}
	}
}

func (s Scheduler) once(ctx context.Context) {
	path, m, err := s.Make(ctx)
	if err != nil {
		slog.Error("backup", "err", err.Error())
		return
	}
	slog.Info("backup", "file", filepath.Base(path), "rows", m.Rows())
}

// Make makes a backup, reads it back if it can, and removes the oldest beyond those to keep. If it
// fails, or a log in it was truncated, nothing is removed. A backup that cannot be read back is
// moved to one fixed name, since otherwise failed ones would fill the disk.
func (s Scheduler) Make(ctx context.Context) (path string, m Manifest, err error) {
	now := s.Now().UTC()
	path = filepath.Join(s.Folder, prefix+now.Format(stamp)+suffix)
	if m, err = WriteFile(ctx, s.DB, path, s.To, now); err != nil {
		return path, m, err
	}
	if s.To.Passphrase != "" { // for a recipient, only its owner can read it
		_, _, err := Verify(path, Opening{Passphrase: s.To.Passphrase})
		if err != nil && !errors.Is(err, ErrLog) {
			err = errors.Join(err, os.Rename(path, filepath.Join(s.Folder, "unreadable")))
		}
		if err != nil {
			return path, m, err
		}
	}
	made := s.made()
	for _, old := range made[:max(len(made)-s.Keep, 0)] {
		if err := os.Remove(filepath.Join(s.Folder, prefix+old.Format(stamp)+suffix)); err != nil &&
			!errors.Is(err, fs.ErrNotExist) {
			return path, m, err
		}
	}
	return path, m, nil
}

// Last returns when the last good backup was made, or the zero time.
func (s Scheduler) Last() time.Time {
	made := s.made()
	if len(made) == 0 {
		return time.Time{}
	}
	return made[len(made)-1]
}

// IsLate reports whether the last good backup is too old.
func (s Scheduler) IsLate() bool { return s.Now().Sub(s.Last()) > LateAfter }

// made returns when each backup in the folder was made, oldest first.
func (s Scheduler) made() []time.Time {
	files, err := os.ReadDir(s.Folder)
	if err != nil {
		return nil
	}
	var list []time.Time
	for _, f := range files {
		name, ours := strings.CutPrefix(f.Name(), prefix)
		name, whole := strings.CutSuffix(name, suffix)
		if at, err := time.Parse(stamp, name); ours && whole && err == nil {
			list = append(list, at)
		}
	}
	slices.SortFunc(list, time.Time.Compare)
	return list
}
