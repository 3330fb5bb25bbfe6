//go:build !linux

package faults

import "testing"

func TestDisksAndTheirPowerAreTriedOnLinux(t *testing.T) {
	cannot(t, "power cuts, failing and full disks need Linux")
}
