package web

import "testing"

func TestOnlyTheNetworkOfAnAddressIsKept(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.77": "192.0.2.0/24", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "::ffff:192.0.2.9": "192.0.2.0/24",
		"fe80::1%eth0": "fe80::/64", "nonsense": "", "": "",
	} {
		if got := network(remote); got != want {
			t.Errorf("%s: %q, want %q", remote, got, want)
		}
	}
}

// TestFailuresCountForAnAddressAndNotForItsNeighbors: a /64 belongs to one home.
func TestFailuresCountForAnAddressAndNotForItsNeighbors(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.77": "192.0.2.77", "::ffff:192.0.2.9": "192.0.2.9",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "nonsense": "",
	} {
		if got := addressOf(remote); got != want {
			t.Errorf("%s: %q, want %q", remote, got, want)
		}
	}
}
