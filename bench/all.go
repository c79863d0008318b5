package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

func runAll(ctx context.Context, args []string) (err error) {
	fs, s := flags("all")
	z := sizeFlags(fs)
	follow := followFlags(fs)
	db := fs.String("db", "", "also measure PostgreSQL: the `ADDRESS` of a server on which databases may be made and dropped")
	file := fs.String("file", "", "import this UCDP GED `FILE` too")
	large := fs.Int("large", 500_000, "`N` rows in the large generated file")
	seconds := fs.Int("seconds", 60, "`SECONDS` of load")
	_ = fs.Parse(args) // exits on errors
	dir, remove, err := s.scratch()
	if err != nil {
		return err
	}
	defer joinClose(&err, remove)
	t := &table{}
	fmt.Printf("Measured %s on %s.\n\n", time.Now().UTC().Format(time.DateOnly), machine(ctx, *db))
	specs := []importSpec{{rows: 20_000, floor: true}}
	if *file != "" {
		specs = append(specs, importSpec{file: *file, floor: true})
	}
	if *db != "" {
		specs = append(specs, importSpec{rows: 20_000, floor: true, server: *db})
	}
	for _, spec := range specs {
		m, err := s.measureImport(ctx, dir, spec)
		if err != nil {
			return err
		}
		t.imported(m)
	}
	m, err := s.measureImport(ctx, dir, importSpec{rows: *large})
	if err != nil {
		return err
	}
	t.row(fmt.Sprintf("peak memory, %d rows into SQLite", m.rows), "≤ 200 MB", fmt.Sprintf("%d MB, %.0f rows/s", m.child.rss>>20, m.perSec), "")
	l, err := s.measureLoad(ctx, loadSpec{size: *z, rate: 200, seconds: *seconds})
	if err != nil {
		return err
	}
	t.loaded(l)
	f, err := s.measureFigures(ctx, *z)
	if err != nil {
		return err
	}
	of := fmt.Sprintf("figures of %d events × %d claims", f.events, f.claims/f.events)
	t.row(of+", in memory", "≤ 3 s", fmt.Sprintf("%.1f s", f.memory.Seconds()), "")
	t.row(of+", from the store and written back", "≤ 12 s", fmt.Sprintf("%.1f s", f.stored.Seconds()), "")
	t.row("one changed claim", "only its event", fmt.Sprintf("%d event in %s", f.touched, ms(f.change)), "")
	follow.server, follow.seconds = *db, *seconds
	if err := s.measureFollow(ctx, t, *follow); err != nil {
		return err
	}
	st, err := s.measureStart(ctx, *z)
	if err != nil {
		return err
	}
	t.row("start to first page", "≤ 1 s", ms(st.first), "")
	t.row("binary", "≤ 45 MB", fmt.Sprintf("%.1f MB", float64(st.bytes)/1e6), "")
	t.print()
	return nil
}

// table is what docs/benchmarks.md shows.
type table struct{ rows [][4]string }

func (t *table) row(what, target, measured, ratio string) {
	t.rows = append(t.rows, [4]string{what, target, measured, ratio})
	fmt.Fprintf(os.Stderr, "%s: %s %s\n", what, measured, ratio)
}

func (t *table) imported(m imported) {
	target := "≥ 2,500 rows/s, ≥ 60 % of the bare loop"
	if m.engine == "PostgreSQL" {
		target = "≥ 1,200 rows/s"
	}
	t.row(fmt.Sprintf("import of %d UCDP rows into %s", m.rows, m.engine), target, fmt.Sprintf("%.0f rows/s, %d MB", m.perSec, m.child.rss>>20),
		fmt.Sprintf("%.0f %% of %.0f rows/s", 100*m.perSec/m.floor, m.floor))
}

func (t *table) loaded(l loaded) {
	for _, c := range l.classes {
		target := "p99 ≤ 150 ms"
		if c.name == "event" {
			target = "p99 ≤ 50 ms"
		}
		what := fmt.Sprintf("%s pages, %d requests/s over all, %d claims, while %d rows were imported", c.name, l.rate, l.claims, l.imported)
		t.row(what, target, fmt.Sprintf("p50 %s, p95 %s, p99 %s, longest %s", ms(c.at(0.5)), ms(c.at(0.95)), ms(c.at(0.99)), ms(c.at(1))),
			fmt.Sprintf("%d of %d failed", c.failed, len(c.times)+c.failed))
	}
}

func (t *table) print() {
	fmt.Println("| what | target | measured | beside |")
	fmt.Println("|---|---|---|---|")
	for _, r := range t.rows {
		fmt.Printf("| %s | %s | %s | %s |\n", r[0], r[1], r[2], r[3])
	}
}
