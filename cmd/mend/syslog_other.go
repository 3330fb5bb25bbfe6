//go:build !unix

package main

import (
	"errors"
	"io"
)

// dialSyslog always fails on this platform.
func dialSyslog(string) (io.WriteCloser, error) {
	return nil, errors.New("this system has no syslog")
}
