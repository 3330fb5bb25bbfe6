package main

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTheLogIsWrittenToASecondPlace: completely, readable by its owner only, and required for the
// program to start.
func TestTheLogIsWrittenToASecondPlace(t *testing.T) {
	was := slog.Default()
	defer slog.SetDefault(was)
	path := filepath.Join(t.TempDir(), "mend.log")
	for _, message := range []string{"first", "second"} {
		var stderr bytes.Buffer
		done, err := openLog(logTarget{file: path}, &stderr)
		if err != nil {
			t.Fatal(err)
		}
		slog.Info(message)
		if err := done(); err != nil {
			t.Fatal(err)
		}
		slog.Info("after the file was closed")
		if out := stderr.String(); !strings.Contains(out, message) || !strings.Contains(out, "after the file was closed") {
			t.Errorf("stderr: %s", out)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Count(string(text), "\n") != 2 || !strings.Contains(string(text), `"msg":"first"`) ||
		!strings.Contains(string(text), `"msg":"second"`) {
		t.Errorf("%s %v", text, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if code, _, stderr := try(t, "",
		append([]string{"serve", "-addr", "127.0.0.1:0", "-log-file", filepath.Join(t.TempDir(), "nowhere", "mend.log")},
			newPlace(t, "sqlite")...)...); code != 1 || !strings.Contains(stderr, "log file") {
		t.Error(code, stderr)
	}
}

// TestTheLogIsSentToASyslogServer: every line, over each kind of connection.
func TestTheLogIsSentToASyslogServer(t *testing.T) {
	was := slog.Default()
	defer slog.SetDefault(was)
	for _, network := range []string{"udp", "unixgram"} {
		address := "127.0.0.1:0"
		if network == "unixgram" {
			address = filepath.Join(t.TempDir(), "log")
		}
		server, err := net.ListenPacket(network, address)
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		if err := server.SetReadDeadline(time.Now().Add(time.Minute)); err != nil { // or a failure would block
			t.Fatal(err)
		}
		var stderr bytes.Buffer
		done, err := openLog(logTarget{syslog: network + "://" + server.LocalAddr().String()}, &stderr)
		if err != nil {
			t.Fatal(network, err)
		}
		for _, message := range []string{"first", "second"} {
			slog.Info(message)
		}
		if err := done(); err != nil {
			t.Fatal(network, err)
		}
		for _, message := range []string{"first", "second"} {
			line := make([]byte, 4096)
			n, _, err := server.ReadFrom(line)
			if err != nil || !strings.Contains(string(line[:n]), `"msg":"`+message+`"`) ||
				!strings.Contains(string(line[:n]), "mend[") || !strings.Contains(stderr.String(), message) {
				t.Errorf("%s: %s %v", network, line[:n], err)
			}
		}
	}
}

// TestASyslogServerThatIsAwayKeepsNobodyWaiting: it accepts nothing, and stderr gets every line
// immediately.
func TestASyslogServerThatIsAwayKeepsNobodyWaiting(t *testing.T) {
	stuck, release := io.Pipe()
	defer release.Close()
	lines := sendLines(struct {
		io.Writer
		io.Closer
	}{release, stuck})
	var stderr bytes.Buffer
	out := eachOf{&stderr, lines}
	for range 3 * mostLines {
		if _, err := out.Write([]byte("line\n")); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(stderr.String(), "\n"); n != 3*mostLines {
		t.Errorf("stderr has %d lines", n)
	}
}

// TestAWrongAddressOfASyslogServerIsTold: at startup.
func TestAWrongAddressOfASyslogServerIsTold(t *testing.T) {
	was := slog.Default()
	defer slog.SetDefault(was)
	for _, address := range []string{
		"logs.example.org", "https://logs.example.org:514", "udp://logs.example.org", "unix:///nowhere",
	} {
		if _, err := openLog(logTarget{syslog: address}, io.Discard); err == nil {
			t.Errorf("%s is taken", address)
		}
	}
}
