package web

import (
	"html/template"
	"strings"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

// petitionChanges says word by word what differs between two versions, in the
// language of the page.
func petitionChanges(l *lang.Printer, before, after *record.Edition) []ChangeView {
	var out []ChangeView
	add := func(where string, words []petition.Words) {
		if marked := changedWords(words); marked != "" {
			out = append(out, ChangeView{Where: where, Words: marked})
		}
	}
	all := func(where string, a, b record.EditionText) {
		c := petition.Diff(a, b)
		add(l.T("petition.part.title"), c.Title)
		add(l.T("petition.part.summary"), c.Summary)
		for _, k := range c.Blocks {
			switch k.Op {
			case petition.Added, petition.Removed:
				// A whole block has one fate, whatever its words are marked as.
				for i := range k.Words {
					k.Words[i].Op = k.Op
				}
			}
			add(where, k.Words)
		}
	}
	a, _ := textIn(before, l.Tag())
	b, _ := textIn(after, l.Tag())
	all("", a, b)
	all(l.T("petition.demands"), linesText(demandLines(l, before)), linesText(demandLines(l, after)))
	all(l.T("petition.to"), linesText(officeLines(l, before)), linesText(officeLines(l, after)))
	all(l.T("petition.bases"), linesText(basisLines(l, before)), linesText(basisLines(l, after)))
	return out
}

// linesText is lines as a text, so that they are compared as one.
func linesText(lines []string) record.EditionText {
	var t record.EditionText
	for _, line := range lines {
		t.Blocks = append(t.Blocks, record.Block{Kind: record.BlockItem, Spans: []record.Span{{Text: line}}})
	}
	return t
}

func demandLines(l *lang.Printer, e *record.Edition) []string {
	var out []string
	var walk func([]record.PetitionDemand)
	walk = func(list []record.PetitionDemand) {
		for _, k := range list {
			line := plain(l, k.Text)
			if on := when(l, k.Deadline); on != "" {
				line += " (" + l.T("petition.by", "date", on) + ")"
			}
			out = append(out, line)
			walk(k.Parts)
		}
	}
	walk(e.Demands)
	return out
}

func officeLines(l *lang.Printer, e *record.Edition) []string {
	var out []string
	for _, a := range e.Addressees {
		line := plain(l, a.Office)
		if who := plain(l, a.Holder); who != "" {
			line += ", " + who
		}
		out = append(out, line)
	}
	return out
}

func basisLines(l *lang.Printer, e *record.Edition) []string {
	var out []string
	for _, b := range e.Bases {
		out = append(out, strings.TrimSpace(plain(l, b.Instrument)+" "+b.Article+" "+plain(l, b.Duty)))
	}
	return out
}

// changedWords marks what was taken out and what was put in; "" when nothing was.
func changedWords(words []petition.Words) template.HTML {
	var b strings.Builder
	changed := false
	for _, w := range words {
		text := template.HTMLEscapeString(w.Text)
		switch w.Op {
		case petition.Added:
			text, changed = "<ins>"+text+"</ins>", true
		case petition.Removed:
			text, changed = "<del>"+text+"</del>", true
		}
		b.WriteString(text)
	}
	if !changed {
		return ""
	}
	return template.HTML(b.String())
}
