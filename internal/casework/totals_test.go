package casework_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
	"github.com/gawah-project/gawah/internal/testneed"
)

// generated is a register written past the use cases, with everything that a
// total has to weigh: parts of parts, circles, events joined with others, what
// is not for everybody, and events about which nobody decided.
type generated struct {
	w       *world
	parties []record.PartyID
	events  []*record.Event
	blame   map[record.EventID][]*record.Involvement
	seen    map[string]access.Level // by identifier
	joined  map[record.EventID]record.EventID
}

func generate(w *world, random *rand.Rand, n int) *generated {
	w.t.Helper()
	g := &generated{w: w, blame: map[record.EventID][]*record.Involvement{}, seen: map[string]access.Level{}, joined: map[record.EventID]record.EventID{}}
	for range 5 {
		g.parties = append(g.parties, record.PartyID(w.id()))
	}
	party := func() record.PartyID { return g.parties[random.IntN(len(g.parties))] }
	one := func(in int) bool { return random.IntN(in) == 0 }
	for i := range n {
		e := &record.Event{
			ID: record.EventID(w.id()), Slug: fmt.Sprintf("event-%d", i), Title: record.Plain("en", "Testfall"), Type: record.TypeAttack, Status: record.Held,
			When:  record.On(fmt.Sprintf("%d-%02d-10", 2000+random.IntN(6), 1+random.IntN(12))),
			Where: record.Place{Country: []string{"PK", "AF"}[random.IntN(2)]}, Visibility: record.Public,
		}
		if one(3) {
			e.Type = record.TypeThreat
		}
		if !one(3) {
			for range 1 + random.IntN(2) {
				e.Struck = append(e.Struck, record.Struck{Party: party()})
			}
		}
		// Of a large register few events have parts, as with real ones.
		if i > 0 && one(4+n/1000) {
			e.PartOf = g.events[random.IntN(i)].ID
		}
		g.events = append(g.events, e)
	}
	if n > 3 { // two that are part of each other
		g.events[1].PartOf, g.events[2].PartOf = g.events[2].ID, g.events[1].ID
	}
	levels := []access.Level{access.LevelPublic, access.LevelPublic, access.LevelPublic, access.LevelInternal, access.LevelDraft}
	roles := []record.InvolvementRole{record.RolePerpetrator, record.RoleClaimant, record.RoleAccused, record.RoleParticipant}
	statuses := []figure.Status{figure.Provisional, figure.Corroborated, figure.Disputed, figure.CompiledOnly, casework.ByParts}
	put := func(tx *store.Tx, rec record.Record, author record.UserID) error {
		body, err := json.Marshal(rec)
		if err != nil {
			return err
		}
		level := levels[random.IntN(len(levels))]
		g.seen[rec.Ref().ID] = level
		return tx.Insert(w.ctx, &store.Version{Record: rec, Rev: 1, Level: level, Author: author, At: 1, Role: "editor", Salt: make([]byte, 16), Body: body})
	}
	const batch = 2000
	for from := 0; from < n; from += batch {
		w.must(w.store.Write(w.ctx, func(tx *store.Tx) error {
			for _, e := range g.events[from:min(from+batch, n)] {
				author := w.editor.User
				if one(3) {
					author = w.contributor.User
				}
				if err := put(tx, e, author); err != nil {
					return err
				}
				for range random.IntN(3) {
					i := &record.Involvement{ID: record.InvolvementID(w.id()), Event: e.ID, Party: party(), Role: roles[random.IntN(len(roles))], Visibility: record.Public}
					if err := put(tx, i, author); err != nil {
						return err
					}
					g.blame[e.ID] = append(g.blame[e.ID], i)
				}
				var rows []store.FigureRow
				for _, m := range []record.Measure{record.Killed, record.Injured} {
					for audience := range 2 {
						if one(4) {
							continue
						}
						low := int64(random.IntN(90))
						best, high := low+int64(random.IntN(5)), low+5+int64(random.IntN(40))
						f := store.FigureRow{
							Subject: string(e.ID), Measure: m, Audience: audience, Low: &low, High: &high, Open: one(30), Approx: one(40), Origins: 2,
							Status: string(statuses[random.IntN(len(statuses))]), Rule: string(figure.Default), Claims: 2,
						}
						if n > 500 || !one(12) {
							f.Best = &best
						}
						rows = append(rows, f)
					}
				}
				if err := tx.PutFigures(w.ctx, string(e.ID), rows, true); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	if n > 10 {
		w.must(w.store.Write(w.ctx, func(tx *store.Tx) error {
			for range 3 {
				a, b := g.events[random.IntN(n)].ID, g.events[random.IntN(n)].ID
				if a == b {
					continue
				}
				g.joined[a] = b
				if err := tx.SetJoined(w.ctx, a, b); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	return g
}

// total writes a total that everybody sees.
func (g *generated) total(slug string, f record.Frame) {
	g.w.t.Helper()
	k := &record.Total{ID: record.TotalID(g.w.id()), Slug: slug, Title: record.Plain("en", "Total"), Frame: f, Visibility: record.Public}
	body, err := json.Marshal(k)
	g.w.must(err)
	g.w.must(g.w.store.Write(g.w.ctx, func(tx *store.Tx) error {
		return tx.Insert(g.w.ctx, &store.Version{Record: k, Rev: 1, Author: g.w.editor.User, At: 1, Role: "editor", Salt: make([]byte, 16), Body: body})
	}))
}

// byHand adds a frame up the straightforward way: every event is read and looked
// at. It knows of frames only what these tests ask.
func (g *generated) byHand(v access.Viewer, f record.Frame, m record.Measure) (figure.TotalFigure, []record.EventID) {
	g.w.t.Helper()
	var list []figure.EventFigure
	var in []record.EventID
	g.w.must(g.w.store.View(g.w.ctx, func(r *store.Reader) error {
		filter := store.EventFilter{Types: f.Types, Country: f.Country, Parts: true}
		events, err := r.Events(g.w.ctx, v, filter, nil, len(g.events)+1)
		if err != nil {
			return err
		}
		ids := make([]record.EventID, len(events))
		keys := make([]string, len(events))
		for i, e := range events {
			ids[i], keys[i] = e.Rec.ID, string(e.Rec.ID)
		}
		involvements, err := r.InvolvementsIn(g.w.ctx, v, ids...)
		if err != nil {
			return err
		}
		byEvent := map[record.EventID][]store.Item[*record.Involvement]{}
		for _, i := range involvements {
			byEvent[i.Rec.Event] = append(byEvent[i.Rec.Event], i)
		}
		kept, err := r.Figures(g.w.ctx, v, keys...)
		if err != nil {
			return err
		}
		for _, e := range events {
			by := byEvent[e.Rec.ID]
			if year := e.Rec.When.Date.String(); f.Period != "" && (year < f.Period[:4] || year >= f.Period[5:]+"~") {
				continue
			}
			x := figure.EventFigure{Event: e.Rec.ID, PartOf: e.Rec.PartOf, Assessed: true, In: true, Figure: figure.Figure{Measure: m, Status: figure.None}}
			if len(f.Communities) > 0 {
				x.Assessed = len(e.Rec.Struck) > 0
				x.In = slices.ContainsFunc(e.Rec.Struck, func(s record.Struck) bool { return slices.Contains(f.Communities, s.Party) })
			}
			if len(f.Perpetrators) > 0 {
				named, match := false, false
				for _, i := range by {
					if i.Rec.Role != record.RoleParticipant {
						named = true
						match = match || slices.Contains(f.Perpetrators, i.Rec.Party)
					}
				}
				x.Assessed, x.In = x.Assessed && named, x.In && match
			}
			if f.Authority != "" {
				x.Assessed = x.Assessed && slices.ContainsFunc(by, func(i store.Item[*record.Involvement]) bool { return i.Rec.Party == f.Authority })
			}
			x.In = x.In && x.Assessed
			for _, k := range kept[string(e.Rec.ID)] {
				if k.Measure == m {
					x.Figure = figure.Figure{Measure: m, Low: k.Low, Best: k.Best, High: k.High, Open: k.Open, Approx: k.Approx, Status: figure.Status(k.Status)}
				}
			}
			list = append(list, x)
			if x.In {
				in = append(in, e.Rec.ID)
			}
		}
		return nil
	}))
	return figure.Total(m, "", list), in
}

func (g *generated) frames() []record.Frame {
	return []record.Frame{
		{},
		{Country: "PK"},
		{Country: "AF", Period: "2002/2004"},
		{Types: []record.EventType{record.TypeAttack}},
		{Communities: g.parties[:1]},
		{Communities: g.parties[:3], Country: "PK"},
		{Perpetrators: g.parties[:2]},
		{Authority: g.parties[4]},
		{Communities: g.parties[:2], Perpetrators: g.parties[2:4], Authority: g.parties[0], Period: "2000/2003"},
	}
}

// TestTotalsAreExact compares totals with the straightforward way, for everybody.
func TestTotalsAreExact(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		g := generate(w, rand.New(rand.NewPCG(7, 20)), 160)
		for i, f := range g.frames() {
			slug := fmt.Sprintf("total-%d", i)
			g.total(slug, f)
			for _, v := range []access.Viewer{access.Anyone(), w.reader, w.contributor, w.editor, access.House()} {
				page, err := w.h.TotalPage(w.ctx, v, slug, "")
				w.must(err)
				for n, m := range []record.Measure{record.Killed, record.Injured} {
					want, in := g.byHand(v, f, m)
					if d := cmp.Diff(want, page.Register[n]); d != "" {
						t.Errorf("%+v for %s, %s (by hand -, total +):\n%s", f, v.Role, m, d)
					}
					var listed []record.EventID
					for _, e := range page.In {
						listed = append(listed, e.Event.ID)
					}
					if d := cmp.Diff(in, listed); d != "" {
						t.Errorf("%+v for %s lists (by hand -, total +):\n%s", f, v.Role, d)
					}
				}
			}
		}
	})
}

// TestTotalFollowsChanges makes sure that no sum outlives what it was made from.
func TestTotalFollowsChanges(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		g := generate(w, rand.New(rand.NewPCG(1, 2)), 0)
		g.total("all", record.Frame{})
		low := func(v access.Viewer) int64 {
			t.Helper()
			page, err := w.h.TotalPage(w.ctx, v, "all", "")
			w.must(err)
			if page.Register[0].Low == nil {
				return -1
			}
			return *page.Register[0].Low
		}
		s := w.source("Example Gazette")
		e := w.event("one")
		if n := low(w.editor); n != -1 {
			t.Errorf("nothing adds up to %d", n)
		}
		w.killed(s, e, 8)
		other := w.event("two")
		c := w.killed(s, other, 3)
		if n := low(w.editor); n != 11 {
			t.Errorf("8 and 3 add up to %d", n)
		}
		if n := low(access.Anyone()); n != -1 {
			t.Errorf("the public sees %d", n)
		}
		w.must(w.h.Review(w.ctx, w.editor, c.ID, 1, record.Retracted, "test"))
		if n := low(w.editor); n != 8 {
			t.Errorf("without the 3 taken back %d are left", n)
		}
	})
}

// TestTotalPages walks lists of more events than one page holds, found through
// few and through many parties.
func TestTotalPages(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		g := generate(w, rand.New(rand.NewPCG(3, 4)), 1800)
		for i, f := range []record.Frame{
			{Country: "PK"},
			{Communities: g.parties[:4]},
			{Communities: g.parties[:4], Perpetrators: g.parties[:4], Country: "PK", Period: "2000/2006"},
			{Communities: g.parties[:1], Authority: g.parties[2]},
		} {
			slug := fmt.Sprintf("total-%d", i)
			g.total(slug, f)
			_, want := g.byHand(w.contributor, f, record.Killed)
			var got []record.EventID
			after := ""
			for range 20 {
				page, err := w.h.TotalPage(w.ctx, w.contributor, slug, after)
				w.must(err)
				for _, e := range page.In {
					got = append(got, e.Event.ID)
				}
				if after = page.Next; after == "" {
					break
				}
			}
			if d := cmp.Diff(want, got); d != "" || len(got) == 0 || i < 2 && len(got) < 300 {
				t.Errorf("%d events in frame %d: %s", len(got), i, d)
			}
			_, err := w.h.TotalPage(w.ctx, w.contributor, slug, "nonsense")
			w.wants(err, record.ErrNotFound, "a place that makes no sense")
		}
	})
}

// TestLongTotals adds up 100,000 events on both databases, compares with the
// straightforward way, and logs how long it takes.
func TestLongTotals(t *testing.T) {
	testneed.Long(t, "takes a minute")
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			target := ""
			if kind == "postgres" {
				target = testdb.Postgres(t)
			}
			w := newWorldOn(t, target)
			g := generate(w, rand.New(rand.NewPCG(5, 6)), 100_000)
			for i, f := range g.frames() {
				slug := fmt.Sprintf("total-%d", i)
				g.total(slug, f)
				took := func() time.Duration {
					began := time.Now()
					_, err := w.h.TotalPage(w.ctx, access.Anyone(), slug, "")
					w.must(err)
					return time.Since(began)
				}
				first, again := took(), took()
				t.Logf("%s %d: first %v, kept %v", kind, i, first.Round(time.Millisecond), again.Round(time.Millisecond))
				page, err := w.h.TotalPage(w.ctx, access.Anyone(), slug, "")
				w.must(err)
				want, _ := g.byHand(access.Anyone(), f, record.Killed)
				if d := cmp.Diff(want, page.Register[0]); d != "" {
					t.Errorf("%+v (by hand -, total +):\n%s", f, d)
				}
			}
		})
	}
}
