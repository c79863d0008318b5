// Package store is the only place with SQL. One concrete [Store] works on SQLite
// and on PostgreSQL with the same statements; what differs is in dialect.go,
// session.go, search.go, the end of erase.go and the migrations, and one suite of
// tests runs on both.
//
// Rules of this package:
//
//  1. Parameters are $1…$n (the many-row inserts of write.go aside), columns are
//     listed, one statement for each call.
//  2. Identifiers, times and folded keys are made in Go; no statement calls a
//     clock, a random source or a case function.
//  3. Text is valid UTF-8 without NUL before it gets here ([record] sees to it).
//  4. Every read takes a viewer, counts and searches too. A row's "seen" column
//     is its effective level: its own visibility, raised by what it depends on.
//  5. A writing transaction starts by updating the head row. On PostgreSQL (READ
//     COMMITTED) that makes it the only writer until it ends; on SQLite the one
//     write connection does.
//  6. Rows are read to their end before the next statement runs in a transaction:
//     PostgreSQL allows nothing else. Functions that call back gather a page
//     first, so that what they call may read.
//  7. The store decides no permission and writes no journal entry by itself:
//     package casework does both in the same transaction.
package store
