package casework

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// ImportOptions are an importer's questions to whoever starts it.
type ImportOptions struct {
	Name string // the file's name, for the record
	// Hash and Size name the whole file, already in the blob store; empty for a
	// dry run.
	Hash string
	Size int64
	// State and Rows are the review state of the claims and the visibility of the
	// records; their zero values are compiled and internal.
	State record.ReviewState
	Rows  record.Visibility
	// Reason is why the claims are accepted in bulk.
	Reason  string
	Mapping string // the mapping file's text, for formats that have one
	DryRun  bool
	// Progress is called now and then with the number of rows and the byte offset
	// in the decompressed file. It may be nil.
	Progress func(rows int, offset int64)
	// Problem is called for every problem as it is found. It may be nil.
	Problem func(exchange.Problem)
}

// ImportReport is what became of a file.
type ImportReport struct {
	Rows      int                `json:"rows"`
	Created   int                `json:"created"`
	Updated   int                `json:"updated"`
	Unchanged int                `json:"unchanged"`
	Refused   int                `json:"refused"`
	Problems  []exchange.Problem `json:"problems"`
	// MoreProblems counts those beyond the first MaxProblems.
	MoreProblems int             `json:"more_problems,omitempty"`
	Seconds      float64         `json:"seconds"`
	Import       record.ImportID `json:"import,omitempty"`
	DryRun       bool            `json:"dry_run,omitempty"`
	// Stopped is why the import ended before the file did, where that is no fault of
	// the file; what was taken in until then stays.
	Stopped *exchange.Problem `json:"stopped,omitempty"`
}

// MaxProblems is how many problems a report carries; all of them are kept with
// the import.
const MaxProblems = 10_000

// One transaction of an import takes about batchTime, so that people who work
// beside it hardly wait. Batches are made as large as the database was seen to
// write in that time, within bounds: memory for a few of them is held at once.
const (
	batchTime = 80 * time.Millisecond
	minBatch  = 16
	maxBatch  = 512
)

// Import reads every row and writes what is new or changed. Each row enters
// whole, with a journal entry of its own, or is refused and listed; rows are
// committed in small batches, so an interrupted import leaves whole rows behind
// and, run again, takes up where it stopped.
func (h *House) Import(ctx context.Context, v access.Viewer, reader exchange.Reader, o ImportOptions) (*ImportReport, error) {
	if err := require(v, access.ActImport); err != nil {
		return nil, err
	}
	i := &importer{house: h, ctx: ctx, viewer: v, reader: reader, options: o, started: h.now(), random: newRandomness(), held: map[string]bool{}}
	i.size.Store(4 * minBatch)
	i.report = &ImportReport{DryRun: o.DryRun, Problems: []exchange.Problem{}}
	if i.options.State == "" {
		i.options.State = record.Compiled
	}
	if i.options.Rows == "" {
		i.options.Rows = record.Internal
	}
	err := i.report.ended(i.run())
	i.report.Seconds = h.now().Sub(i.started).Seconds()
	return i.report, err
}

// importer runs one import. Rows flow through three stages, each on a goroutine
// of its own: reading and looking up what is known of a row, building records
// with their canonical bytes, and writing.
type importer struct {
	house   *House
	ctx     context.Context
	viewer  access.Viewer
	reader  exchange.Reader
	options ImportOptions
	started time.Time
	random  *randomness

	info    exchange.Info
	run_    *record.Import // the run, nil for a dry run
	dataset record.SourceID
	level   access.Level // of the dataset's source
	capture record.CaptureID

	// size is how many rows the next batch should have.
	size atomic.Int64

	report   *ImportReport
	problems int // listed so far, which numbers them
	// before is how many rows earlier files of the dataset have brought; held are
	// those of them that this file has too and that brought nothing, since they were
	// refused or skipped.
	before  int
	held    map[string]bool
	pending []store.RowProblem
	// frozen are the rows met that spoke of somebody who was erased; unread those
	// that could not be read, of which nobody can say whether they do.
	frozen, unread []extent
}

func (i *importer) run() error {
	i.info = i.reader.Info()
	if i.info.Terms == record.TermsInternal && i.options.Rows == record.Public {
		return &record.Invalid{Fields: []record.FieldError{{Field: "rows", Key: "invalid.terms"}}}
	}
	if i.options.DryRun {
		// The file would be held, so what is quoted from it may be as long as it is.
		id, err := i.random.id(i.started)
		if err != nil {
			return err
		}
		i.capture = record.CaptureID(id)
	} else if err := i.begin(); err != nil {
		return err
	}
	err := i.house.store.View(i.ctx, func(r *store.Reader) (err error) {
		i.before, err = r.RowCount(i.ctx, i.info.Dataset)
		return err
	})
	if err != nil {
		return i.stop(err)
	}
	ctx, cancel := context.WithCancelCause(i.ctx)
	defer cancel(nil)
	built := make(chan *batch, 1)
	go i.read(ctx, cancel, built)
	for b := range built {
		if err := i.write(b); err != nil {
			cancel(err)
			for range built {
				// The reader is told to stop; what it had under way is dropped.
			}
			return i.stop(err)
		}
		if i.options.Progress != nil {
			i.options.Progress(i.report.Rows, b.offset)
		}
	}
	if err := context.Cause(ctx); err != nil {
		return i.stop(err)
	}
	for _, p := range i.reader.Notes() {
		i.problem(p, false)
	}
	i.listGone()
	if i.options.DryRun {
		return nil
	}
	return i.finish()
}

// listGone says how many rows of earlier files this one does not have: its editors have taken
// them back, or it is a part of the dataset. Either way they stay, as only a person can tell.
func (i *importer) listGone() {
	if gone := i.before - i.report.Updated - i.report.Unchanged - len(i.held); gone > 0 {
		i.problem(exchange.RowsGone(gone), false)
	}
}

// begin makes the dataset's own source, its capture and the run, or takes up a
// run over the same file that was interrupted.
func (i *importer) begin() error {
	h := i.house
	return h.do(i.ctx, i.viewer, access.ActImport, "begin import", i.options.Reason, func(w *Work) error {
		if err := openDataset(w.ctx, &w.tx.Reader, i.info.Dataset); err != nil {
			return err
		}
		last, known, err := w.tx.LastImport(w.ctx, i.info.Dataset)
		if err != nil {
			return err
		}
		var src *record.Source
		if known {
			item, err := store.One[*record.Source](w.ctx, &w.tx.Reader, access.House(), last.Rec.Source)
			if err != nil {
				return err
			}
			src = item.Rec
			i.level = item.Level
		} else {
			if src, err = i.datasetSource(w); err != nil {
				return err
			}
			if err := w.Create(src); err != nil {
				return err
			}
			i.level = w.levels[src.Ref()]
		}
		i.dataset = src.ID
		if known && last.Rec.Hash == i.options.Hash && last.Rec.Finished == 0 {
			i.run_ = last.Rec
			return i.findCapture(w)
		}
		if known && last.Rec.Hash == i.options.Hash {
			if err := i.findCapture(w); err != nil {
				return err
			}
		} else if err := i.makeCapture(w); err != nil {
			return err
		}
		id, err := w.random.id(h.now())
		if err != nil {
			return err
		}
		i.run_ = &record.Import{
			ID: record.ImportID(id), Format: i.info.Format, Name: i.options.Name, Dataset: i.info.Dataset, Hash: i.options.Hash,
			Size: i.options.Size, Encoding: i.info.Encoding, Terms: i.info.Terms, Credit: i.info.Credit, State: i.options.State,
			Rows: i.options.Rows, Reason: i.options.Reason, Source: src.ID, Started: w.at, Mapping: i.options.Mapping,
			Visibility: record.Internal,
		}
		w.about(i.run_.Ref())
		return w.Create(i.run_)
	})
}

func (i *importer) datasetSource(w *Work) (*record.Source, error) {
	id, err := w.random.id(i.house.now())
	if err != nil {
		return nil, err
	}
	visibility := i.options.Rows
	if i.info.Terms == record.TermsInternal && visibility == record.Public {
		visibility = record.Internal
	}
	return &record.Source{
		ID: record.SourceID(id), Type: record.TypeDataset, Title: record.Plain("en", i.info.Title), Publisher: i.info.Publisher,
		URL: i.info.URL, Credit: i.info.Credit, Sensitivity: record.Open, Terms: i.info.Terms, Visibility: visibility,
	}, nil
}

func (i *importer) makeCapture(w *Work) error {
	id, err := w.random.id(i.house.now())
	if err != nil {
		return err
	}
	i.capture = record.CaptureID(id)
	return w.Create(&record.Capture{
		ID: i.capture, Source: i.dataset, Hash: i.options.Hash, Size: i.options.Size, Name: i.options.Name, Taken: w.at,
		Method: record.CaptureImport, By: i.viewer.User, Tool: "gawah import " + i.info.Format, Visibility: record.Internal,
	})
}

func (i *importer) findCapture(w *Work) error {
	captures, err := w.tx.CapturesOf(w.ctx, access.House(), i.dataset)
	if err != nil {
		return err
	}
	for _, c := range captures {
		if c.Rec.Hash == i.options.Hash {
			i.capture = c.Rec.ID
		}
	}
	if i.capture == "" {
		return i.makeCapture(w)
	}
	return nil
}

// finish writes the run's counts and end.
func (i *importer) finish() error {
	if err := i.blankFrozen(); err != nil {
		return err
	}
	return i.close(i.house.micros())
}

// stop leaves the run unfinished for a reason. Where there is no room for the
// counts either, that is the reason already.
func (i *importer) stop(err error) error {
	end := i.suspend()
	if full(err) && full(end) {
		return err
	}
	return errors.Join(err, end)
}

// suspend writes the run's counts and leaves it unfinished. The context may be
// what ended the import, so it is not used.
func (i *importer) suspend() error {
	if i.run_ == nil {
		return nil
	}
	i.ctx = context.WithoutCancel(i.ctx)
	return i.close(0)
}

func (i *importer) close(finished int64) error {
	r := *i.run_
	r.Finished = finished
	r.Counts = record.ImportCount{
		Rows: i.report.Rows, Created: i.report.Created, Updated: i.report.Updated, Unchanged: i.report.Unchanged,
		Refused: i.report.Refused, Problems: len(i.report.Problems) + i.report.MoreProblems,
	}
	i.report.Import = r.ID
	return i.house.do(i.ctx, i.viewer, access.ActImport, "end import", "", func(w *Work) error {
		if err := i.putProblems(w.tx); err != nil {
			return err
		}
		// Another import of this very file may have ended meanwhile.
		now, err := store.One[*record.Import](w.ctx, &w.tx.Reader, access.House(), r.ID)
		if err != nil {
			return err
		}
		if now.Rec.Finished != 0 {
			return nil
		}
		return w.Change(&r, now.Rev)
	})
}

// Problem is something about a row or file that a person should look at.
type Problem = exchange.Problem

// List adds a problem to the report, with its words in English.
func (r *ImportReport) List(p exchange.Problem) {
	if len(r.Problems) >= MaxProblems {
		r.MoreProblems++
		return
	}
	p.Reason = p.In(lang.English().T)
	r.Problems = append(r.Problems, p)
}

// Unread is the report on a file that was not taken in for what is wrong with it.
func Unread(rows int, problems []exchange.Problem) *ImportReport {
	r := &ImportReport{Rows: rows + len(problems), Refused: len(problems), Problems: []exchange.Problem{}, DryRun: true}
	for _, p := range problems {
		r.List(p)
	}
	return r
}

func (i *importer) problem(p exchange.Problem, refused bool) {
	i.report.List(p)
	if i.options.Problem != nil {
		p.Reason = p.In(lang.English().T)
		i.options.Problem(p)
	}
	// What has a key is kept as that, for each to read in their own language.
	i.pending = append(i.pending, store.RowProblem{Line: p.Line, Field: p.Column, Key: p.Key, Args: p.Args, Reason: p.Reason, Refused: refused})
}

// putProblems lists what was found. A run that is taken up again finds the same
// problems in the same order and adds those that are not listed yet.
func (i *importer) putProblems(tx *store.Tx) error {
	if i.run_ == nil || len(i.pending) == 0 {
		return nil
	}
	last, err := tx.LastProblem(i.ctx, i.run_.ID)
	if err != nil {
		return err
	}
	for n, p := range i.pending {
		number := i.problems + n + 1
		if number <= last {
			continue
		}
		if err := tx.PutProblem(i.ctx, i.run_.ID, number, p); err != nil {
			return err
		}
	}
	return nil
}

// listed forgets pending problems once they are committed.
func (i *importer) listed() {
	i.problems += len(i.pending)
	i.pending = i.pending[:0]
}

// batch is some rows with everything needed to write them.
type batch struct {
	rows   []*built
	offset int64
}

// built is one row ready to be written, or what became of it without writing.
type built struct {
	row     *exchange.Row
	outcome outcome
	frozen  bool // passed over since somebody it spoke of was erased
	state   store.RowState
	parts   []string
	known   bool
	// versions are the records to insert; changed those to update.
	versions []*store.Version
	changed  []*store.Version
	figures  []store.FigureRow
	// leaf is the journal entry's, made at the instant at.
	leaf []byte
	at   int64
	err  error
}

type outcome int

const (
	created outcome = iota
	updated
	unchanged
	refused
	skipped
)

// read fills batches until the file ends.
func (i *importer) read(ctx context.Context, cancel context.CancelCauseFunc, out chan<- *batch) {
	defer close(out)
	for {
		size := int(i.size.Load())
		rows := make([]*exchange.Row, 0, size)
		var end error
		for len(rows) < size && ctx.Err() == nil {
			row, err := i.reader.Next()
			if err != nil {
				end = err
				break
			}
			rows = append(rows, row)
		}
		if len(rows) > 0 && ctx.Err() == nil {
			b, err := i.build(ctx, rows)
			if err != nil {
				cancel(err)
				return
			}
			select {
			case out <- b:
			case <-ctx.Done():
				return
			}
		}
		switch {
		case errors.Is(end, io.EOF):
			return
		case end != nil:
			cancel(&unreadError{doing: "the file cannot be read to its end", cause: end})
			return
		case ctx.Err() != nil:
			return
		}
	}
}

// unreadError says that a file cannot be read to its end: trying again does not help.
type unreadError struct {
	doing string
	cause error
	// then is how to go on, once that is known.
	then string
}

func (e *unreadError) Error() string { return e.doing + ": " + e.cause.Error() + e.then }
func (e *unreadError) Unwrap() error { return e.cause }

// write commits a batch in transactions of about batchTime each.
func (i *importer) write(b *batch) error {
	rest := b.rows
	single, tries := false, 0
	for len(rest) > 0 {
		if i.options.DryRun || !rest[0].writes() {
			i.count(rest[0])
			rest, tries = rest[1:], 0 // the tries are of the row in front
			continue
		}
		some := rest
		if single {
			some = rest[:1]
		}
		done, err := i.writeSome(some)
		switch {
		case err == nil:
			tries = 0
			for _, r := range rest[:done] {
				i.count(r)
			}
			rest = rest[done:]
		case errors.Is(err, record.ErrConflict) && tries < maxTries:
			// Another import or the desk has written one of these records since they
			// were read. From here on row by row, so that one row in the way of
			// another record holds up no other.
			single = true
			tries++
			if err := i.rebuild(rest); err != nil {
				return err
			}
		case errors.Is(err, record.ErrConflict):
			tries = 0
			r := rest[0]
			r.outcome = refused
			r.row.Problems = append(r.row.Problems, exchange.Problem{Line: r.row.Line, Key: exchange.ProblemKeys + "record_there"})
		default:
			return err
		}
	}
	b.offset = b.rows[len(b.rows)-1].row.Offset
	if len(i.pending) > 0 && !i.options.DryRun {
		if err := i.house.store.Write(i.ctx, i.putProblems); err != nil {
			return err
		}
	}
	i.listed()
	return nil
}

// maxTries is how often a row is built again because of a conflict.
const maxTries = 3

// writes reports whether the row has anything to write.
func (b *built) writes() bool { return b.outcome == created || b.outcome == updated }

// writeSome writes the first of the rows in one transaction, as many as fit into
// batchTime, and returns how many.
func (i *importer) writeSome(rows []*built) (done int, err error) {
	began := time.Now()
	err = i.house.store.Write(i.ctx, func(tx *store.Tx) error {
		done = 0
		began = time.Now() // without the wait for another writer
		if err := openDataset(i.ctx, &tx.Reader, i.info.Dataset); err != nil {
			return err
		}
		f, err := ledger.ParseFrontier(tx.Head.Size, tx.Head.Frontier)
		if err != nil {
			return err
		}
		for n, r := range rows {
			// A rest too small to be worth a transaction of its own goes along.
			if n > 0 && n%minBatch == 0 && len(rows)-n >= minBatch && time.Since(began) > batchTime {
				break
			}
			if err := i.writeRow(tx, f, r); err != nil {
				return fmt.Errorf("line %d: %w", r.row.Line, err)
			}
			done++
		}
		tx.Head.Frontier = f.Bytes()
		if !slices.ContainsFunc(rows[:done], func(r *built) bool { return r.known || len(r.changed) > 0 }) {
			tx.Adding()
		}
		return nil
	})
	if err == nil && len(rows) > 1 {
		i.resize(done, time.Since(began))
	}
	return done, err
}

// rebuild makes the records of rows again that were to be written.
func (i *importer) rebuild(rest []*built) error {
	var rows []*exchange.Row
	for _, b := range rest {
		if b.writes() {
			rows = append(rows, b.row)
		}
	}
	again, err := i.build(i.ctx, rows)
	if err != nil {
		return err
	}
	for n, b := range rest {
		if b.writes() {
			rest[n], again.rows = again.rows[0], again.rows[1:]
		}
	}
	return nil
}

// resize chooses the size of coming batches after one of rows took a time.
func (i *importer) resize(rows int, took time.Duration) {
	fit := int64(rows) * int64(batchTime) / max(int64(took), 1)
	// Half way, because one slow commit says little.
	next := (i.size.Load() + fit) / 2
	i.size.Store(min(max(next, minBatch), maxBatch))
}

func (i *importer) count(b *built) {
	i.report.Rows++
	switch b.outcome {
	case created:
		i.report.Created++
	case updated:
		i.report.Updated++
	case unchanged:
		i.report.Unchanged++
		if b.frozen {
			i.frozen = append(i.frozen, extent{b.row.Offset, b.row.Offset + b.row.Length})
		}
	case refused:
		i.report.Refused++
		i.unread = append(i.unread, extent{b.row.Offset, b.row.Offset + b.row.Length})
	}
	i.hold(b)
	for _, p := range b.row.Problems {
		i.problem(p, b.outcome == refused)
	}
}

// hold counts the rows known before that are in the file, each once, whatever
// becomes of it now.
func (i *importer) hold(b *built) {
	switch b.outcome {
	case refused, skipped:
		// A second row with an identifier says nothing that the first did not.
		twice := func(p exchange.Problem) bool { return p.Key == exchange.ProblemKeys+"identifier_twice" }
		if b.known && !slices.ContainsFunc(b.row.Problems, twice) {
			i.held[b.row.Key] = true
		}
	default:
		delete(i.held, b.row.Key)
	}
}

// writeRow writes one row and its journal entry.
func (i *importer) writeRow(tx *store.Tx, f *ledger.Frontier, b *built) error {
	if !b.writes() {
		return nil
	}
	var w *Work
	var moved []record.Ref
	if b.known {
		w = i.house.work(i.ctx, tx, i.viewer, "import row", "")
		var err error
		if moved, err = w.settle(b); err != nil {
			return err
		}
	}
	for _, v := range b.versions {
		v.Entry = f.Size
		if err := tx.Insert(i.ctx, v); err != nil {
			return err
		}
	}
	for _, v := range b.changed {
		v.Entry = f.Size
		if err := tx.Update(i.ctx, v); err != nil {
			return err
		}
	}
	for _, ref := range moved {
		if err := w.relevel(ref); err != nil {
			return err
		}
	}
	switch {
	case b.known:
		// The event may have claims of others by now, or be shown on another page.
		if b.state.Event != "" {
			w.stale[b.state.Event] = true
		}
		if err := w.refigure(); err != nil {
			return err
		}
	case b.state.Event != "":
		if err := tx.PutFigures(i.ctx, string(b.state.Event), b.figures, true); err != nil {
			return err
		}
	}
	if err := tx.PutRow(i.ctx, &b.state, b.parts, b.known); err != nil {
		return err
	}
	e := &store.Entry{
		Seq: f.Size, At: b.at, Actor: i.viewer.User, Role: string(i.viewer.Role), Action: "import row",
		Subject: record.Ref{Kind: record.KindSource, ID: string(b.state.Source)}, Run: i.run_.ID, Leaf: b.leaf,
	}
	e.Hashes = f.Append(b.leaf)
	if err := tx.Append(i.ctx, e); err != nil {
		return err
	}
	tx.Head.Size = f.Size
	if !b.known {
		return nil
	}
	return i.unground(w, f)
}

// settle works out who sees the records of a row known before, as things stand
// in the transaction that writes them: since the row was read, or since the file
// it came from, its event or source may have been taken back. It returns the
// records of which others are to follow.
func (w *Work) settle(b *built) (moved []record.Ref, err error) {
	refs := make([]record.Ref, len(b.changed))
	for n, v := range b.changed {
		refs[n] = v.Record.Ref()
	}
	was, err := w.tx.Levels(w.ctx, refs)
	if err != nil {
		return nil, err
	}
	// Claims come last, since they are no more visible than the rest.
	for _, claims := range []bool{false, true} {
		for _, list := range [][]*store.Version{b.versions, b.changed} {
			for _, v := range list {
				ref := v.Record.Ref()
				if (ref.Kind == record.KindClaim) != claims {
					continue
				}
				v.Level, err = w.level(v.Record)
				if errors.Is(err, record.ErrNotFound) {
					// Erased since the row was read, which is then to be read again.
					return nil, fmt.Errorf("%s: %w", ref, record.ErrConflict)
				}
				if err != nil {
					return nil, err
				}
				w.levels[ref] = v.Level
			}
		}
	}
	for _, v := range b.changed {
		ref := v.Record.Ref()
		if level, ok := was[ref]; ok && level != v.Level {
			moved = append(moved, ref)
		}
		if c, ok := v.Record.(*record.Claim); ok {
			w.weaken(c)
		}
	}
	return moved, nil
}

// unground takes back accusations that have lost their ground to a row, in a
// journal entry of their own.
func (i *importer) unground(w *Work, f *ledger.Frontier) error {
	if len(w.weaker) == 0 {
		return nil
	}
	w.run = i.run_.ID
	w.tx.Head.Frontier = f.Bytes()
	if err := w.reground(); err != nil || len(w.writes) == 0 {
		return err
	}
	if err := w.enter(); err != nil {
		return err
	}
	now, err := ledger.ParseFrontier(w.tx.Head.Size, w.tx.Head.Frontier)
	if err != nil {
		return err
	}
	*f = *now
	return nil
}
