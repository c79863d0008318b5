package petitions

import (
	"context"
	"errors"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// register resolves citations from one snapshot of the register, for one viewer:
// an edition is for everybody, so it is made with what the public sees. What it
// could not read, rather than did not find, is kept in err.
type register struct {
	ctx    context.Context
	r      *store.Reader
	viewer access.Viewer
	err    error

	events  map[string]*casework.EventFigures
	ids     map[string]record.EventID
	claims  map[record.ClaimID]*petition.Stated
	sources map[record.SourceID]*petition.Sourced
}

func newRegister(ctx context.Context, r *store.Reader, v access.Viewer) *register {
	return &register{
		ctx: ctx, r: r, viewer: v, events: map[string]*casework.EventFigures{}, ids: map[string]record.EventID{},
		claims: map[record.ClaimID]*petition.Stated{}, sources: map[record.SourceID]*petition.Sourced{},
	}
}

// missed reports whether an error says only that something is not there for the
// viewer; any other is kept.
func (g *register) missed(err error) bool {
	if err == nil {
		return false
	}
	if !errors.Is(err, record.ErrNotFound) && !errors.Is(err, record.ErrGone) {
		g.err = errors.Join(g.err, err)
	}
	return true
}

// Source implements [petition.Resolver].
func (g *register) Source(id record.SourceID) (petition.Sourced, bool) {
	if s, ok := g.sources[id]; ok {
		if s == nil {
			return petition.Sourced{}, false
		}
		return *s, true
	}
	g.sources[id] = nil
	item, err := store.One[*record.Source](g.ctx, g.r, g.viewer, id)
	if g.missed(err) {
		return petition.Sourced{}, false
	}
	// That a copy is held is said of every public source; who may read it is another
	// question.
	copies, err := g.r.CapturesOf(g.ctx, access.House(), id)
	if g.missed(err) {
		return petition.Sourced{}, false
	}
	s := &petition.Sourced{Source: item.Rec}
	var latest int64
	for _, c := range copies {
		if c.Rec.Taken >= latest && c.Level <= access.LevelInternal {
			latest, s.Held = c.Rec.Taken, c.Rec.Hash
		}
	}
	g.sources[id] = s
	return *s, true
}

// Claim implements [petition.Resolver].
func (g *register) Claim(id record.ClaimID) (petition.Stated, bool) {
	if s, ok := g.claims[id]; ok {
		if s == nil {
			return petition.Stated{}, false
		}
		return *s, true
	}
	item, err := store.One[*record.Claim](g.ctx, g.r, g.viewer, id)
	if g.missed(err) {
		g.claims[id] = nil
		return petition.Stated{}, false
	}
	return g.stated(item)
}

func (g *register) stated(item store.Item[*record.Claim]) (petition.Stated, bool) {
	c := item.Rec
	source, ok := g.Source(c.Source)
	if !ok {
		g.claims[c.ID] = nil
		return petition.Stated{}, false
	}
	s := &petition.Stated{Claim: c, Rev: item.Rev, Words: ClaimWords(c), Source: source}
	if c.Passage.Capture != "" {
		cap, err := store.One[*record.Capture](g.ctx, g.r, access.House(), c.Passage.Capture)
		if !g.missed(err) {
			s.Capture = cap.Rec.Hash
		}
	}
	g.claims[c.ID] = s
	return *s, true
}

// Figure implements [petition.Resolver].
func (g *register) Figure(slug string, m record.Measure) (petition.Figured, bool) {
	f, ok := g.events[slug]
	if !ok {
		g.events[slug] = nil
		event, err := store.BySlug[*record.Event](g.ctx, g.r, g.viewer, slug)
		if g.missed(err) {
			return petition.Figured{}, false
		}
		all, err := casework.FiguresIn(g.ctx, g.r, g.viewer, event.Rec.ID, figure.Default)
		if g.missed(err) {
			return petition.Figured{}, false
		}
		f = &all
		g.events[slug], g.ids[slug] = f, event.Rec.ID
	}
	if f == nil {
		return petition.Figured{}, false
	}
	for _, one := range f.Figures {
		if one.Measure != m || !one.Known() {
			continue
		}
		out := petition.Figured{Event: g.ids[slug], Figure: one}
		given := map[record.ClaimID]bool{}
		for _, use := range one.Claims {
			given[use.Claim] = true
		}
		for _, c := range f.Claims {
			if !given[c.Rec.ID] {
				continue
			}
			if s, ok := g.stated(c); ok {
				out.Claims = append(out.Claims, s)
			}
		}
		return out, true
	}
	return petition.Figured{}, false
}

// printers gives the printer of a language.
func printers(tag string) petition.Printer { return lang.For(tag) }

// ClaimWords says in English what a claim states, for the appendix behind every
// number: "more than 100 killed".
func ClaimWords(c *record.Claim) string {
	l := lang.English()
	plain := func(s string) string { return strings.ReplaceAll(s, "_", " ") }
	number := func(n *int64, add int64) string {
		if n == nil {
			return "?"
		}
		s := l.Number(*n + add)
		if c.Unit != "" {
			s = c.Unit + " " + s
		}
		return s
	}
	switch c.Kind {
	case record.KindMeasure:
		what := " " + plain(string(c.Measure))
		switch c.Operator {
		case record.Exact:
			return number(c.Low, 0) + what
		case record.AtLeast:
			return "at least " + number(c.Low, 0) + what
		case record.MoreThan:
			return "more than " + number(c.Low, -1) + what
		case record.AtMost:
			return "at most " + number(c.High, 0) + what
		case record.LessThan:
			return "fewer than " + number(c.High, 1) + what
		case record.About:
			return "about " + number(c.Low, 0) + what
		case record.Between:
			return number(c.Low, 0) + " to " + number(c.High, 0) + what
		}
		return c.Words + what
	case record.KindAttribute:
		value := c.Value.Text
		if value == "" {
			value = c.Value.When.Date.String()
		}
		if value == "" {
			value = strings.Join(c.Value.Place.Parts(), ", ")
		}
		return plain(string(c.Attribute)) + ": " + value
	}
	words := c.Statement.In("en").Text
	if words == "" {
		words = c.Passage.Quote()
	}
	return string(c.Stance) + ": " + words
}
