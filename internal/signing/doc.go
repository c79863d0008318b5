// Package signing takes, confirms, changes and withdraws people's signatures. It
// is the only writer of their rows.
//
// Everything that changes a row goes through one queue. One goroutine takes what
// is in it, does it in one transaction with one sync, and only then answers: a
// group is as large as what has arrived during the group before. Tallies change
// in the same transaction, so that they are exact at any instant, in one process
// or several.
//
// Whatever will become of a signature, receiving it is the same work: one row, by
// one path, answered with nothing that could differ.
package signing
