// Package record is the domain of Gawah: what a source said, about what, and
// how an editor read it. It holds the types, their identifiers, their states
// and their validation, and nothing else: no storage, no clock, no network.
//
// One rule shapes all of it. Nothing enters as bare fact: a [Claim] is one
// statement by one [Source] about one subject, and everything shown to a
// reader is worked out from claims and leads back to them.
//
// Every type that is kept implements [Record]. A record's JSON form is its
// version: it is what the journal hashes, what history compares and what a
// casefile carries, so a field's JSON name MUST NOT change its meaning.
package record
