package table

import (
	"strings"

	"golang.org/x/text/cases"
)

// Header finds columns by name. Names are compared by [Key].
type Header struct {
	// Names are the header cells as printed.
	Names []string
	// Tags are the cells of the HXL tag row, nil if there is none. They are
	// known once that row has been read.
	Tags []string
	keys map[string][]int
}

// NewHeader makes a Header of the given cells.
func NewHeader(names []string) *Header {
	h := &Header{Names: append([]string(nil), names...), keys: make(map[string][]int, len(names))}
	for i, n := range h.Names {
		k := Key(n)
		h.keys[k] = append(h.keys[k], i)
	}
	return h
}

// Key is the form under which column names are compared: trimmed, inner white
// space collapsed to one space, case folded.
func Key(name string) string {
	return cases.Fold().String(strings.Join(strings.Fields(name), " "))
}

// Column returns the index, from 0, of the first column with one of the given
// names; earlier names win over later ones.
func (h *Header) Column(names ...string) (int, bool) {
	for _, n := range names {
		if at := h.keys[Key(n)]; len(at) > 0 {
			return at[0], true
		}
	}
	return 0, false
}

// Cell returns the cell of row in the column called name. It is false if there is
// no such column or the row is too short to have the cell.
func (h *Header) Cell(row *Row, name string) (string, bool) {
	i, ok := h.Column(name)
	if !ok || i >= len(row.Cells) {
		return "", false
	}
	return row.Cells[i], true
}

// Missing returns those of the given names that the header lacks, in their order.
func (h *Header) Missing(names ...string) []string {
	var out []string
	for _, n := range names {
		if _, ok := h.Column(n); !ok {
			out = append(out, n)
		}
	}
	return out
}

// Unknown returns the names of the header, as printed, that are not among the
// given ones. Unnamed columns are left out.
func (h *Header) Unknown(known ...string) []string {
	set := make(map[string]bool, len(known))
	for _, n := range known {
		set[Key(n)] = true
	}
	var out []string
	for _, n := range h.Names {
		if k := Key(n); k != "" && !set[k] {
			out = append(out, n)
		}
	}
	return out
}

// Duplicate is a name that several columns share.
type Duplicate struct {
	Name    string // as printed first
	Columns []int  // indexes from 0, ascending
}

// Duplicates returns the names that several columns share, in the order of their
// first column. Unnamed columns are not compared.
func (h *Header) Duplicates() []Duplicate {
	var out []Duplicate
	for i, n := range h.Names {
		k := Key(n)
		if at := h.keys[k]; k != "" && len(at) > 1 && at[0] == i {
			out = append(out, Duplicate{n, append([]int(nil), at...)})
		}
	}
	return out
}

// Unnamed returns the indexes, from 0, of columns without a name.
func (h *Header) Unnamed() []int { return append([]int(nil), h.keys[""]...) }

// IsTagRow reports whether every non-empty cell is an HXL tag ("#date+year") and
// there is at least one.
func IsTagRow(cells []string) bool {
	found := false
	for _, c := range cells {
		c = strings.TrimSpace(c)
		if c == "" {
			continue
		}
		if !isTag(c) {
			return false
		}
		found = true
	}
	return found
}

func isTag(s string) bool {
	if len(s) < 2 || s[0] != '#' || !asciiLetter(s[1]) {
		return false
	}
	for i := 2; i < len(s); i++ {
		c := s[i]
		if !asciiLetter(c) && !('0' <= c && c <= '9') && c != '_' && c != '+' && c != '-' && c != ' ' {
			return false
		}
	}
	return true
}

func asciiLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
