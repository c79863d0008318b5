package store

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/names"
)

func TestSearchAllScripts(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		texts := map[string][]string{
			"Attack on the Example-Bazaar": {"attack", "EXAMPLE bazaar", "bazaar attack", "exam", "att"},
			"José O’Brien Straße":          {"jose", "obrien", "strasse", "JOSÉ"},
			"مثال بازار پر حملہ":           {"مثال", "حملہ", "بازار مثال"},
			"حمله در کوچهٔ نمونه":          {"نمونه", "کوچه", "كوچه"},
			"Нападение в Примере":          {"нападение", "пример"},
			"उदाहरण नगर":                   {"उदाहरण", "नगर"},
			"例の町":                          {"例の町"},
			"ตัวอย่าง":                     {"ตัวอย่าง"},
			"𞤸𞤵𞤲𞤣𞤫 𞤆𞤵𞤤𞤢𞤪":                  {"𞤆𞤵𞤤𞤢𞤪"}, // a script newer than many tables of letters
			"Ꞩome old letters":             {"old"},
		}
		byText := map[string]record.Ref{}
		for text := range texts {
			e := f.event(text, record.Public)
			byText[text] = e.Ref()
			f.insert(e)
		}
		f.view(func(ctx context.Context, r *Reader) error {
			for text, queries := range texts {
				for _, q := range append(queries, text) {
					hits, n, err := r.Search(ctx, access.Anyone(), names.Tokens(q), nil, 0, 10)
					if err != nil {
						t.Errorf("search %q: %v", q, err)
						continue
					}
					if n != len(hits) || !slices.ContainsFunc(hits, func(h Hit) bool { return h.Ref == byText[text] }) {
						t.Errorf("search %q misses %q: %v %d", q, text, hits, n)
					}
				}
			}
			for _, q := range []string{"ex", "xample", "attack nowhere", `"`, "* OR attack", "'; drop table doc; --", "§event", "{nowhere}", "a NOT b", "(((", `\`, "&|!<->"} {
				if _, n, err := r.Search(ctx, access.Anyone(), names.Tokens(q), nil, 0, 10); err != nil || n != 0 {
					t.Errorf("search %q finds %d (%v)", q, n, err)
				}
			}
			// Tokens that nobody folded must not break out of the search's language.
			for _, tok := range []string{`"`, `a" OR "b`, "'", `\'`, "§event", "!", ":*", "a:b", "§0"} {
				if _, _, err := r.Search(ctx, reader, []string{tok, "word"}, nil, 0, 10); err != nil && f.dialect == postgres {
					t.Errorf("token %q: %v", tok, err)
				}
			}
			return nil
		})
	})
}

func TestSearchOrderKindsAndLimit(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		claimsFirst := f.claim(record.SourceID(f.id()), record.Ref{Kind: record.KindEvent, ID: f.id()}, "common words", record.Public)
		f.insert(claimsFirst)
		f.insert(f.source("common source", record.Public), f.party("common party", record.Public), f.person("common person", record.Public))
		var events []record.Record
		for i := range 1100 {
			events = append(events, f.event(fmt.Sprintf("common event %d", i), record.Public))
		}
		f.insert(events...)
		f.view(func(ctx context.Context, r *Reader) error {
			hits, n, err := r.Search(ctx, access.Anyone(), []string{"common"}, nil, 0, 20)
			if err != nil {
				return err
			}
			if n != SearchLimit+1 || len(hits) != 20 || hits[0].Ref != events[0].Ref() {
				t.Errorf("%d of %d, first %v", len(hits), n, hits[0])
			}
			hits, _, err = r.Search(ctx, access.Anyone(), []string{"common"}, nil, 990, 20)
			if len(hits) != 20 || hits[0].Ref != events[990].Ref() {
				t.Errorf("page at 990: %d, %v", len(hits), hits[:1])
			}
			if err != nil {
				return err
			}
			kinds := []record.Kind{record.KindClaim, record.KindSource, record.KindParty}
			hits, n, err = r.Search(ctx, access.Anyone(), []string{"common"}, kinds, 0, 20)
			if n != 3 || len(hits) != 3 || hits[0].Ref.Kind != record.KindParty || hits[1].Ref.Kind != record.KindSource || hits[2].Ref.Kind != record.KindClaim {
				t.Errorf("by kinds: %v %d", hits, n)
			}
			if err != nil {
				return err
			}
			hits, n, err = r.Search(ctx, access.Anyone(), []string{"common", "person"}, nil, 5, 20)
			if len(hits) != 0 || n != 1 {
				t.Errorf("beyond the end: %v %d", hits, n)
			}
			if hits, n, err := r.Search(ctx, access.Anyone(), nil, nil, 0, 20); len(hits) != 0 || n != 0 || err != nil {
				t.Errorf("without words: %v %d %v", hits, n, err)
			}
			return err
		})
	})
}

// TestSearchFollowsChanges checks that the search knows a record as it stands.
func TestSearchFollowsChanges(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		e := f.event("Earlier words", record.Public)
		f.insert(e)
		now := *e
		now.Title = record.Text{{Lang: "en", Text: "Later words"}}
		if err := f.update(&now, 2); err != nil {
			t.Fatal(err)
		}
		f.view(func(ctx context.Context, r *Reader) error {
			for word, want := range map[string]int{"earlier": 0, "later": 1, "words": 1} {
				if _, n, err := r.Search(ctx, access.Anyone(), []string{word}, nil, 0, 10); n != want || err != nil {
					t.Errorf("%s: %d (%v)", word, n, err)
				}
			}
			return nil
		})
	})
}

func TestEventFilters(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		party := f.party("Testfall Group", record.Public)
		f.insert(party)
		years := []string{"2010", "2012-05", "2013-01-10", "2013-02-16", "2021-01-03", ""}
		var events []*record.Event
		for i, y := range years {
			e := f.event("Event in "+y, record.Public)
			e.When = record.When{}
			if y != "" {
				e.When = record.On(y)
			}
			e.Where.Country = []string{"PK", "AF"}[i%2]
			e.Where.Province = []string{"Éast", "West"}[i/3]
			e.Where.Town = "Town " + fmt.Sprint(i)
			e.Type = []record.EventType{record.TypeAttack, record.TypeProtest, record.TypeSitIn}[i%3]
			if i == 4 {
				e.Struck = []record.Struck{{Party: party.ID}, {Party: party.ID}}
				e.Dataset = "testset"
			}
			events = append(events, e)
			f.insert(e)
		}
		f.insert(&record.Involvement{ID: record.InvolvementID(f.id()), Event: events[1].ID, Party: party.ID, Visibility: record.Public})
		f.write(func(ctx context.Context, tx *Tx) error {
			for i, e := range events {
				n := int64(10 * i)
				if err := tx.PutFigures(ctx, string(e.ID), []FigureRow{{Subject: string(e.ID), Measure: record.Killed, High: &n}}, true); err != nil {
					return err
				}
			}
			return nil
		})
		day := func(s string) *int64 {
			d := earliest(record.On(s))
			return &d
		}
		f.view(func(ctx context.Context, r *Reader) error {
			for _, tt := range []struct {
				name string
				f    EventFilter
				want []int // newest first
			}{
				{"all", EventFilter{}, []int{4, 3, 2, 1, 0, 5}},
				{"one type", EventFilter{Types: []record.EventType{record.TypeAttack}}, []int{3, 0}},
				{"two types", EventFilter{Types: []record.EventType{record.TypeAttack, record.TypeSitIn}}, []int{3, 2, 0, 5}},
				{"from", EventFilter{From: day("2013-01-10")}, []int{4, 3, 2}},
				{"to", EventFilter{To: day("2013-01-10")}, []int{2, 1, 0}},
				{"within a span", EventFilter{From: day("2010-06-01"), To: day("2012-05-02")}, []int{1, 0}},
				{"country", EventFilter{Country: "AF"}, []int{3, 1, 5}},
				{"province", EventFilter{Province: "east"}, []int{2, 1, 0}},
				{"town", EventFilter{Town: "town 3"}, []int{3}},
				{"struck", EventFilter{Struck: party.ID}, []int{4}},
				{"party", EventFilter{Party: party.ID}, []int{1}},
				{"own", EventFilter{Dataset: "own"}, []int{3, 2, 1, 0, 5}},
				{"dataset", EventFilter{Dataset: "testset"}, []int{4}},
				{"killed", EventFilter{MinKilled: 30}, []int{4, 3, 5}},
				{"words", EventFilter{Tokens: []string{"2013"}}, []int{3, 2}},
				{"words as a beginning", EventFilter{Tokens: []string{"event", "201"}}, []int{3, 2, 1, 0}},
				{"several", EventFilter{Country: "PK", Province: "east", Types: []record.EventType{record.TypeAttack}, Tokens: []string{"event"}, To: day("2020")}, []int{0}},
				{"none", EventFilter{Country: "XX"}, nil},
			} {
				var want []string
				for _, i := range tt.want {
					want = append(want, string(events[i].ID))
				}
				got, err := r.Events(ctx, access.Anyone(), tt.f, nil, 100)
				if err != nil || !slices.Equal(ids(got), want) {
					t.Errorf("%s: %v, want %v (%v)", tt.name, ids(got), want, err)
				}
				// The same list page by page.
				var paged []string
				var after *EventCursor
				for {
					got, err := r.Events(ctx, access.Anyone(), tt.f, after, 2)
					if err != nil {
						return err
					}
					if len(got) == 0 {
						break
					}
					paged = append(paged, ids(got)...)
					last := got[len(got)-1].Rec
					after = &EventCursor{earliest(last.When), string(last.ID)}
				}
				if !slices.Equal(paged, want) {
					t.Errorf("%s by pages: %v, want %v", tt.name, paged, want)
				}
			}
			return nil
		})
	})
}

// TestFiltersWithManyMatches makes the filters by other tables walk the events
// by date instead of reading the list; both ways must agree.
func TestFiltersWithManyMatches(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		party := f.party("Testfall Group", record.Public)
		f.insert(party)
		var recs []record.Record
		for i := range few + 100 {
			e := f.event("Common title", record.Public)
			e.When = record.On(fmt.Sprintf("%d", 1000+i%1000))
			e.Struck = []record.Struck{{Party: party.ID}}
			recs = append(recs, e, &record.Involvement{ID: record.InvolvementID(f.id()), Event: e.ID, Party: party.ID, Visibility: record.Public})
		}
		f.insert(recs...)
		f.write(func(ctx context.Context, tx *Tx) error {
			n := int64(50)
			for _, r := range recs {
				if err := tx.PutFigures(ctx, r.Ref().ID, []FigureRow{{Subject: r.Ref().ID, Measure: record.Killed, High: &n}}, true); err != nil {
					return err
				}
			}
			return nil
		})
		f.view(func(ctx context.Context, r *Reader) error {
			want, err := r.Events(ctx, access.Anyone(), EventFilter{}, nil, 50)
			if err != nil {
				return err
			}
			for name, filter := range map[string]EventFilter{
				"struck": {Struck: party.ID}, "party": {Party: party.ID}, "killed": {MinKilled: 50}, "words": {Tokens: []string{"common", "title"}}, "beginning": {Tokens: []string{"common", "tit"}},
			} {
				got, err := r.Events(ctx, access.Anyone(), filter, nil, 50)
				if err != nil || !slices.Equal(ids(got), ids(want)) {
					t.Errorf("%s: %d events, %v", name, len(got), err)
				}
				n, err := r.CountEvents(ctx, access.Anyone(), filter, few+200)
				if err != nil || n != few+100 {
					t.Errorf("%s: counted %d, %v", name, n, err)
				}
			}
			none, err := r.Events(ctx, access.Anyone(), EventFilter{Tokens: []string{"common", "nowhere"}}, nil, 50)
			if len(none) != 0 {
				t.Errorf("found %v", ids(none))
			}
			return err
		})
	})
}
