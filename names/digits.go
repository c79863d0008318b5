package names

import (
	"strings"
	"unicode"
)

// ASCIIDigits writes every decimal digit of a text, of whatever script, in ASCII and
// leaves everything else as it is.
func ASCIIDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 || !unicode.Is(unicode.Nd, r) {
			return r
		}
		return rune('0' + digitValue(r))
	}, s)
}
