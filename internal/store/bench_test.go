package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testdb"
)

// batch is how many records one transaction of the benchmarks writes, about
// what an importer puts into its 50 ms.
const batch = 2000

// benchClaim is a claim as a dataset row gives it, about 700 bytes of JSON.
func benchClaim(n int) (*record.Claim, []byte) {
	k := int64(n % 40)
	c := &record.Claim{
		ID: record.ClaimID(testID(n)), Source: record.SourceID(testID(n / 5)), Subject: record.Ref{Kind: record.KindEvent, ID: testID(n / 10)},
		Kind: record.KindMeasure, Measure: record.Killed, Operator: record.Exact, Low: &k, High: &k,
		Review: record.Review{State: record.Compiled}, Visibility: record.Internal,
	}
	return c, benchBody
}

var benchBody = []byte(strings.Repeat(`{"as_of":{"date":"2013-01-10"},"attr`, 20)[:700])

func benchEngines(b *testing.B, bench func(b *testing.B, target string)) {
	b.Run("SQLite", func(b *testing.B) { bench(b, testdb.SQLite(b)) })
	if os.Getenv(testdb.PostgresEnv) != "" {
		b.Run("PostgreSQL", func(b *testing.B) { bench(b, testdb.Postgres(b)) })
	}
}

// BenchmarkClaims writes claims through Tx.Insert, without search documents.
func BenchmarkClaims(b *testing.B) {
	benchEngines(b, func(b *testing.B, target string) {
		f := open(b, target)
		b.ResetTimer()
		for i := 0; i < b.N; {
			f.write(func(ctx context.Context, t *Tx) error {
				for range min(batch, b.N-i) {
					c, body := benchClaim(i)
					i++
					err := t.Insert(ctx, &Version{Record: c, Rev: 1, Level: access.LevelInternal, Author: testUser, Entry: int64(i), At: 1, Role: "editor", Salt: benchBody[:16], Body: body})
					if err != nil {
						return err
					}
				}
				return nil
			})
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

// BenchmarkClaimsBare writes the same rows with one prepared statement of one
// row: what the store's own work is measured against.
func BenchmarkClaimsBare(b *testing.B) {
	benchEngines(b, func(b *testing.B, target string) {
		f := open(b, target)
		tab, columns := tables[record.KindClaim], whole[record.KindClaim]
		marks := rowMarks(f.dialect, 1, len(columns))
		b.ResetTimer()
		for i := 0; i < b.N; {
			tx, err := f.db.BeginTx(b.Context(), nil)
			if err != nil {
				b.Fatal(err)
			}
			st, err := tx.Prepare("insert into claim (" + strings.Join(columns, ", ") + ") values " + marks)
			if err != nil {
				b.Fatal(err)
			}
			for range min(batch, b.N-i) {
				c, body := benchClaim(i)
				i++
				v := &Version{Record: c, Rev: 1, Level: access.LevelInternal, Author: testUser, Entry: int64(i), At: 1, Role: "editor", Salt: benchBody[:16], Body: body}
				if _, err := st.Exec(v.values(tab)...); err != nil {
					b.Fatal(err)
				}
			}
			if err := tx.Commit(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

// vocabulary gives words with the skew of real text.
func vocabulary(seed uint64) func() string {
	r := rand.New(rand.NewPCG(seed, 7))
	z := rand.NewZipf(r, 1.1, 4, 50_000)
	return func() string { return fmt.Sprintf("w%04x", z.Uint64()*2654435761%65521) }
}

// BenchmarkDocs writes search documents of 12 tokens.
func BenchmarkDocs(b *testing.B) {
	benchEngines(b, func(b *testing.B, target string) {
		f := open(b, target)
		word := vocabulary(1)
		b.ResetTimer()
		for i := 0; i < b.N; {
			f.write(func(ctx context.Context, t *Tx) error {
				for range min(batch, b.N-i) {
					i++
					tokens := make([]string, 12)
					for j := range tokens {
						tokens[j] = word()
					}
					if err := t.index(ctx, record.Ref{Kind: record.KindSource, ID: testID(i)}, access.LevelInternal, tokens, false); err != nil {
						return err
					}
				}
				return nil
			})
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "docs/s")
	})
}

// BenchmarkDatasetRows writes what an importer makes of one row of a dataset: a
// source, an event, six claims, their search documents, the figures, the
// journal's entry and what is remembered of the row.
func BenchmarkDatasetRows(b *testing.B) {
	benchEngines(b, func(b *testing.B, target string) {
		f := open(b, target)
		word := vocabulary(1)
		words := make([][]string, 1000)
		for i := range words {
			for range 8 {
				words[i] = append(words[i], word())
			}
		}
		b.ResetTimer()
		for i := 0; i < b.N; {
			f.write(func(ctx context.Context, t *Tx) error {
				for range min(100, b.N-i) {
					i++
					id, n := testID(i), int64(i%40)
					put := func(r record.Record, tokens []string) error {
						return t.Insert(ctx, &Version{Record: r, Rev: 1, Level: access.LevelInternal, Author: testUser, Entry: t.Head.Size, At: 1, Role: "editor", Salt: benchBody[:16], Body: benchBody, Tokens: tokens})
					}
					e := &record.Event{
						ID: record.EventID(id), Slug: id, Type: record.TypeClash, When: record.On("2013-01-10"), Dataset: "testset", Import: record.ImportID(testID(1)),
						Where: record.Place{Country: "PK", Province: "Example Province", Town: "Example Town"},
					}
					src := &record.Source{ID: record.SourceID(testID(1<<29 + i)), Import: record.ImportID(testID(1)), Publisher: "Testset"}
					if err := put(src, words[i%1000]); err != nil {
						return err
					}
					if err := put(e, words[(i+300)%1000]); err != nil {
						return err
					}
					for c := range 6 {
						cl := &record.Claim{ID: record.ClaimID(testID(1<<30 + 6*i + c)), Source: src.ID, Subject: e.Ref(), Kind: record.KindMeasure, Measure: record.Killed, Review: record.Review{State: record.Compiled}}
						if err := put(cl, nil); err != nil {
							return err
						}
					}
					if err := t.PutFigures(ctx, id, []FigureRow{{Subject: id, Measure: record.Killed, Audience: 1, High: &n}}, true); err != nil {
						return err
					}
					if err := t.PutRow(ctx, &RowState{Dataset: "testset", Key: id, Run: e.Import, Hash: benchBody[:32], Source: src.ID, Event: e.ID}, nil, false); err != nil {
						return err
					}
					if err := journal(ctx, t, "import", e.Ref(), ""); err != nil {
						return err
					}
				}
				return nil
			})
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "dataset-rows/s")
	})
}
