//go:build unix

package health

import "syscall"

// Free returns how many bytes may still be written on the disk of path, and
// whether that is known.
func Free(path string) (uint64, bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return 0, false
	}
	return uint64(s.Bavail) * uint64(s.Bsize), true
}
