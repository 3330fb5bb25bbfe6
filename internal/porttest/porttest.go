// Package porttest finds free ports for programs that tests start.
package porttest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// Free returns the address of a free port on this machine. Its number is below those that the system
// gives to connections, so that no connection takes it before the program does, or while the program
// restarts.
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
