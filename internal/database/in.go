package database

import "strings"

// In returns the marks between the brackets of IN (...) for ids, of which there has
// to be one, and what stands for them. There are few sizes, filled up with the last
// id, so that there are few different statements to prepare.
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
