package exchange

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// TextCell is what somebody wrote, for a cell of a table, with an apostrophe before what a
// spreadsheet would run as a formula or take for a number with a sign: in any width, and
// also behind what cannot be seen. Numbers and dates are written as they are.
func TextCell(s string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	}))
	if strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20\u2212", first) || s != "" && strings.ContainsRune("\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}
