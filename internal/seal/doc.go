// Package seal keeps what must not be in the database: the keys under which
// signers' data is encrypted, hashed and linked to.
//
// A house has one key, each petition one of its own, each in a file. Destroying a
// petition's file destroys what was encrypted under it in every copy of the
// database that has not the file beside it. Names that even the house must not read are encrypted under
// short-lived keys, which are wrapped to the organiser's offline age recipients
// when they are made and forgotten soon after.
package seal
