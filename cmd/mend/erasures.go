package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"mend/couples"
)

// erasuresBeside returns the path of the list of erasures. It is next to the key and not with the
// database and its backups, so that restoring a backup does not bring back what was erased after it
// was made.
func erasuresBeside(keyFile string) string { return filepath.Join(filepath.Dir(keyFile), "erasures") }

// noteErasures adds missing erasures to the list. The file is replaced atomically and synced to
// disk.
func (h *app) noteErasures(ctx context.Context, path string) error {
	gone, err := h.site.Couples.ErasureRecords(ctx)
	if err != nil || len(gone) == 0 {
		return err
	}
	list, err := readErasures(path)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, g := range list {
		known[g.Couple+string(g.Side)] = true
	}
	before := len(list)
	for _, g := range gone {
		if !known[g.Couple+string(g.Side)] {
			list = append(list, g)
		}
	}
	if len(list) == before {
		return nil
	}
	return writeErasures(path, list)
}

func writeErasures(path string, list []couples.ErasureRecord) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".erasures-*") // created with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails harmlessly after the rename
	lines := json.NewEncoder(f)
	for _, g := range list {
		err = errors.Join(err, lines.Encode(g))
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// readErasures reads the list of erasures. A missing file means that nothing was erased. An
// unreadable line is an error, because what it erased would come back.
func readErasures(path string) ([]couples.ErasureRecord, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []couples.ErasureRecord
	for lines := json.NewDecoder(f); lines.More(); {
		var g couples.ErasureRecord
		if err := lines.Decode(&g); err != nil {
			return nil, fmt.Errorf("the list of erasures %s cannot be read", path)
		}
		list = append(list, g)
	}
	return list, nil
}

// eraseAgain repeats the listed erasures whose data is back, and returns how many there were.
func (h *app) eraseAgain(ctx context.Context, path string) (int, error) {
	list, err := readErasures(path)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, g := range list {
		done, err := h.site.Couples.ReErase(ctx, h.site.Accounts, g, time.Now())
		if err != nil {
			return n, err
		}
		if done {
			n++
		}
	}
	return n, nil
}
