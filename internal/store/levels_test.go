package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// TestLevels puts one record of each kind at each level and asks every reading
// function as every sort of viewer: whatever comes back must be for them.
func TestLevels(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		var all []record.Record
		levels := map[string]access.Level{}
		root := f.event("Root public event", record.Public)
		party := f.party("Root public party", record.Public)
		source := f.source("Root public source", record.Public)
		person := f.person("Root Person", record.Public)
		all = append(all, root, party, source, person)
		n := int64(0)
		for _, v := range []record.Visibility{record.Public, record.Internal, record.Draft} {
			n++
			e := f.event("Secret "+string(v), v)
			e.PartOf, e.ResponseTo, e.Struck, e.Dataset = root.ID, []record.EventID{root.ID}, []record.Struck{{Party: party.ID}}, ""
			s := f.source("Secret source "+string(v), v)
			s.ReproducedIn = source.ID
			p, q := f.person("Secret Person "+string(v), v), f.party("Secret party "+string(v), v)
			c := f.claim(source.ID, root.Ref(), "secret words "+string(v), v)
			attr := f.claim(source.ID, root.Ref(), "secret value "+string(v), v)
			attr.Kind, attr.Attribute, attr.Value = record.KindAttribute, record.AttrPerpetrator, record.Value{Ref: party.Ref()}
			inv := &record.Involvement{ID: record.InvolvementID(f.id()), Event: root.ID, Party: party.ID, Person: person.ID, Visibility: v}
			tie := &record.Tie{ID: record.TieID(f.id()), From: person.Ref(), To: party.Ref(), Kind: record.TieMember, Visibility: v}
			total := &record.Total{ID: record.TotalID(f.id()), Slug: "total-" + string(v), Visibility: v}
			same := &record.Same{ID: record.SameID(f.id()), A: root.ID, B: e.ID, State: record.SameProposed, Visibility: v}
			req := &record.Request{ID: record.RequestID(f.id()), About: root.Ref(), CodeHash: string(v), State: record.RequestState("open"), Visibility: v}
			imp := &record.Import{ID: record.ImportID(f.id()), Dataset: "testfall", Hash: "x", Visibility: v}
			rel := &record.Release{ID: record.ReleaseID(f.id()), Number: int(n), Visibility: v}
			capture := &record.Capture{ID: record.CaptureID(f.id()), Source: source.ID, Hash: "h" + string(v), Visibility: v}
			all = append(all, e, s, p, q, c, attr, inv, tie, total, same, req, imp, rel, capture)
			all = append(all, petitionRecords(f, int(n), v)...)
			all = append(all, followRecords(f, string(v), root.ID, party.ID, person.ID, v)...)
		}
		f.write(func(ctx context.Context, tx *Tx) error {
			for _, r := range all {
				levels[r.Ref().ID] = access.Of(r)
				if err := tx.Insert(ctx, version(tx, r, 1, testUser)); err != nil {
					return err
				}
				if err := journal(ctx, tx, "enter", r.Ref(), "secret note"); err != nil {
					return err
				}
				for a := range 2 {
					if err := tx.PutFigures(ctx, r.Ref().ID, []FigureRow{{Subject: r.Ref().ID, Measure: record.Killed, Audience: a, High: &n}}, a == 1); err != nil {
						return err
					}
				}
			}
			return nil
		})
		present := map[record.Kind]bool{}
		for _, r := range all {
			present[r.Ref().Kind] = true
		}
		for _, k := range record.Kinds() {
			if !present[k] {
				t.Errorf("no record of kind %s is tested", k)
			}
		}

		for _, viewer := range []struct {
			name string
			v    access.Viewer
			sees access.Level // for what somebody else entered
			own  bool         // is the author
		}{
			{"public", access.Anyone(), access.LevelPublic, false},
			{"author as the public", access.Viewer{User: testUser, Role: access.Editor, AsPublic: true}, access.LevelPublic, false},
			{"reader", reader, access.LevelInternal, false},
			{"author", contributor, access.LevelInternal, true},
			{"editor", editor, access.LevelDraft, false},
			{"house", access.House(), access.LevelDraft, false},
		} {
			t.Run(viewer.name, func(t *testing.T) {
				v := viewer.v
				may := func(id string) bool { return levels[id] <= viewer.sees || viewer.own }
				want := func(kind record.Kind) (n int) {
					for _, r := range all {
						if r.Ref().Kind == kind && may(r.Ref().ID) {
							n++
						}
					}
					return n
				}
				f.view(func(ctx context.Context, r *Reader) error {
					// found checks what a function returned, and how many.
					found := func(what string, n int, err error, ids ...string) {
						t.Helper()
						if err != nil {
							t.Errorf("%s: %v", what, err)
						}
						for _, id := range ids {
							if !may(id) {
								t.Errorf("%s gives a record of level %d", what, levels[id])
							}
						}
						if len(ids) != n {
							t.Errorf("%s gives %d records, want %d", what, len(ids), n)
						}
					}
					three := int(viewer.sees) + 1 // of three records, one at each level
					if viewer.own {
						three = 3
					}
					for _, rec := range all {
						ref := rec.Ref()
						got, err := AnyOne(ctx, r, v, ref)
						if may(ref.ID) != (err == nil) {
							t.Errorf("AnyOne of a %s at level %d: %v", ref.Kind, levels[ref.ID], err)
						}
						if err == nil && got.Rec.Ref() != ref {
							t.Errorf("AnyOne gives another record")
						}
						if err != nil && !errors.Is(err, record.ErrNotFound) {
							t.Errorf("AnyOne: %v, want not found", err)
						}
						past, err := r.History(ctx, v, ref)
						if may(ref.ID) != (err == nil) {
							t.Errorf("History of a %s at level %d: %v", ref.Kind, levels[ref.ID], err)
						}
						if err == nil && len(past) != 1 {
							t.Errorf("History has %d versions", len(past))
						}
						figs, err := r.Figures(ctx, v, ref.ID)
						if err != nil {
							t.Errorf("Figures: %v", err)
						}
						switch ref.Kind {
						case record.KindEvent, record.KindTotal, record.KindParty, record.KindPerson, record.KindSource, record.KindTie:
							if may(ref.ID) != (len(figs[ref.ID]) == 1) {
								t.Errorf("Figures of a %s at level %d: %v", ref.Kind, levels[ref.ID], figs)
							}
							for _, fig := range figs[ref.ID] {
								if fig.Audience != audience(v) {
									t.Errorf("a figure for audience %d", fig.Audience)
								}
							}
						default:
							// Nothing else is a figure's subject; only those who see all
							// find what stands there nevertheless.
							if len(figs) > 0 && viewer.sees < access.LevelDraft {
								t.Errorf("Figures of a %s: %v", ref.Kind, figs)
							}
						}
					}
					for _, kind := range record.Kinds() {
						n, err := r.Count(ctx, v, kind, 100)
						if err != nil || n != want(kind) {
							t.Errorf("Count of %s: %d, want %d (%v)", kind, n, want(kind), err)
						}
					}
					claims := func(items []Item[*record.Claim]) []string { return ids(items) }
					got1, err := r.ClaimsAbout(ctx, v, string(root.ID))
					found("ClaimsAbout", 2*three, err, claims(got1)...)
					got1, err = r.MeasuresAbout(ctx, v, string(root.ID))
					found("MeasuresAbout", three, err, claims(got1)...)
					got1, err = r.ClaimsPointingAt(ctx, v, string(party.ID), 100)
					found("ClaimsPointingAt", three, err, claims(got1)...)
					got1, err = r.ClaimsOf(ctx, v, source.ID, 100)
					found("ClaimsOf", 2*three, err, claims(got1)...)
					got1, err = r.Waiting(ctx, v, "", 100)
					found("Waiting", 2*three, err, claims(got1)...)
					got2, err := r.CapturesOf(ctx, v, source.ID)
					found("CapturesOf", three, err, ids(got2)...)
					got3, err := r.SourcesWithin(ctx, v, source.ID, 100)
					found("SourcesWithin", three, err, ids(got3)...)
					got3, err = r.Sources(ctx, v, 0, 100)
					found("Sources", three+1, err, ids(got3)...)
					got4, err := r.InvolvementsIn(ctx, v, root.ID)
					found("InvolvementsIn", three, err, ids(got4)...)
					for _, ref := range []record.Ref{person.Ref(), party.Ref()} {
						got4, err = r.InvolvementsOf(ctx, v, ref)
						found("InvolvementsOf", three, err, ids(got4)...)
						got5, err := r.TiesOf(ctx, v, ref.ID)
						found("TiesOf", three, err, ids(got5)...)
					}
					got6, err := r.Persons(ctx, v, 0, 100)
					found("Persons", three+1, err, ids(got6)...)
					got7, err := r.Parties(ctx, v, "", 0, 100)
					found("Parties", three+1, err, ids(got7)...)
					got7, err = r.Parties(ctx, v, record.ArmedGroup, 0, 100)
					found("Parties of a kind", three+1, err, ids(got7)...)
					got8, err := r.Totals(ctx, v)
					found("Totals", three, err, ids(got8)...)
					got9, err := r.Parts(ctx, v, root.ID)
					found("Parts", three, err, ids(got9)...)
					got9, err = r.Responses(ctx, v, root.ID)
					found("Responses", three, err, ids(got9)...)
					got9, err = r.Responses(ctx, v)
					found("Responses to nothing", 0, err, ids(got9)...)
					got9, err = r.Recent(ctx, 100)
					if err != nil || len(got9) != 2 {
						t.Errorf("Recent gives %d events, want the 2 public ones (%v)", len(got9), err)
					}
					got10, err := r.Sames(ctx, v, root.ID)
					found("Sames", three, err, ids(got10)...)
					got10, err = r.SamesWaiting(ctx, v, 0, 100)
					found("SamesWaiting", three, err, ids(got10)...)
					got11, err := r.Requests(ctx, v, "", 100)
					found("Requests", three, err, ids(got11)...)
					got12, err := r.Imports(ctx, v, 100)
					found("Imports", three, err, ids(got12)...)
					got13, err := r.Releases(ctx, v)
					found("Releases", three, err, ids(got13)...)
					var walked []string
					err = Each(ctx, r, v, func(i Item[*record.Claim]) error {
						walked = append(walked, string(i.Rec.ID))
						return nil
					})
					found("Each", 2*three, err, walked...)

					for _, filter := range []EventFilter{
						{Parts: true},
						{Parts: true, Types: []record.EventType{record.TypeAttack}},
						{Parts: true, Country: "PK"},
						{Parts: true, Town: "example town"},
						{Parts: true, Dataset: "own"},
						{Parts: true, MinKilled: 1},
						{Parts: true, Joined: true},
						{Parts: true, Tokens: []string{"event"}},
						{Parts: true, Tokens: []string{"secret"}},
						{Parts: true, Struck: party.ID},
						{Parts: true, Party: party.ID},
					} {
						n := three + 1
						switch {
						case slices.Equal(filter.Tokens, []string{"event"}), filter.Party != "":
							n = 1
						case filter.Struck != "" || filter.Tokens != nil:
							n = three
						}
						wantTokens := n
						if filter.Tokens != nil && viewer.own {
							wantTokens = min(n, 2) // search knows levels, not authors
						}
						got, err := r.Events(ctx, v, filter, nil, 100)
						found(fmt.Sprintf("Events %+v", filter), wantTokens, err, ids(got)...)
						count, err := r.CountEvents(ctx, v, filter, 100)
						if err != nil || count != wantTokens {
							t.Errorf("CountEvents %+v: %d, want %d (%v)", filter, count, wantTokens, err)
						}
					}

					searchable := min(three, int(viewer.sees)+1)
					for word, perKind := range map[string]int{"secret": 5 + 1, "sec": 6, "root": 0, "nothing": 0} {
						hits, n, err := r.Search(ctx, v, []string{word}, nil, 0, 100)
						wantN := perKind * searchable
						if word == "root" {
							wantN = 4
						}
						var refs []string
						for _, h := range hits {
							refs = append(refs, h.Ref.ID)
						}
						found("Search "+word, wantN, err, refs...)
						if n != wantN {
							t.Errorf("Search counts %d for %s, want %d", n, word, wantN)
						}
					}
					return nil
				})
			})
		}
	})
}

func ids[T record.Record](items []Item[T]) []string {
	var out []string
	for _, i := range items {
		out = append(out, i.Rec.Ref().ID)
	}
	return out
}

// TestSetLevel hides and shows a record without a new version of it.
func TestSetLevel(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		e := f.event("Attack on Testfall", record.Public)
		f.insert(e)
		check := func(visible bool) {
			t.Helper()
			f.view(func(ctx context.Context, r *Reader) error {
				want := 0
				if visible {
					want = 1
				}
				_, err := One[*record.Event](ctx, r, access.Anyone(), e.ID)
				if visible != (err == nil) {
					t.Errorf("read: %v", err)
				}
				got, err := r.Events(ctx, access.Anyone(), EventFilter{}, nil, 10)
				if err != nil || len(got) != want {
					t.Errorf("list: %d %v", len(got), err)
				}
				hits, n, err := r.Search(ctx, access.Anyone(), []string{"testfall"}, []record.Kind{record.KindEvent}, 0, 10)
				if err != nil || n != want || len(hits) != want {
					t.Errorf("search: %v %d %v", hits, n, err)
				}
				_, n, err = r.Search(ctx, reader, []string{"testfall"}, nil, 0, 10)
				if err != nil || n != 1 {
					t.Errorf("search inside: %d %v", n, err)
				}
				past, err := r.History(ctx, access.Anyone(), e.Ref())
				if visible != (err == nil) || len(past) != want {
					t.Errorf("history: %v %v", past, err)
				}
				return nil
			})
		}
		check(true)
		for _, level := range []access.Level{access.LevelInternal, access.LevelPublic} {
			f.write(func(ctx context.Context, tx *Tx) error { return tx.SetLevel(ctx, e.Ref(), level) })
			check(level == access.LevelPublic)
		}
	})
}

// TestPublicHistory checks that the public sees published versions only, without
// who, why and at which minute.
func TestPublicHistory(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		e := f.event("As drafted", record.Internal)
		f.insert(e)
		public := *e
		public.Visibility = record.Public
		if err := f.update(&public, 2); err != nil {
			t.Fatal(err)
		}
		public.Title = record.Text{{Lang: "en", Text: "Better"}}
		if err := f.update(&public, 3); err != nil {
			t.Fatal(err)
		}
		f.view(func(ctx context.Context, r *Reader) error {
			past, err := r.History(ctx, access.Anyone(), e.Ref())
			if err != nil {
				return err
			}
			if len(past) != 2 || past[0].Rev != 3 || past[1].Rev != 2 {
				t.Errorf("versions %+v", past)
			}
			for _, p := range past {
				if p.Actor != "" || p.Note != "" || p.Salt != nil || p.At%86_400_000_000 != 0 || p.Role != "editor" {
					t.Errorf("the public learns %+v", p)
				}
			}
			inside, err := r.History(ctx, reader, e.Ref())
			if len(inside) != 3 || inside[2].Note == "" {
				t.Errorf("the house sees %+v", inside)
			}
			return err
		})
	})
}

// TestEventsOfHiddenWholes checks that an event is not lost from the public list
// because it belongs to one the public does not see.
func TestEventsOfHiddenWholes(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		whole, part, other := f.event("Whole", record.Internal), f.event("Part", record.Public), f.event("Joined", record.Public)
		part.PartOf = whole.ID
		f.insert(whole, part, other)
		f.write(func(ctx context.Context, tx *Tx) error { return tx.SetJoined(ctx, other.ID, whole.ID) })
		f.view(func(ctx context.Context, r *Reader) error {
			for _, tt := range []struct {
				v    access.Viewer
				want []string
			}{{access.Anyone(), []string{string(other.ID), string(part.ID)}}, {reader, []string{string(whole.ID)}}, {editor, []string{string(whole.ID)}}} {
				got, err := r.Events(ctx, tt.v, EventFilter{}, nil, 10)
				if err != nil {
					return err
				}
				if !slices.Equal(ids(got), tt.want) {
					t.Errorf("%s sees %v, want %v", tt.v.Role, ids(got), tt.want)
				}
			}
			joined, err := r.JoinedTo(ctx, access.Anyone(), whole.ID)
			if len(joined) != 1 {
				t.Errorf("joined %v", joined)
			}
			if root, err := r.Root(ctx, other.ID); root != whole.ID || err != nil {
				t.Errorf("root %s %v", root, err)
			}
			return err
		})
		// Joining survives a change of the event.
		if err := f.update(other, 2); err != nil {
			t.Fatal(err)
		}
		f.view(func(ctx context.Context, r *Reader) error {
			root, err := r.Root(ctx, other.ID)
			if root != whole.ID {
				t.Errorf("root %s after a change", root)
			}
			return err
		})
	})
}
