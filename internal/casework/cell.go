package casework

import (
	"strconv"

	"github.com/gawah-project/gawah/internal/exchange"
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

// TextCell is [exchange.TextCell].
func TextCell(s string) string { return exchange.TextCell(s) }
