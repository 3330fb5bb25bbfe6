// Package mend holds the tests of the house itself: which package may import
// which. The program is cmd/mend.
package mend
