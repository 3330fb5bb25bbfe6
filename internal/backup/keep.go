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

// How often backups are made, and when a missing one is told.
const (
	Every = 24 * time.Hour
	Late  = 36 * time.Hour
)

// A Keeper makes a backup of a database each day and keeps the last ones.
type Keeper struct {
	DB     *database.DB
	Folder string
	To     Seal
	Keep   int
	Look   time.Duration // how often it is looked whether one is due
	Now    func() time.Time
}

const (
	prefix = "mend-"
	suffix = ".backup"
	stamp  = "20060102T150405Z"
)

// Run makes backups until ctx ends. One that failed is tried again at the next
// look; the log says so. The folder is made at the beginning and never again: one
// that is gone was on a disk that is gone, and a backup belongs nowhere else.
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

// Make makes a backup now, reads it back where it can, and removes the oldest
// beyond those that are kept. Nothing is removed where it failed, or where a log
// in it was cut off. One that cannot be read back is put aside under one name, or
// those of many nights would fill the disk.
func (k Keeper) Make(ctx context.Context) (path string, m Manifest, err error) {
	now := k.Now().UTC()
	path = filepath.Join(k.Folder, prefix+now.Format(stamp)+suffix)
	if m, err = WriteFile(ctx, k.DB, path, k.To, now); err != nil {
		return path, m, err
	}
	if k.To.Passphrase != "" { // with a recipient only its owner can
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

// Last is when the last good backup was made; the zero time if never.
func (k Keeper) Last() time.Time {
	made := k.made()
	if len(made) == 0 {
		return time.Time{}
	}
	return made[len(made)-1]
}

// IsLate tells whether the last good backup is too old.
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
