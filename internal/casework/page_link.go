package casework

import (
	"context"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Kept is a figure as lists show it: the default rule's for the default scope.
type Kept = store.FigureRow

// Link is a record as a page names it: enough for a title and an address.
type Link struct {
	Ref   record.Ref
	Slug  string // empty for a kind that has none
	Title record.Text
}

// linkTo names a record.
func linkTo(r record.Record) Link {
	l := Link{Ref: r.Ref()}
	switch r := r.(type) {
	case *record.Event:
		l.Slug, l.Title = r.Slug, r.Title
	case *record.Total:
		l.Slug, l.Title = r.Slug, r.Title
	case *record.Person:
		l.Slug, l.Title = r.Slug, Called(r.Names)
	case *record.Party:
		l.Slug, l.Title = r.Slug, Called(r.Names)
	case *record.Source:
		l.Title = r.Title
	case *record.Petition:
		l.Slug, l.Title = r.Slug, r.Title
	case *record.Demand:
		l.Slug, l.Title = r.Slug, r.Text
	case *record.Commitment:
		l.Slug, l.Title = r.Slug, r.Text
	case *record.Proceeding:
		l.Slug, l.Title = r.Slug, CaseText(r)
	case *record.TrendStatement:
		l.Slug, l.Title = r.Slug, r.Title
	case *record.Coverage:
		l.Title = r.Title
	}
	return l
}

// CaseText names a case wherever nothing stands beside its name: in a link, a result of a search, a
// mail, a feed. One against a named person is named without them, whose reply and how far the case went
// belong beside their name; what is sent away could not be taken back either, once the ground for naming goes.
func CaseText(c *record.Proceeding) record.Text {
	if c.Person == "" {
		return c.Title
	}
	return inAll("follow.case_of_one")
}

// inAll is a message of the catalogues in all their languages.
func inAll(key string) record.Text {
	var out record.Text
	for _, l := range lang.All() {
		out = append(out, record.LangText{Lang: l.Tag(), Text: l.T(key)})
	}
	return out
}

// Called is names as a text in several languages: of each language the name to
// print, primary ones first.
func Called(names []record.Name) record.Text {
	var t record.Text
	for _, short := range []bool{false, true} {
		for _, kind := range []record.NameKind{record.NamePrimary, record.NameVariant, record.NameAlias, record.NameFormer, record.NameShort} {
			if short != (kind == record.NameShort) {
				continue
			}
			for _, n := range names {
				if n.Kind == kind && !slices.ContainsFunc(t, func(l record.LangText) bool { return l.Lang == n.Lang }) {
					t = append(t, record.LangText{Lang: n.Lang, Text: n.Text})
				}
			}
		}
	}
	return t
}

// Links names records by reference. What the viewer may not see is missing.
type Links map[record.Ref]Link

// links looks up the names of the records that refs point at.
func links(ctx context.Context, r *store.Reader, v access.Viewer, refs []record.Ref) (Links, error) {
	out := Links{}
	ids := map[record.Kind][]string{}
	asked := make(map[record.Ref]bool, len(refs))
	for _, ref := range refs {
		if ref.ID != "" && !asked[ref] {
			asked[ref] = true
			ids[ref.Kind] = append(ids[ref.Kind], ref.ID)
		}
	}
	for kind, list := range ids {
		var err error
		switch kind {
		case record.KindEvent:
			err = addLinks[*record.Event](ctx, r, v, out, list)
		case record.KindPerson:
			err = addLinks[*record.Person](ctx, r, v, out, list)
		case record.KindParty:
			err = addLinks[*record.Party](ctx, r, v, out, list)
		case record.KindTotal:
			err = addLinks[*record.Total](ctx, r, v, out, list)
		case record.KindSource:
			err = addLinks[*record.Source](ctx, r, v, out, list)
		case record.KindClaim:
			err = addLinks[*record.Claim](ctx, r, v, out, list)
		case record.KindPetition:
			err = addLinks[*record.Petition](ctx, r, v, out, list)
		case record.KindReply:
			err = addLinks[*record.Reply](ctx, r, v, out, list)
		case record.KindDemand:
			err = addLinks[*record.Demand](ctx, r, v, out, list)
		case record.KindCommitment:
			err = addLinks[*record.Commitment](ctx, r, v, out, list)
		case record.KindProceeding:
			err = addLinks[*record.Proceeding](ctx, r, v, out, list)
		case record.KindTrendStatement:
			err = addLinks[*record.TrendStatement](ctx, r, v, out, list)
		case record.KindCoverage:
			err = addLinks[*record.Coverage](ctx, r, v, out, list)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func addLinks[T record.Record](ctx context.Context, r *store.Reader, v access.Viewer, out Links, ids []string) error {
	got, err := store.Get[T](ctx, r, v, ids...)
	for _, item := range got {
		out[item.Rec.Ref()] = linkTo(item.Rec)
	}
	return err
}

// pointsAt lists what a claim names besides its source.
func pointsAt(c *record.Claim) []record.Ref {
	refs := []record.Ref{c.Subject}
	if !c.Value.Ref.IsZero() {
		refs = append(refs, c.Value.Ref)
	}
	if c.AttributedTo.Party != "" {
		refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(c.AttributedTo.Party)})
	}
	if c.AttributedTo.Person != "" {
		refs = append(refs, record.Ref{Kind: record.KindPerson, ID: string(c.AttributedTo.Person)})
	}
	return refs
}

// EventLine is an event as lists show it.
type EventLine struct {
	Event *record.Event
	Rev   int
	At    int64
	Entry int64
	Level access.Level
	// Killed and Injured are nil where nobody gave a number.
	Killed, Injured *Kept
}

// eventLines adds the kept figures to events.
func eventLines(ctx context.Context, r *store.Reader, v access.Viewer, events []store.Item[*record.Event]) ([]EventLine, error) {
	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = string(e.Rec.ID)
	}
	figures, err := r.Figures(ctx, v, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]EventLine, len(events))
	for i, e := range events {
		out[i] = EventLine{Event: e.Rec, Rev: e.Rev, At: e.At, Entry: e.Entry, Level: e.Level}
		for _, f := range figures[string(e.Rec.ID)] {
			switch f.Measure {
			case record.Killed:
				out[i].Killed = &f
			case record.Injured:
				out[i].Injured = &f
			}
		}
	}
	return out, nil
}

// Names looks up what pages call the records, in so far as the viewer may see
// them.
func (h *House) Names(ctx context.Context, v access.Viewer, refs ...record.Ref) (out Links, err error) {
	err = h.view(ctx, func(r *store.Reader) error {
		out, err = links(ctx, r, v, refs)
		return err
	})
	return out, err
}
