package verification

// Told and Keys are parts of Run, for tests in which the guards are taken away.
var (
	Told = told
	Keys = keys
)
