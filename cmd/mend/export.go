package main

import (
	"archive/zip"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"mend/accounts"
	"mend/couples"
	"mend/internal/audit"
)

func (p console) exportCommand() *cli.Command {
	c := &config{}
	return &cli.Command{
		Name:      "export",
		Usage:     "writes the caseload of every counselor as a ZIP file into a new folder, for leaving Mend; not encrypted",
		ArgsUsage: "FOLDER", Flags: flags{c, p.getenv}.storage(defaultFolder),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if err := cmp.Or(requireArgs(cmd, 1), c.settle()); err != nil {
				return err
			}
			return p.export(ctx, cmd.Args().First(), *c)
		},
	}
}

// export writes every caseload into a new folder, which it removes if it fails.
func (p console) export(ctx context.Context, folder string, cfg config) error {
	h, err := openApp(ctx, cfg, accounts.FastHashing())
	if err != nil {
		return err
	}
	defer h.close()
	if err := os.Mkdir(folder, 0o700); err != nil {
		return fmt.Errorf("nothing was exported: %w", err)
	}
	list, err := h.site.Couples.Caseloads(ctx)
	for _, l := range list {
		if err == nil {
			err = h.exportCaseload(ctx, filepath.Join(folder, "caseload-"+l.CounselorID+".zip"), l)
		}
	}
	if err != nil {
		return errors.Join(fmt.Errorf("nothing was exported: %w", err), os.RemoveAll(folder))
	}
	fmt.Fprintf(p.stdout, "%d caseloads are in %s. They are not encrypted: protect them.\n", len(list), folder)
	return nil
}

// exportCaseload writes one caseload to a new file. The log records the reads as the server’s.
func (h *app) exportCaseload(ctx context.Context, name string, l couples.Caseload) error {
	practice, err := h.site.Accounts.FindPractice(ctx, l.PracticeID)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	to := zip.NewWriter(file)
	ctx = h.site.Audit.Begin(ctx, audit.Who{Practice: l.PracticeID, Role: "server"})
	err = h.site.Export.Write(ctx, to, l.PracticeID, l.CounselorID, practice.Zone(), ctx.Err)
	if err == nil {
		err = errors.Join(to.Close(), file.Sync())
	}
	return errors.Join(err, file.Close())
}
