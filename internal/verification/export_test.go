package verification

// Looks are parts of Run, for tests in which the guards are taken away.
var Looks = looks
