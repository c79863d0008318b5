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

// TestFind looks for invented people and events by what somebody has typed so far.
func TestFind(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		add := func(name string) record.Ref {
			p := f.person(name, record.Public)
			f.insert(p)
			return p.Ref()
		}
		accused, accuser := add("Zarwalk Accused"), add("Zarwalk Accu")
		bird, brien := add("Vogel Testfall"), add("José O’Brien")
		urdu, dari := add("زرواک مثالی"), add("نمونه کوچه\u200cای")
		hidden := f.person("Zarwalk Accustomed", record.Internal)
		f.insert(hidden)
		event := f.event("Zarwalk Accumulation", record.Public)
		f.insert(event)
		people := []record.Kind{record.KindPerson}
		f.view(func(ctx context.Context, r *Reader) error {
			for _, test := range []struct {
				query        string
				v            access.Viewer
				kinds        []record.Kind
				whole, begun []record.Ref
			}{
				{"Zarwalk Accus", access.Anyone(), people, nil, []record.Ref{accused}},
				{"Zarwalk Accus", access.House(), people, nil, []record.Ref{accused, hidden.Ref()}},
				{"accu zarw", access.Anyone(), people, nil, []record.Ref{accuser}},
				{"zarwalk accu", access.Anyone(), people, []record.Ref{accuser}, []record.Ref{accused}},
				{"zarwalk accu", access.Anyone(), nil, []record.Ref{accuser}, []record.Ref{event.Ref(), accused}},
				{"zarwalk a", access.Anyone(), people, nil, []record.Ref{accused, accuser}},
				{"zarwalk z", access.Anyone(), people, nil, []record.Ref{accused, accuser}},
				{"zarw accused", access.Anyone(), people, nil, nil}, // only what is typed last is unfinished
				{"vog", access.Anyone(), people, nil, []record.Ref{bird}},
				{"vo", access.Anyone(), people, nil, nil}, // the beginning of too much
				{"v", access.Anyone(), people, nil, nil},
				{"testfall v", access.Anyone(), people, nil, []record.Ref{bird}},
				{"ogel", access.Anyone(), people, nil, nil},
				{"O'Br", access.Anyone(), people, nil, []record.Ref{brien}},
				{"jose o’bri", access.Anyone(), people, nil, []record.Ref{brien}},
				{"José O'", access.Anyone(), people, nil, []record.Ref{brien}},
				{"زرواک مثا", access.Anyone(), people, nil, []record.Ref{urdu}},
				{"زرواک م", access.Anyone(), people, nil, []record.Ref{urdu}},
				{"نمونه كو", access.Anyone(), people, nil, []record.Ref{dari}},
				{"نمو", access.Anyone(), people, nil, []record.Ref{dari}},
				// Signs of the search engines' languages are no letters.
				{`"zarwalk" acc*`, access.Anyone(), people, nil, []record.Ref{accused, accuser}},
				{"zarwalk:* & accus:*", access.Anyone(), people, nil, []record.Ref{accused}},
				{"zarwalk' accus", access.Anyone(), people, nil, []record.Ref{accused}},
				{`zarwalk\ accus\`, access.Anyone(), people, nil, []record.Ref{accused}},
				{"zarwalk OR v", access.Anyone(), people, nil, nil},
				{"zarwalk NOT accus", access.Anyone(), people, nil, nil},
				{"NEAR(zarwalk accus)", access.Anyone(), people, nil, nil},
				{"tokens:zarwalk accus", access.Anyone(), people, nil, nil},
				{"' ; drop table doc; --", access.Anyone(), people, nil, nil},
				{"§person", access.Anyone(), people, nil, nil},
				{"* ( ' \" ^ :", access.Anyone(), people, nil, nil},
			} {
				whole, begun, err := r.Find(ctx, test.v, names.Asked(test.query), test.kinds, 10)
				if err != nil {
					t.Errorf("%s: %v", test.query, err)
				}
				if !sameHits(whole, test.whole) || !sameHits(begun, test.begun) {
					t.Errorf("%q finds %v and begun %v, want %v and %v", test.query, whole, begun, test.whole, test.begun)
				}
			}
			// Tokens that nobody folded must not break out of the search's language.
			for _, tok := range []string{`"`, `a" OR "b`, "'", `\'`, "§person", "!", ":*", "a:b", "§0", "%", "_"} {
				for _, tokens := range [][]string{{tok}, {tok, "zarwalk"}, {"zarwalk", tok}} {
					whole, begun, err := r.Find(ctx, reader, tokens, people, 10)
					if err != nil && f.dialect == postgres {
						t.Errorf("tokens %q: %v", tokens, err)
					}
					if slices.Contains(append(whole, begun...), Hit{hidden.Ref()}) && reader.Sees() < access.LevelInternal {
						t.Errorf("tokens %q find what is not for the viewer", tokens)
					}
				}
			}
			if whole, begun, err := r.Find(ctx, access.Anyone(), nil, people, 10); len(whole)+len(begun) != 0 || err != nil {
				t.Errorf("without words: %v %v %v", whole, begun, err)
			}
			if whole, begun, err := r.Find(ctx, access.Anyone(), []string{"zarwalk", "accu"}, people, 1); len(whole) != 1 || len(begun) != 0 || err != nil {
				t.Errorf("one of two: %v %v %v", whole, begun, err)
			}
			return nil
		})
	})
}

// TestFindBesideFrequentWords: beside words that more records hold than are
// counted, only beginnings that an index answers are looked for.
func TestFindBesideFrequentWords(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		var all []record.Record
		for i := range SearchLimit + 100 {
			all = append(all, f.event(fmt.Sprintf("common event %d", i), record.Public))
		}
		rare := f.event("common zarwalk", record.Public)
		f.insert(append(all, rare)...)
		f.view(func(ctx context.Context, r *Reader) error {
			for query, want := range map[string][]record.Ref{"common zar": {rare.Ref()}, "common za": nil, "common 100 event": {all[100].Ref()}} {
				whole, begun, err := r.Find(ctx, access.Anyone(), names.Asked(query), []record.Kind{record.KindEvent}, 5)
				if err != nil || !sameHits(append(whole, begun...), want) {
					t.Errorf("%q: %v %v %v, want %v", query, whole, begun, err, want)
				}
			}
			return nil
		})
	})
}

func sameHits(got []Hit, want []record.Ref) bool {
	return slices.EqualFunc(got, want, func(h Hit, r record.Ref) bool { return h.Ref == r })
}
