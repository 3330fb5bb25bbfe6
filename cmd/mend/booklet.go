package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"mend/booklet"
	"mend/internal/pdf"
)

// writeBooklet writes the booklet of everything that couples read to a new PDF file. It needs no
// database, because the content is embedded in the program.
func writeBooklet(path string, stdout io.Writer) error {
	content, err := booklet.Load()
	if err != nil {
		return err
	}
	var printed bytes.Buffer
	if err := pdf.Draw(&printed, content.Sheet()); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // never overwrite a file
	if err != nil {
		return fmt.Errorf("the booklet was not written: %w", err)
	}
	_, err = file.Write(printed.Bytes())
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("the booklet was not written: %w", err)
	}
	fmt.Fprintln(stdout, "The booklet is in", path)
	return nil
}
