package casework

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// A table may have the parts of a name in cells of their own: given and family
// name side by side, in either order, with or without a third between them. Such
// a cell holds little else. wordsBeside is how many more words than the name it
// may have: a title, or "late".
const wordsBeside = 2

// inCells returns the cells of a row that hold a full name between them, and nil
// where none do. Blank cells between them do not count.
func (n naming) inCells(row []string) []string {
	if len(n.full) == 0 {
		return nil
	}
	s := spellingPool.Get().(*spelling)
	defer spellingPool.Put(s)
	s.reset()
	for _, c := range row {
		s.add([]byte(c), 0)
		s.border()
	}
	for _, full := range n.full {
		words := full.parts()
		if slices.ContainsFunc(words, func(w []byte) bool { return !bytes.Contains(s.letters, w) }) {
			continue // no order of cells makes the name
		}
		if found := full.inCells(row, len(words)); found != nil {
			return found
		}
	}
	return nil
}

// parts returns the words of a name, folded.
func (n fullName) parts() [][]byte {
	var out [][]byte
	from := 0
	for k := 1; k <= len(n.letters); k++ {
		if k == len(n.letters) || n.starts[k] {
			out, from = append(out, n.letters[from:k]), k
		}
	}
	return out
}

func (n fullName) inCells(row []string, words int) []string {
	var cells []string
	for _, c := range row {
		c = strings.TrimFunc(c, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
		if c != "" {
			cells = append(cells, c)
		}
	}
	for size := 2; size <= words; size++ {
		for i := 0; i+size <= len(cells); i++ {
			run := cells[i : i+size]
			if slices.ContainsFunc(run, func(c string) bool { return len(strings.Fields(c)) > words+wordsBeside }) {
				continue
			}
			if n.inRun(run) || n.inRun(append(slices.Clone(run[1:]), run[0])) {
				return run
			}
		}
	}
	return nil
}

// inRun reports whether a name stands in some cells one after the other: its first
// words whole in the first, the next in the next, and the last in the last.
func (n fullName) inRun(run []string) bool {
	if len(run) == 1 {
		return n.alone(run[0])
	}
	for k := 1; k < len(n.letters); k++ {
		if !n.starts[k] {
			continue
		}
		first, rest := fullName{n.letters[:k], n.starts[:k]}, fullName{n.letters[k:], n.starts[k:]}
		if first.alone(run[0]) && rest.inRun(run[1:]) {
			return true
		}
	}
	return false
}

// alone reports whether words stand in a cell one after the other, each whole.
func (n fullName) alone(cell string) bool {
	s := spelling{}
	s.add([]byte(cell), 0)
	found := false
	n.find(&s, func(from, to int) bool {
		found = (from == 0 || s.joints[from] > jointUnseen) && (to == len(s.letters) || s.joints[to] > jointUnseen)
		return !found
	})
	return found
}

// wordsOf returns what strikes the words of some cells out of the records that were
// made from their row.
func wordsOf(cells []string) naming {
	var n naming
	for _, c := range cells {
		if full := fullNameOf(c); len(full.letters) > 0 {
			n.full = append(n.full, full)
			if slug := slugged(c); len(slug) >= shortName {
				n.slugs = append(n.slugs, slug)
			}
		}
	}
	return n
}

// namedRow is a row of a table that speaks of the person: where it stands, as the
// store remembers rows, and the cells that hold the name between them, if it is
// in no cell as a whole.
type namedRow struct {
	extent
	line  int
	hash  [32]byte // [exchange.RowHash]
	cells []string
}

// tableRows calls fn for each row of an original that is a table or an archive of
// some, that holds a name. What is no table has none.
func (n naming) tableRows(f io.ReadSeeker, size int64, fn func(namedRow)) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	err := n.rowsOfTable(f, fn)
	if _, other := errors.AsType[*table.FormatError](err); !other {
		return err
	}
	z, err := zip.NewReader(&at{file: f}, size)
	if err != nil {
		return nil //nolint:nilerr // neither a table nor an archive
	}
	for _, m := range z.File {
		if !tableEnding(m.Name) || m.UncompressedSize64 > maxUnpacked {
			continue
		}
		r, err := m.Open()
		if err != nil {
			continue
		}
		err = n.rowsOfTable(io.LimitReader(r, maxUnpacked), fn)
		_ = r.Close()
		if err != nil && !damaged(err) {
			if _, other := errors.AsType[*table.FormatError](err); !other {
				return err
			}
		}
	}
	return nil
}

// rowsOfTable reads all sheets of a table. A table that cannot be read to its end
// is read as far as it can be.
func (n naming) rowsOfTable(r io.Reader, fn func(namedRow)) error {
	sheets := []string{""}
	for i := 0; i < len(sheets); i++ {
		if i > 0 {
			f, ok := r.(io.Seeker)
			if !ok {
				return nil
			}
			if _, err := f.Seek(0, io.SeekStart); err != nil {
				return err
			}
		}
		t, err := table.New(r, table.Options{NoHeader: true, Sheet: sheets[i]})
		if err != nil {
			return err
		}
		if i == 0 && len(t.Sheets()) > 1 {
			sheets = append(sheets, t.Sheets()[1:]...)
		}
		for {
			row, err := t.Next()
			if err != nil {
				break
			}
			hit := namedRow{extent: extent{row.Offset, row.Offset + row.Length}, line: int(row.Line), hash: exchange.RowHash(row)}
			cells := row.Cells
			if row.Refused {
				cells = strings.FieldsFunc(string(row.Raw), func(r rune) bool { return strings.ContainsRune(",;|\t\r\n\"", r) })
			}
			if !n.inBytes(row.Raw) && !slices.ContainsFunc(cells, n.in) {
				if hit.cells = n.inCells(cells); hit.cells == nil {
					continue
				}
			}
			fn(hit)
		}
		if err := t.Close(); err != nil {
			return err
		}
	}
	return nil
}

// tableEnding reports whether a file is called as tables are.
func tableEnding(name string) bool {
	return slices.Contains([]string{".csv", ".tsv", ".tab", ".xlsx"}, strings.ToLower(path.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz"))))
}

// inTable reports whether an original that is a table holds a full name, in one
// cell or in several.
func (e *erasure) inTable(hash string) (bool, error) {
	f, size, err := e.house.blobs.Get(hash)
	if errors.Is(err, record.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	found := false
	if err := e.naming.tableRows(f, size, func(namedRow) { found = true }); err != nil {
		return false, fmt.Errorf("look through the rows of original %.12s…: %w", hash, err)
	}
	return found, nil
}

// planCells finds the rows of a dataset's file that hold a name, also one whose
// words stand in cells of their own. The rows are passed over from now on, so that
// the same file does not bring the name back, and what was made of the cells is
// struck out of their records.
func (e *erasure) planCells(ctx context.Context, c *record.Capture) (rows []extent, found bool, err error) {
	f, size, err := e.house.blobs.Get(c.Hash)
	if errors.Is(err, record.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	byLine := map[int]namedRow{}
	if err := e.naming.tableRows(f, size, func(n namedRow) {
		byLine[n.line] = n
		if n.start >= 0 {
			rows = append(rows, n.extent)
		}
	}); err != nil || len(byLine) == 0 {
		return nil, false, err
	}
	var runs []store.Item[*record.Import]
	unread := map[int]bool{}
	err = e.house.view(ctx, func(r *store.Reader) error {
		var err error
		if runs, err = r.ImportsOf(ctx, c.Hash); err != nil {
			return err
		}
		ids, datasets := map[record.ImportID]bool{}, map[string]bool{}
		for _, run := range runs {
			ids[run.Rec.ID], datasets[run.Rec.Dataset] = true, true
		}
		for line := range byLine {
			unread[line] = true
		}
		for d := range datasets {
			err := r.RowsIn(ctx, d, func(s store.RowState) error {
				if n, ok := byLine[s.Line]; ok && ids[s.Run] {
					delete(unread, s.Line)
					e.rows = append(e.rows, s)
					if n.cells != nil {
						e.cells = append(e.cells, cellsOfRow{s, wordsOf(n.cells)})
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	for line := range unread {
		hash := byLine[line].hash
		e.struck = append(e.struck, struckBytes(hash[:]))
	}
	return rows, true, e.strikeUnread(ctx, c.Hash, runs, unread)
}

// cellsOfRow is a row whose records hold parts of a name, and those parts.
type cellsOfRow struct {
	row   store.RowState
	parts naming
}

// strikeCells strikes the parts of names out of the records of their rows.
func (e *erasure) strikeCells(w *Work) error {
	for _, c := range e.cells {
		part := &erasure{house: e.house, ref: e.ref, naming: c.parts}
		for _, ref := range refsOfRow(c.row) {
			if ref.ID == "" || e.doomed[ref] || e.keep[ref] {
				continue
			}
			item, err := store.AnyOne(w.ctx, &w.tx.Reader, access.House(), ref)
			if errors.Is(err, record.ErrGone) || errors.Is(err, record.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if !c.parts.inBytes(item.Body) && !slices.ContainsFunc(c.parts.slugs, func(s string) bool { return bytes.Contains(item.Body, []byte(s)) }) {
				continue
			}
			if err := part.redact(w, ref); err != nil {
				return err
			}
		}
	}
	return nil
}

// refsOfRow lists the records that were made from a row.
func refsOfRow(row store.RowState) []record.Ref {
	refs := []record.Ref{{Kind: record.KindSource, ID: string(row.Source)}, {Kind: record.KindEvent, ID: string(row.Event)}}
	for _, id := range row.Claims {
		refs = append(refs, record.Ref{Kind: record.KindClaim, ID: string(id)})
	}
	return refs
}
