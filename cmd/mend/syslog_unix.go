//go:build unix

package main

import (
	"fmt"
	"io"
	"log/syslog"
	"net/url"
)

// dialSyslog connects to a syslog server: "local" for this machine's own, or an address such as
// udp://logs.example.org:514 or unix:///dev/log.
func dialSyslog(address string) (io.WriteCloser, error) {
	const level = syslog.LOG_DAEMON | syslog.LOG_INFO
	if address == "local" {
		return syslog.New(level, "mend")
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	switch {
	case u.Scheme == "unix" || u.Scheme == "unixgram":
		return syslog.Dial(u.Scheme, u.Path, level, "mend")
	case (u.Scheme == "udp" || u.Scheme == "tcp") && u.Port() != "":
		return syslog.Dial(u.Scheme, u.Host, level, "mend")
	}
	return nil, fmt.Errorf("%q is no address such as udp://HOST:514", address)
}
