// Package mend holds the tests of the whole tree: which package may import
// which. The program is cmd/mend.
package mend
