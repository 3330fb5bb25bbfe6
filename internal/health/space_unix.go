//go:build unix

package health

import "syscall"

// Free returns the free bytes on the disk of path, and whether they are known.
func Free(path string) (uint64, bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return 0, false
	}
	return uint64(s.Bavail) * uint64(s.Bsize), true
}
