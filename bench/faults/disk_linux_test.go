package faults

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A disk is a file system on a loop device; a power cut can be simulated on it.
type disk struct {
	t     *testing.T
	image string
	at    string
}

// newDisk creates an ext4 file system of the given size in a file and mounts it.
func newDisk(t *testing.T, megabytes int64) *disk {
	t.Helper()
	needs(t, "mkfs.ext4", "mount", "umount")
	if os.Getuid() != 0 {
		cannot(t, "mounting a file system needs root")
	}
	folder := scratch(t)
	d := &disk{t: t, image: filepath.Join(folder, "image"), at: filepath.Join(folder, "disk")}
	if err := os.WriteFile(d.image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(d.image, megabytes<<20); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(d.at, 0o755); err != nil {
		t.Fatal(err)
	}
	command(t, "mkfs.ext4", "-q", "-F", d.image)
	if err := d.mount(); err != nil {
		cannot(t, err)
	}
	t.Cleanup(func() { exec.Command("umount", "-l", d.at).Run() })
	return d
}

// mount mounts the image with a long commit interval, so that data reaches it only when it is
// synced.
func (d *disk) mount() error {
	if out, err := exec.Command("mount", "-o", "loop,commit=300", d.image, d.at).CombinedOutput(); err != nil {
		return fmt.Errorf("mount: %s", out)
	}
	return nil
}

// cut simulates a power cut: data not yet on the disk is lost, and every further write fails.
func (d *disk) cut() {
	d.t.Helper()
	const shutdown, noFlush = 0x8004587d, 2 // EXT4_IOC_SHUTDOWN, EXT4_GOING_FLAGS_NOLOGFLUSH
	f, err := os.Open(d.at)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	if err := unix.IoctlSetPointerInt(int(f.Fd()), shutdown, noFlush); err != nil {
		cannot(d.t, "the power of a file system cannot be cut:", err)
	}
}

// comeBack mounts the disk again after a cut.
func (d *disk) comeBack() {
	d.t.Helper()
	var out []byte
	var err error
	for range 50 { // a file may still be closing
		if out, err = exec.Command("umount", d.at).CombinedOutput(); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		d.t.Fatalf("umount: %s", out)
	}
	if err := d.mount(); err != nil {
		d.t.Fatal(err)
	}
}

// fill fills the disk until about left bytes are free.
func (d *disk) fill(left uint64) {
	d.t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(d.at, &s); err != nil {
		d.t.Fatal(err)
	}
	f, err := os.OpenFile(d.ballast(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	chunk := make([]byte, 1<<16)
	for free := s.Bavail * uint64(s.Bsize); free > left; free -= min(free, uint64(len(chunk))) {
		if _, err := f.Write(chunk); err != nil {
			break // full
		}
	}
}

func (d *disk) ballast() string { return filepath.Join(d.at, "ballast") }

// needs fails or skips the test, as cannot does, if one of the programs is not installed.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			cannot(t, p, "is missing")
		}
	}
}

func command(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %s", name, strings.Join(args, " "), out)
	}
}
