package petition

import (
	"strings"
	"unicode"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

// Resolver gives what citations stand for, as far as the one for whom the text is
// made may see it. What is not there and what is not for them are the same: false.
type Resolver interface {
	// Figure returns the figure of an event, by its slug, in its default scope.
	Figure(slug string, m record.Measure) (Figured, bool)
	Claim(id record.ClaimID) (Stated, bool)
	Source(id record.SourceID) (Sourced, bool)
}

// Sourced is a source with its preserved copy.
type Sourced struct {
	Source *record.Source
	Held   string // SHA-256 of the latest preserved copy, "" when none is held
}

// Stated is a claim as it stands, with the source that states it.
type Stated struct {
	Claim *record.Claim
	Rev   int
	// Words say what it states, in English, for the appendix: "more than 100 killed".
	Words  string
	Source Sourced
	// Capture is the SHA-256 of the copy that its passage stands in, "" without one.
	Capture string
}

// Figured is a figure with the claims it was worked out from.
type Figured struct {
	Event  record.EventID
	Figure figure.Figure
	Claims []Stated // those of Figure.Claims that may be seen, in any order
}

// resolved is what one citation stands for.
type resolved struct {
	cited  record.Cited
	found  bool
	figure *Figured
	claim  *Stated
	source *Sourced
}

// book looks every key up once, for all languages of a petition, and keeps what
// was cited in the order of its first appearance.
type book struct {
	from  Resolver
	known map[string]*resolved
	order []*resolved
}

func newBook(from Resolver) *book { return &book{from: from, known: map[string]*resolved{}} }

func (b *book) look(c Citation) *resolved {
	key := c.Key()
	if r, ok := b.known[key]; ok {
		return r
	}
	r := &resolved{cited: record.Cited{Key: key}}
	b.known[key] = r
	if !c.Valid() {
		return r
	}
	switch c.Kind {
	case CiteClaim:
		if s, ok := b.from.Claim(record.ClaimID(c.ID)); ok && s.Claim != nil {
			r.found, r.claim = true, &s
			r.cited.Source = s.Claim.Source
			r.cited.Claims = []record.CitedClaim{citedClaim(s)}
			r.cited.Claims[0].Used = true
			if s.Claim.Kind == record.KindMeasure {
				r.cited.Measure, r.cited.Low, r.cited.Best, r.cited.High = s.Claim.Measure, s.Claim.Low, s.Claim.Best, s.Claim.High
			}
		}
	case CiteSource:
		if s, ok := b.from.Source(record.SourceID(c.ID)); ok && s.Source != nil {
			r.found, r.source = true, &s
			r.cited.Source = s.Source.ID
		}
	case CiteFigure:
		if f, ok := b.from.Figure(c.ID, c.Measure); ok {
			r.found, r.figure = true, &f
			r.cited = citedFigure(key, f)
		}
	}
	if r.found {
		b.order = append(b.order, r)
	}
	return r
}

// cited returns what was found, in the order in which it was first looked up.
func (b *book) cited() []record.Cited {
	out := make([]record.Cited, len(b.order))
	for i, r := range b.order {
		out[i] = r.cited
	}
	return out
}

func citedClaim(s Stated) record.CitedClaim {
	return record.CitedClaim{
		ID: s.Claim.ID, Rev: s.Rev, State: s.Claim.Review.State, Source: s.Claim.Source, Value: s.Words,
		Capture: s.Capture, Locator: s.Claim.Passage.Locator,
	}
}

func citedFigure(key string, f Figured) record.Cited {
	fig := f.Figure
	c := record.Cited{
		Key: key, Event: f.Event, Measure: fig.Measure, Low: fig.Low, Best: fig.Best, High: fig.High, Open: fig.Open,
		Origins: fig.Origins, Status: string(fig.Status), Rule: string(fig.Rule),
	}
	stated := map[record.ClaimID]Stated{}
	for _, s := range f.Claims {
		stated[s.Claim.ID] = s
	}
	for _, use := range fig.Claims {
		s, ok := stated[use.Claim]
		if !ok {
			continue
		}
		cc := citedClaim(s)
		cc.Used = use.Used
		if !use.Used {
			cc.WhyNot = string(use.Reason)
		}
		c.Claims = append(c.Claims, cc)
	}
	return c
}

// place is where a footnote leads: a source and where in it, for an origin of a
// figure with the claim.
type place struct {
	source  Sourced
	locator string
	claim   *Stated
}

// places returns what a reader has to open to check a citation. Of a figure these
// are the sources of the claims it uses: each origin's word, once.
func (r *resolved) places(c Citation) []place {
	at := func(locators ...string) string {
		for _, l := range locators {
			if l != "" {
				return l
			}
		}
		return ""
	}
	switch {
	case r.source != nil:
		return []place{{*r.source, at(c.Locator, r.source.Source.Locator), nil}}
	case r.claim != nil && r.claim.Source.Source != nil:
		s := r.claim.Source
		if r.claim.Capture != "" {
			s.Held = r.claim.Capture
		}
		return []place{{s, at(c.Locator, r.claim.Claim.Passage.Locator, s.Source.Locator), nil}}
	case r.figure != nil:
		var out []place
		stated := map[record.ClaimID]Stated{}
		for _, s := range r.figure.Claims {
			stated[s.Claim.ID] = s
		}
		seen := map[string]bool{}
		for _, use := range r.figure.Figure.Claims {
			s, ok := stated[use.Claim]
			if !ok || !use.Used || s.Source.Source == nil || use.Origin != "" && seen[use.Origin] {
				continue
			}
			seen[use.Origin] = true
			from := s.Source
			if s.Capture != "" {
				from.Held = s.Capture
			}
			out = append(out, place{from, at(s.Claim.Passage.Locator, from.Source.Locator), &s})
		}
		return out
	}
	return nil
}

// freezer makes the frozen text of one language.
type freezer struct {
	book    *book
	printer Printer
	lang    string
	notes   []record.Footnote
	numbers map[string]int // by source and locator, or by key
	missing []Citation     // values that nothing can be printed for
}

// number returns the footnote of a place, a new one at its first appearance.
func (f *freezer) number(key string, p place) int {
	s := p.source.Source
	id := string(s.ID) + "\x00" + p.locator
	n, ok := f.numbers[id]
	if !ok {
		n = f.add(p.note())
		f.numbers[id] = n
	}
	f.credit(n, key)
	return n
}

// note writes a place as a footnote.
func (p place) note() record.Footnote {
	s := p.source.Source
	title := s.Title.In(s.Language).Text
	if s.Language == "" && len(s.Title) > 0 {
		title = s.Title[0].Text
	}
	return record.Footnote{
		Source: s.ID, Publisher: s.Publisher, Author: s.Author, Title: title, Locator: p.locator,
		Published: s.Published.Date.String(), URL: s.URL, Held: p.source.Held, Accessed: s.Accessed.String(),
	}
}

// figureNote returns the one footnote of a figure: what it is, and what each of
// its origins says. A mark for each origin would bury the sentence.
func (f *freezer) figureNote(c Citation, r *resolved) int {
	n, ok := f.numbers[c.Key()]
	if !ok {
		note := record.Footnote{Cited: []string{c.Key()}}
		for _, p := range r.places(c) {
			origin := p.note()
			origin.Cited = []string{Citation{Kind: CiteClaim, ID: string(p.claim.Claim.ID)}.Key()}
			origin.Value, _ = printClaim(f.printer, p.claim, FormUsual, f.lang)
			note.Origins = append(note.Origins, origin)
		}
		if len(note.Origins) > 0 {
			note.Value, _ = printFigure(f.printer, r.figure.Figure, FormWords)
		}
		n = f.add(note)
		f.numbers[c.Key()] = n
	}
	return n
}

func (f *freezer) add(note record.Footnote) int {
	note.Number = len(f.notes) + 1
	f.notes = append(f.notes, note)
	return note.Number
}

func (f *freezer) credit(n int, key string) {
	for _, have := range f.notes[n-1].Cited {
		if have == key {
			return
		}
	}
	f.notes[n-1].Cited = append(f.notes[n-1].Cited, key)
}

// marks returns the footnotes of a citation.
func (f *freezer) marks(c Citation) []int {
	r := f.book.look(c)
	if !r.found {
		return nil
	}
	if r.figure != nil {
		return []int{f.figureNote(c, r)}
	}
	var out []int
	for _, p := range r.places(c) {
		out = append(out, f.number(c.Key(), p))
	}
	return out
}

func (f *freezer) blocks(bs []Block) []record.Block {
	var out []record.Block
	for _, b := range bs {
		out = append(out, record.Block{Kind: b.Kind, Level: b.Level, Spans: f.spans(b), Blocks: f.blocks(b.Blocks)})
	}
	return out
}

func (f *freezer) spans(b Block) []record.Span {
	if s, ok := f.section(b); ok {
		return []record.Span{{Text: s}}
	}
	var out []record.Span
	// mark puts a footnote's mark behind what stands before it.
	mark := func(numbers ...int) {
		if n := len(out) - 1; n > 0 && len(numbers) > 0 && out[n].Href == "" && !out[n].Break && out[n].Note == 0 && blank(out[n].Text) {
			out = out[:n]
		}
		for _, n := range numbers {
			last := len(out) - 1
			for i := last; i >= 0 && out[i].Note > 0; i-- {
				if out[i].Note == n { // the same mark stands here already
					n = 0
					break
				}
				if out[i].Text != "" {
					break
				}
			}
			switch {
			case n == 0:
			case last >= 0 && out[last].Note == 0 && !out[last].Break && strings.TrimSpace(out[last].Text) != "":
				out[last].Text = strings.TrimRightFunc(out[last].Text, unicode.IsSpace)
				out[last].Note = n
			default:
				out = append(out, record.Span{Note: n})
			}
		}
	}
	for _, in := range joinText(b.Inlines) {
		switch in.Kind {
		case InText:
			out = append(out, record.Span{Text: in.Text, Em: in.Em, Strong: in.Strong, Href: in.Href})
		case InBreak:
			out = append(out, record.Span{Break: true})
		case InNote:
			mark(f.add(record.Footnote{Words: in.Text}))
		case InCite:
			var numbers []int
			for _, c := range in.Cites {
				numbers = append(numbers, f.marks(c)...)
			}
			mark(numbers...)
		case InValue:
			c := in.Cites[0]
			text, ok := f.value(c)
			if !ok {
				f.missing = append(f.missing, c)
				out = append(out, record.Span{Text: Brace(c)})
				continue
			}
			out = append(out, record.Span{Text: text, Value: c.Key()})
			mark(f.marks(c)...)
		}
	}
	return out
}

// value prints a value in the language of the text.
func (f *freezer) value(c Citation) (string, bool) {
	r := f.book.look(c)
	switch {
	case r.figure != nil:
		return printFigure(f.printer, r.figure.Figure, c.Form)
	case r.claim != nil:
		return printClaim(f.printer, r.claim, c.Form, f.lang)
	}
	return "", false
}

// section returns the heading of a section that the author named by its key.
func (f *freezer) section(b Block) (string, bool) {
	if b.Kind != record.BlockHeading || len(b.Inlines) != 1 || b.Inlines[0].Kind != InText {
		return "", false
	}
	switch b.Inlines[0].Text {
	case "background":
		return f.printer.T("petition.section.background"), true
	case "findings":
		return f.printer.T("petition.section.findings"), true
	case "duties":
		return f.printer.T("petition.section.duties"), true
	case "demands":
		return f.printer.T("petition.section.demands"), true
	}
	return "", false
}

// line prints a title or a summary: the values in it, without marks.
func (f *freezer) line(src string) (string, error) {
	t, err := Parse(src)
	if err != nil {
		return "", err
	}
	if len(t.Citations()) == 0 {
		return src, nil
	}
	var b strings.Builder
	for i, k := range t.Blocks {
		if i > 0 {
			b.WriteString("\n\n")
		}
		for n, in := range k.Inlines {
			switch in.Kind {
			case InText:
				if n+1 < len(k.Inlines) && k.Inlines[n+1].Kind == InCite {
					in.Text = strings.TrimRight(in.Text, " ")
				}
				b.WriteString(in.Text)
			case InBreak:
				b.WriteByte('\n')
			case InValue:
				text, ok := f.value(in.Cites[0])
				if !ok {
					f.missing = append(f.missing, in.Cites[0])
					text = Brace(in.Cites[0])
				}
				b.WriteString(text)
			case InCite:
				for _, c := range in.Cites {
					f.book.look(c)
				}
			}
		}
	}
	return b.String(), nil
}

// freezeText resolves the text of one language.
func freezeText(b *book, t record.PetitionText, p Printer) (record.EditionText, []Citation, error) {
	f := freezer{book: b, printer: p, lang: t.Lang, numbers: map[string]int{}}
	body, err := Parse(t.Body)
	if err != nil {
		return record.EditionText{}, nil, err
	}
	out := record.EditionText{Lang: t.Lang, Title: t.Title, Source: t.Body, Unreviewed: t.Unreviewed}
	if out.Summary, err = f.line(t.Summary); err != nil {
		return out, nil, err
	}
	out.Blocks = f.blocks(body.Blocks)
	out.Notes = f.notes
	return out, f.missing, nil
}

// Resolve freezes one text: numbers printed, footnotes written and numbered in the
// order of their first appearance. It serves as a preview, too: unresolved lists
// the values that could not be printed, which stand in the text as written.
func Resolve(t record.PetitionText, from Resolver, p Printer) (text record.EditionText, cited []record.Cited, unresolved []Citation, err error) {
	b := newBook(from)
	text, unresolved, err = freezeText(b, t, p)
	return text, b.cited(), unresolved, err
}
