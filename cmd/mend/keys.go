package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/vault"
	"mend/migrations"
)

// checkpointsBeside returns the path of the signed log checkpoints. They are in the key's folder,
// apart from the database.
func checkpointsBeside(keyFile string) string {
	return filepath.Join(filepath.Dir(keyFile), "checkpoints")
}

// unlockVault returns the vault of db with the master key in keyFile. It creates a key for a new
// database. A missing or wrong key is an error, and nothing is written.
func unlockVault(ctx context.Context, db *database.DB, keyFile string, now time.Time) (*vault.Vault, error) {
	claimed, err := vault.Claimed(ctx, db)
	if err != nil {
		return nil, err
	}
	master, err := vault.ReadMaster(keyFile)
	if errors.Is(err, vault.ErrNoKeyFile) && claimed {
		return nil, fmt.Errorf("the database is sealed and its key file %s is missing; put it back, or restore it with: "+
			"mend keys restore", keyFile)
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
	v.WatchErasures(db)
	return v, v.Claim(ctx, db, now)
}

// A keysAction is an operation on the master key of a database.
type keysAction func(context.Context, config, *database.DB, console) error

// withDatabase opens and migrates the database and runs an action on its key.
func (p console) withDatabase(ctx context.Context, cfg config, do keysAction) error {
	if cfg.onSQLite() {
		unlock, err := database.Lock(cfg.database)
		if err != nil {
			return err
		}
		defer unlock()
	}
	db, err := database.Open(ctx, cfg.database)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := migrations.Apply(ctx, db); err != nil {
		return err
	}
	return do(ctx, cfg, db, p)
}

func keysStatus(ctx context.Context, cfg config, db *database.DB, p console) error {
	v, err := unlockVault(ctx, db, cfg.keyFile, time.Now())
	if err != nil {
		return err
	}
	counts, destroyed, err := vault.Status(ctx, db)
	if err != nil {
		return err
	}
	for _, c := range counts {
		fmt.Fprintf(p.stdout, "%d keys are wrapped with master key %s\n", c.Keysets, c.MasterID)
	}
	escrowed, err := v.Escrowed(ctx, db)
	if err != nil {
		return err
	}
	kept := map[bool]string{
		true:  "A printed copy of the present master key was confirmed.",
		false: "No printed copy of the present master key was confirmed.",
	}
	fmt.Fprintf(p.stdout, "%d keys were destroyed\n%s\n", destroyed, kept[escrowed])
	return nil
}

// keysRotate creates a new master key and rewraps all keys with it. If it was interrupted, the next
// call continues.
func keysRotate(ctx context.Context, cfg config, db *database.DB, p console) error {
	if _, err := unlockVault(ctx, db, cfg.keyFile, time.Now()); err != nil {
		return err
	}
	master, err := vault.ReadMaster(cfg.keyFile)
	if err != nil {
		return err
	}
	if master.Keys() == 1 {
		if master, err = master.Rotated(); err != nil {
			return err
		}
		if err := master.Write(cfg.keyFile); err != nil {
			return err
		}
	}
	n, err := vault.New(master).Rewrap(ctx, db)
	if err != nil {
		return err
	}
	if err := noteKeys(ctx, db, vault.New(master), "rotated"); err != nil {
		return err
	}
	if master, err = master.Newest(); err != nil {
		return err
	}
	if err := master.Write(cfg.keyFile); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout,
		"%d keys are wrapped with the new master key %s. Restart other Mend processes, and print a new copy of the key: "+
			"the old one opens old backups only.\n", n, master.ID())
	return nil
}

// noteKeys logs an operation on the master key in the log of each practice.
func noteKeys(ctx context.Context, db *database.DB, v *vault.Vault, what string) error {
	var practices []string
	if err := db.Select(ctx, &practices, `SELECT id FROM practices ORDER BY id`); err != nil {
		return err
	}
	log := audit.New(db, audit.Keys{MAC: v.AuditKey, Sign: v.SigningKey}, "", time.Now)
	for _, practice := range practices {
		event := audit.Event{Practice: practice, Action: audit.KeysChanged, Object: "master key", Reason: what}
		if err := log.Write(ctx, audit.Who{Practice: practice, Role: "server"}, event); err != nil {
			return err
		}
	}
	return nil
}

// keysRestore recreates the key file from a printed copy of the key.
func keysRestore(ctx context.Context, cfg config, db *database.DB, p console) error {
	if _, err := os.Stat(cfg.keyFile); err == nil {
		return fmt.Errorf("there is a key file at %s; move it away first", cfg.keyFile)
	}
	fmt.Fprintln(p.stdout, "Type or paste the text of the printed copy, then an empty line, then its passphrase:")
	text, passphrase, err := readEscrow(p.stdin)
	if err != nil {
		return err
	}
	master, err := vault.OpenEscrow(text, passphrase)
	if err != nil {
		return err
	}
	if claimed, err := vault.Claimed(ctx, db); err != nil {
		return err
	} else if claimed {
		if err := vault.New(master).Claim(ctx, db, time.Now()); err != nil {
			return err
		}
		if err := noteKeys(ctx, db, vault.New(master), "restored"); err != nil {
			return err
		}
	}
	if err := master.Write(cfg.keyFile); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "The master key %s is back at %s.\n", master.ID(), cfg.keyFile)
	return nil
}

// readEscrow reads the text up to an empty line and then the passphrase.
func readEscrow(r io.Reader) (text, passphrase string, err error) {
	lines := bufio.NewScanner(r)
	var body strings.Builder
	for lines.Scan() && strings.TrimSpace(lines.Text()) != "" {
		body.WriteString(lines.Text() + "\n")
	}
	if lines.Scan() {
		passphrase = strings.TrimRight(lines.Text(), "\r")
	}
	return body.String(), passphrase, lines.Err()
}
