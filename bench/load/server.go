package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"mend/accounts"
	"mend/bench/growth"
	"mend/demo"
	"mend/internal/database"
	"mend/internal/vault"
	"mend/migrations"
)

// A server is a Mend process run by this program.
type server struct {
	cmd    *exec.Cmd
	url    string
	people []demo.Person
	folder string
}

// startServer generates two couples per counselor and starts Mend with them.
func startServer(ctx context.Context, o options, counselors int, stderr io.Writer) (*server, error) {
	folder, err := os.MkdirTemp("", "mend-load-")
	if err != nil {
		return nil, err
	}
	s := &server{folder: folder}
	if err := s.begin(ctx, o, counselors, stderr); err != nil {
		s.stop()
		return nil, err
	}
	context.AfterFunc(ctx, s.stop)
	return s, nil
}

func (s *server) begin(ctx context.Context, o options, counselors int, stderr io.Writer) (err error) {
	size := growth.Size{Couples: 2 * counselors, Years: 1, Counselors: counselors}
	if s.people, err = invent(ctx, s.keyFile(), cmp.Or(o.database, s.file()), size); err != nil {
		return fmt.Errorf("invent practices: %w", err)
	}
	addr, err := freeAddress()
	if err != nil {
		return err
	}
	s.url = "http://" + addr
	// The demo's own practice, without couples, exists beside the generated ones, so that no set-up
	// is needed.
	s.cmd = exec.Command(o.mend, "demo", "--couples", "0", "--json", "--addr", addr,
		"--data", filepath.Join(s.folder, "data"), "--key-file", s.keyFile(), "--database", cmp.Or(o.database, s.file()))
	s.cmd.Stderr = stderr
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", o.mend, err)
	}
	return s.ready(ctx)
}

// file returns the SQLite file, used if no other database is given.
func (s *server) file() string { return filepath.Join(s.folder, "mend.db") }

func (s *server) keyFile() string { return filepath.Join(s.folder, "keys", "master.json") }

// invent generates practices in a database and writes its key file.
func invent(ctx context.Context, keyFile, url string, size growth.Size) ([]demo.Person, error) {
	db, err := database.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if err := migrations.Apply(ctx, db); err != nil {
		return nil, err
	}
	master, err := vault.NewMaster()
	if err == nil {
		err = master.Write(keyFile)
	}
	if err != nil {
		return nil, err
	}
	v := vault.New(master)
	if err := v.Claim(ctx, db, time.Now()); err != nil {
		return nil, err
	}
	to, err := growth.NewTarget(db, v, accounts.StrongHashing())
	if err != nil {
		return nil, err
	}
	return growth.Grow(ctx, to, size, time.Now())
}

// freeAddress returns an address on this machine with an unused port.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// ready waits until the server responds.
func (s *server) ready(ctx context.Context) error {
	for range 300 {
		if response, err := http.Get(s.url + "/readyz"); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		if !wait(ctx, 100*time.Millisecond) {
			break
		}
	}
	return errors.New("mend does not answer")
}

func (s *server) stop() {
	if s.cmd != nil && s.cmd.Process != nil && s.cmd.Process.Signal(syscall.SIGTERM) == nil {
		s.cmd.Wait()
	}
	os.RemoveAll(s.folder)
}

// memory returns the server's memory in MB, or 0 if unknown.
func (s *server) memory() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	var kb float64
	fmt.Sscan(after, &kb)
	return kb / 1024
}
