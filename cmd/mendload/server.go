package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// A server is a Mend that runs beside this program.
type server struct {
	cmd    *exec.Cmd
	url    string
	people []somebody
}

// somebody is who may sign in, as Mend's demo says it.
type somebody struct {
	Role     string `json:"role"`
	SignIn   string `json:"sign_in"`
	Password string `json:"password"`
	Couple   string `json:"couple"`
}

// startServer starts Mend with two couples for each counselor and reads who may
// sign in.
func startServer(ctx context.Context, o options, counselors int, stderr io.Writer) (*server, error) {
	args := []string{
		"demo", "-json", "-addr", "127.0.0.1:0", "-years", "1", "-couples", strconv.Itoa(2 * counselors),
		"-counselors", strconv.Itoa(counselors),
	}
	if o.database != "" {
		args = append(args, "-database", o.database)
	}
	cmd := exec.Command(o.mend, args...)
	cmd.Stderr = stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", o.mend, err)
	}
	s := &server{cmd: cmd}
	context.AfterFunc(ctx, s.stop)
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		s.stop()
		return nil, fmt.Errorf("%s said nothing: %w", o.mend, err)
	}
	var said struct {
		URL    string     `json:"url"`
		People []somebody `json:"people"`
	}
	if err := json.Unmarshal(line, &said); err != nil {
		s.stop()
		return nil, fmt.Errorf("%s said something else: %w", o.mend, err)
	}
	s.url, s.people = said.URL, said.People
	if err := here(s.url); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// here refuses an address that is not on this machine.
func here(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
		return errors.New("only a Mend on this machine is put under load")
	}
	return nil
}

func (s *server) stop() {
	if s.cmd.Process.Signal(syscall.SIGTERM) == nil {
		s.cmd.Wait()
	}
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
