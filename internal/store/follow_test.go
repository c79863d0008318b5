package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// followRecords is one record of every kind of following up, about an event, of a
// party and a person.
func followRecords(f *fixture, n string, event record.EventID, party record.PartyID, person record.PersonID, v record.Visibility) []record.Record {
	c := &record.Commitment{
		ID: record.CommitmentID(f.id()), Slug: "promise-" + n, By: []record.Promiser{{Party: party}}, Attack: event,
		Due: record.Due{Day: "2026-01-10", Zone: "UTC", Origin: record.DueHouse}, Visibility: v,
	}
	d := &record.Demand{
		ID: record.DemandID(f.id()), Slug: "demand-" + n, Of: record.Ref{Kind: record.KindEvent, ID: string(event)}, Attack: event,
		Addressees:  []record.DemandAddressee{{Key: "office", Party: party, Person: person}},
		Due:         record.Due{Day: "2026-02-10", Zone: "UTC", Origin: record.DueHouse, Working: 20, From: "2026-01-10", Country: "PK"},
		Steps:       []record.Step{{Key: "arrest", Owner: party, Due: record.Due{Day: "2026-03-10", Zone: "UTC"}}},
		Commitments: []record.CommitmentLink{{Commitment: c.ID}}, Visibility: v,
	}
	return []record.Record{
		c, d,
		&record.Assessment{
			ID: record.AssessmentID(f.id()), Of: d.Ref(), Step: "arrest", Axis: record.AxisProgress, By: record.ByOrganisation,
			Progress: record.Met, On: "2026-03-01", Review: record.Review{State: record.Accepted}, Visibility: v,
		},
		&record.Proceeding{
			ID: record.ProceedingID(f.id()), Slug: "case-" + n, Person: person, Of: party, Events: []record.EventID{event}, Visibility: v,
		},
		&record.Coverage{ID: record.CoverageID(f.id()), Event: event, Collection: "example", Tool: record.ToolFeeds, Visibility: v},
		&record.Feed{ID: record.FeedID(f.id()), URL: "https://feed.example/" + n, Collection: "example", Visibility: v},
		&record.TrendStatement{ID: record.TrendStatementID(f.id()), Slug: "trend-" + n, Input: strings.Repeat("a", 64), Made: 5, Visibility: v},
		&record.HolidayCalendar{ID: record.HolidayCalendarID(f.id()), Country: "PK", Visibility: v},
	}
}

// TestFollowed reads what refers to a record, for viewers of every level, and what
// was judged in one row for each demand.
func TestFollowed(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		e, p, h := f.event("An attack", record.Public), f.party("An office", record.Public), f.person("Zz Person", record.Public)
		open := followRecords(f, "open", e.ID, p.ID, h.ID, record.Public)
		hidden := followRecords(f, "hidden", e.ID, p.ID, h.ID, record.Internal)
		f.insert(append([]record.Record{e, p, h}, append(open, hidden...)...)...)
		f.view(func(ctx context.Context, r *Reader) error {
			for _, test := range []struct {
				v access.Viewer
				n int
			}{{access.Anyone(), 1}, {reader, 2}} {
				check := func(what string, n int, err error) {
					t.Helper()
					if err != nil || n != test.n {
						t.Errorf("%s for %q: %d, want %d (%v)", what, test.v.Role, n, test.n, err)
					}
				}
				got1, err := r.DemandsOf(ctx, test.v, string(e.ID))
				check("DemandsOf", len(got1), err)
				got1, err = r.DemandsTied(ctx, test.v, string(p.ID), PartAsked)
				check("DemandsTied", len(got1), err)
				got2, err := r.CommitmentsTied(ctx, test.v, string(p.ID), PartBy)
				check("CommitmentsTied", len(got2), err)
				got3, n, err := r.ProceedingsOf(ctx, test.v, string(e.ID), 0, 10, PartEvent)
				check("ProceedingsOf", len(got3), err)
				check("the number of ProceedingsOf", n, err)
				judged, err := r.Judgements(ctx, test.v)
				check("Judgements", len(judged), err)
				got4, err := r.AssessmentsOf(ctx, test.v, open[1].Ref().ID, hidden[1].Ref().ID)
				check("AssessmentsOf", len(got4), err)
				got5, err := r.TrendStatements(ctx, test.v)
				check("TrendStatements", len(got5), err)
				got6, err := r.HolidayCalendars(ctx, test.v)
				check("HolidayCalendars", len(got6), err)
			}
			judged, err := r.Judgements(ctx, access.Anyone(), open[1].Ref().ID)
			want := Judged{
				record.AssessmentID(open[2].Ref().ID), "arrest", "", record.AxisProgress, record.ByOrganisation, "met", "2026-03-01", "", "",
			}
			if err != nil || !slices.Equal(judged[open[1].Ref().ID], []Judged{want}) {
				t.Errorf("judged %v, want %v (%v)", judged, want, err)
			}
			all, err := r.FollowedWith(ctx, e.Ref())
			if err != nil || len(all) != 8 {
				t.Errorf("%d records are followed with the event, want 8 (%v)", len(all), err)
			}
			due, err := r.DueIn(ctx, "PK")
			if err != nil || len(due) != 2 {
				t.Errorf("%d have due dates in working days, want 2 (%v)", len(due), err)
			}
			named, err := r.ProceedingsTied(ctx, string(h.ID))
			if err != nil || len(named) != 1 {
				t.Errorf("%d public proceedings name the person, want 1 (%v)", len(named), err)
			}
			return nil
		})
		var before int64
		f.view(func(ctx context.Context, r *Reader) (err error) {
			before, err = r.FollowMoves(ctx)
			return err
		})
		f.write(func(ctx context.Context, tx *Tx) error { return tx.Erase(ctx, open[1].Ref(), 1, 1) })
		f.view(func(ctx context.Context, r *Reader) (err error) {
			moved, all, err := r.FollowMoved(ctx, before, 10)
			if err != nil || !all || !slices.Equal(moved, []string{open[1].Ref().ID}) {
				t.Errorf("moved %v (%v, %v), want the demand that is gone", moved, all, err)
			}
			left, err := r.DemandsTied(ctx, access.House(), string(p.ID))
			if len(left) != 1 {
				t.Errorf("%d demands are left, want 1", len(left))
			}
			return err
		})
	})
}

// TestEraseFeed takes what was read of a feed away with it, and nothing of another.
func TestEraseFeed(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		one := &record.Feed{ID: record.FeedID(f.id()), URL: "https://feed.example/one", Collection: "example", Visibility: record.Internal}
		two := &record.Feed{ID: record.FeedID(f.id()), URL: "https://feed.example/two", Collection: "example", Visibility: record.Internal}
		f.add(one, two)
		f.write(func(ctx context.Context, tx *Tx) error {
			for _, feed := range []*record.Feed{one, two} {
				if err := tx.exec(ctx, "insert into feed_item (feed, guid, day, title, url, tokens, kept) values ($1, $2, '2026-01-01', 'Testfall', 'u', ' testfall ', 1)", string(feed.ID), []byte{1}); err != nil {
					return err
				}
				if err := tx.exec(ctx, "insert into feed_state (feed, next, etag, modified, failures, error, polled, items, first, moved, leased, owner) values ($1, 1, '', '', 0, '', 0, 1, 0, '', 0, '')", string(feed.ID)); err != nil {
					return err
				}
			}
			return tx.Erase(ctx, one.Ref(), 1, 1)
		})
		f.view(func(ctx context.Context, r *Reader) error {
			for table, want := range map[string]string{"feed_item": string(two.ID), "feed_state": string(two.ID)} {
				var n int
				var left string
				if _, err := r.one(ctx, []any{&n, &left}, "select count(*), min(feed) from "+table); err != nil {
					return err
				}
				if n != 1 || left != want {
					t.Errorf("%s has %d rows, of %s; want the other feed's", table, n, left)
				}
			}
			return nil
		})
	})
}

// TestReminded keeps a fact from being told twice, and one that nobody was told from being taken
// for told.
func TestReminded(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		note := func(facts ...string) {
			f.write(func(ctx context.Context, tx *Tx) error { return tx.NoteFacts(ctx, facts) })
		}
		want := func(what string, pending, told int) {
			t.Helper()
			f.view(func(ctx context.Context, r *Reader) error {
				p, err := r.PendingFacts(ctx)
				if err != nil {
					return err
				}
				k, err := r.RemindedOf(ctx)
				if len(p) != pending || len(k) != told {
					t.Errorf("%s: %d pending and %d told, want %d and %d", what, len(p), len(k), pending, told)
				}
				return err
			})
		}
		var many []string
		for i := range 2*chunk + 3 {
			many = append(many, fmt.Sprint("overdue ", i))
		}
		note(many...)
		want("noted", len(many), 0)
		note(many...)
		want("noted again", len(many), 0)
		f.write(func(ctx context.Context, tx *Tx) error { return tx.FactsTold(ctx, 5, many[:1]) })
		want("told but for one", 0, len(many)-1)
		note(many...)
		want("noted when told", 1, len(many)-1)
		f.write(func(ctx context.Context, tx *Tx) error { return tx.FactsTold(ctx, 6, many[1:2]) })
		want("what is told stays so", 0, len(many))
	})
}

// TestWarned finds what announced an attack, and which office took over from which.
func TestWarned(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		attack, threat := f.event("An attack", record.Public), f.event("A threat", record.Public)
		secret := f.event("A secret threat", record.Internal)
		threat.Warnings = []record.Warning{{Attack: attack.ID}, {Attack: attack.ID}}
		secret.Warnings = []record.Warning{{Attack: attack.ID}}
		old, heir := f.party("An office", record.Public), f.party("Its heir", record.Public)
		old.Successor = heir.ID
		f.insert(attack, threat, secret, old, heir)
		f.view(func(ctx context.Context, r *Reader) error {
			got, err := r.Warned(ctx, access.Anyone(), attack.ID)
			if err != nil || len(got) != 1 || got[0].Rec.ID != threat.ID {
				t.Errorf("warned by %v (%v)", ids(got), err)
			}
			from, err := r.Succeeded(ctx, access.Anyone(), heir.ID)
			if err != nil || len(from) != 1 || from[0].Rec.ID != old.ID {
				t.Errorf("took over from %v (%v)", ids(from), err)
			}
			return nil
		})
		threat.Warnings, old.Successor = nil, ""
		if err := f.update(threat, 2); err != nil {
			t.Fatal(err)
		}
		if err := f.update(old, 2); err != nil {
			t.Fatal(err)
		}
		f.view(func(ctx context.Context, r *Reader) error {
			if got, err := r.Warned(ctx, access.Anyone(), attack.ID); err != nil || len(got) != 0 {
				t.Errorf("still warned by %v (%v)", ids(got), err)
			}
			if from, err := r.Succeeded(ctx, access.Anyone(), heir.ID); err != nil || len(from) != 0 {
				t.Errorf("still took over from %v (%v)", ids(from), err)
			}
			return nil
		})
	})
}
