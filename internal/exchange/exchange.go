// Package exchange reads and writes the formats that other people use, one
// file per format. It parses and renders; it stores nothing and decides no
// permission: casework turns what it reads into records and journal entries.
//
// An importer turns each dataset row into a [Row]: one source (the row itself,
// reproduced in the dataset), at most one event, and one claim for each number
// and property printed in it. Cells are kept as printed beside what they were
// read as; nothing is repaired in silence.
package exchange

import (
	"io"

	"github.com/gawah-project/gawah/internal/record"
)

// Info describes the dataset a file belongs to.
type Info struct {
	// Format is the importer's name ("ucdp"); Dataset the key under which rows
	// are known again at the next import ("ucdp-ged", "csv:budget-2024").
	Format  string
	Dataset string
	// Title, Publisher, URL and Credit become the dataset's own source.
	Title, Publisher, URL, Credit string
	Terms                         record.Terms
	// Encoding is the character encoding the file was read in.
	Encoding string
}

// Problem is something a row or file has that a person should look at. Line is
// the physical line (1-based) in the decompressed file, 0 for the whole file.
//
// Key and Args name a message of the catalogue and its parameters; Reason is that
// message in English, which whoever prints a report fills in. What has no Key was
// written down before there were keys, or is another program's words.
type Problem struct {
	Line   int               `json:"line"`
	Column string            `json:"column,omitempty"`
	Key    string            `json:"key,omitempty"`
	Args   map[string]string `json:"args,omitempty"`
	Reason string            `json:"reason"`
}

// Claim is a claim read from a row. Part names it within its row ("best",
// "date_start") and keeps the claim's identity when a newer version of the file
// changes the cell, so it MUST be unique within the row and stable over
// versions of the format.
type Claim struct {
	Part string
	record.Claim
}

// Row is one record of a file. Identifiers, review states, visibility and the
// links between the row's own records (claim to source, claim to event) are left
// empty by the importer and filled by casework.
type Row struct {
	Number int   // 1-based, counting the header
	Line   int   // physical line on which the record starts
	Offset int64 // of the raw record in the decompressed file
	Length int64
	// Key is the row's stable identifier in its dataset, required unless Refused; of
	// a refused row it is what stands in its place, if that can be told.
	Key string
	// Hash is over everything the importer read (SHA-256 of the raw record): equal
	// hashes under one importer version mean that nothing changed.
	Hash [32]byte
	// Refused rows could not be read; Problems says why. A row that is not refused
	// may still have problems, which are listed and change nothing.
	Refused bool
	// Skipped rows were read and hold nothing to import (a filler row); they are
	// counted and change nothing.
	Skipped  bool
	Problems []Problem

	Source record.Source
	// Event is nil for rows that carry no event.
	Event  *record.Event
	Claims []Claim
	// Words is further text that search should find the row's event by.
	Words string
}

// Reader yields a file's rows one at a time, in order, and io.EOF after the
// last. It keeps no more than one row in memory. An error other than io.EOF
// means that the file as a whole cannot be read on (another format, cut off
// archive, not the expected header).
type Reader interface {
	Info() Info
	Next() (*Row, error)
	// Notes returns what is to be told of the file as a whole and went with no row,
	// once Next has returned io.EOF: above all that there was no row.
	Notes() []Problem
	io.Closer
}
