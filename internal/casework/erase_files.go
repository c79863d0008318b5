package casework

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// rewrite is an original that takes another one's place.
type rewrite struct {
	hash string
	size int64
}

// files looks through the originals for the person's names and prepares what
// takes the place of those that hold one. Copies of sources are removed whole,
// with their text; the file of a dataset is kept with the rows blanked out.
func (e *erasure) files(ctx context.Context) error {
	if len(e.naming.full) == 0 {
		return nil
	}
	var captures []*record.Capture
	var releases []*record.Release
	err := e.house.view(ctx, func(r *store.Reader) error {
		err := store.Each(ctx, r, access.House(), func(i store.Item[*record.Capture]) error {
			if !e.doomed[i.Rec.Ref()] && !e.keep[i.Rec.Ref()] {
				captures = append(captures, i.Rec)
			}
			return nil
		})
		if err != nil {
			return err
		}
		all, err := r.Releases(ctx, access.House())
		for _, i := range all {
			releases = append(releases, i.Rec)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range captures {
		if err := e.look(ctx, c); err != nil {
			return err
		}
	}
	if err := e.staged(ctx); err != nil {
		return err
	}
	// A frozen release cannot be thawed: one that names the person is withdrawn.
	for _, rel := range releases {
		held, err := e.holds(rel.Hash)
		if err != nil {
			return err
		}
		if held {
			e.doomed[rel.Ref()] = true
			e.blobs[rel.Hash] = true
		}
	}
	return nil
}

// look decides what becomes of one copy.
func (e *erasure) look(ctx context.Context, c *record.Capture) error {
	if _, done := e.rewritten[c.Hash]; done {
		return nil
	}
	rows, dataset, err := e.rowsOf(ctx, c)
	if err != nil {
		return err
	}
	named, err := e.names(c, dataset)
	if err != nil {
		return err
	}
	if dataset {
		more, found, err := e.planCells(ctx, c)
		if err != nil {
			return err
		}
		rows, named = append(rows, more...), named || found
	}
	if !named && len(rows) == 0 {
		return nil
	}
	if dataset {
		ok, err := e.blank(ctx, c, rows)
		if err != nil || ok {
			return err
		}
	}
	e.doomed[c.Ref()] = true
	e.blobs[c.Hash] = true
	e.struck = append(e.struck, struckFile(c.Hash))
	if c.TextHash != "" {
		e.blobs[c.TextHash] = true
	}
	return nil
}

// names reports whether a copy or its text names the person. In the file of a dataset
// the cells are looked at elsewhere.
func (e *erasure) names(c *record.Capture, dataset bool) (bool, error) {
	named, err := e.holds(c.Hash)
	if err == nil && !named && c.TextHash != "" {
		named, err = e.holds(c.TextHash)
	}
	if err == nil && !named && !dataset && tableEnding(c.Name) {
		named, err = e.inTable(c.Hash)
	}
	return named, err
}

// copies lists the copies of sources that will be removed whole because they name
// the person, each with the title of its source.
func (e *erasure) copies(ctx context.Context, r *store.Reader) ([]Mention, error) {
	if len(e.naming.full) == 0 {
		return nil, nil
	}
	var found []*record.Capture
	err := store.Each(ctx, r, access.House(), func(i store.Item[*record.Capture]) error {
		if e.doomed[i.Rec.Ref()] {
			return nil
		}
		_, dataset, err := e.rowsOf(ctx, i.Rec)
		if err != nil || dataset {
			return err
		}
		named, err := e.names(i.Rec, false)
		if named {
			found = append(found, i.Rec)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	sources := make([]record.SourceID, len(found))
	for i, c := range found {
		sources[i] = c.Source
	}
	titled, err := store.Get[*record.Source](ctx, r, access.House(), sources...)
	if err != nil {
		return nil, err
	}
	out := make([]Mention, len(found))
	for i, c := range found {
		out[i] = Mention{Ref: c.Ref(), Full: true, Whole: true}
		if s, ok := titled[c.Source]; ok {
			out[i].Words = s.Rec.Title.In("en").Text
		}
	}
	return out, nil
}

// extent is where a row stands in a decompressed file.
type extent struct{ start, end int64 }

// rowsOf returns where the rows that speak of the person stand in the file of a
// dataset, and whether the copy is such a file.
func (e *erasure) rowsOf(ctx context.Context, c *record.Capture) (rows []extent, dataset bool, err error) {
	err = e.house.view(ctx, func(r *store.Reader) error {
		runs, err := r.ImportsOf(ctx, c.Hash)
		if err != nil || len(runs) == 0 {
			return err
		}
		dataset = true
		ids := map[record.ImportID]bool{}
		for _, run := range runs {
			ids[run.Rec.ID] = true
		}
		for _, row := range e.rows {
			if ids[row.Run] {
				rows = append(rows, extent{row.Offset, row.Offset + row.Length})
			}
		}
		return nil
	})
	return rows, dataset, err
}

// holds reports whether an original holds a full name, also in compressed parts.
func (e *erasure) holds(hash string) (bool, error) {
	f, size, err := e.house.blobs.Get(hash)
	if errors.Is(err, record.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	found, err := contains(f, size, e.naming.inBytes)
	if err != nil {
		return false, fmt.Errorf("look through original %.12s…: %w", hash, err)
	}
	return found, nil
}

// The window in which files are searched, and how much of one is looked at again
// with the next so that nothing falls between two.
const (
	searchWindow  = 1 << 20
	searchOverlap = 64 << 10
	maxUnpacked   = 8 << 30
)

// contains searches a file, its content when it is compressed with gzip, and the
// members of a ZIP archive.
func contains(f io.ReadSeeker, size int64, hit func([]byte) bool) (bool, error) {
	found, err := search(f, hit)
	if err != nil || found {
		return found, err
	}
	var magic [4]byte
	if _, err := (&at{file: f}).ReadAt(magic[:], 0); err != nil {
		return false, nil // too short to be an archive
	}
	switch {
	case magic[0] == 0x1f && magic[1] == 0x8b:
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return false, err
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			return false, nil // only looks like it
		}
		found, err := search(io.LimitReader(z, maxUnpacked), hit)
		if damaged(err) {
			err = nil
		}
		return found, err
	case string(magic[:]) == "PK\x03\x04":
		z, err := zip.NewReader(&at{file: f}, size)
		if err != nil {
			return false, nil
		}
		for _, m := range z.File {
			if hit([]byte(m.Name)) {
				return true, nil
			}
			r, err := m.Open()
			if err != nil {
				continue
			}
			found, err := search(io.LimitReader(r, maxUnpacked), hit)
			_ = r.Close()
			if found || (err != nil && !damaged(err)) {
				return found, err
			}
		}
	}
	return false, nil
}

// damaged reports whether an error is about the compressed bytes.
func damaged(err error) bool {
	return errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat)
}

func search(r io.Reader, hit func([]byte) bool) (bool, error) {
	buf := make([]byte, searchWindow+searchOverlap)
	kept := 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		if n > 0 && hit(buf[:kept+n]) {
			return true, nil
		}
		if errors.Is(err, io.EOF) || (errors.Is(err, io.ErrUnexpectedEOF) && n < len(buf)-kept) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		kept = copy(buf, buf[kept+n-searchOverlap:kept+n])
	}
}

// blank writes a dataset's file anew with the rows blanked out, and reports false
// where that cannot be done: in a spreadsheet or an encoding of several bytes a
// sign, or when the name still stands somewhere afterwards.
func (e *erasure) blank(ctx context.Context, c *record.Capture, rows []extent) (bool, error) {
	f, held, err := e.house.blobs.Get(c.Hash)
	if err != nil {
		return false, err
	}
	defer f.Close()
	var magic [4]byte
	if _, err := (&at{file: f}).ReadAt(magic[:], 0); err != nil || held < 4 {
		return false, nil
	}
	if !blankable(magic[:]) {
		return false, nil
	}
	packed := gzipped(magic[:])
	slices.SortFunc(rows, func(a, b extent) int { return cmp.Compare(a.start, b.start) })
	if len(rows) == 0 {
		return false, nil
	}
	fresh, size, err := e.house.blanked(ctx, f, packed, rows)
	if err != nil {
		return false, err
	}
	left, err := e.holds(fresh)
	if err == nil && !left {
		left, err = e.inTable(fresh)
	}
	if err != nil {
		return false, err
	}
	if left || fresh == c.Hash {
		if fresh != c.Hash {
			err = e.house.blobs.Remove(fresh)
		}
		return false, err
	}
	e.rewritten[c.Hash] = rewrite{fresh, size}
	e.blobs[c.Hash] = true
	return true, nil
}

func gzipped(magic []byte) bool { return magic[0] == 0x1f && magic[1] == 0x8b }

// blankable reports whether rows of a file can be blanked out byte by byte: not
// in an archive (a spreadsheet) or in UTF-16.
func blankable(magic []byte) bool {
	switch string(magic[:2]) {
	case "PK", "\xff\xfe", "\xfe\xff":
		return false
	}
	return true
}

// blanked keeps a copy of a file with the rows, which are in order, blanked out.
func (h *House) blanked(ctx context.Context, f io.ReadSeeker, packed bool, rows []extent) (hash string, size int64, err error) {
	in, err := unpack(f, packed)
	if err != nil {
		return "", 0, err
	}
	pr, pw := io.Pipe()
	go func() {
		var out io.WriteCloser = nopCloser{pw}
		if packed {
			out = gzip.NewWriter(pw)
		}
		err := blankRows(out, in, rows)
		pw.CloseWithError(errors.Join(err, out.Close()))
	}()
	hash, size, err = h.blobs.Put(ctx, pr, -1)
	_ = pr.Close()
	if err != nil {
		return "", 0, fmt.Errorf("blank out rows of a dataset's file: %w", err)
	}
	return hash, size, nil
}

// blankFrozen blanks out, in the file just imported, the rows that were passed
// over because somebody they spoke of was erased, and with them those that could
// not be read, or removes the file where that cannot be done. The same or a newer file thus brings nobody back.
func (i *importer) blankFrozen() error {
	if len(i.frozen) == 0 {
		return nil
	}
	e := &erasure{house: i.house, doomed: map[record.Ref]bool{}, blobs: map[string]bool{i.options.Hash: true}, rewritten: map[string]rewrite{}}
	f, held, err := i.house.blobs.Get(i.options.Hash)
	if err != nil {
		return err
	}
	defer f.Close()
	var magic [4]byte
	if _, err := (&at{file: f}).ReadAt(magic[:], 0); err != nil || held < 4 {
		return err
	}
	if blankable(magic[:]) {
		rows := slices.Concat(i.frozen, i.unread)
		slices.SortFunc(rows, func(a, b extent) int { return cmp.Compare(a.start, b.start) })
		hash, size, err := i.house.blanked(i.ctx, f, gzipped(magic[:]), rows)
		if err != nil {
			return err
		}
		if hash == i.options.Hash {
			return nil // blanked out already
		}
		e.rewritten[i.options.Hash] = rewrite{hash, size}
	} else {
		err := i.house.view(i.ctx, func(r *store.Reader) error {
			held, err := r.CapturesBy(i.ctx, access.House(), i.options.Hash)
			for _, c := range held {
				e.doomed[c.Rec.Ref()] = true
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	err = i.house.do(i.ctx, i.viewer, access.ActImport, "blank out rows", "", e.carryOut)
	if err != nil {
		return errors.Join(err, e.dropFresh(i.ctx))
	}
	if err := i.house.finishErasing(i.ctx); err != nil {
		return err
	}
	return i.house.view(i.ctx, func(r *store.Reader) error {
		run, err := store.One[*record.Import](i.ctx, r, access.House(), i.run_.ID)
		i.run_ = run.Rec
		return err
	})
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func unpack(f io.ReadSeeker, packed bool) (io.Reader, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if !packed {
		return f, nil
	}
	return gzip.NewReader(f)
}

// blankRows copies a file and puts an x for every byte in the rows that is not a
// separator, a quote or a line end, so that the file keeps its form and every
// other row its place.
func blankRows(w io.Writer, r io.Reader, rows []extent) error {
	buf := make([]byte, 64<<10)
	at := int64(0)
	for {
		n, err := r.Read(buf)
		for i := range buf[:n] {
			pos := at + int64(i)
			for len(rows) > 0 && pos >= rows[0].end {
				rows = rows[1:]
			}
			if len(rows) > 0 && pos >= rows[0].start && bytes.IndexByte([]byte(",;|\t\"'\r\n"), buf[i]) < 0 {
				buf[i] = 'x'
			}
		}
		at += int64(n)
		if _, werr := w.Write(buf[:n]); werr != nil {
			return werr
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// replaceFiles makes the records of rewritten files name the new ones.
func (e *erasure) replaceFiles(w *Work) error {
	for old, fresh := range e.rewritten {
		captures, err := w.tx.CapturesBy(w.ctx, access.House(), old)
		if err != nil {
			return err
		}
		for _, item := range captures {
			c := *item.Rec
			c.Hash, c.Size = fresh.hash, fresh.size
			c.Tool += ", rows blanked out after an erasure"
			if err := w.Change(&c, item.Rev); err != nil {
				return err
			}
		}
		runs, err := w.tx.ImportsOf(w.ctx, old)
		if err != nil {
			return err
		}
		for _, item := range runs {
			run := *item.Rec
			run.Hash, run.Size = fresh.hash, fresh.size
			if err := w.Change(&run, item.Rev); err != nil {
				return err
			}
		}
	}
	// The run that brought in a file that goes as a whole names none any more.
	for hash := range e.blobs {
		if _, ok := e.rewritten[hash]; ok {
			continue
		}
		runs, err := w.tx.ImportsOf(w.ctx, hash)
		if err != nil {
			return err
		}
		for _, item := range runs {
			run := *item.Rec
			run.Hash, run.Size = "", 0
			if err := w.Change(&run, item.Rev); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropFresh removes the rewritten files of an erasure that did not come about.
func (e *erasure) dropFresh(ctx context.Context) error {
	var errs []error
	for _, fresh := range e.rewritten {
		errs = append(errs, e.house.view(ctx, func(r *store.Reader) error {
			uses, err := r.BlobUses(ctx, fresh.hash)
			if err != nil || uses > 0 {
				return err
			}
			return e.house.blobs.Remove(fresh.hash)
		}))
	}
	return errors.Join(errs...)
}
