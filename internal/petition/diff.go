package petition

import (
	"slices"
	"strings"
	"unicode"

	"github.com/gawah-project/gawah/internal/record"
)

// Op is what became of a word or a block.
type Op string

// The operations. A changed block has words of its own.
const (
	Kept    Op = "kept"
	Added   Op = "added"
	Removed Op = "removed"
	Changed Op = "changed"
)

// Words is a run of words with one fate. Text holds the white space between
// words as it stands.
type Words struct {
	Op   Op
	Text string
}

// BlockChange is one block of the old text, the new one, or both.
type BlockChange struct {
	Op    Op
	Kind  record.BlockKind
	Level int // of a heading
	Depth int // how deep it is nested
	Words []Words
}

// ValueChange is a printed number that is another one now.
type ValueChange struct {
	Key      string // "figure:SLUG/killed"
	Old, New string // as printed; "" where the text did not have it
}

// Change is what changed from one text to another.
type Change struct {
	Title, Summary []Words
	Blocks         []BlockChange
	Values         []ValueChange
	// Notes are footnotes that one text has and the other has not, removed ones
	// first. They are no difference in the words: Same passes over them.
	Notes []NoteChange
}

// NoteChange is a footnote that went or came, with the number it has in its text.
type NoteChange struct {
	Op   Op // Added or Removed
	Note record.Footnote
}

// Same reports whether a reader would find no difference.
func (c Change) Same() bool {
	kept := func(ws []Words) bool {
		return !slices.ContainsFunc(ws, func(w Words) bool { return w.Op != Kept })
	}
	return kept(c.Title) && kept(c.Summary) && len(c.Values) == 0 &&
		!slices.ContainsFunc(c.Blocks, func(b BlockChange) bool { return b.Op != Kept })
}

// leaf is a block with words of its own.
type leaf struct {
	kind         record.BlockKind
	level, depth int
	text         string
}

func leaves(blocks []record.Block) []leaf {
	var out []leaf
	Walk(blocks, Walker{Enter: func(b record.Block, depth int) {
		var words strings.Builder
		for _, s := range b.Spans {
			words.WriteString(s.Text)
			if s.Break {
				words.WriteByte('\n')
			}
		}
		if words.Len() > 0 || b.Kind == record.BlockRule {
			out = append(out, leaf{b.Kind, b.Level, depth, words.String()})
		}
	}})
	return out
}

// Diff compares two frozen texts in one language: which blocks were added and
// removed, which changed and in which words, which printed numbers are others now.
// Footnotes are compared by where they lead; their numbers move with the text.
func Diff(before, after record.EditionText) Change {
	c := Change{
		Title:   diffWords(before.Title, after.Title),
		Summary: diffWords(before.Summary, after.Summary),
		Values:  diffValues(values(before.Blocks), values(after.Blocks)),
		Notes:   append(missingNotes(before.Notes, after.Notes, Removed), missingNotes(after.Notes, before.Notes, Added)...),
	}
	a, b := leaves(before.Blocks), leaves(after.Blocks)
	var gone, come []leaf
	flush := func() {
		c.Blocks = append(c.Blocks, pair(gone, come)...)
		gone, come = nil, nil
	}
	for _, s := range align(a, b) {
		switch s.op {
		case Kept:
			flush()
			c.Blocks = append(c.Blocks, whole(Kept, b[s.b]))
		case Removed:
			gone = append(gone, a[s.a])
		case Added:
			come = append(come, b[s.b])
		}
	}
	flush()
	return c
}

// missingNotes returns the footnotes of one text that lead nowhere the other does.
func missingNotes(of, in []record.Footnote, op Op) []NoteChange {
	type place struct {
		source         record.SourceID
		locator, words string
		figure         string
	}
	at := func(n record.Footnote) place {
		p := place{source: n.Source, locator: n.Locator, words: n.Words}
		if n.Source == "" && len(n.Cited) > 0 {
			p.figure = n.Cited[0]
		}
		return p
	}
	have := map[place]bool{}
	for _, n := range leads(in) {
		have[at(n)] = true
	}
	var out []NoteChange
	for _, n := range leads(of) {
		if p := at(n); !have[p] {
			have[p] = true
			out = append(out, NoteChange{op, n})
		}
	}
	return out
}

// leads returns footnotes with the origins of a figure in the place of its note,
// under its number: in that form two texts can be compared of which one is older
// than such notes.
func leads(notes []record.Footnote) (out []record.Footnote) {
	for _, n := range notes {
		if len(n.Origins) == 0 {
			out = append(out, n)
			continue
		}
		for _, o := range n.Origins {
			o.Number = n.Number
			out = append(out, o)
		}
	}
	return out
}

func whole(op Op, l leaf) BlockChange {
	w := BlockChange{Op: op, Kind: l.kind, Level: l.level, Depth: l.depth}
	if l.text != "" {
		w.Words = []Words{{op, l.text}}
	}
	return w
}

// pair matches blocks that went with blocks that came in the same place: those of
// one kind that share at least a third of their words are one block that changed.
func pair(gone, come []leaf) []BlockChange {
	var out []BlockChange
	next := 0
	for _, g := range gone {
		at := -1
		// A window keeps the time linear; what moved far is gone and new.
		for i := next; i < len(come) && i < next+8; i++ {
			if come[i].kind == g.kind && akin(g.text, come[i].text) {
				at = i
				break
			}
		}
		if at < 0 {
			out = append(out, whole(Removed, g))
			continue
		}
		for ; next < at; next++ {
			out = append(out, whole(Added, come[next]))
		}
		l := come[at]
		out = append(out, BlockChange{Op: Changed, Kind: l.kind, Level: l.level, Depth: l.depth, Words: diffWords(g.text, l.text)})
		next = at + 1
	}
	for ; next < len(come); next++ {
		out = append(out, whole(Added, come[next]))
	}
	return out
}

// akin reports whether two blocks share a third of the words of the longer one,
// in any order.
func akin(a, b string) bool {
	count := map[string]int{}
	for w := range strings.FieldsSeq(a) {
		count[w]++
	}
	before, after, common := len(strings.Fields(a)), 0, 0
	for w := range strings.FieldsSeq(b) {
		after++
		if count[w] > 0 {
			count[w]--
			common++
		}
	}
	return common > 0 && common*3 >= max(before, after)
}

// splitWords cuts a text into words, each with the white space before it apart.
func splitWords(s string) []string {
	var out []string
	start, space := 0, false
	for i, r := range s {
		if now := unicode.IsSpace(r); i > 0 && now != space {
			out = append(out, s[start:i])
			start, space = i, now
		} else if i == 0 {
			space = now
		}
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}

func diffWords(before, after string) []Words {
	a, b := splitWords(before), splitWords(after)
	var out []Words
	var run strings.Builder // of the last words, while they grow
	add := func(op Op, text string) {
		if n := len(out) - 1; n < 0 || out[n].Op != op {
			if n >= 0 {
				out[n].Text = run.String()
				run.Reset()
			}
			out = append(out, Words{Op: op})
		}
		run.WriteString(text)
	}
	steps := align(a, b)
	for i := 0; i < len(steps); {
		if steps[i].op == Kept {
			add(Kept, b[steps[i].b])
			i++
			continue
		}
		// What went stands before what came in its place. White space that alone
		// stayed between them goes with both.
		var gone, come strings.Builder
		for i < len(steps) {
			s := steps[i]
			if s.op == Kept && (!blank(b[s.b]) || i+1 >= len(steps) || steps[i+1].op == Kept) {
				break
			}
			if s.op != Added {
				gone.WriteString(a[s.a])
			}
			if s.op != Removed {
				come.WriteString(b[s.b])
			}
			i++
		}
		if gone.Len() > 0 {
			add(Removed, gone.String())
		}
		if come.Len() > 0 {
			add(Added, come.String())
		}
	}
	if n := len(out) - 1; n >= 0 {
		out[n].Text = run.String()
	}
	return out
}

// step is one step from one list to another.
type step struct {
	op   Op
	a, b int
}

// maxEdits bounds how different two lists may be before everything between
// their common beginning and end counts as replaced: time and memory are within
// a few million steps for any two texts.
const maxEdits = 600

// align finds a shortest way from one list to another, after Myers.
func align[T comparable](a, b []T) []step {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []step
	for i := range head {
		out = append(out, step{Kept, i, i})
	}
	for _, s := range middle(a[head:len(a)-tail], b[head:len(b)-tail]) {
		out = append(out, step{s.op, s.a + head, s.b + head})
	}
	for i := range tail {
		out = append(out, step{Kept, len(a) - tail + i, len(b) - tail + i})
	}
	return out
}

func middle[T comparable](a, b []T) []step {
	n, m := len(a), len(b)
	replaced := func() []step {
		var out []step
		for i := range n {
			out = append(out, step{Removed, i, 0})
		}
		for j := range m {
			out = append(out, step{Added, n, j})
		}
		return out
	}
	if n == 0 || m == 0 {
		return replaced()
	}
	limit := min(n+m, maxEdits)
	// v[k+limit] is how far along a the best way on diagonal k has come.
	v := make([]int, 2*limit+2)
	var trace [][]int
	for d := 0; d <= limit; d++ {
		for k := -d; k <= d; k += 2 {
			x := 0
			switch {
			case d == 0:
			case k == -d || k != d && v[k-1+limit] < v[k+1+limit]:
				x = v[k+1+limit]
			default:
				x = v[k-1+limit] + 1
			}
			y := x - k
			for x < n && y < m && x >= 0 && y >= 0 && a[x] == b[y] {
				x, y = x+1, y+1
			}
			v[k+limit] = x
			if x >= n && y >= m {
				return walkBack(trace, d, n, m)
			}
		}
		row := make([]int, 2*d+1)
		for k := -d; k <= d; k++ {
			row[k+d] = v[k+limit]
		}
		trace = append(trace, row)
	}
	return replaced()
}

// walkBack reads the way from the furthest points that each round reached.
func walkBack(trace [][]int, d, n, m int) []step {
	var out []step
	x, y := n, m
	for ; d > 0; d-- {
		at := func(k int) int { return trace[d-1][k+d-1] }
		k := x - y
		from := k - 1
		if k == -d || k != d && at(k-1) < at(k+1) {
			from = k + 1
		}
		fromX := at(from)
		for x > fromX && y > fromX-from {
			x, y = x-1, y-1
			out = append(out, step{Kept, x, y})
		}
		if x > fromX {
			x--
			out = append(out, step{Removed, x, y})
		} else {
			y--
			out = append(out, step{Added, x, y})
		}
	}
	for x > 0 {
		x, y = x-1, y-1
		out = append(out, step{Kept, x, y})
	}
	slices.Reverse(out)
	return out
}

// printed is a number that was printed from the register.
type printed struct{ key, text string }

func values(blocks []record.Block) []printed {
	var out []printed
	Walk(blocks, Walker{Run: func(r Run) {
		if r.Value != "" {
			out = append(out, printed{r.Value, r.Text})
		}
	}})
	return out
}

// diffValues compares the printed numbers, each key with the different ways in
// which it is printed.
func diffValues(before, after []printed) []ValueChange {
	gather := func(ps []printed) (map[string][]string, []string) {
		by, keys := map[string][]string{}, []string(nil)
		for _, p := range ps {
			if _, ok := by[p.key]; !ok {
				keys = append(keys, p.key)
			}
			if !slices.Contains(by[p.key], p.text) {
				by[p.key] = append(by[p.key], p.text)
			}
		}
		return by, keys
	}
	old, oldKeys := gather(before)
	now, keys := gather(after)
	for _, k := range oldKeys {
		if _, ok := now[k]; !ok {
			keys = append(keys, k)
		}
	}
	var out []ValueChange
	for _, k := range keys {
		gone := slices.DeleteFunc(slices.Clone(old[k]), func(s string) bool { return slices.Contains(now[k], s) })
		come := slices.DeleteFunc(slices.Clone(now[k]), func(s string) bool { return slices.Contains(old[k], s) })
		for i := range max(len(gone), len(come)) {
			v := ValueChange{Key: k}
			if i < len(gone) {
				v.Old = gone[i]
			}
			if i < len(come) {
				v.New = come[i]
			}
			out = append(out, v)
		}
	}
	return out
}

// Substance is a reason for which a change may be one of substance.
type Substance string

// The reasons. Another title, demand, addressee or legal basis is one of substance
// whoever says what ([Substance.Plain]); other numbers are a suggestion.
const (
	SubstanceDemands    Substance = "demands"
	SubstanceAddressees Substance = "addressees"
	SubstanceBases      Substance = "bases"
	SubstanceNumbers    Substance = "numbers"
	SubstanceTitle      Substance = "title"
)

// Plain reports whether a reason leaves nothing to judge: what is asked, of whom
// and on what ground is what people signed.
func (s Substance) Plain() bool { return s != SubstanceNumbers }

// Substantial compares what was signed with what is to be signed: demands,
// addressees (their offices, not who holds them), legal bases, the printed numbers
// in any language, the title in every language that it was signed in.
func Substantial(before, after *record.Edition) []Substance {
	var out []Substance
	add := func(s Substance, differs bool) {
		if differs && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	different := func(a, b any) bool {
		x, err1 := canonicalHash(a)
		y, err2 := canonicalHash(b)
		return err1 != nil || err2 != nil || x != y
	}
	// A translation that came since says nothing else to those who signed before.
	langs := languages(before)
	add(SubstanceDemands, different(askedOnly(before.Demands, langs), askedOnly(after.Demands, langs)))
	add(SubstanceAddressees, different(offices(before.Addressees, langs), offices(after.Addressees, langs)))
	add(SubstanceBases, different(duties(before.Bases, langs), duties(after.Bases, langs)))
	for _, a := range before.Texts {
		still := false
		for _, b := range after.Texts {
			if a.Lang == b.Lang {
				still = true
				add(SubstanceNumbers, len(diffValues(values(a.Blocks), values(b.Blocks))) > 0)
				add(SubstanceTitle, a.Title != b.Title)
			}
		}
		add(SubstanceTitle, !still)
	}
	return out
}

// languages are those in which an edition says anything.
func languages(e *record.Edition) map[string]bool {
	langs := map[string]bool{}
	add := func(texts ...record.Text) {
		for _, t := range texts {
			for _, x := range t {
				langs[x.Lang] = true
			}
		}
	}
	for _, t := range e.Texts {
		langs[t.Lang] = true
	}
	for _, n := range Flatten(e.Demands) {
		add(n.Demand.Text)
	}
	for _, a := range e.Addressees {
		add(a.Office)
	}
	for _, b := range e.Bases {
		add(b.Instrument, b.Duty, b.Reserved)
	}
	return langs
}

// saidIn is a text in some languages alone, whatever the order they were entered in.
func saidIn(t record.Text, langs map[string]bool) record.Text {
	out := slices.DeleteFunc(slices.Clone(t), func(x record.LangText) bool { return !langs[x.Lang] })
	slices.SortStableFunc(out, func(a, b record.LangText) int { return strings.Compare(a.Lang, b.Lang) })
	return out
}

func offices(as []record.Addressee, langs map[string]bool) []record.Addressee {
	out := make([]record.Addressee, len(as))
	for i, a := range as {
		out[i] = record.Addressee{Key: a.Key, Party: a.Party, Office: saidIn(a.Office, langs), Country: a.Country}
	}
	return out
}

func duties(bs []record.LegalBasis, langs map[string]bool) []record.LegalBasis {
	out := slices.Clone(bs)
	for i, b := range out {
		out[i].Sources = nil
		out[i].Instrument, out[i].Duty, out[i].Reserved = saidIn(b.Instrument, langs), saidIn(b.Duty, langs), saidIn(b.Reserved, langs)
	}
	return out
}

// askedOnly leaves of demands what is asked, of whom and until when; not what is
// cited for it.
func askedOnly(ds []record.PetitionDemand, langs map[string]bool) []record.PetitionDemand {
	out := slices.Clone(ds)
	for i := range out {
		out[i].Claims, out[i].Text = nil, saidIn(out[i].Text, langs)
		out[i].Parts = askedOnly(out[i].Parts, langs)
	}
	return out
}
