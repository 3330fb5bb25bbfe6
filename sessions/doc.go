// Package sessions runs the method with a couple: the seven steps as data, the couple's state in
// each step, counseling sessions with everything ticked and typed in them, and the progress notes
// drafted from them, signed and printed. Homework is in package worksheets.
package sessions
