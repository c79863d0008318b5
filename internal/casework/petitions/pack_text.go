package petitions

import (
	"strings"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

// plainLetter is the letter as plain text: to whom, the text, what is asked, who
// stands behind it and how many signed, and the footnotes last.
func plainLetter(l *Letter) string {
	p := lang.For(l.Text.Lang)
	in := func(t record.Text) string { return t.In(p.Tag()).Text }
	var b strings.Builder
	part := func(head string, lines ...string) {
		if len(lines) > 0 {
			b.WriteString("\n" + head + "\n\n" + strings.Join(lines, "\n") + "\n")
		}
	}
	to := l.Edition.Addressees
	if l.Addressee != nil {
		to = []record.Addressee{*l.Addressee}
	}
	b.WriteString(p.T("letter.to") + "\n")
	for _, a := range to {
		b.WriteString(in(a.Office))
		if holder := in(a.Holder); holder != "" {
			b.WriteString(", " + holder)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
	bare := l.Text
	bare.Notes = nil
	b.WriteString(petition.Plain(bare, p))

	var asked, began, bodies, originals []string
	for _, d := range l.Demands {
		line := d.Number + "  " + in(d.Demand.Text)
		day := d.Deadline.Printed
		if !d.Deadline.Date.IsZero() {
			day = p.When(d.Deadline.Date)
		}
		if day != "" {
			line += " (" + p.T("petition.by", "date", day) + ")"
		}
		if d.Personal {
			line += " (" + p.T("petition.personal") + ")"
		}
		asked = append(asked, line)
	}
	part(p.T("petition.demands"), asked...)
	named := func(name, detail string) string {
		if detail == "" {
			return name
		}
		return name + ", " + detail
	}
	for _, i := range l.Edition.Initiators {
		if i.Original {
			originals = append(originals, in(i.Name))
		} else {
			began = append(began, named(in(i.Name), in(i.Capacity)))
		}
	}
	part(p.T("petition.initiators"), began...)
	for _, o := range l.Bodies {
		bodies = append(bodies, named(record.Display(o.Names, p.Tag()), in(o.Capacity)))
	}
	part(p.T("letter.organisations"), bodies...)
	part(p.T("letter.originals"), originals...)
	if n := l.Numbers; n != nil {
		part(p.T("letter.signed"), Counts(p, n.People(), n.Paper, int64(len(l.Bodies)))...)
	}
	var notes []string
	for _, n := range l.Text.Notes {
		notes = append(notes, petition.Mark(p, []int{n.Number})+" "+petition.NoteText(n, p, l.Text.Lang))
	}
	part(p.T("petition.notes"), notes...)
	if l.URL != "" {
		part(p.T("letter.address"), l.URL+p.Path()+"/petitions/"+l.Page.Petition.Slug)
	}
	part(p.T("letter.hash"), l.Edition.Hash)
	return b.String()
}

// Counts says how many stand behind a letter: people, how many of these on paper,
// and organisations apart from them.
func Counts(p *lang.Printer, people, paper, bodies int64) []string {
	out := []string{p.T("letter.people", "n", people)}
	if paper > 0 {
		out = append(out, p.T("letter.paper", "n", paper))
	}
	return append(out, p.T("letter.bodies", "n", bodies))
}
