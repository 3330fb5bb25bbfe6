package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"mend/internal/database"
	"mend/internal/vault"
)

// checkpointsBeside returns where the signed checkpoints of the log go: to the
// folder of the key, which is not that of the database.
func checkpointsBeside(keyFile string) string {
	return filepath.Join(filepath.Dir(keyFile), "checkpoints")
}

// unlockVault returns the vault of db with the master key of keyFile. A fresh
// database gets a fresh key; a missing or wrong one is an error, and nothing
// is written.
func unlockVault(ctx context.Context, db *database.DB, keyFile string, now time.Time) (*vault.Vault, error) {
	claimed, err := vault.Claimed(ctx, db)
	if err != nil {
		return nil, err
	}
	master, err := vault.ReadMaster(keyFile)
	if errors.Is(err, vault.ErrNoKeyFile) && claimed {
		return nil, fmt.Errorf("the database is sealed and its key file %s is missing; put it back, or restore it with: mend keys restore", keyFile)
	}
	if errors.Is(err, vault.ErrNoKeyFile) {
		if master, err = vault.NewMaster(); err == nil {
			err = master.Write(keyFile)
		}
	}
	if err != nil {
		return nil, err
	}
	v := vault.New(master)
	return v, v.Claim(ctx, db, now)
}
