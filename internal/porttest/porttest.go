// Package porttest finds free ports for programs that tests start.
package porttest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// Free returns the address of a free port on this machine. It is below those that the system gives
// to connections: one of these could take it before the program does, or while it restarts.
func Free(t testing.TB) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprint("localhost:", 10000+rand.IntN(10000))
		if l, err := net.Listen("tcp", address); err == nil {
			l.Close()
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}
