// Package sessions runs the method with a couple: the seven steps as data, how
// a couple stands with each, the counseling sessions with all that is ticked
// and typed in them, and the progress notes that are drafted from them, signed
// and printed. What partners write at home is not here; see worksheets.
package sessions
