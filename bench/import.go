package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// imported is one measured import.
type imported struct {
	engine string
	rows   int
	perSec float64 // dataset rows
	child  child
	// floor is the rate of a bare loop that writes the same table rows, 0 when it
	// was not measured.
	floor float64
	shape shape
}

func runImport(ctx context.Context, args []string) (err error) {
	fs, s := flags("import")
	rows := fs.Int("rows", 20_000, "generate a UCDP-shaped file of `N` rows")
	file := fs.String("file", "", "import this UCDP GED `FILE` instead")
	db := fs.String("db", "", "also import into PostgreSQL: the `ADDRESS` of a server on which a database may be made and dropped")
	floor := fs.Bool("floor", true, "also write the same table rows with a bare loop (needs memory for all of them)")
	_ = fs.Parse(args) // exits on errors
	dir, remove, err := s.scratch()
	if err != nil {
		return err
	}
	defer joinClose(&err, remove)
	m, err := s.measureImport(ctx, dir, importSpec{rows: *rows, file: *file, floor: *floor})
	if err != nil {
		return err
	}
	m.print()
	if *db != "" {
		if m, err = s.measureImport(ctx, dir, importSpec{rows: *rows, file: *file, floor: *floor, server: *db}); err != nil {
			return err
		}
		m.print()
	}
	return nil
}

// importSpec says what to import where.
type importSpec struct {
	rows   int
	file   string // generated when empty
	server string // PostgreSQL, SQLite when empty
	floor  bool
}

func (s *shared) measureImport(ctx context.Context, dir string, spec importSpec) (m imported, err error) {
	gawah, err := s.binary(ctx)
	if err != nil {
		return m, err
	}
	file := spec.file
	if file == "" {
		if file, err = generate(filepath.Join(dir, fmt.Sprintf("generated-%d.csv", spec.rows)), 1, spec.rows); err != nil {
			return m, err
		}
	}
	data := filepath.Join(dir, "imported")
	target, remove := filepath.Join(data, "gawah.db"), func() error { return os.RemoveAll(data) }
	m.engine = "SQLite"
	db := ""
	if spec.server != "" {
		m.engine = "PostgreSQL"
		var drop func() error
		if db, drop, err = freshDatabase(ctx, spec.server); err != nil {
			return m, err
		}
		target = db
		defer joinClose(&err, drop)
	}
	defer joinClose(&err, remove)
	report, cost, err := importFile(ctx, gawah, file, data, db)
	if err != nil {
		return m, err
	}
	m.rows, m.child = report.Rows, cost
	m.perSec = float64(report.Rows) / report.Seconds
	if !spec.floor {
		return m, nil
	}
	m.shape, err = readShape(ctx, target)
	if err != nil {
		return m, err
	}
	into := filepath.Join(dir, "floor.db")
	if spec.server != "" {
		var drop func() error
		if into, drop, err = freshDatabase(ctx, spec.server); err != nil {
			return m, err
		}
		defer joinClose(&err, drop)
	} else {
		defer joinClose(&err, func() error { return removeSQLite(into) })
	}
	took, err := m.shape.write(ctx, into)
	if err != nil {
		return m, err
	}
	m.floor = float64(report.Rows) / took.Seconds()
	return m, nil
}

// generate writes a UCDP-shaped file unless it is there already.
func generate(path string, from, rows int) (string, error) {
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return "", fmt.Errorf("make the generated file: %w", err)
	}
	if err := writeUCDP(f, from, rows); err != nil {
		return "", fmt.Errorf("write the generated file: %w", err)
	}
	return path, f.Close()
}

func (m imported) print() {
	fmt.Printf("%s: %d rows, %.0f rows/s, peak memory %d MB, processor time %.1f s\n", m.engine, m.rows, m.perSec, m.child.rss>>20, m.child.cpu.Seconds())
	if m.floor > 0 {
		fmt.Printf("%s: a bare loop writing the same %d table rows in %d transactions: %.0f rows/s; the import reaches %.0f %% of it\n",
			m.engine, m.shape.rows, m.shape.commits, m.floor, 100*m.perSec/m.floor)
	}
}
