package signing

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

const connections = 64

// spread does the work of n calls on as many goroutines as a load test has
// connections, and reports the rate and the 99th percentile of one call.
func spread(b *testing.B, n int, do func(i int) error) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	times := make([][]time.Duration, connections)
	start := time.Now()
	for c := range connections {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				at := time.Now()
				if err := do(i); err != nil {
					b.Error(err)
					return
				}
				times[c] = append(times[c], time.Since(at))
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	all := slices.Concat(times...)
	slices.Sort(all)
	if len(all) > 0 {
		b.ReportMetric(float64(len(all))/took.Seconds(), "calls/s")
		b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
	}
}

func benchmarkAccept(b *testing.B, target string) {
	h := open(b, target)
	forms := make([]Form, b.N)
	for i := range forms {
		forms[i] = form(i)
	}
	b.ResetTimer()
	spread(b, b.N, func(i int) error {
		_, err := h.Accept(context.Background(), forms[i])
		return err
	})
}

func BenchmarkAccept(b *testing.B)         { benchmarkAccept(b, testdb.SQLite(b)) }
func BenchmarkAcceptPostgres(b *testing.B) { benchmarkAccept(b, testdb.Postgres(b)) }

func benchmarkConfirm(b *testing.B, target string) {
	h := open(b, target)
	tokens := make([]string, b.N)
	spread(b, b.N, func(i int) error {
		t, err := h.Accept(context.Background(), form(i))
		tokens[i] = h.OwnToken(petition, t.N)
		return err
	})
	b.ResetTimer()
	spread(b, b.N, func(i int) error {
		_, err := h.Confirm(context.Background(), petition, tokens[i], Change{})
		return err
	})
}

func BenchmarkConfirm(b *testing.B)         { benchmarkConfirm(b, testdb.SQLite(b)) }
func BenchmarkConfirmPostgres(b *testing.B) { benchmarkConfirm(b, testdb.Postgres(b)) }

// manySigners is a house with 20,000 counted signers whose names everybody may read, or
// as many as GAWAH_BENCH_SIGNERS says.
func manySigners(b *testing.B) (h *house, many int) {
	b.Helper()
	many = 20_000
	if text := os.Getenv("GAWAH_BENCH_SIGNERS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		many = n
	}
	h = open(b, b.TempDir()+"/gawah.db")
	ctx := b.Context()
	key, err := h.Engine.keys.Petition(petition)
	if err != nil {
		b.Fatal(err)
	}
	first, err := h.store.TakeNumbers(ctx, int64(many))
	if err != nil {
		b.Fatal(err)
	}
	hour := h.hour() - 1
	for i := 0; i < many; {
		err := h.store.Aside(ctx, func(tx *store.Tx) error {
			tally := store.Tallies{}
			var rows []store.Signature
			for ; i < many && len(rows) < 5000; i++ {
				name := fmt.Sprintf("Testfall %c%c%c Example", 'A'+i%26, 'a'+i/26%26, 'a'+i/676%26)
				s := store.Signature{
					N: first + int64(i), Petition: petition, Edition: 1, Lang: "en", State: signature.Confirmed, Country: "PK", Hour: hour, Done: hour,
					Show: signature.Disclosure{Public: signature.Name, Organiser: signature.Name}, Box: key.Box(seal.UseName, seal.Person{Name: name}.Encode()),
				}
				tally.Add(&s, 1)
				rows = append(rows, s)
			}
			if err := tx.AddSignatures(ctx, rows); err != nil {
				return err
			}
			return tx.Count(ctx, tally)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return h, many
}

// BenchmarkListed measures the first page of a public list after the list has to be
// put in order, and the time until it is: of 20,000 signers, or as many as
// GAWAH_BENCH_SIGNERS says.
func BenchmarkListed(b *testing.B) {
	h, _ := manySigners(b)
	ctx := b.Context()
	h.listWait = listWait
	h.Refresh(petition)
	if _, err := h.Snapshot(ctx, petition); err != nil {
		b.Fatal(err)
	}
	var waited, ordered time.Duration
	for b.Loop() {
		l := h.lists.get(petition)
		l.mu.Lock()
		l.made, l.order = false, nil
		l.mu.Unlock()
		began := time.Now()
		got, err := h.Listed(ctx, petition, 0, 100)
		waited += time.Since(began)
		for err == nil && got.Making {
			got, err = h.Listed(ctx, petition, 0, 100)
		}
		if err != nil || len(got.Signers) != 100 {
			b.Fatalf("%d signers, %v", len(got.Signers), err)
		}
		ordered += time.Since(began)
	}
	b.ReportMetric(waited.Seconds()/float64(b.N), "s/first-answer")
	b.ReportMetric(ordered.Seconds()/float64(b.N), "s/in-order")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/1e6, "MB-of-system")
}

// BenchmarkNamesakes measures how long typed lines are compared with the names of so many
// signers in their country: a sheet of ten lines of which none has signed.
func BenchmarkNamesakes(b *testing.B) {
	h, many := manySigners(b)
	asked := map[Namesake]bool{}
	for i := range 10 {
		asked[NamesakeOf(fmt.Sprintf("Nobody Testfall %d", i), "PK")] = true
	}
	for b.Loop() {
		found, all, err := h.Namesakes(b.Context(), petition, asked)
		if err != nil || !all || len(found) != 0 {
			b.Fatal(found, all, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/sheet")
	b.ReportMetric(float64(many), "signers")
}
