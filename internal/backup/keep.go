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
	Every = 24 * time.Hour
	Late  = 36 * time.Hour
)

// A Keeper makes a backup of a database each day and keeps the latest ones.
type Keeper struct {
	DB     *database.DB
	Folder string
	To     Seal
	Keep   int
	Look   time.Duration // how often it checks whether one is due
	Now    func() time.Time
}

const (
	prefix = "mend-"
	suffix = ".backup"
	stamp  = "20060102T150405Z"
)

// Run makes backups until ctx ends. A failed one is logged and retried at the next check. The
// folder is created only at the start: if it disappears later, its disk is gone, and the backup
// must not be written elsewhere.
func (k Keeper) Run(ctx context.Context) {
	if err := os.MkdirAll(k.Folder, 0o700); err != nil {
		slog.Error("folder of backups", "err", err.Error())
	}
	every := time.NewTicker(k.Look)
	defer every.Stop()
	for {
		if k.Now().Sub(k.Last()) >= Every {
			k.once(ctx)
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			return
		}
	}
}

func (k Keeper) once(ctx context.Context) {
	path, m, err := k.Make(ctx)
	if err != nil {
		slog.Error("backup", "err", err.Error())
		return
	}
	slog.Info("backup", "file", filepath.Base(path), "rows", m.Rows())
}

// Make makes a backup, reads it back if it can, and removes the oldest beyond those to keep. If it
// fails, or a log in it was truncated, nothing is removed. A backup that cannot be read back is
// moved to one fixed name, since otherwise failed ones would fill the disk.
func (k Keeper) Make(ctx context.Context) (path string, m Manifest, err error) {
	now := k.Now().UTC()
	path = filepath.Join(k.Folder, prefix+now.Format(stamp)+suffix)
	if m, err = WriteFile(ctx, k.DB, path, k.To, now); err != nil {
		return path, m, err
	}
	if k.To.Passphrase != "" { // for a recipient, only its owner can read it
		_, _, err := Verify(path, Opening{Passphrase: k.To.Passphrase})
		if err != nil && !errors.Is(err, ErrLog) {
			err = errors.Join(err, os.Rename(path, filepath.Join(k.Folder, "unreadable")))
		}
		if err != nil {
			return path, m, err
		}
	}
	made := k.made()
	for _, old := range made[:max(len(made)-k.Keep, 0)] {
		if err := os.Remove(filepath.Join(k.Folder, prefix+old.Format(stamp)+suffix)); err != nil &&
			!errors.Is(err, fs.ErrNotExist) {
			return path, m, err
		}
	}
	return path, m, nil
}

// Last returns when the last good backup was made, or the zero time.
func (k Keeper) Last() time.Time {
	made := k.made()
	if len(made) == 0 {
		return time.Time{}
	}
	return made[len(made)-1]
}

// IsLate reports whether the last good backup is too old.
func (k Keeper) IsLate() bool { return k.Now().Sub(k.Last()) > Late }

// made returns when each backup in the folder was made, oldest first.
func (k Keeper) made() []time.Time {
	files, err := os.ReadDir(k.Folder)
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
