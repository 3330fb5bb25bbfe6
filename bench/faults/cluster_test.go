package faults

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"mend/internal/porttest"
)

// A cluster is a PostgreSQL server that belongs to one test, which may stop it.
type cluster struct {
	t      *testing.T
	folder string
	port   string
	as     *syscall.Credential // set when running as root, which PostgreSQL refuses
}

// newCluster creates and starts a server with its data in folder.
func newCluster(t *testing.T, folder string) *cluster {
	t.Helper()
	if postgres("initdb") == "" {
		cannot(t, "PostgreSQL is missing")
	}
	_, port, _ := net.SplitHostPort(porttest.Free(t))
	c := &cluster{t: t, folder: filepath.Join(folder, "cluster"), port: port}
	if err := os.Mkdir(c.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		c.lend()
	}
	c.run("initdb", "-D", c.data(), "-A", "trust", "-U", "mend", "-E", "UTF8", "--locale=C.UTF-8")
	t.Cleanup(c.crash)
	c.start()
	return c
}

// lend makes Debian's postgres user the owner of the folder, and makes the parent folders
// searchable for that user.
func (c *cluster) lend() {
	c.t.Helper()
	other, err := user.Lookup("postgres")
	if err != nil {
		cannot(c.t, err)
	}
	uid, _ := strconv.Atoi(other.Uid)
	gid, _ := strconv.Atoi(other.Gid)
	c.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	if err := os.Chown(c.folder, uid, gid); err != nil {
		c.t.Fatal(err)
	}
	for at := filepath.Dir(c.folder); at != "/"; at = filepath.Dir(at) {
		if info, err := os.Stat(at); err == nil && info.Mode()&0o001 == 0 {
			os.Chmod(at, info.Mode().Perm()|0o011)
		}
	}
}

// postgres returns the path of a PostgreSQL program, which Debian keeps out of PATH.
func postgres(name string) string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 {
		return slices.Max(found)
	}
	path, _ := exec.LookPath(name)
	return path
}

func (c *cluster) data() string { return filepath.Join(c.folder, "data") }

func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(postgres(name), args...)
	cmd.Dir, cmd.SysProcAttr = c.folder, &syscall.SysProcAttr{Credential: c.as}
	return cmd
}

func (c *cluster) run(name string, args ...string) {
	c.t.Helper()
	if out, err := c.command(name, args...).CombinedOutput(); err != nil {
		c.t.Fatalf("%s: %s", name, out)
	}
}

func (c *cluster) start() {
	c.t.Helper()
	log := filepath.Join(c.folder, "log")
	os.Remove(filepath.Join(c.data(), "postmaster.pid")) // left by a server that crashed
	out, err := c.command("pg_ctl", "-D", c.data(), "-w", "-l", log, "start",
		"-o", fmt.Sprintf("-p %s -k '' -c listen_addresses=127.0.0.1", c.port)).CombinedOutput()
	if err != nil {
		why, _ := os.ReadFile(log)
		c.t.Fatalf("%s%s", out, why)
	}
}

// restart shuts the server down in fast mode and starts it again.
func (c *cluster) restart() {
	c.t.Helper()
	c.run("pg_ctl", "-D", c.data(), "-w", "-m", "fast", "stop")
	c.start()
}

// crash kills the server and its child processes with SIGKILL.
func (c *cluster) crash() {
	text, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return // not running
	}
	first, _, _ := strings.Cut(string(text), "\n")
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%s/task/%s/children", first, first))
	for _, id := range append([]string{first}, strings.Fields(string(children))...) {
		if pid, err := strconv.Atoi(id); err == nil && pid > 1 {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// set changes a setting of the running server.
func (c *cluster) set(setting string) {
	c.t.Helper()
	for _, query := range []string{"ALTER SYSTEM SET " + setting, "SELECT pg_reload_conf()"} {
		c.run("psql", "-q", "-h", "127.0.0.1", "-p", c.port, "-U", "mend", "-d", "postgres", "-c", query)
	}
}

// url returns the URL of the server on a port, which may be that of a proxy.
func (c *cluster) url(port string) string {
	return "postgres://mend@127.0.0.1:" + port + "/postgres?sslmode=disable"
}
