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

// A server is a Mend that runs beside this program.
type server struct {
	cmd    *exec.Cmd
	url    string
	people []demo.Person
	folder string
}

// startServer invents two couples for each counselor and starts Mend with them.
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
	// The demo's own practice, with no couple, stands beside the invented ones: nobody is asked to set up.
	s.cmd = exec.Command(o.mend, "demo", "--couples", "0", "--json", "--addr", addr,
		"--data", filepath.Join(s.folder, "data"), "--key-file", s.keyFile(), "--database", cmp.Or(o.database, s.file()))
	s.cmd.Stderr = stderr
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", o.mend, err)
	}
	return s.ready(ctx)
}

// file is the SQLite file, where no other database is named.
func (s *server) file() string { return filepath.Join(s.folder, "mend.db") }

func (s *server) keyFile() string { return filepath.Join(s.folder, "keys", "master.json") }

// invent invents practices in a database and writes its key.
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
	to, err := growth.NewTarget(db, v, accounts.Strong())
	if err != nil {
		return nil, err
	}
	return growth.Grow(ctx, to, size, time.Now())
}

// freeAddress is a port of this machine that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// ready waits until the server answers.
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

// memory is what the server holds in memory, in MB; 0 where the system does not
// tell.
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
