package web

import (
	"html/template"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

// petitionText sets a frozen text. The words come from the edition; only the
// links around printed numbers and the marks of footnotes are made here.
type petitionText struct {
	l     *lang.Printer
	links casework.Links
	cited map[string]record.Cited
	seen  map[int]int // how often each footnote's mark has been set
	// marks is false where the text stands beside another one: an id may occur
	// once on a page.
	marks bool
	// notesAt is the address of the page that the footnotes are on, where they are
	// not on this one.
	notesAt string
	b       strings.Builder
}

func newPetitionText(l *lang.Printer, e *record.Edition, links casework.Links, marks bool) *petitionText {
	t := &petitionText{l: l, links: links, cited: make(map[string]record.Cited, len(e.Cited)), seen: map[int]int{}, marks: marks}
	for _, c := range e.Cited {
		t.cited[c.Key] = c
	}
	return t
}

// blocks writes blocks; headings begin below the page's own.
func (t *petitionText) blocks(blocks []record.Block) {
	for _, b := range blocks {
		t.block(b)
	}
}

func (t *petitionText) block(b record.Block) {
	switch b.Kind {
	case record.BlockHeading:
		tag := "h" + strconv.Itoa(min(max(b.Level, 1), 4)+1)
		t.wrap(tag, b)
	case record.BlockParagraph:
		t.wrap("p", b)
	case record.BlockQuote:
		t.wrap("blockquote", b)
	case record.BlockList:
		t.wrap("ul", b)
	case record.BlockNumbered:
		t.wrap("ol", b)
	case record.BlockItem:
		t.wrap("li", b)
	case record.BlockRule:
		t.b.WriteString("<hr>\n")
	}
}

func (t *petitionText) wrap(tag string, b record.Block) {
	t.b.WriteString("<" + tag + ">")
	t.spans(b.Spans)
	t.blocks(b.Blocks)
	t.b.WriteString("</" + tag + ">\n")
}

func (t *petitionText) spans(spans []record.Span) {
	for i, s := range spans {
		if s.Break {
			t.b.WriteString("<br>")
		}
		words := s.Text
		// A mark stands right at the word that it is set to.
		if s.Note > 0 || i+1 < len(spans) && spans[i+1].Note > 0 && spans[i+1].Text == "" && !spans[i+1].Break {
			words = strings.TrimRight(words, " \u00a0")
		}
		words = template.HTMLEscapeString(words)
		if s.Em {
			words = "<em>" + words + "</em>"
		}
		if s.Strong {
			words = "<strong>" + words + "</strong>"
		}
		href := ""
		switch {
		case s.Value != "":
			href = t.citedPath(s.Value)
		case strings.HasPrefix(s.Href, "https://"), strings.HasPrefix(s.Href, "http://"):
			href = s.Href
		case strings.HasPrefix(s.Href, "/") && localPath(s.Href) == s.Href:
			href = t.l.Path() + s.Href
		}
		if href != "" && words != "" {
			words = `<a href="` + template.HTMLEscapeString(href) + `"` + printed(s.Value) + `>` + words + `</a>`
		}
		t.b.WriteString(words)
		if s.Note > 0 {
			t.mark(s.Note)
		}
	}
}

// printed marks a number that comes from the register.
func printed(value string) string {
	if value == "" {
		return ` rel="noreferrer nofollow"`
	}
	return ` class="printed"`
}

const (
	// markEnd is what the mark of a footnote ends with.
	markEnd   = `</a></sup>`
	thinSpace = "\u2009"
)

// mark sets the mark of a footnote. A note may be called several times; each
// call is a place to come back to.
func (t *petitionText) mark(n int) {
	t.seen[n]++
	no := strconv.Itoa(n)
	// Marks side by side would read as one number.
	if strings.HasSuffix(t.b.String(), markEnd) {
		t.b.WriteString(`<sup class="note-mark">` + t.comma() + thinSpace + `</sup>`)
	}
	t.b.WriteString(`<sup class="note-mark"><a href="` + template.HTMLEscapeString(t.notesAt) + `#note-` + no + `"`)
	if t.marks {
		t.b.WriteString(` id="` + backID(n, t.seen[n]) + `"`)
	}
	t.b.WriteString(` aria-label="` + template.HTMLEscapeString(t.l.T("petition.note_number", "number", int64(n))) + `">` + template.HTMLEscapeString(t.l.Number(int64(n))) + markEnd)
}

// comma is the one of the page's script.
func (t *petitionText) comma() string {
	if t.l.Dir() == "rtl" {
		return "،"
	}
	return ","
}

// backID is the id of a footnote's call in the text.
func backID(note, call int) string {
	id := "call-" + strconv.Itoa(note)
	if call > 1 {
		id += "-" + strconv.Itoa(call)
	}
	return id
}

// citedPath is where a reader sees what a citation rests on.
func (t *petitionText) citedPath(key string) string {
	c, ok := t.cited[key]
	if !ok {
		return ""
	}
	switch {
	case c.Event != "" && c.Measure != "":
		k, ok := t.links[record.Ref{Kind: record.KindEvent, ID: string(c.Event)}]
		if !ok || k.Slug == "" {
			return ""
		}
		rule := ""
		if c.Rule != "" {
			rule = "?rule=" + template.URLQueryEscaper(c.Rule)
		}
		return t.l.Path() + pathOf(k) + rule + "#claims"
	case len(c.Claims) == 1 && c.Claims[0].Source != "":
		if !t.shows(c.Claims[0].Source) {
			return ""
		}
		return t.l.Path() + "/sources/" + string(c.Claims[0].Source) + "#claim-" + string(c.Claims[0].ID)
	case t.shows(c.Source):
		return t.l.Path() + "/sources/" + string(c.Source)
	}
	return ""
}

// shows reports whether a source's page can be seen now: it may have been hidden
// since the text was frozen.
func (t *petitionText) shows(id record.SourceID) bool {
	_, ok := t.links[record.Ref{Kind: record.KindSource, ID: string(id)}]
	return ok && id != ""
}

func (t *petitionText) html() template.HTML { return template.HTML(t.b.String()) }

// NoteView is a footnote as a page sets it.
type NoteView struct {
	Number int
	Label  string
	Parts  []template.HTML // publisher, title, page, date, each in its own words
	Sep    string          // what stands between them
	URL    string
	Short  string
	Source string // address of the source's page, with its preserved copy
	To     string // what that link says
	NoCopy string // says that no copy is held
	Hash   string
	Access string
	Words  string
	// Head says what a figure is, Figure is the address where it is worked out, and
	// Origins are what it rests on.
	Head, Figure, HowTo string
	Origins             []NoteView
	Back                string   // what a way back is called
	Backs               []string // where it is called
}

// notes writes an edition's footnotes; call it after the text, which counts the
// calls.
func (t *petitionText) notes(notes []record.Footnote) []NoteView {
	l := t.l
	out := make([]NoteView, 0, len(notes))
	for _, n := range notes {
		v := NoteView{Number: n.Number, Label: l.Number(int64(n.Number)), Words: n.Words, Hash: n.Held, Back: l.T("petition.back"), Sep: t.comma() + " "}
		part := func(s string) {
			if s != "" {
				v.Parts = append(v.Parts, "<bdi>"+escape(s)+"</bdi>")
			}
		}
		figure := n.Source == "" && n.Words == ""
		switch {
		case figure && len(n.Origins) == 0:
			v.Head = l.T("petition.footnote.figure")
		case figure:
			v.Head = petition.FigureWords(n, l)
		case n.Value != "":
			v.Parts = append(v.Parts, "<b><bdi>"+escape(n.Value)+"</bdi></b>")
		}
		if figure && len(n.Cited) > 0 {
			v.Figure, v.HowTo = t.citedPath(n.Cited[0]), l.T("petition.footnote.figure_page")
		}
		v.Origins = t.notes(n.Origins)
		part(n.Author)
		part(n.Publisher)
		if n.Title != "" {
			v.Parts = append(v.Parts, "<cite><bdi>"+escape(n.Title)+"</bdi></cite>")
		}
		part(n.Locator)
		if n.Published != "" {
			v.Parts = append(v.Parts, escape(l.Date(n.Published)))
		}
		if strings.HasPrefix(n.URL, "https://") || strings.HasPrefix(n.URL, "http://") {
			v.URL, v.Short = n.URL, shortURL(n.URL)
		}
		if t.shows(n.Source) {
			v.Source, v.To = l.Path()+"/sources/"+string(n.Source), l.T("petition.source")
			if n.Held != "" {
				v.Source, v.To = v.Source+"#copies", l.T("petition.copy")
			}
		}
		if n.Source != "" && n.Held == "" {
			v.NoCopy = l.T("petition.no_copy")
		}
		if n.Accessed != "" {
			v.Access = l.T("petition.accessed", "date", l.Date(n.Accessed))
		}
		for i := range t.seen[n.Number] {
			v.Backs = append(v.Backs, backID(n.Number, i+1))
		}
		out = append(out, v)
	}
	return out
}

// plainBlocks is a text without its mark-up, for software that wants plain
// paragraphs.
func plainBlocks(blocks []record.Block) string {
	var b strings.Builder
	var walk func([]record.Block)
	walk = func(blocks []record.Block) {
		for _, k := range blocks {
			for _, s := range k.Spans {
				if s.Break {
					b.WriteString("\n")
				}
				b.WriteString(s.Text)
			}
			if len(k.Spans) > 0 {
				b.WriteString("\n\n")
			}
			walk(k.Blocks)
		}
	}
	walk(blocks)
	return strings.TrimSpace(b.String())
}
