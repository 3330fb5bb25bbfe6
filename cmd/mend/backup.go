package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mend/accounts"
	"mend/internal/backup"
	"mend/internal/database"
	"mend/migrations"
)

// passphrase returns the passphrase in the environment or, without one, the first line of stdin.
func (p console) passphrase(ask string) (string, error) {
	if set := p.getenv("MEND_BACKUP_PASSPHRASE"); set != "" {
		return set, nil
	}
	fmt.Fprint(p.stdout, ask)
	line, err := bufio.NewReader(p.stdin).ReadString('\n')
	fmt.Fprintln(p.stdout)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// shortest is the minimum length of a backup's passphrase.
const shortest = 12

// writeBackup writes a backup of the database to a file. Mend can be running.
func (p console) writeBackup(ctx context.Context, file string, cfg config) (err error) {
	to := backup.Seal{Recipient: cfg.backupTo}
	if to.Recipient == "" {
		if to.Passphrase, err = p.passphrase(
			"A passphrase for the backup (at least 12 characters): "); err != nil {
			return err
		}
		if len(to.Passphrase) < shortest {
			return errors.New("give a recipient with --backup-to age1..., or a passphrase of at least 12 characters")
		}
	}
	if err := to.Check(); err != nil {
		return err
	}
	if cfg.onSQLite() {
		if _, err := os.Stat(cfg.database); err != nil {
			return fmt.Errorf("there is no database at %s", cfg.database)
		}
	}
	db, err := database.Open(ctx, cfg.database)
	if err != nil {
		return err
	}
	defer db.Close()
	m, err := backup.WriteFile(ctx, db, file, to, time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout,
		"The backup %s holds %d tables with %d rows. Keep the master key apart from it (mend keys, and the printed copy): "+
			"without it nobody reads what it holds.\n", file, len(m.Tables), m.Rows())
	return nil
}

// decryption returns what decrypts a backup: an identity file or a passphrase.
func (p console) decryption(cfg config) (backup.Opening, error) {
	if cfg.identity != "" {
		text, err := os.ReadFile(cfg.identity)
		return backup.Opening{Identities: string(text), AnyLog: cfg.anyLog}, err
	}
	words, err := p.passphrase("The passphrase of the backup: ")
	return backup.Opening{Passphrase: words, AnyLog: cfg.anyLog}, err
}

// verifyFile reads and checks a whole backup without restoring it.
func (p console) verifyFile(file string, cfg config) error {
	with, err := p.decryption(cfg)
	if err != nil {
		return err
	}
	head, m, err := backup.Verify(file, with)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "The backup is whole: made %s from %s, schema %d, %d tables, %d rows.\n",
		head.MadeAt.Format(time.RFC1123), head.Engine, head.Schema, len(m.Tables), m.Rows())
	return nil
}

// restore restores a backup to a place without a database, and repeats the erasures made since the
// backup.
func (p console) restore(ctx context.Context, file string, cfg config) error {
	with, err := p.decryption(cfg)
	if err != nil {
		return err
	}
	if _, _, err := backup.Verify(file, with); err != nil {
		return err
	}
	if _, err := os.Stat(cfg.keyFile); err != nil {
		return fmt.Errorf("the master key is not at %s: put it there first, or bring it back with mend keys restore; "+
			"without it nothing that the backup holds can be read, or erased again", cfg.keyFile)
	}
	into := cfg.database
	if cfg.onSQLite() {
		if _, err := os.Lstat(into); err == nil {
			return fmt.Errorf("there is a database at %s already; move it away first", into)
		}
		into += ".restoring"
		for _, left := range sqliteFiles(into) { // left by an interrupted restore
			os.Remove(left)
		}
	}
	if err := restoreInto(ctx, cfg, into, file, with, p.stdout); err != nil {
		if cfg.onSQLite() {
			for _, left := range sqliteFiles(into) {
				os.Remove(left)
			}
		}
		return err
	}
	if cfg.onSQLite() {
		return cmp.Or(os.Rename(into, cfg.database), os.Remove(into+".lock"))
	}
	return nil
}

// sqliteFiles returns the paths of an SQLite database and its companion files.
func sqliteFiles(path string) []string {
	return []string{path, path + "-wal", path + "-shm", path + ".lock"}
}

func restoreInto(ctx context.Context, cfg config, into, file string, with backup.Opening, stdout io.Writer) error {
	db, err := database.Open(ctx, into)
	if err != nil {
		return err
	}
	head, m, err := backup.Restore(ctx, db, file, with)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	opened := cfg
	opened.database = into
	if err := moveAside(checkpointsBeside(cfg.keyFile), time.Now()); err != nil {
		return err
	}
	h, err := openApp(ctx, opened, accounts.StrongHashing())
	if err != nil {
		return err
	}
	again, err := h.eraseAgain(ctx, erasuresBeside(cfg.keyFile))
	if err == nil {
		err = h.noteErasures(ctx, erasuresBeside(cfg.keyFile))
	}
	if err == nil {
		err = h.site.Reminders.AfterRestore(ctx, time.Now())
	}
	h.close()
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout,
		"Restored what was backed up on %s: %d tables, %d rows. %d erasures since then were done again.\nThe statements "+
			"about the log (checkpoints) were put aside: they speak of what came after the backup. Start Mend, and run: mend "+
			"verify\n",
		head.MadeAt.Format(time.RFC1123), len(m.Tables), m.Rows(), again)
	return nil
}

// moveAside renames a file, if it exists, to keep it out of the way.
func moveAside(path string, now time.Time) error {
	err := os.Rename(path, path+".before-"+now.UTC().Format("20060102T150405Z"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// copies is the number of copies kept per schema. Each start that fails to migrate makes another
// copy.
const copies = 3

// copyBeforeMigrating copies a database with pending migrations into the data folder, so that a
// failed upgrade can be rolled back.
func copyBeforeMigrating(ctx context.Context, db *database.DB, folder string) error {
	pending, err := migrations.Pending(ctx, db)
	if err != nil || !pending {
		return err
	}
	version, err := migrations.Version(ctx, db)
	if err != nil {
		return err
	}
	begin := filepath.Join(folder, fmt.Sprintf("before-migration-from-%d-", version))
	path := begin + time.Now().UTC().Format("20060102T150405.000000Z") + ".backup"
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if _, err := backup.WriteFile(ctx, db, path, backup.Seal{}, time.Now()); err != nil {
		return fmt.Errorf("nothing was migrated, for the copy before it failed: %w", err)
	}
	return removeOldCopies(folder, filepath.Base(begin))
}

// removeOldCopies deletes all but the newest copies whose names start with begin.
func removeOldCopies(folder, begin string) error {
	files, err := os.ReadDir(folder) // sorted by name, and therefore by time
	if err != nil {
		return err
	}
	files = slices.DeleteFunc(files, func(f os.DirEntry) bool { return !strings.HasPrefix(f.Name(), begin) })
	for _, old := range files[:max(len(files)-copies, 0)] {
		if err := os.Remove(filepath.Join(folder, old.Name())); err != nil {
			return fmt.Errorf("an old copy: %w", err)
		}
	}
	return nil
}
