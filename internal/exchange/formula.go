package exchange

import "strings"

// isFormulaStart reports whether a spreadsheet would take text that begins with
// c for a formula or a command.
func isFormulaStart(c byte) bool {
	switch c {
	case '=', '+', '-', '@', '\t', '\r':
		return true
	}
	return false
}

// guarded puts an apostrophe before text that a spreadsheet would run as a
// formula. It is for text cells only: numbers and dates are written as they are.
func guarded(s string) string {
	if s != "" && isFormulaStart(s[0]) {
		return "'" + s
	}
	return s
}

// joined makes one cell of several texts, which must not contain the separator.
func joined(parts []string, separator, instead string) string {
	clean := make([]string, 0, len(parts))
	for _, p := range parts {
		if p != "" {
			clean = append(clean, strings.ReplaceAll(p, separator, instead))
		}
	}
	return strings.Join(clean, separator)
}
