package edtf

import (
	"strconv"
	"unicode/utf8"
)

// Code names the kind of fault in a refused date. Codes are stable, so that a
// catalogue can translate them.
type Code string

// The faults that Parse, ParseRelative, Resolve and the constructors report.
const (
	CodeEmpty       Code = "date.empty"       // there is no text
	CodeSyntax      Code = "date.syntax"      // not a date of this format
	CodeLevel2      Code = "date.level2"      // valid EDTF, but of level 2
	CodeYear        Code = "date.year"        // year missing, malformed or out of range
	CodeMonth       Code = "date.month"       // no such month or season
	CodeDay         Code = "date.day"         // no such day in that month
	CodeTime        Code = "date.time"        // no such time of day
	CodeOffset      Code = "date.offset"      // no such offset from UTC
	CodeQualifier   Code = "date.qualifier"   // qualifier doubled or not allowed here
	CodeUnspecified Code = "date.unspecified" // X where level 1 does not allow it
	CodeInterval    Code = "date.interval"    // ends reversed, empty or too many
	CodeRelative    Code = "date.relative"    // not a relative date
	CodeAnchor      Code = "date.anchor"      // anchor missing or too coarse for the unit
)

// Error says why a date was refused. Reason is English and tells what to write
// instead where that can be known; Code is the same for every language.
type Error struct {
	Code   Code
	Input  string // the refused text, shortened to 40 bytes
	Reason string
}

// Error returns the refused text and the reason on one line.
func (e *Error) Error() string {
	if e.Input == "" {
		return "date: " + e.Reason
	}
	return "date " + strconv.Quote(e.Input) + ": " + e.Reason
}

const maxShown = 40

func refuse(code Code, input, reason string) *Error {
	if len(input) > maxShown {
		cut := maxShown
		for cut > 0 && !utf8.RuneStart(input[cut]) {
			cut--
		}
		input = input[:cut] + "…"
	}
	return &Error{Code: code, Input: input, Reason: reason}
}
