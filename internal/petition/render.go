package petition

import (
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// RTL reports whether a language is written from right to left.
func RTL(lang string) bool {
	primary, _, _ := strings.Cut(strings.ToLower(lang), "-")
	return slices.Contains([]string{"ar", "ckb", "dv", "fa", "haz", "he", "ps", "sd", "ug", "ur", "yi"}, primary)
}

// Run is a span with all footnote marks that follow it at once.
type Run struct {
	record.Span
	Marks []int
}

// Runs gathers the spans of a block for printing: marks that stand side by side
// belong to one run, so that a page can write them as "1–3, 7".
func Runs(spans []record.Span) []Run {
	var out []Run
	for _, s := range spans {
		if n := len(out) - 1; n >= 0 && s.Text == "" && !s.Break && s.Note > 0 && !out[n].Break {
			out[n].Marks = append(out[n].Marks, s.Note)
			continue
		}
		r := Run{Span: s}
		if s.Note > 0 {
			r.Marks = []int{s.Note}
		}
		out = append(out, r)
	}
	for i := range out {
		slices.Sort(out[i].Marks)
		out[i].Marks = slices.Compact(out[i].Marks)
	}
	return out
}

// Walker is told of every block and run of a text in their order. Any of its
// functions may be nil.
type Walker struct {
	Enter func(b record.Block, depth int)
	Run   func(r Run)
	Leave func(b record.Block, depth int)
}

// Walk goes through blocks: Enter, the runs of the block's own words, the blocks
// in it, Leave.
func Walk(blocks []record.Block, w Walker) { walk(blocks, w, 0) }

func walk(blocks []record.Block, w Walker, depth int) {
	for _, b := range blocks {
		if w.Enter != nil {
			w.Enter(b, depth)
		}
		if w.Run != nil {
			for _, r := range Runs(b.Spans) {
				w.Run(r)
			}
		}
		walk(b.Blocks, w, depth+1)
		if w.Leave != nil {
			w.Leave(b, depth)
		}
	}
}

// Mark writes footnote marks that stand side by side: "1–3, 7".
func Mark(p Printer, marks []int) string {
	var parts []string
	for i := 0; i < len(marks); {
		j := i
		for j+1 < len(marks) && marks[j+1] == marks[j]+1 {
			j++
		}
		if j == i+1 { // two are no range
			j = i
		}
		parts = append(parts, p.Range(int64(marks[i]), int64(marks[j])))
		i = j + 1
	}
	return p.T("petition.footnote.mark", "numbers", strings.Join(parts, ", "))
}

// PartKind is what a part of a footnote says.
type PartKind string

// The parts of a footnote, in the order in which they are printed.
const (
	PartPublisher PartKind = "publisher"
	PartAuthor    PartKind = "author"
	PartTitle     PartKind = "title"
	PartLocator   PartKind = "locator"
	PartPublished PartKind = "published"
	PartURL       PartKind = "url"
	PartHeld      PartKind = "held"
	PartAccessed  PartKind = "accessed"
	PartWords     PartKind = "words"
	PartFigure    PartKind = "figure"
	PartValue     PartKind = "value"
)

// Part is one part of a footnote. Foreign says that its words are in the
// source's own language, which may run the other way.
type Part struct {
	Kind    PartKind
	Text    string
	Href    string
	Foreign bool
}

// Parts returns what a footnote says, each part printed on its own: a page sets
// them apart and in their own direction, nothing is glued into a sentence.
func Parts(n record.Footnote, p Printer) []Part {
	var out []Part
	add := func(kind PartKind, text, href string, foreign bool) {
		if text != "" {
			out = append(out, Part{kind, text, href, foreign})
		}
	}
	if n.Words != "" {
		add(PartWords, n.Words, "", false)
		return out
	}
	switch {
	case n.Source == "" && len(n.Origins) == 0:
		add(PartFigure, p.T("petition.footnote.figure"), "", false)
		return out
	case n.Source == "":
		add(PartFigure, FigureWords(n, p), "", false)
		return out
	}
	add(PartValue, n.Value, "", false)
	add(PartPublisher, n.Publisher, "", true)
	add(PartAuthor, n.Author, "", true)
	if n.Title != "" {
		add(PartTitle, p.T("petition.footnote.title", "title", n.Title), "", true)
	}
	add(PartLocator, n.Locator, "", true)
	if n.Published != "" {
		add(PartPublished, p.Date(n.Published), "", false)
	}
	if SafeHref(n.URL) {
		add(PartURL, n.URL, n.URL, true)
	} else {
		add(PartURL, n.URL, "", true)
	}
	if n.Held != "" {
		add(PartHeld, p.T("petition.footnote.held", "hash", n.Held), "", false)
	} else {
		add(PartHeld, p.T("petition.footnote.unheld"), "", false)
	}
	if n.Accessed != "" {
		add(PartAccessed, p.T("petition.footnote.accessed", "date", p.Date(n.Accessed)), "", false)
	}
	return out
}

// FigureWords says what the footnote of a figure is about: its value where it has
// one, and from how many origins it was worked out.
func FigureWords(n record.Footnote, p Printer) string {
	if n.Value == "" {
		return p.T("petition.footnote.figure_open", "n", len(n.Origins))
	}
	return p.T("petition.footnote.figure_of", "value", n.Value, "n", len(n.Origins))
}

// NoteText writes a footnote on one line, its parts apart by a sign that belongs
// to no language, and the origins of a figure apart by another.
func NoteText(n record.Footnote, p Printer, lang string) string {
	var parts []string
	for _, part := range Parts(n, p) {
		parts = append(parts, isolate(part.Text, part.Foreign && RTL(lang)))
	}
	line := strings.Join(parts, " · ")
	for _, origin := range n.Origins {
		line += " | " + NoteText(origin, p, lang)
	}
	return line
}

// isolate keeps words of another direction from turning those around them.
func isolate(s string, foreign bool) string {
	if !foreign {
		return s
	}
	return "\u2068" + s + "\u2069"
}

// Plain writes an edition's text without any marks of style, for mails and for
// packs: title, summary, text, footnotes. Lines are as long as their paragraphs.
func Plain(t record.EditionText, p Printer) string {
	var b strings.Builder
	b.WriteString(t.Title + "\n\n")
	if t.Summary != "" {
		b.WriteString(t.Summary + "\n\n")
	}
	plainBlocks(&b, t.Blocks, p, "", "")
	if len(t.Notes) > 0 {
		b.WriteString(p.T("petition.notes") + "\n\n")
		for _, n := range t.Notes {
			b.WriteString(Mark(p, []int{n.Number}) + " " + NoteText(n, p, t.Lang) + "\n")
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func plainBlocks(b *strings.Builder, blocks []record.Block, p Printer, first, pad string) {
	for i, k := range blocks {
		if i > 0 {
			first = pad
		}
		switch k.Kind {
		case record.BlockRule:
			b.WriteString(first + "* * *\n\n")
		case record.BlockQuote:
			plainBlocks(b, k.Blocks, p, first+"    ", pad+"    ")
		case record.BlockList, record.BlockNumbered:
			for n, item := range k.Blocks {
				mark := "• "
				if k.Kind == record.BlockNumbered {
					mark = p.Number(int64(n+1)) + ". "
				}
				if n > 0 {
					first = pad
				}
				inner := pad + strings.Repeat(" ", len([]rune(mark)))
				if len(item.Spans) > 0 {
					b.WriteString(first + mark + plainSpans(item.Spans, p, inner) + "\n")
					plainBlocks(b, item.Blocks, p, inner, inner)
				} else {
					plainBlocks(b, item.Blocks, p, first+mark, inner)
				}
			}
			if pad == "" {
				b.WriteByte('\n')
			}
		default:
			b.WriteString(first + plainSpans(k.Spans, p, pad) + "\n\n")
		}
	}
}

func plainSpans(spans []record.Span, p Printer, pad string) string {
	var b strings.Builder
	for _, r := range Runs(spans) {
		switch {
		case r.Break:
			b.WriteString("\n" + pad)
		default:
			b.WriteString(r.Text)
			if r.Href != "" && r.Text != r.Href {
				b.WriteString(" <" + r.Href + ">")
			}
		}
		if len(r.Marks) > 0 {
			b.WriteString(Mark(p, r.Marks))
		}
	}
	return b.String()
}
