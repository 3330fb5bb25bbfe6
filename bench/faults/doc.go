// Package faults takes away what Mend stands on while people write: the process,
// the power, the disk, the database, the line. Then it looks whether anything is
// gone that was said to be saved. It is a package of its own because its tests
// run the program as it is delivered, from outside, and because each is tried
// against something that must fail it: a disk that does not keep what it is
// told, or a proxy that says "saved" too early.
//
// With -long each trouble comes many times; a few are enough for every change.
package faults
