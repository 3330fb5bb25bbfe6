package accounts

import (
	"crypto/rand"
	"fmt"
	"math/big"
)

var (
	nameColors = []string{
		"amber", "ashen", "azure", "birch", "bright", "calm", "cedar", "clear", "cloudy", "copper",
		"coral", "dusky", "early", "evening", "fern", "gentle", "golden", "green", "hazel", "heather", "indigo", "ivory",
		"lilac", "linen", "maple", "meadow", "misty", "morning", "mossy", "olive", "paper", "pebble", "plain", "quiet",
		"russet", "sage", "sandy", "silver", "slate", "soft", "steady", "sunny", "velvet", "willow", "winter", "woolen",
	}
	nameThings = []string{
		"anchor", "apple", "basket", "beacon", "bench", "bridge", "brook", "candle", "canoe", "carpet",
		"chair", "clover", "compass", "corner", "cottage", "crane", "feather", "field", "garden", "harbor", "heron", "hill",
		"island", "kettle", "ladder", "lake", "lantern", "letter", "mill", "orchard", "otter", "path", "pencil", "pier",
		"pillow", "plover", "pocket", "pond", "porch", "river", "rope", "shelf", "shore", "sparrow", "spoon", "stone",
		"table", "teapot", "thimble", "valley", "wagon", "window",
	}
)

// SuggestName returns a neutral sign-in name, two words and a number, that reveals nothing about
// its owner.
func SuggestName() string {
	return fmt.Sprintf("%s-%s-%d", pick(nameColors), pick(nameThings), 10+number(990))
}

func pick(words []string) string { return words[number(len(words))] }

func number(below int) int {
	n, _ := rand.Int(rand.Reader, big.NewInt(int64(below)))
	return int(n.Int64())
}
