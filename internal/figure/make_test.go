package figure_test

import (
	"fmt"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// change alters a claim under construction.
type change func(*figure.Said)

// say makes an accepted claim of people killed in the default scope. Its source
// is named after the outlet, and it speaks in that outlet's own voice.
func say(id, outlet string, changes ...change) figure.Said {
	s := figure.Said{
		Claim: &record.Claim{
			ID: record.ClaimID(id), Source: record.SourceID("source of " + outlet), Kind: record.KindMeasure,
			Measure: record.Killed, Form: record.Incident, Role: record.Reported,
			Review: record.Review{State: record.Accepted},
		},
		Outlet: outlet,
	}
	for _, c := range changes {
		c(&s)
	}
	return s
}

func number(op record.Operator, n int64, upper ...int64) change {
	return func(s *figure.Said) {
		s.Claim.Bounds(op, n, n)
		if len(upper) > 0 {
			s.Claim.High = &upper[0]
		}
		if len(upper) > 1 {
			s.Claim.Best = &upper[1]
		}
	}
}

func exactly(n int64) change { return number(record.Exact, n) }

func inWords(words string) change {
	return func(s *figure.Said) { s.Claim.Operator, s.Claim.Words = record.InWords, words }
}

func asOf(date string) change {
	return func(s *figure.Said) { s.Claim.AsOf = record.On(date) }
}

func published(date string) change {
	return func(s *figure.Said) { s.Published = edtf.MustParse(date) }
}

func quoting(text string) change {
	return func(s *figure.Said) { s.Claim.AttributedTo.Text = text }
}

func quotingParty(id string) change {
	return func(s *figure.Said) { s.Claim.AttributedTo.Party = record.PartyID(id) }
}

func from(kind record.Kind, id string) change {
	return func(s *figure.Said) {
		s.Claim.DerivedFrom = append(s.Claim.DerivedFrom, record.Ref{Kind: kind, ID: id})
	}
}

func replacing(id string) change {
	return func(s *figure.Said) { s.Claim.Supersedes = append(s.Claim.Supersedes, record.ClaimID(id)) }
}

func state(r record.ReviewState) change {
	return func(s *figure.Said) { s.Claim.Review.State = r }
}

func role(r record.Role) change { return func(s *figure.Said) { s.Claim.Role = r } }

func scope(sc record.Scope) change { return func(s *figure.Said) { s.Claim.Scope = sc } }

func measure(m record.Measure) change { return func(s *figure.Said) { s.Claim.Measure = m } }

func form(f record.Form) change { return func(s *figure.Said) { s.Claim.Form = f } }

func reliability(code string) change { return func(s *figure.Said) { s.Claim.Reliability = code } }

func source(id string) change {
	return func(s *figure.Said) { s.Claim.Source = record.SourceID(id) }
}

// text prints a figure the way a table would: "80–105+ best 81, 6 disputed".
func text(f *figure.Figure) string {
	n := func(p *int64) string {
		if p == nil {
			return "none"
		}
		return fmt.Sprint(*p)
	}
	flags := ""
	if f.Open {
		flags += "+"
	}
	if f.Below {
		flags += " below"
	}
	if f.Approx {
		flags += " about"
	}
	return fmt.Sprintf("%s–%s%s best %s, %d %s", n(f.Low), n(f.High), flags, n(f.Best), f.Origins, f.Status)
}

func killed(said ...figure.Said) figure.Figure {
	return figure.Compute(figure.Gawah1, record.Killed, record.Scope{}, said)
}

func reasonOf(f *figure.Figure, id string) figure.Use {
	for _, u := range f.Claims {
		if string(u.Claim) == id {
			return u
		}
	}
	return figure.Use{}
}
