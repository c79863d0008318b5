package casework

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Cell is a value for a cell of a table: a number, which is no formula with its sign
// either, as it is, and anything else as [TextCell] has it.
func Cell(s string) string {
	text := TextCell(s)
	if text != s {
		// Only now: telling what is no number costs more than all the rest.
		if _, err := strconv.ParseFloat(s, 64); err == nil {
			return s
		}
	}
	return text
}

// TextCell is what somebody wrote, for a cell of a table, with an apostrophe before what a
// spreadsheet would run as a formula or take for a number with a sign: in any width, and
// also behind what cannot be seen.
func TextCell(s string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	}))
	if strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20\u2212", first) || s != "" && strings.ContainsRune("\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}
