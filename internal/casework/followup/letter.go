package followup

import (
	"context"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/internal/store"
)

// Letter drafts a letter to an addressee of a demand, in their language or in
// another one of the house ("" theirs, English where the house does not write theirs). It is for a
// person to send; nothing is sent here.
func (d *Desk) Letter(ctx context.Context, v access.Viewer, id record.DemandID, addressee, tag string) (*Letter, error) {
	if err := require(v, access.ActEnter); err != nil {
		return nil, err
	}
	var out *Letter
	err := d.view(ctx, func(r *store.Reader) error {
		it, err := store.One[*record.Demand](ctx, r, v, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(it.Rec.Addressees, func(a record.DemandAddressee) bool { return a.Key == addressee })
		if i < 0 {
			return wrong("addressee", "addressee")
		}
		a := it.Rec.Addressees[i]
		if tag == "" {
			tag = a.Lang
		}
		b, err := d.bench(ctx, r, v, []DemandItem{it}, nil, false)
		if err != nil {
			return err
		}
		views := b.addressees(it.Rec, followBoard(b, string(it.Rec.ID)))
		to := partyRef(a.Party)
		if views[i].Now != "" {
			to = partyRef(views[i].Now)
		}
		person := record.Ref{Kind: record.KindPerson, ID: string(a.Person)}
		names, err := casework.LinksIn(ctx, r, v, to, person, it.Rec.Of)
		if err != nil {
			return err
		}
		out = d.letter(lang.For(tag), it.Rec, a, views[i].Silence, names[to], names[person], names[it.Rec.Of])
		return nil
	})
	return out, err
}

// letter writes the draft: whom it is to, what was asked, when it was handed over,
// that no answer was found, and what is asked now.
func (d *Desk) letter(l *lang.Printer, m *record.Demand, a record.DemandAddressee, q Silence, office, person, of casework.Link) *Letter {
	tag := l.Tag()
	in := func(t record.Text) string { return t.In(tag).Text }
	var to []string
	if a.Personal {
		to = append(to, firstOf(in(person.Title), in(a.Holder)))
	}
	to = append(to, firstOf(in(office.Title), in(a.Office)))
	if !a.Personal {
		if name := in(person.Title); name != "" && a.Party == "" {
			to = append(to, name)
		}
	}
	to = slices.DeleteFunc(to, func(s string) bool { return s == "" })
	out := &Letter{Lang: tag, To: l.List(to), Days: q.Days}
	out.Subject = l.T("letter.chase.subject", "demand", clipped(in(m.Text)))
	parts := []string{l.T("letter.chase.to", "to", out.To)}
	if m.Of.Kind == record.KindPetition && in(of.Title) != "" {
		parts = append(parts, l.T("letter.chase.petition", "petition", in(of.Title)))
	}
	parts = append(parts, l.T("letter.chase.asked"), "“"+in(m.Text)+"”")
	switch {
	case silent(q):
		parts = append(parts, l.T(sinceKey(q), "day", l.When(day(q.From)), "n", int64(q.Days)))
		// Whoever says that they looked has looked.
		found := "letter.chase.none_recorded"
		if q.Looked != "" {
			found = "letter.chase.none_found"
		}
		parts = append(parts, l.T(found))
	case q.Answered != "":
		parts = append(parts, l.T("letter.chase.answered", "day", l.When(day(q.Answered))))
	default:
		parts = append(parts, l.T("letter.chase.first"))
	}
	if m.Due.Day != "" {
		parts = append(parts, l.T("letter.chase.due", "day", l.When(day(m.Due.Day))))
	}
	for _, b := range m.Bases {
		basis := in(b.Instrument)
		if b.Article != "" {
			basis = l.T("letter.chase.article", "instrument", basis, "article", b.Article)
		}
		parts = append(parts, l.T("letter.chase.basis", "basis", basis))
	}
	parts = append(parts, l.T("letter.chase.please"))
	if d.url != "" {
		parts = append(parts, l.T("letter.chase.page"), d.url+l.Path()+"/follow-up/demands/"+m.Slug)
	}
	parts = append(parts, l.T("letter.chase.close"))
	out.Body = strings.Join(parts, "\n\n")
	return out
}

// sinceKey names the message of what a silence is counted from. Only what was delivered was before
// the addressee.
func sinceKey(q Silence) string {
	switch q.Start {
	case string(follow.StartCommitment):
		return "letter.chase.promised"
	case string(follow.StartDuty):
		return "letter.chase.owed"
	case string(follow.StartCited):
		return "letter.chase.cited"
	}
	return "letter.chase.silent"
}

// day reads a day that was validated.
func day(s string) edtf.Date {
	date, err := edtf.Parse(s)
	if err != nil {
		return edtf.Date{}
	}
	return date
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// clipped is a text short enough for a subject.
func clipped(s string) string {
	const most = 80
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return strings.TrimSpace(string(runes[:most])) + "…"
}
