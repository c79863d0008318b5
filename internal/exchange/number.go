package exchange

import (
	"math"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// count is a number as a cell prints it. n and upper are the printed numbers,
// before the operator turns them into bounds.
type count struct {
	op       record.Operator
	n, upper int64
	// plain is set when the cell is nothing but the digits of n.
	plain bool
}

// reading says what readCount made of a cell.
type reading uint8

const (
	readBlank  reading = iota // nothing is printed
	readNumber                // a number, perhaps with an operator
	readWords                 // a quantity in words that states no number: "hundreds", "100s"
	readText                  // anything else
)

// plainInt reads a cell of at most 13 digits and nothing else.
func plainInt(s string) (int64, bool) {
	if len(s) == 0 || len(s) > 13 {
		return 0, false
	}
	var n int64
	for i := range len(s) {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int64(d)
	}
	return n, n <= record.MaxNumber
}

// qualifiers are what stands before a number, longest first where one begins
// another.
var qualifiers = []struct {
	text string
	op   record.Operator
}{
	{">=", record.AtLeast},
	{"≥", record.AtLeast},
	{"at least ", record.AtLeast},
	{"no fewer than ", record.AtLeast},
	{"no less than ", record.AtLeast},
	{"minimum ", record.AtLeast},
	{"upwards of ", record.AtLeast},
	{">", record.MoreThan},
	{"more than ", record.MoreThan},
	{"over ", record.MoreThan},
	{"above ", record.MoreThan},
	{"<=", record.AtMost},
	{"≤", record.AtMost},
	{"at most ", record.AtMost},
	{"up to ", record.AtMost},
	{"as many as ", record.AtMost},
	{"no more than ", record.AtMost},
	{"maximum ", record.AtMost},
	{"<", record.LessThan},
	{"less than ", record.LessThan},
	{"fewer than ", record.LessThan},
	{"under ", record.LessThan},
	{"below ", record.LessThan},
	{"~", record.About},
	{"≈", record.About},
	{"about ", record.About},
	{"around ", record.About},
	{"approximately ", record.About},
	{"approx. ", record.About},
	{"approx ", record.About},
	{"some ", record.About},
	{"nearly ", record.About},
	{"almost ", record.About},
	{"roughly ", record.About},
	{"an estimated ", record.About},
	{"estimated ", record.About},
	{"circa ", record.About},
	{"c. ", record.About},
	{"ca. ", record.About},
}

// counted are nouns that may follow a number without changing what it counts.
var counted = []string{
	" protesters", " protestors", " people", " persons", " demonstrators", " participants", " activists", " workers",
	" students", " women", " men", " strikers", " killed", " dead", " deaths", " injured", " wounded",
}

// quantities are words that say how many without a number.
var quantities = []string{
	"dozen", "dozens", "score", "scores", "hundred", "hundreds", "thousand", "thousands", "million", "millions",
	"lakh", "lakhs", "tens", "few", "several", "many", "handful", "crowd", "mass",
}

// readCount reads a number the way datasets print them: "96", "2,000", "6.0",
// "40+", ">50", "At least 100", "About 200", "100-250", "as many as 25,000
// protesters". Words such as "hundreds" and "1000s" are recognised as a
// quantity but give no number: which number they stand for is for a named rule.
func readCount(cell string) (count, reading) {
	s := strings.TrimSpace(cell)
	if s == "" {
		return count{}, readBlank
	}
	if n, ok := plainInt(s); ok {
		return count{op: record.Exact, n: n, plain: true}, readNumber
	}
	if len(s) > 120 {
		return count{}, readText
	}
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	s = strings.NewReplacer("–", "-", "—", "-", "−", "-").Replace(s)
	rest := trimCounted(strings.TrimSuffix(s, "."))
	op := record.Exact
	for _, q := range qualifiers {
		if after, ok := strings.CutPrefix(rest, q.text); ok {
			op, rest = q.op, strings.TrimSpace(after)
			break
		}
	}
	if rest, ok := strings.CutSuffix(rest, "+"); ok && op == record.Exact {
		if n, ok := magnitude(strings.TrimSpace(rest)); ok && n == math.Trunc(n) {
			return count{op: record.AtLeast, n: int64(n)}, readNumber
		}
	}
	if n, ok := magnitude(rest); ok {
		if n == math.Trunc(n) {
			return count{op: op, n: int64(n)}, readNumber
		}
		// A fraction of a person comes from dividing a total; the whole numbers on
		// both sides are what it can mean.
		if op == record.Exact || op == record.About {
			return count{op: record.Between, n: int64(n), upper: int64(n) + 1}, readNumber
		}
	}
	if op == record.Exact || op == record.About {
		if lo, hi, ok := span(rest); ok {
			return count{op: record.Between, n: lo, upper: hi}, readNumber
		}
	}
	if isQuantity(s) {
		return count{}, readWords
	}
	return count{}, readText
}

// trimCounted removes the noun behind a number; "164 arrested" keeps its word,
// which makes it a number of something else.
func trimCounted(s string) string {
	for _, noun := range counted {
		if before, ok := strings.CutSuffix(s, noun); ok {
			return before
		}
	}
	return s
}

// span reads "100-250", "100 to 250" and "between 100 and 250".
func span(s string) (lo, hi int64, ok bool) {
	sep := "-"
	switch {
	case strings.HasPrefix(s, "between "):
		s, sep = s[len("between "):], " and "
	case strings.Contains(s, " to "):
		sep = " to "
	}
	a, b, found := strings.Cut(s, sep)
	if !found {
		return 0, 0, false
	}
	low, ok1 := magnitude(strings.TrimSpace(a))
	high, ok2 := magnitude(strings.TrimSpace(b))
	if !ok1 || !ok2 || low != math.Trunc(low) || high != math.Trunc(high) || low > high {
		return 0, 0, false
	}
	return int64(low), int64(high), true
}

// magnitude reads digits with or without separators of thousands, a decimal
// part, and a unit such as "million". Numbers above [record.MaxNumber] are none.
func magnitude(s string) (float64, bool) {
	times := 1.0
	for _, unit := range []struct {
		word string
		n    float64
	}{{" hundred", 100}, {" thousand", 1000}, {" lakh", 100_000}, {" million", 1_000_000}, {" crore", 10_000_000}} {
		if before, ok := strings.CutSuffix(s, unit.word); ok {
			s, times = before, unit.n
			break
		}
	}
	if s == "" || s[0] < '0' || s[0] > '9' {
		return 0, false
	}
	whole, fraction, dotted := strings.Cut(s, ".")
	if dotted && !allDigits(fraction) {
		return 0, false
	}
	if strings.Contains(whole, ",") {
		groups := strings.Split(whole, ",")
		for i, g := range groups {
			if !allDigits(g) || i == 0 && len(g) > 3 || i > 0 && i < len(groups)-1 && len(g) != 3 && len(g) != 2 || i == len(groups)-1 && len(g) != 3 {
				return 0, false
			}
		}
		whole = strings.Join(groups, "")
	}
	if !allDigits(whole) || len(whole) > 13 {
		return 0, false
	}
	if dotted {
		whole += "." + fraction
	}
	n, err := strconv.ParseFloat(whole, 64)
	if err != nil || n*times > record.MaxNumber {
		return 0, false
	}
	return n * times, true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// isQuantity recognises "hundreds", "several hundred", "100s-1000s", "tens of
// thousands".
func isQuantity(s string) bool {
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool {
		return r == ' ' || r == '-' || r == '/' || r == ',' || r == '>' || r == '<' || r == '+'
	}) {
		for _, q := range quantities {
			if word == q {
				return true
			}
		}
		if before, ok := strings.CutSuffix(word, "s"); ok && allDigits(strings.TrimSuffix(before, "'")) {
			return true
		}
	}
	return false
}

// degrees reads a coordinate.
func degrees(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && f == f
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
