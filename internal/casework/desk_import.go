package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/exchange/table"
	"github.com/gawah-project/gawah/internal/job"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// The formats that an import can be of besides those of exchange.
const (
	FormatCasefile  = "casefile"
	FormatDocuments = "documents"
)

// ImportFormats lists the formats that a file can be imported as, by the name
// that forms and the command line use.
func ImportFormats() []exchange.Format {
	return append(exchange.Formats(), exchange.Format{Name: FormatCasefile}, exchange.Format{Name: FormatDocuments})
}

// StageImport keeps a file that is to be imported, before anything is known of
// it, and returns the hash by which it is asked for again. limit is in bytes.
func (h *House) StageImport(ctx context.Context, v access.Viewer, r io.Reader, limit int64) (hash string, size int64, err error) {
	if err := require(v, access.ActImport); err != nil {
		return "", 0, err
	}
	if hash, size, err = h.blobs.Put(ctx, r, limit); err != nil {
		return "", 0, err
	}
	return hash, size, h.noteStaged(ctx, hash)
}

// sampleRows is how many rows a preview shows.
const sampleRows = 8

// ImportPreview is what can be said of a file before it is imported.
type ImportPreview struct {
	Hash, Name string
	Size       int64
	// Format is what the file seems to be, empty when it is none that is read; Like
	// completes "this looks like …".
	Format, Like string
	// Header, Sample and Sheets are of tables.
	Header []string
	Sample [][]string
	Sheets []string
	// Suggested is the text of a mapping that says what the columns seem to mean.
	Suggested string
	// NoSheet is set when the workbook lacks the sheet asked for; it is the first
	// then that is shown.
	NoSheet bool
}

// PreviewImport looks at a staged file. name is the one it came with; its ending
// tells formats apart that look alike. as is how its table lies in it.
func (h *House) PreviewImport(ctx context.Context, v access.Viewer, hash, name string, as Layout) (*ImportPreview, error) {
	if err := require(v, access.ActImport); err != nil {
		return nil, err
	}
	p := &ImportPreview{Hash: hash, Name: cleanName(name)}
	err := h.onDisk(ctx, hash, p.Name, func(path string) error {
		st, err := os.Stat(path)
		if err != nil {
			return err
		}
		p.Size = st.Size()
		if cf, _, err := exchange.OpenCasefile(path); err == nil {
			p.Format, p.Like = FormatCasefile, "a casefile"
			return cf.Close()
		}
		if p.Format, p.Like, err = exchange.Guess(path); err != nil {
			// Damaged, or made to do harm: the import's own report says what is wrong.
			p.Format, p.Like = "", ""
		}
		if (p.Format == "" || p.Format == "csv") && seemsDocument(path, p.Name) {
			p.Format = FormatDocuments
		}
		// Any table may be read with a mapping, also one that looks like a known format.
		return p.sample(path, as)
	})
	return p, err
}

// seemsDocument reports whether a file that is of no known dataset is rather a
// document, or an archive of some, than a table. Prose has commas too, so that a
// text is one by its ending, unless it is set out with another separator.
func seemsDocument(path, name string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	ending := strings.ToLower(filepath.Ext(name))
	switch kind, _ := table.Sniff(f); kind {
	case table.KindZIP, table.KindPDF, table.KindDOCX, table.KindHTML:
		return true
	case table.KindText: // also a table with a single column
		return ending != ".csv" && ending != ".tsv" && ending != ".tab"
	case table.KindCSV:
		return ending == ".txt" || ending == ".text" || ending == ".md"
	}
	return ending == ".zip"
}

// sample reads a table's header and first rows. A table that cannot be read is
// told by the import's own report.
func (p *ImportPreview) sample(path string, as Layout) error {
	options := table.Options{Name: p.Name, Sheet: as.Sheet, NoHeader: as.NoHeader}
	if as.Delimiter != "" {
		options.Delimiter = as.Delimiter[0]
	}
	rows, err := table.Open(path, options)
	if err != nil && as.Sheet != "" {
		options.Sheet = ""
		rows, err = table.Open(path, options)
		p.NoSheet = err == nil
	}
	if err != nil {
		return nil //nolint:nilerr // a Uwazi archive is no table; the report says what is wrong with others
	}
	defer rows.Close()
	header, err := rows.Header()
	if err != nil || header == nil && !as.NoHeader {
		return nil //nolint:nilerr // as above
	}
	p.Sheets = rows.Sheets()
	width := 0
	for len(p.Sample) < sampleRows {
		row, err := rows.Next()
		if err != nil {
			break
		}
		if row.Role == table.RoleData && !row.Refused {
			cells := make([]string, len(row.Cells)) // the reader uses its row again
			for i, c := range row.Cells {
				cells[i] = strings.Clone(c)
			}
			p.Sample = append(p.Sample, cells)
			width = max(width, len(cells))
		}
	}
	if as.NoHeader {
		for i := range width {
			p.Header = append(p.Header, strconv.Itoa(i+1))
		}
	} else {
		p.Header = header.Names
	}
	m := exchange.SuggestMapping(p.Header, p.Sample)
	m.Sheet, m.Delimiter, m.NoHeader = options.Sheet, as.Delimiter, as.NoHeader
	p.Suggested, err = mappingText(m)
	return err
}

// onDisk runs fn on a copy of an original as a file with the ending it came
// with, because readers of tables need a path and look at the ending.
func (h *House) onDisk(ctx context.Context, hash, name string, fn func(path string) error) error {
	in, _, err := h.blobs.Get(hash)
	if err != nil {
		return err
	}
	defer in.Close()
	dir, err := os.MkdirTemp(h.dir, unpacked+"*")
	if err != nil {
		return fmt.Errorf("unpack a file: %w", err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "file"+safeEnding(name))
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("unpack a file: %w", err)
	}
	_, err = io.Copy(out, contextReader{ctx, in})
	if err := errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("unpack a file: %w", err)
	}
	return fn(path)
}

// unpacked begins the names of directories with files on their way into an
// import. They are in the data directory, so that no other place ever holds what
// is in them.
const unpacked = "unpacked-"

// clearUnpacked removes what processes that were killed left behind. Other
// processes may be at work, so what is younger than a day stays.
func (h *House) clearUnpacked() {
	left, err := filepath.Glob(filepath.Join(h.dir, unpacked+"*"))
	if err != nil || h.dir == "" {
		return
	}
	for _, dir := range left {
		if st, err := os.Stat(dir); err == nil && h.now().Sub(st.ModTime()) > stagedLife {
			if err := os.RemoveAll(dir); err != nil {
				h.log.Warn("an unpacked file is left in the data directory", "error", err)
			}
		}
	}
}

// safeEnding returns the ending of a file's name ("x.csv.gz" has ".csv.gz"),
// letters and digits only.
func safeEnding(name string) string {
	_, ending, ok := strings.Cut(filepath.Base(name), ".")
	if !ok || len(ending) > 24 || strings.Trim(strings.ToLower(ending), "abcdefghijklmnopqrstuvwxyz0123456789._-") != "" {
		return strings.Map(func(r rune) rune {
			if r == '.' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, filepath.Ext(name))
	}
	return "." + ending
}

// contextReader stops reading when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}

// ImportPlan is a file to be imported and what was chosen about it.
type ImportPlan struct {
	Hash    string             `json:"hash"`
	Name    string             `json:"name"`
	Size    int64              `json:"size"`
	Format  string             `json:"format"`
	Mapping string             `json:"mapping,omitempty"` // the mapping file's text
	State   record.ReviewState `json:"state,omitempty"`
	Rows    record.Visibility  `json:"rows,omitempty"`
	Reason  string             `json:"reason,omitempty"`
	DryRun  bool               `json:"dry_run,omitempty"`
	Replace bool               `json:"replace,omitempty"` // casefiles: take their version where the two differ
}

// jobImport is the kind of background work that imports are.
const jobImport = "import"

// StartImport hands a plan to the background work and returns the identifier by
// which [House.ImportJob] tells how far it is.
func (h *House) StartImport(ctx context.Context, v access.Viewer, p ImportPlan) (string, error) {
	if err := require(v, access.ActImport); err != nil {
		return "", err
	}
	if err := p.validate(); err != nil {
		return "", err
	}
	var id string
	err := h.store.Write(ctx, func(tx *store.Tx) (err error) {
		id, err = job.Enqueue(ctx, tx, h.now(), newRandomness().r, job.Request{Kind: jobImport, Args: p, Account: v.User})
		return err
	})
	if err == nil {
		h.wake()
	}
	return id, err
}

func (p *ImportPlan) validate() error {
	var bad record.Invalid
	fault := func(field, key string) { bad.Fields = append(bad.Fields, record.FieldError{Field: field, Key: key}) }
	known := false
	for _, f := range ImportFormats() {
		if f.Name != p.Format {
			continue
		}
		known = true
		if f.NeedsMapping && p.Mapping == "" {
			fault("mapping", "invalid.required")
		}
		if f.Terms == record.TermsInternal && !f.NeedsMapping && p.Format != "uwazi" && p.Rows == record.Public {
			fault("rows", "invalid.terms")
		}
	}
	if !known {
		fault("format", "invalid.choice")
	}
	if p.Reason == "" && !p.DryRun {
		fault("reason", "invalid.required")
	}
	if p.Mapping != "" {
		m, err := exchange.DecodeMapping(strings.NewReader(p.Mapping))
		switch {
		case err != nil:
			fault("mapping", "invalid.mapping")
		case m.Terms == record.TermsInternal && p.Rows == record.Public:
			fault("rows", "invalid.terms")
		}
	}
	if len(bad.Fields) > 0 {
		return &bad
	}
	return nil
}

// importDone is what a job's progress says, as JSON.
type importDone struct {
	Rows   int           `json:"rows"`
	Offset int64         `json:"offset,omitempty"`
	Report *ImportReport `json:"report,omitempty"`
}

// shownProblems is how many problems a trial's report keeps.
const shownProblems = 300

// errFile wraps what is wrong with the file itself; its words are for people.
type errFile struct{ reason string }

func (e errFile) Error() string { return e.reason }

// runImport is the handler of import jobs. An import that was interrupted is run
// again from the start: rows that are known by then change nothing.
func (h *House) runImport(ctx context.Context, j *job.Job) error {
	var p ImportPlan
	if err := j.Args(&p); err != nil {
		return err
	}
	v, err := h.viewerOf(ctx, j.Account)
	if err != nil {
		return err
	}
	if err := require(v, access.ActImport); err != nil {
		return fmt.Errorf("%w: %w", job.ErrGiveUp, err)
	}
	say := func(d importDone) {
		if b, err := json.Marshal(d); err == nil {
			j.Progress(string(b))
		}
	}
	var report *ImportReport
	err = h.onDisk(ctx, p.Hash, p.Name, func(path string) (err error) {
		report, err = h.importPlan(ctx, v, p, path, func(rows int, offset int64) { say(importDone{Rows: rows, Offset: offset}) })
		return err
	})
	if report != nil {
		if len(report.Problems) > shownProblems {
			report.MoreProblems += len(report.Problems) - shownProblems
			report.Problems = report.Problems[:shownProblems]
		}
		say(importDone{Rows: report.Rows, Report: report})
	}
	var file errFile
	var invalid *record.Invalid
	if errors.As(err, &file) || errors.As(err, &invalid) || errors.Is(err, record.ErrForbidden) || errors.Is(err, record.ErrNotFound) {
		return fmt.Errorf("%w: %w", job.ErrGiveUp, err)
	}
	return err
}

// importPlan imports the file at a path.
func (h *House) importPlan(ctx context.Context, v access.Viewer, p ImportPlan, path string, progress func(int, int64)) (*ImportReport, error) {
	// What is wrong with the file is for people to mend, and no reason to try again.
	toldUnread := func(err error) error {
		if unread, ok := errors.AsType[*unreadError](err); ok && ctx.Err() == nil {
			return errFile{strings.NewReplacer(path, p.Name, filepath.Base(path), p.Name).Replace(unread.Error())}
		}
		return err
	}
	told := func(err error) error {
		if wrong, ok := errors.AsType[*exchange.MappingError](err); ok {
			return errFile{wrong.In(lang.English().T)}
		}
		return errFile{strings.NewReplacer(path, p.Name, filepath.Base(path), p.Name).Replace(err.Error())}
	}
	switch p.Format {
	case FormatCasefile:
		cf, problems, err := exchange.OpenCasefile(path)
		if _, ok := errors.AsType[*exchange.FileError](err); ok {
			return Unread(0, problems), nil
		}
		if err != nil {
			return nil, told(err)
		}
		defer cf.Close()
		if len(problems) > 0 {
			return Unread(len(cf.Records), problems), nil
		}
		return h.ImportCasefile(ctx, v, cf, CasefileOptions{Reason: p.Reason, DryRun: p.DryRun, Replace: p.Replace, Most: p.Rows})
	case FormatDocuments:
		report, err := h.ImportDocuments(ctx, v, path, DocumentOptions{Name: p.Name, DryRun: p.DryRun, Progress: func(done int, _ string) { progress(done, 0) }})
		return report, toldUnread(err)
	}
	var o exchange.Options
	if p.Mapping != "" {
		m, err := exchange.DecodeMapping(strings.NewReader(p.Mapping))
		if err != nil {
			return nil, told(err)
		}
		o.Mapping = m
	}
	reader, err := exchange.Open(p.Format, path, o)
	if err != nil {
		return nil, told(err)
	}
	defer reader.Close()
	report, err := h.Import(ctx, v, reader, ImportOptions{
		Name: p.Name, Hash: p.Hash, Size: p.Size, State: p.State, Rows: p.Rows, Reason: p.Reason, Mapping: p.Mapping, DryRun: p.DryRun,
		Progress: progress,
	})
	return report, toldUnread(err)
}

// viewerOf is on whose behalf background work is done: the account as it stands
// now, since roles change while work waits.
func (h *House) viewerOf(ctx context.Context, id record.UserID) (access.Viewer, error) {
	if id == "" {
		return access.House(), nil
	}
	var v access.Viewer
	err := h.view(ctx, func(r *store.Reader) error {
		a, err := r.AccountBy(ctx, "id", string(id))
		if err != nil {
			return err
		}
		role, ok := access.ParseRole(a.Role)
		if !ok || a.Closed {
			return fmt.Errorf("%w: the account is closed", job.ErrGiveUp)
		}
		v = access.Viewer{User: a.ID, Role: role}
		return nil
	})
	return v, err
}

// Work does the house's background work until the context ends. Several
// processes on one database share it.
func (h *House) Work(ctx context.Context) error {
	h.clearUnpacked()
	if err := h.sweep(ctx); err != nil {
		return err
	}
	sweeping, stop := context.WithCancel(ctx)
	var swept sync.WaitGroup
	defer swept.Wait()
	defer stop()
	swept.Go(func() { h.sweepHourly(sweeping) })
	owner, err := h.NewID()
	if err != nil {
		return err
	}
	r := &job.Runner{
		Queue: h.store, Owner: owner, Now: h.now, Log: h.log, Heartbeat: 2 * time.Second, Handlers: map[string]job.Handler{jobImport: h.runImport, jobDataset: h.runDataset},
		Describe: func(err error) string {
			var file errFile
			if errors.As(err, &file) {
				return file.Error()
			}
			return ""
		},
	}
	h.runner.Store(r)
	defer h.runner.CompareAndSwap(r, nil)
	return r.Run(ctx)
}

// wake makes this process's runner, if there is one, look for work at once.
func (h *House) wake() {
	if r := h.runner.Load(); r != nil {
		r.Wake()
	}
}

// ImportRun is how far an import in the background is.
type ImportRun struct {
	ID   string
	Plan ImportPlan
	// Over says that nothing more will happen; Failed that it did not work, and
	// Problem why, where that can be told in words for people.
	Over, Failed bool
	Problem      string
	Rows         int
	Offset       int64
	Report       *ImportReport // once over
}

// ImportJob tells how far an import is.
func (h *House) ImportJob(ctx context.Context, v access.Viewer, id string) (*ImportRun, error) {
	if err := require(v, access.ActImport); err != nil {
		return nil, err
	}
	var out *ImportRun
	err := h.view(ctx, func(r *store.Reader) error {
		j, err := r.JobOf(ctx, id)
		if err != nil {
			return err
		}
		if j.Kind != jobImport {
			return fmt.Errorf("import: %w", record.ErrNotFound)
		}
		out, err = importRun(j)
		return err
	})
	return out, err
}

func importRun(j store.Job) (*ImportRun, error) {
	run := &ImportRun{ID: j.ID, Over: j.State == store.JobDone || j.State == store.JobFailed, Failed: j.State == store.JobFailed, Problem: j.Error}
	if err := json.Unmarshal(j.Args, &run.Plan); err != nil {
		return nil, fmt.Errorf("read the plan of an import: %w", err)
	}
	var d importDone
	if json.Unmarshal([]byte(j.Progress), &d) == nil {
		run.Rows, run.Offset, run.Report = d.Rows, d.Offset, d.Report
	}
	return run, nil
}

// ImportList lists the imports begun last, and those still at work.
func (h *House) ImportList(ctx context.Context, v access.Viewer, limit int) (runs []*record.Import, working []*ImportRun, err error) {
	if err := require(v, access.ActImport); err != nil {
		return nil, nil, err
	}
	err = h.view(ctx, func(r *store.Reader) error {
		items, err := r.Imports(ctx, v, limit)
		if err != nil {
			return err
		}
		for _, i := range items {
			runs = append(runs, i.Rec)
		}
		for _, state := range []store.JobState{store.JobRunning, store.JobWaiting} {
			jobs, err := r.Jobs(ctx, state, limit)
			if err != nil {
				return err
			}
			for _, j := range jobs {
				if j.Kind != jobImport {
					continue
				}
				run, err := importRun(j)
				if err != nil {
					return err
				}
				working = append(working, run)
			}
		}
		return nil
	})
	return runs, working, err
}

// mappingRuns is how many imports are looked through for their mappings, and
// mappingsOffered how many of these a form offers.
const (
	mappingRuns     = 500
	mappingsOffered = 30
)

// Mappings returns the latest imports that were told what their columns mean, one for
// each way of telling, newest first.
func (h *House) Mappings(ctx context.Context, v access.Viewer) ([]*record.Import, error) {
	if err := require(v, access.ActImport); err != nil {
		return nil, err
	}
	var out []*record.Import
	err := h.view(ctx, func(r *store.Reader) error {
		runs, err := r.Imports(ctx, v, mappingRuns)
		if err != nil {
			return err
		}
		known := map[string]bool{}
		for _, run := range runs {
			if text := run.Rec.Mapping; text != "" && !known[text] && len(out) < mappingsOffered {
				known[text] = true
				out = append(out, run.Rec)
			}
		}
		return nil
	})
	return out, err
}

// ImportReportOf returns a finished import and a page of its problems.
func (h *House) ImportReportOf(ctx context.Context, v access.Viewer, id record.ImportID, offset, limit int) (*record.Import, []store.RowProblem, error) {
	if err := require(v, access.ActImport); err != nil {
		return nil, nil, err
	}
	var run *record.Import
	var problems []store.RowProblem
	err := h.view(ctx, func(r *store.Reader) error {
		i, err := store.One[*record.Import](ctx, r, v, id)
		if err != nil {
			return err
		}
		run = i.Rec
		problems, err = r.Problems(ctx, id, offset, limit)
		return err
	})
	return run, problems, err
}
