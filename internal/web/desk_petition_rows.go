package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// A form about a petition holds lines that repeat (addressees, demands and their
// parts). Each line has a number, in the repeated field "row" in the order of the
// lines, and fields named by it: "r3.office". Moving a line moves its number and
// renames nothing, so that a refused form, a search beside a field or an expired
// session bring every line back as it was.

// rowSpecs says what a line asks for.
type rowSpecs struct {
	// word names one line: "petition.addressee".
	word string
	// nested lines may stand below others, as parts of a demand do.
	nested bool
	specs  func(petitionForm) []spec
	// words returns what a line is about in a few words, for its legend and key.
	words func(f Form, row string) string
}

// rowField is the name of a line's field.
func rowField(row, name string) string { return "r" + row + "." + name }

// rowsOf lists the numbers of the lines in their order, each once; whatever is
// no number is left out.
func rowsOf(f Form) []string {
	var out []string
	for _, row := range f.Values["row"] {
		if n, err := strconv.Atoi(row); err == nil && n >= 0 && strconv.Itoa(n) == row && !slices.Contains(out, row) {
			out = append(out, row)
		}
	}
	return out
}

// depthOf is how far below the first level a line stands.
func depthOf(f Form, row string) int {
	n, err := strconv.Atoi(f.Get(rowField(row, "depth")))
	if err != nil || n < 0 {
		return 0
	}
	return min(n, record.MaxDemandDepth-1)
}

// addRow puts a new line behind the one at index after (-1 puts it first) and
// returns its number.
func addRow(f *Form, after, depth int) string {
	list := rowsOf(*f)
	next := 0
	for _, row := range list {
		n, _ := strconv.Atoi(row) // rowsOf let numbers through only
		next = max(next, n+1)
	}
	row := strconv.Itoa(next)
	f.Values["row"] = slices.Insert(list, min(after+1, len(list)), row)
	f.Values.Set(rowField(row, "depth"), strconv.Itoa(depth))
	return row
}

// below returns the index after the last line that belongs to the line at i: its
// parts move and go with it.
func below(f Form, list []string, i int) int {
	depth := depthOf(f, list[i])
	j := i + 1
	for j < len(list) && depthOf(f, list[j]) > depth {
		j++
	}
	return j
}

// actOnRows does what a button beside a line says ("up:3", "part:3", "add") and
// reports whether it did anything. Nothing is saved by it.
func actOnRows(f *Form, nested bool) bool {
	act, row, _ := strings.Cut(f.Get("act"), ":")
	if act == "" {
		return false
	}
	list := rowsOf(*f)
	if act == "add" {
		addRow(f, len(list)-1, 0)
		return true
	}
	i := slices.Index(list, row)
	if i < 0 {
		return true
	}
	depth, end := depthOf(*f, row), below(*f, list, i)
	switch act {
	case "after":
		addRow(f, end-1, depth)
	case "part":
		if nested && depth+1 < record.MaxDemandDepth {
			addRow(f, end-1, depth+1)
		}
	case "remove":
		f.Values["row"] = slices.Delete(list, i, end)
	case "up":
		if before := previous(*f, list, i); before >= 0 {
			moved := slices.Clone(list[i:end])
			list = slices.Delete(list, i, end)
			f.Values["row"] = slices.Insert(list, before, moved...)
		}
	case "down":
		if end < len(list) && depthOf(*f, list[end]) == depth {
			moved := slices.Clone(list[i:end])
			behind := below(*f, list, end) - (end - i)
			list = slices.Delete(list, i, end)
			f.Values["row"] = slices.Insert(list, behind, moved...)
		}
	case "in":
		if nested && previous(*f, list, i) >= 0 && deepest(*f, list[i:end])+1 < record.MaxDemandDepth {
			shift(f, list[i:end], 1)
		}
	case "out":
		if depth > 0 {
			shift(f, list[i:end], -1)
		}
	}
	return true
}

// previous is the index of the line before the one at i on the same level and
// below the same line, or -1.
func previous(f Form, list []string, i int) int {
	depth := depthOf(f, list[i])
	for j := i - 1; j >= 0; j-- {
		switch d := depthOf(f, list[j]); {
		case d == depth:
			return j
		case d < depth:
			return -1
		}
	}
	return -1
}

func deepest(f Form, list []string) int {
	most := 0
	for _, row := range list {
		most = max(most, depthOf(f, row))
	}
	return most
}

func shift(f *Form, list []string, by int) {
	for _, row := range list {
		f.Values.Set(rowField(row, "depth"), strconv.Itoa(depthOf(*f, row)+by))
	}
}

// settle makes the depths a tree: a line stands at most one level below the line
// before it.
func settle(f *Form) {
	before := -1
	for _, row := range rowsOf(*f) {
		depth := min(depthOf(*f, row), before+1)
		f.Values.Set(rowField(row, "depth"), strconv.Itoa(depth))
		before = depth
	}
}

// rowBlock is a line ready for the template.
type rowBlock struct {
	Row    string
	Depth  int
	Number string // "2.1"
	Key    string
	Legend string
	Fields []fieldView
	// Folded fields stand behind a heading until something is in one.
	Folded []fieldView
	Open   bool
	// What the buttons beside it can do.
	Up, Down, In, Out, Part bool
}

// lineSpecs is what the lines of one form ask for, once it is known what the form
// is about.
type lineSpecs struct {
	word   string // names one line: "petition.addressee"
	nested bool
	words  func(f Form, row string) string
	specs  []spec
	shape  func(*fieldView) // changes a field before it is shown; may be nil
}

// lines makes the lines of a form ready for the template.
func (s *Server) lines(r *http.Request, ls lineSpecs, f *Form) ([]rowBlock, error) {
	v := visitOf(r)
	if f.Values == nil {
		f.Values = url.Values{}
	}
	settle(f)
	list := rowsOf(*f)
	depths := make([]int, len(list))
	for i, row := range list {
		depths[i] = depthOf(*f, row)
	}
	numbers := numbered(depths)
	var out []rowBlock
	for i, row := range list {
		b := rowBlock{Row: row, Depth: depths[i], Number: numbers[i], Key: f.Get(rowField(row, "key"))}
		b.Legend = legend(v.lang, ls.word, b.Number, ls.words(*f, row))
		end := below(*f, list, i)
		b.Up, b.Down = previous(*f, list, i) >= 0, end < len(list) && depths[end] == depths[i]
		b.In = ls.nested && b.Up && deepest(*f, list[i:end])+1 < record.MaxDemandDepth
		b.Out = depths[i] > 0
		b.Part = ls.nested && depths[i]+1 < record.MaxDemandDepth
		for _, sp := range ls.specs {
			sp.Name = rowField(row, sp.Name)
			fv, err := s.field(r.Context(), v, sp, *f)
			if err != nil {
				return nil, err
			}
			if ls.shape != nil {
				ls.shape(&fv)
			}
			if !sp.Fold {
				b.Fields = append(b.Fields, fv)
				continue
			}
			b.Folded = append(b.Folded, fv)
			b.Open = b.Open || fv.Error != "" || fv.Searched || sp.Input != inChoice && fieldText(sp, f.Values) != ""
		}
		out = append(out, b)
	}
	return out, nil
}

// numbered writes the numbers of the lines as they are printed: 1, 2, 2.1.
func numbered(depths []int) []string {
	var counts [record.MaxDemandDepth]int
	out := make([]string, len(depths))
	for i, d := range depths {
		counts[d]++
		for j := d + 1; j < len(counts); j++ {
			counts[j] = 0
		}
		parts := make([]string, d+1)
		for j := range parts {
			parts[j] = strconv.Itoa(max(counts[j], 1))
		}
		out[i] = strings.Join(parts, ".")
	}
	return out
}

// rowKey returns the line's short name: the one it has, or a new one of a few of
// its words that no other line has.
func rowKey(f Form, row, words string, taken map[string]bool) string {
	if key := f.Get(rowField(row, "key")); key != "" {
		taken[key] = true
		return key
	}
	var b strings.Builder
	for _, r := range strings.ToLower(words) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 24 {
			break
		}
	}
	base := strings.Trim(b.String(), "-")
	if base == "" || base[0] >= '0' && base[0] <= '9' {
		base = strings.TrimSuffix("n-"+base, "-")
	}
	key := base
	for n := 2; taken[key]; n++ {
		key = fmt.Sprintf("%s-%d", base, n)
	}
	taken[key] = true
	return key
}

// legend names a line: "2.1 Publish the list".
func legend(l *lang.Printer, word, number, words string) string {
	if r := []rune(words); len(r) > 60 {
		words = strings.TrimSpace(string(r[:60])) + "…"
	}
	if words == "" {
		return l.T("desk.petition.row", "what", l.T("field."+word), "n", number)
	}
	return l.T("desk.petition.row_of", "what", l.T("field."+word), "number", number, "words", words)
}

func joinLines(lines []string) string { return strings.Join(lines, "\n") }
