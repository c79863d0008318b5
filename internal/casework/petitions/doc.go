// Package petitions holds the use cases of petitions: what organisers,
// initiators, moderators and addressees do with them, and what is read of them.
// It writes records through [casework.House.Do] alone, so that permission, rule,
// version and journal entry stay in one transaction.
//
// What signers give is not here: internal/signing is its only writer.
package petitions
