// Package worksheets gives couples their homework and keeps what they answer:
// the catalogue of forms as data, who was given what, answers while they are
// written and once they are sent, the flags that scoring raises for the
// counselor, and worksheets on paper. What one partner writes is never read
// here to show anything to the other.
package worksheets
