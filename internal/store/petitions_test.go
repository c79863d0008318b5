package store

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/google/go-cmp/cmp"
)

// petitionRecords makes a petition with one of everything that belongs to one.
func petitionRecords(f *fixture, number int, v record.Visibility) []record.Record {
	id := record.PetitionID(f.id())
	return []record.Record{
		&record.Petition{ID: id, Number: number, Slug: "petition-" + string(v), Publication: record.PetitionPublished, Collection: record.CollectOpen, Visibility: v},
		&record.Edition{ID: record.EditionID(f.id()), Petition: id, Number: 1, Hash: "h", Visibility: v},
		&record.Endorsement{ID: record.EndorsementID(f.id()), Petition: id, State: record.EndorsementConfirmed, Visibility: v},
		&record.Batch{ID: record.BatchID(f.id()), Petition: id, Number: 1, Visibility: v},
		&record.Invalidation{ID: record.InvalidationID(f.id()), Petition: id, State: record.VoidProposed, Visibility: v},
		&record.Delivery{ID: record.DeliveryID(f.id()), Petition: id, Addressee: "office", CodeHash: "code " + string(v), Visibility: v},
		&record.Reply{ID: record.ReplyID(f.id()), Petition: id, Addressee: "office", Visibility: v},
		&record.Update{ID: record.UpdateID(f.id()), Petition: id, Number: 1, Visibility: v},
		&record.Remark{ID: record.RemarkID(f.id()), About: record.Ref{Kind: record.KindPetition, ID: string(id)}, Visibility: v},
	}
}

// TestPetitionParts reads what belongs to a petition, for viewers of every level.
func TestPetitionParts(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		recs := petitionRecords(f, 7, record.Public)
		hidden := petitionRecords(f, 8, record.Internal)
		f.insert(append(recs, hidden...)...)
		id, secret := recs[0].(*record.Petition).ID, hidden[0].(*record.Petition).ID
		f.view(func(ctx context.Context, r *Reader) error {
			if p, err := r.PetitionByNumber(ctx, access.Anyone(), 7); err != nil || p.Rec.ID != id {
				t.Errorf("by number: %v %v", p.Rec, err)
			}
			for _, n := range []int{8, 9} {
				if _, err := r.PetitionByNumber(ctx, access.Anyone(), n); !errors.Is(err, record.ErrNotFound) {
					t.Errorf("petition %d to the public: %v, want not found", n, err)
				}
			}
			if n, err := r.LastPetitionNumber(ctx); n != 8 || err != nil {
				t.Errorf("last number %d, %v", n, err)
			}
			for _, test := range []struct {
				v    access.Viewer
				id   record.PetitionID
				want int
			}{{access.Anyone(), id, 1}, {access.Anyone(), secret, 0}, {reader, secret, 1}} {
				got := map[string]int{}
				add := func(what string, n int, err error) {
					if err != nil {
						t.Errorf("%s: %v", what, err)
					}
					got[what] = n
				}
				editions, err := r.EditionsOf(ctx, test.v, test.id)
				add("editions", len(editions), err)
				endorsements, err := r.EndorsementsOf(ctx, test.v, test.id)
				add("endorsements", len(endorsements), err)
				deliveries, err := r.DeliveriesOf(ctx, test.v, test.id)
				add("deliveries", len(deliveries), err)
				replies, err := r.RepliesOf(ctx, test.v, test.id)
				add("replies", len(replies), err)
				updates, err := r.UpdatesOf(ctx, test.v, test.id)
				add("updates", len(updates), err)
				batches, err := r.BatchesOf(ctx, test.v, test.id)
				add("batches", len(batches), err)
				voids, err := r.InvalidationsOf(ctx, test.v, test.id)
				add("invalidations", len(voids), err)
				remarks, err := r.RemarksAbout(ctx, test.v, string(test.id))
				add("remarks", len(remarks), err)
				for what, n := range got {
					if n != test.want {
						t.Errorf("%s: %d to a viewer of level %d, want %d", what, n, test.v.Sees(), test.want)
					}
				}
				_, err = r.EditionOf(ctx, test.v, test.id, 0)
				if (err == nil) != (test.want == 1) {
					t.Errorf("latest edition: %v", err)
				}
			}
			if d, err := r.DeliveryByCode(ctx, "code internal"); err != nil || d.Rec.Petition != secret {
				t.Errorf("delivery by its code: %v", err)
			}
			if _, err := r.DeliveryByCode(ctx, ""); !errors.Is(err, record.ErrNotFound) {
				t.Errorf("delivery without code: %v", err)
			}
			return nil
		})
	})
}

// TestPetitionStates is the table of states: what stands in a petition, the
// instant, and the lists it is on.
func TestPetitionStates(t *testing.T) {
	const now = 100
	onBoth(t, func(t *testing.T, f *fixture) {
		want := map[string][]int{}
		n := 0
		add := func(state string, change func(*record.Petition)) {
			n++
			p := &record.Petition{
				ID: record.PetitionID(f.id()), Number: n, Slug: "petition-" + strconv.Itoa(n), Title: record.Plain("en", "Testfall petition"),
				Publication: record.PetitionPublished, Collection: record.CollectOpen, Visibility: record.Public,
			}
			change(p)
			f.insert(p)
			want[state] = append(want[state], n)
		}
		add("open", func(*record.Petition) {})
		add("open", func(p *record.Petition) { p.Opens, p.Closes = 50, 101 })
		add("open", func(p *record.Petition) {
			p.Collection = record.CollectPaused
			p.Closes = 90
			p.Pauses = []record.Pause{{From: 80}}
		})
		add("open", func(p *record.Petition) { p.Closes = 90; p.Pauses = []record.Pause{{From: 70, To: 81}} })
		add("open", func(p *record.Petition) { p.Foreign = &record.ForeignPetition{State: "open", Count: 9} })
		add("closed", func(p *record.Petition) { p.Closes = 100 })
		add("closed", func(p *record.Petition) { p.Collection = record.CollectClosed })
		add("closed", func(p *record.Petition) { p.Foreign = &record.ForeignPetition{State: "closed", Count: 90} })
		add("waiting", func(p *record.Petition) { p.Collection = record.CollectNotOpen })
		add("waiting", func(p *record.Petition) { p.Opens = 101 })
		add("rejected", func(p *record.Petition) { p.Publication = record.PetitionRejected })
		add("stopped", func(p *record.Petition) { p.Publication = record.PetitionStopped })
		add("draft", func(p *record.Petition) { p.Publication = record.PetitionDraft })
		add("review", func(p *record.Petition) { p.Publication = record.PetitionReview })
		f.view(func(ctx context.Context, r *Reader) error {
			for state, numbers := range want {
				list, err := r.Petitions(ctx, access.Anyone(), PetitionFilter{State: state, Now: now}, 0, 100)
				if err != nil {
					t.Fatal(err)
				}
				got := map[int]bool{}
				for _, p := range list {
					got[p.Rec.Number] = true
				}
				asked := map[int]bool{}
				for _, n := range numbers {
					asked[n] = true
				}
				if diff := cmp.Diff(asked, got); diff != "" {
					t.Errorf("%s:\n%s", state, diff)
				}
				if n, err := r.CountPetitions(ctx, access.Anyone(), PetitionFilter{State: state, Now: now}); n != len(numbers) || err != nil {
					t.Errorf("%s: counted %d, %v", state, n, err)
				}
			}
			if _, err := r.Petitions(ctx, access.Anyone(), PetitionFilter{State: "x' or 1=1"}, 0, 1); !errors.Is(err, record.ErrNotFound) {
				t.Errorf("an unknown state: %v", err)
			}
			all, err := r.Petitions(ctx, access.Anyone(), PetitionFilter{Now: now}, 0, 100)
			if err != nil || len(all) != n || all[len(all)-1].Rec.Foreign == nil || all[len(all)-2].Rec.Foreign.Count != 90 {
				t.Errorf("the list of all has %d of %d, and does not end with those from elsewhere by their counts: %v", len(all), n, err)
			}
			return nil
		})
	})
}

// TestForeignAnswers finds petitions that were answered on the site that published them, also those
// that were taken in before answers had a column.
func TestForeignAnswers(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		for i, answer := range []*record.ForeignResponse{{Summary: "It will be looked at: \"response\":{}"}, nil} {
			f.insert(&record.Petition{
				ID: record.PetitionID(f.id()), Number: i + 1, Slug: "petition-" + strconv.Itoa(i+1), Title: record.Plain("en", "Testfall \"response\":{}"), Publication: record.PetitionPublished,
				Collection: record.CollectClosed, Foreign: &record.ForeignPetition{State: "closed", Response: answer}, Visibility: record.Public,
			})
		}
		check := func(when string) {
			f.view(func(ctx context.Context, r *Reader) error {
				for filter, want := range map[*PetitionFilter]int{{Answered: true}: 1, {Unanswered: true}: 2} {
					list, err := r.Petitions(ctx, access.Anyone(), *filter, 0, 10)
					if err != nil || len(list) != 1 || list[0].Rec.Number != want {
						t.Errorf("%s, %+v: %d petitions, %v", when, filter, len(list), err)
					}
				}
				return nil
			})
		}
		check("as written")
		all, err := f.dialect.migrations()
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(all, func(m migration) bool { return m.name == "0004_foreign_answers.sql" })
		for _, statement := range []string{"alter table petition drop column outside_answered", all[i].text} {
			if _, err := f.db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		check("after the migration")
	})
}
