package database

import "strings"

// In returns the placeholders for IN (...) for ids, of which there must be at least one, and the
// arguments. To limit the number of prepared statements, it uses a few sizes and pads with the last
// id.
func In(ids []string) (marks string, args []any) {
	size := 1
	for size < len(ids) {
		size *= 4
	}
	for i := range size {
		args = append(args, ids[min(i, len(ids)-1)])
	}
	return strings.TrimSuffix(strings.Repeat("?, ", size), ", "), args
}
