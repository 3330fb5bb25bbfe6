//go:build !unix

package watch

// Free is not supported here.
func Free(string) (uint64, bool) { return 0, false }
