// Package faults breaks what Mend depends on while people write: the process, the power, the
// disk, the database, the connection. Then it checks that everything reported as saved is
// still there. It is a package of its own because its tests run the built program from
// outside, and because each has a control that must lose data: a disk that ignores fsync, or a
// proxy that reports a save too early.
//
// With -long each fault is repeated many times; every change is tested with a few.
package faults
