package staff

import (
	"fmt"
	"strconv"
	"strings"

	"mend/worksheets"
)

// arrange performs the action of a button next to a question and returns the fragment to scroll to.
func arrange(d worksheets.Definition, do string) (worksheets.Definition, string) {
	verb, at, _ := strings.Cut(do, ".")
	i, err := strconv.Atoi(at)
	if err != nil {
		return d, ""
	}
	switch verb {
	case "add":
		d, i = d.AddField(i), i+1
	case "up":
		d, i = d.MoveField(i, -1), i-1
	case "down":
		d, i = d.MoveField(i, 1), i+1
	case "drop":
		d, i = d.DropField(i), i-1
	}
	return d, fmt.Sprintf("#f.%d", max(i, 0))
}
