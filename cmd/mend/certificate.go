package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/urfave/cli/v3"

	"mend/accounts"
	"mend/internal/audit"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/internal/signature"
)

func (p console) certificateCommand() *cli.Command {
	c := &config{}
	return &cli.Command{
		Name:      "certificate",
		Usage:     "has a practice sign its notes with a certificate of its own, from a PEM file with the private key",
		ArgsUsage: "EMAIL FILE.pem", Flags: flags{c, p.getenv}.storage(defaultFolder),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if err := requireArgs(cmd, 2); err != nil {
				return err
			}
			if err := c.settle(); err != nil {
				return err
			}
			return p.importCertificate(ctx, cmd.Args().Get(0), cmd.Args().Get(1), *c)
		},
	}
}

// importCertificate installs the certificate in a file as the signing certificate of the practice of
// the counselor who signs in with email.
func (p console) importCertificate(ctx context.Context, email, file string, cfg config) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	id, err := signature.Parse(text)
	if err != nil {
		return err
	}
	house, err := openApp(ctx, cfg, accounts.FastHashing())
	if err != nil {
		return err
	}
	defer house.close()
	ctx = house.site.Audit.Begin(ctx, audit.Who{Role: "server"})
	practice, err := house.site.Accounts.PracticeOf(ctx, email)
	if errors.Is(err, fault.NotFound) {
		return errors.New("no counselor signs in with this address")
	}
	if err == nil {
		err = house.site.Accounts.BringIdentity(ctx, practice, id, time.Now())
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Notes are signed with certificate %s from now on, until %s.\n",
		signature.Fingerprint(id.Chain[0]), id.Chain[0].NotAfter.Format("January 2, 2006"))
	return nil
}

// isPDF reports whether a file starts like a PDF.
func isPDF(name string) bool {
	file, err := os.Open(name)
	if err != nil {
		return false
	}
	defer file.Close()
	head := make([]byte, 5)
	_, err = io.ReadFull(file, head)
	return err == nil && bytes.Equal(head, []byte("%PDF-"))
}

// verifyPDF checks the signature of a PDF made by Mend, without a database.
func verifyPDF(name string, stdout io.Writer) error {
	file, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	found, err := pdf.ReadSignature(file)
	if err != nil {
		return fmt.Errorf("%s is not as a practice signed it: %w", name, err)
	}
	chain, err := signature.Check(found.Signature, found.Digest)
	if err != nil {
		return fmt.Errorf("%s is not as a practice signed it: %w", name, err)
	}
	own := chain[0]
	if err := signature.ValidAt(own, found.At); err != nil {
		return fmt.Errorf("%s was not validly signed on %s: %w", name, found.At.Format("January 2, 2006"), err)
	}
	fmt.Fprintf(stdout, "The PDF is as it was signed: by %s, %s.\nCertificate %s, %s.\n", found.Name,
		found.At.Format("January 2, 2006, 15:04 MST"), signature.Fingerprint(own), own.Subject.CommonName)
	if signature.IsSelfMade(own) {
		fmt.Fprintln(stdout, "The practice made this certificate itself: compare its number with the practice’s "+
			"settings page.")
	} else {
		fmt.Fprintf(stdout, "It says that %s issued it, which was not checked.\n", own.Issuer.CommonName)
	}
	return nil
}
