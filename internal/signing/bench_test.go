package signing

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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
