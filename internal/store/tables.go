package store

import (
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/names"
)

// DayUnknown stands in the day columns for a date that is not known. It sorts
// before every real day, so newest-first lists end with the undated.
const DayUnknown = -1 << 40

// table describes where a kind of record is kept: which columns it has beside
// the common ones, and how to fill them from the record.
type table struct {
	name    string
	columns []string
	index   func(record.Record) []any
}

// common are the columns every kind's table begins with.
var common = []string{"id", "rev", "seen", "author", "entry", "at", "role", "salt", "body"}

var tables = map[record.Kind]table{
	record.KindSource: {"source", []string{"type", "outlet", "published", "terms", "run", "within"}, func(r record.Record) []any {
		s := r.(*record.Source)
		return []any{string(s.Type), OutletKey(s), earliest(s.Published), string(s.Terms), string(s.Import), string(s.ReproducedIn)}
	}},
	record.KindCapture: {"capture", []string{"source", "hash", "text_hash"}, func(r record.Record) []any {
		c := r.(*record.Capture)
		return []any{string(c.Source), c.Hash, c.TextHash}
	}},
	record.KindClaim: {"claim", []string{"source", "subject", "kind", "measure", "state", "value", "speaker"}, func(r record.Record) []any {
		c := r.(*record.Claim)
		return []any{string(c.Source), c.Subject.ID, string(c.Kind), string(c.Measure), string(c.Review.State), c.Value.Ref.ID, string(c.AttributedTo.Person)}
	}},
	record.KindEvent: {"event", []string{
		"slug", "type", "status", "earliest", "latest", "country", "province", "town", "lat", "lon", "part_of", "joined", "dataset", "run",
	}, func(r record.Record) []any {
		e := r.(*record.Event)
		var lat, lon any
		if e.Where.Point != nil {
			lat, lon = e.Where.Point.Lat, e.Where.Point.Lon
		}
		// "joined" is kept by SetJoined and survives updates of the event.
		return []any{
			e.Slug, string(e.Type), string(e.Status), earliest(e.When), latest(e.When), e.Where.Country,
			names.Fold(e.Where.Province), names.Fold(e.Where.Town), lat, lon, string(e.PartOf), "", e.Dataset, string(e.Import),
		}
	}},
	record.KindPerson: {"person", []string{"slug", "sort"}, func(r record.Record) []any {
		p := r.(*record.Person)
		return []any{p.Slug, names.Fold(record.Display(p.Names, "en"))}
	}},
	record.KindParty: {"party", []string{"slug", "sort", "kind"}, func(r record.Record) []any {
		p := r.(*record.Party)
		return []any{p.Slug, names.Fold(record.Display(p.Names, "en")), string(p.Kind)}
	}},
	record.KindInvolvement: {"involvement", []string{"event", "person", "party", "part"}, func(r record.Record) []any {
		v := r.(*record.Involvement)
		return []any{string(v.Event), string(v.Person), string(v.Party), string(v.Role)}
	}},
	record.KindTie: {"tie", []string{"source", "target", "kind"}, func(r record.Record) []any {
		t := r.(*record.Tie)
		return []any{t.From.ID, t.To.ID, string(t.Kind)}
	}},
	record.KindTotal: {"total", []string{"slug"}, func(r record.Record) []any {
		return []any{r.(*record.Total).Slug}
	}},
	record.KindSame: {"same", []string{"a", "b", "state", "score"}, func(r record.Record) []any {
		s := r.(*record.Same)
		return []any{string(s.A), string(s.B), string(s.State), s.Score}
	}},
	record.KindRequest: {"request", []string{"about", "code", "state"}, func(r record.Record) []any {
		q := r.(*record.Request)
		return []any{q.About.ID, q.CodeHash, string(q.State)}
	}},
	record.KindImport: {"import", []string{"dataset", "hash"}, func(r record.Record) []any {
		i := r.(*record.Import)
		return []any{i.Dataset, i.Hash}
	}},
	record.KindRelease: {"release", []string{"number"}, func(r record.Record) []any {
		return []any{r.(*record.Release).Number}
	}},
	record.KindPetition: {"petition", []string{
		"slug", "number", "publication", "collection", "opens", "closes", "outside", "count", "outside_answered",
	}, func(r record.Record) []any {
		p := r.(*record.Petition)
		outside, count, answered := "", int64(0), 0
		if p.Foreign != nil {
			outside, count = p.Foreign.State, p.Foreign.Count
			if p.Foreign.Response != nil {
				answered = 1
			}
		}
		return []any{p.Slug, p.Number, string(p.Publication), string(p.Collection), p.Opens, p.Deadline(), outside, count, answered}
	}},
	record.KindEdition: {"edition", []string{"petition", "number", "hash"}, func(r record.Record) []any {
		e := r.(*record.Edition)
		return []any{string(e.Petition), e.Number, e.Hash}
	}},
	record.KindEndorsement: {"endorsement", []string{"petition", "party", "state"}, func(r record.Record) []any {
		e := r.(*record.Endorsement)
		return []any{string(e.Petition), string(e.Party), string(e.State)}
	}},
	record.KindBatch: {"batch", []string{"petition", "number"}, func(r record.Record) []any {
		b := r.(*record.Batch)
		return []any{string(b.Petition), b.Number}
	}},
	record.KindInvalidation: {"invalidation", []string{"petition", "state"}, func(r record.Record) []any {
		i := r.(*record.Invalidation)
		return []any{string(i.Petition), string(i.State)}
	}},
	record.KindDelivery: {"delivery", []string{"petition", "addressee", "code"}, func(r record.Record) []any {
		d := r.(*record.Delivery)
		return []any{string(d.Petition), d.Addressee, d.CodeHash}
	}},
	record.KindReply: {"reply", []string{"petition", "delivery"}, func(r record.Record) []any {
		p := r.(*record.Reply)
		return []any{string(p.Petition), string(p.Delivery)}
	}},
	record.KindUpdate: {"petition_update", []string{"petition", "number"}, func(r record.Record) []any {
		u := r.(*record.Update)
		return []any{string(u.Petition), u.Number}
	}},
	record.KindRemark: {"remark", []string{"about"}, func(r record.Record) []any {
		return []any{r.(*record.Remark).About.ID}
	}},
	record.KindDemand: {"demand", []string{"slug", "of_id", "of_key", "attack", "made", "plan"}, func(r record.Record) []any {
		d := r.(*record.Demand)
		return []any{d.Slug, d.Of.ID, d.Key, string(d.Attack), latest(d.Made), string(d.Plan)}
	}},
	record.KindCommitment: {"commitment", []string{
		"slug", "attack", "made_in", "made", "plan", "money", "offer", "replaces",
	}, func(r record.Record) []any {
		m := r.(*record.Commitment)
		offer := ""
		if m.Offer != nil {
			offer = string(m.Offer.Answer)
		}
		return []any{m.Slug, string(m.Attack), string(m.In), latest(m.Made), string(m.Plan), len(m.Amounts), offer, string(m.Replaces)}
	}},
	record.KindAssessment: {"assessment", []string{
		"of_id", "step", "addressee", "axis", "assessor", "value", "held_on", "happened", "looked", "state",
	}, func(r record.Record) []any {
		a := r.(*record.Assessment)
		value := string(a.Response)
		if a.Axis == record.AxisProgress {
			value = string(a.Progress)
		}
		looked := ""
		for _, l := range a.Looked {
			looked = max(looked, l.On)
		}
		return []any{
			a.Of.ID, a.Step, a.Addressee, string(a.Axis), string(a.By), value, a.On, a.Happened.Date.String(), looked, string(a.Review.State),
		}
	}},
	record.KindProceeding: {"proceeding", []string{"slug", "person", "party", "belongs", "court"}, func(r record.Record) []any {
		p := r.(*record.Proceeding)
		return []any{p.Slug, string(p.Person), string(p.Party), string(p.Of), string(p.Court)}
	}},
	record.KindCoverage: {"coverage", []string{"event", "collection", "tool"}, func(r record.Record) []any {
		s := r.(*record.Coverage)
		return []any{string(s.Event), s.Collection, string(s.Tool)}
	}},
	record.KindFeed: {"feed", []string{"url", "collection", "paused"}, func(r record.Record) []any {
		f := r.(*record.Feed)
		paused := 0
		if f.Paused {
			paused = 1
		}
		return []any{f.URL, f.Collection, paused}
	}},
	record.KindTrendStatement: {"trend_statement", []string{"slug", "input", "made"}, func(r record.Record) []any {
		t := r.(*record.TrendStatement)
		return []any{t.Slug, t.Input, t.Made}
	}},
	record.KindHolidayCalendar: {"holiday_calendar", []string{"country"}, func(r record.Record) []any {
		return []any{r.(*record.HolidayCalendar).Country}
	}},
}

// OutletKey is the key of who published a source: the outlet's record, else the
// folded publisher. Two sources with one key speak with one voice.
func OutletKey(s *record.Source) string {
	if s.Outlet != "" {
		return string(s.Outlet)
	}
	return names.Fold(s.Publisher)
}

func earliest(w record.When) int64 {
	if d, ok := w.Date.Earliest(); ok {
		return int64(d)
	}
	return DayUnknown
}

func latest(w record.When) int64 {
	if d, ok := w.Date.Latest(); ok {
		return int64(d)
	}
	return DayUnknown
}

// slugOf returns the public address part of a record that has one.
func slugOf(r record.Record) string {
	switch r := r.(type) {
	case *record.Event:
		return r.Slug
	case *record.Person:
		return r.Slug
	case *record.Party:
		return r.Slug
	case *record.Total:
		return r.Slug
	case *record.Petition:
		return r.Slug
	case *record.Demand:
		return r.Slug
	case *record.Commitment:
		return r.Slug
	case *record.Proceeding:
		return r.Slug
	case *record.TrendStatement:
		return r.Slug
	}
	return ""
}

// whole are the names of all columns of each kind's table.
var whole = func() map[record.Kind][]string {
	m := make(map[record.Kind][]string, len(tables))
	for kind, t := range tables {
		m[kind] = slices.Concat(common, t.columns)
	}
	return m
}()

// selectCommon lists the common columns for reading.
func selectCommon(alias string) string {
	cols := make([]string, len(common))
	for i, c := range common {
		cols[i] = alias + "." + c
	}
	return strings.Join(cols, ", ")
}
