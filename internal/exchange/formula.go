package exchange

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
