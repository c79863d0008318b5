package store

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/signature"
)

func signed(n int64) Signature {
	return Signature{
		N: n, Petition: 3, Edition: 1, Lang: "ur", Via: signature.Web, Addr: []byte("0123456789abcdef"), Who: []byte("01234567"), Host: []byte("hhhhhhhh"), Net: []byte("nnnnnnnn"),
		Country: "PK", Show: signature.Disclosure{Organiser: signature.Name}, Updates: true, Box: []byte("box"), Mail: []byte("mail"), Due: 5, Hour: 480_000, Done: 480_000,
	}
}

// aside runs fn in a transaction beside the journal.
func (f *fixture) aside(fn func(ctx context.Context, tx *Tx) error) {
	f.t.Helper()
	ctx := f.t.Context()
	if err := f.Aside(ctx, func(tx *Tx) error { return fn(ctx, tx) }); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) signatures() map[int64]Signature {
	f.t.Helper()
	out := map[int64]Signature{}
	err := f.View(f.t.Context(), func(r *Reader) error {
		rows, err := r.SignaturesWhere(f.t.Context(), SignatureWhere{}, 0, 10_000)
		for _, s := range rows {
			out[s.N] = s
		}
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return out
}

func TestSignatureRows(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		before, err := f.Now(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var rows []Signature
		for i := range int64(300) {
			s := signed(i + 1)
			if i%3 == 0 {
				s.Addr, s.Who, s.Host, s.Net, s.Box, s.Mail, s.Updates = nil, nil, nil, nil, nil, nil, false
			}
			rows = append(rows, s)
		}
		d := Tallies{}
		for i := range rows {
			d.Add(&rows[i], 1)
		}
		f.aside(func(ctx context.Context, tx *Tx) error {
			if err := tx.AddSignatures(ctx, rows); err != nil {
				return err
			}
			return tx.Count(ctx, d)
		})
		got := f.signatures()
		for _, want := range rows {
			if d := cmp.Diff(want, got[want.N]); d != "" {
				t.Fatalf("row %d: %s", want.N, d)
			}
		}
		err = f.View(ctx, func(r *Reader) error {
			have, err := r.Tallies(ctx)
			if err != nil {
				return err
			}
			want, err := r.Recount(ctx)
			if d := cmp.Diff(want, have); d != "" {
				t.Errorf("tallies: %s", d)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		// Pages that are kept in memory survive a signature.
		if after, err := f.Now(ctx); err != nil || after != before {
			t.Errorf("the head moved from %v to %v, %v", before, after, err)
		}
	})
}

func TestNumbersAreGivenOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		var mu sync.Mutex
		seen := map[int64]bool{}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 20 {
					first, err := f.TakeNumbers(ctx, 3)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					for n := first; n < first+3; n++ {
						if n < 1 || seen[n] {
							t.Errorf("%d was given twice", n)
						}
						seen[n] = true
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		f.aside(func(ctx context.Context, tx *Tx) error { return tx.SkipNumbers(ctx, 1<<40) })
		if first, err := f.TakeNumbers(ctx, 1); err != nil || first != 8*20*3+1+1<<40 {
			t.Errorf("%d, %v", first, err)
		}
	})
}

// TestDueIsTakenOnce lets two processes take mails that are due.
func TestDueIsTakenOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		var rows []Signature
		for i := range int64(200) {
			s := signed(i + 1)
			s.Due = 100 + i%5
			rows = append(rows, s)
		}
		f.aside(func(ctx context.Context, tx *Tx) error { return tx.AddSignatures(ctx, rows) })
		other := open(t, f.target)
		var mu sync.Mutex
		taken := map[int64]int{}
		var wg sync.WaitGroup
		for _, s := range []*Store{f.Store, other.Store, f.Store, other.Store} {
			wg.Go(func() {
				for {
					var got []Signature
					err := s.Aside(t.Context(), func(tx *Tx) (err error) {
						got, err = tx.TakeDue(t.Context(), 102, 500, 7)
						return err
					})
					if err != nil {
						t.Error(err)
						return
					}
					if len(got) == 0 {
						return
					}
					mu.Lock()
					for _, s := range got {
						taken[s.N]++
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		for n, times := range taken {
			if times != 1 || (n-1)%5 > 2 {
				t.Errorf("row %d was taken %d times", n, times)
			}
		}
		if len(taken) != 120 {
			t.Errorf("%d rows were taken", len(taken))
		}
		f.aside(func(ctx context.Context, tx *Tx) error {
			if err := tx.MailTried(ctx, []int64{1}, 0, 0, 0); err != nil {
				return err
			}
			if err := tx.MailTried(ctx, []int64{3}, 0, 1, 900); err != nil { // a lease that is another's
				return err
			}
			return tx.MailTried(ctx, []int64{2}, 0, 0, 700)
		})
		got := f.signatures()
		if got[1].Due != 0 || got[1].Tries != 1 || got[2].Due != 700 || got[2].Tries != 1 {
			t.Errorf("%+v, %+v", got[1], got[2])
		}
		err := f.View(t.Context(), func(r *Reader) error {
			m, err := r.Mailed(t.Context(), 3, [][]byte{[]byte("0123456789abcdef"), []byte("unknown-unknown-")}, 0, 0)
			if len(m) != 1 || m["0123456789abcdef"].Mails != 2 || m["0123456789abcdef"].Confirmed != 0 {
				t.Errorf("%+v", m)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestToldOnce stops in the middle of telling and goes on.
func TestToldOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		var rows []Signature
		for i := range int64(30) {
			s := signed(i + 1)
			s.State, s.Updates = signature.Confirmed, i%3 > 0
			rows = append(rows, s)
		}
		f.aside(func(ctx context.Context, tx *Tx) error { return tx.AddSignatures(ctx, rows) })
		told := map[int64]int{}
		stopped := errors.New("stopped")
		batch := func(update int64, fail bool) int {
			var numbers []int64
			err := f.Aside(t.Context(), func(tx *Tx) error {
				rows, err := tx.ToTell(t.Context(), 3, update, 1<<40, 8)
				if err != nil {
					return err
				}
				for _, s := range rows {
					numbers = append(numbers, s.N)
				}
				if err := tx.Told(t.Context(), numbers, update); err != nil {
					return err
				}
				if fail {
					return stopped
				}
				return nil
			})
			if fail != (err != nil) {
				t.Fatal(err)
			}
			if !fail {
				for _, n := range numbers {
					told[n]++
				}
			}
			return len(numbers)
		}
		batch(1, false)
		batch(1, true)
		for batch(1, false) > 0 {
		}
		if len(told) != 20 {
			t.Errorf("%d were told", len(told))
		}
		for batch(2, false) > 0 {
		}
		for n, times := range told {
			if times != 2 {
				t.Errorf("row %d was told %d times", n, times)
			}
		}
	})
}

func TestShownIsReplacedInTurn(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		put := func(change int64, body string) (ok bool) {
			f.aside(func(ctx context.Context, tx *Tx) (err error) {
				ok, err = tx.PutShown(ctx, 3, change, 77, []byte(body))
				return err
			})
			return ok
		}
		if !put(0, "first") || put(0, "another first") || !put(1, "second") || put(1, "another second") || put(9, "ninth") {
			t.Error("snapshots do not follow one another")
		}
		err := f.View(t.Context(), func(r *Reader) error {
			body, change, ok, err := r.Shown(t.Context(), 3)
			if string(body) != "second" || change != 2 || !ok {
				t.Errorf("%q, %d, %v", body, change, ok)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestSignaturePlans holds the questions that are asked while people sign to the
// indexes that were made for them.
func TestSignaturePlans(t *testing.T) {
	f := open(t, t.TempDir()+"/gawah.db")
	for query, index := range map[string]string{
		"select n, addr, who from signature where petition = 1 and addr in (x'00', x'01') and " + known + " and state = 1 order by n":                                               "signature_addr",
		"select addr, sum(tries) from signature where petition = 1 and addr in (x'00', x'01') and " + known + " group by addr":                                                      "signature_addr",
		"select n from signature where due > 0 and due <= 5 limit 1":                                                                                                                "signature_due",
		"select n from signature where due > 0 and due <= 5 order by due, n limit 10":                                                                                               "signature_due",
		"select n from signature where petition = 1 and updates = 1 and state = 1 and told < 2 order by told, n limit 10":                                                           "signature_told",
		"select n from signature where petition = 1 and batch = 2 and batch > 0":                                                                                                    "signature_batch",
		"select n from signature where petition = 1 and leaf = 0 and state = 1 and done < 7 order by n limit 10":                                                                    "signature_leaf",
		"select edition, count from tally where petition = 1 and count <> 0":                                                                                                        "PRIMARY KEY",
		"update tally set count = count + 1 where petition = 1 and day = 0 and state = 0 and edition = 1 and was = 0 and via = 0 and country = 'PK' and second = 0 and voided = ''": "PRIMARY KEY",
	} {
		err := f.View(t.Context(), func(r *Reader) error {
			rows, err := r.query(t.Context(), "explain query plan "+query)
			if err != nil {
				return err
			}
			var plan []string
			err = scan(rows, func() error {
				var id, parent, unused int
				var detail string
				err := rows.Scan(&id, &parent, &unused, &detail)
				plan = append(plan, detail)
				return err
			})
			if all := strings.Join(plan, "; "); !strings.Contains(all, index) || strings.Contains(all, "SCAN") && !strings.Contains(all, "USING INDEX "+index) {
				t.Errorf("%s\nis answered by %s", query, all)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
