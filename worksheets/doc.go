// Package worksheets manages homework: the catalogue of forms as data, assignments, draft and sent
// answers, the flags that scoring raises for the counselor, and worksheets on paper. It never reads
// what one partner writes in order to show something to the other.
package worksheets
