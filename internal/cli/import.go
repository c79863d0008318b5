package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

func importFile(c *call) error {
	if len(c.args) != 2 {
		return usagef("import takes a format and a file; formats are %s", strings.Join(importFormats(), ", "))
	}
	format, path := c.args[0], c.args[1]
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("%s: %w", path, errors.Unwrap(err))
	}
	switch record.Visibility(c.config.Rows) {
	case "", record.Draft, record.Internal, record.Public:
	default:
		return usagef("there is no visibility %q; it is draft, internal or public", c.config.Rows)
	}
	switch record.ReviewState(c.config.State) {
	case "", record.Suggested, record.Compiled, record.Accepted:
	default:
		return usagef("claims cannot come in as %q; the state is suggested, compiled or accepted", c.config.State)
	}
	var report *casework.ImportReport
	var err error
	switch format {
	case "casefile":
		report, err = c.importCasefile(path)
	case "documents":
		report, err = c.importDocuments(path)
	case exchange.UKPetitions:
		report, err = c.importPetitions(path)
	case exchange.AnyCoverage, exchange.GDELTCoverage, exchange.MediaCloudCoverage:
		report, err = c.importCoverage(format, path)
	default:
		report, err = c.importDataset(format, path)
	}
	if report != nil {
		if printErr := c.report(report); printErr != nil {
			err = errors.Join(err, printErr)
		}
	}
	if err == nil && report.Refused > 0 {
		err = errRefused
	}
	return err
}

func importFormats() []string {
	var names []string
	for _, f := range exchange.Formats() {
		names = append(names, f.Name)
	}
	names = append(names, "casefile", "documents", exchange.UKPetitions)
	return append(names, exchange.CoverageFormats()...)
}

func (c *call) importDataset(format, path string) (*casework.ImportReport, error) {
	var opts exchange.Options
	opts.Sheet = c.config.Sheet
	mapping := ""
	known := false
	for _, f := range exchange.Formats() {
		if f.Name != format {
			continue
		}
		known = true
		if f.NeedsMapping && c.config.Mapping == "" {
			return nil, usagef("import %s needs --mapping FILE; the desk makes one from the file's columns", format)
		}
	}
	if !known {
		return nil, usagef("there is no format %q; formats are %s", format, strings.Join(importFormats(), ", "))
	}
	if c.config.Mapping != "" {
		b, err := os.ReadFile(c.config.Mapping)
		if err != nil {
			return nil, fmt.Errorf("read the mapping: %w", err)
		}
		mapping = string(b)
		if opts.Mapping, err = exchange.DecodeMapping(strings.NewReader(mapping)); err != nil {
			return nil, c.wrongMapping(err)
		}
	}
	reader, err := exchange.Open(format, path, opts)
	if _, ok := errors.AsType[*exchange.MappingError](err); ok {
		return nil, fmt.Errorf("%s: %w", path, c.wrongMapping(exchange.InText(err, mapping)))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer reader.Close()
	if info := reader.Info(); info.Terms == record.TermsInternal && record.Visibility(c.config.Rows) == record.Public {
		return nil, usagef("the terms of %s keep its figures in the house, so its records cannot be public; leave out --visibility public", info.Title)
	}
	h, err := c.open(nil)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	o := casework.ImportOptions{
		Name: filepath.Base(path), State: record.ReviewState(c.config.State), Rows: record.Visibility(c.config.Rows),
		Reason: c.config.Reason, Mapping: mapping, DryRun: c.config.DryRun,
	}
	if o.Reason == "" {
		o.Reason = "imported as " + reader.Info().Title + " compiled it"
	}
	if !o.DryRun {
		if o.Hash, o.Size, err = c.keep(h, path); err != nil {
			return casework.NoRoom(err)
		}
	}
	giveWay()
	bar := c.progress(path)
	o.Progress = bar.show
	report, err := h.Import(c.ctx, access.House(), reader, o)
	bar.end()
	return report, err
}

// wrongMapping says what is wrong with the mapping file, where that is known with
// line and column.
func (c *call) wrongMapping(err error) error {
	if wrong, ok := errors.AsType[*exchange.MappingError](err); ok {
		return fmt.Errorf("mapping %s: %s", c.config.Mapping, strings.ReplaceAll(wrong.In(lang.English().T), "\n", "\n  "))
	}
	return fmt.Errorf("mapping %s: %w", c.config.Mapping, err)
}

// keep puts the whole file among the originals.
func (c *call) keep(h *opened, path string) (hash string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, fmt.Errorf("read the file: %w", err)
	}
	defer f.Close()
	return h.blobs.Put(c.ctx, f, -1)
}

func (c *call) importCasefile(path string) (*casework.ImportReport, error) {
	cf, problems, err := exchange.OpenCasefile(path)
	if wrong, ok := errors.AsType[*exchange.FileError](err); ok {
		return nil, fmt.Errorf("%s: %s %s", path, wrong.Problem.Column, wrong.Problem.In(lang.English().T))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer cf.Close()
	if len(problems) > 0 {
		// A casefile is taken in whole or not at all.
		return casework.Unread(len(cf.Records), problems), nil
	}
	h, err := c.open(nil)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	return h.ImportCasefile(c.ctx, access.House(), cf, casework.CasefileOptions{
		Reason: c.config.Reason, DryRun: c.config.DryRun, Replace: c.config.Replace,
	})
}

func (c *call) importPetitions(path string) (*casework.ImportReport, error) {
	list, kept, problems, err := exchange.ReadUKPetitions(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	h, err := c.open(nil)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	reason := c.config.Reason
	if reason == "" {
		reason = "imported as the other site published them"
	}
	report, err := h.petitions.ImportForeign(c.ctx, access.House(), list, kept, petitions.ForeignOptions{
		Reason: reason, Visibility: record.Visibility(c.config.Rows), Again: c.config.rowsSaid, DryRun: c.config.DryRun,
	})
	if report != nil {
		report.Rows += len(problems)
		report.Refused += len(problems)
		for _, p := range problems {
			report.List(p)
		}
		if err == nil && report.Rows == 0 {
			report.List(exchange.NothingInside())
		}
	}
	return report, err
}

// importCoverage takes in a series of how much was reported of an event.
func (c *call) importCoverage(format, path string) (*casework.ImportReport, error) {
	if c.config.Event == "" || c.config.Collection == "" {
		return nil, usagef("import %s needs --event SLUG and --collection NAME: the file does not say what it is about, nor what it was counted in", format)
	}
	file, kept, err := exchange.OpenCoverage(format, path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if c.config.Query == "" && file.Query == "" {
		return nil, usagef("import %s needs --query WORDS: the file does not say what was searched for", format)
	}
	h, err := c.open(nil)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	reason := c.config.Reason
	if reason == "" {
		reason = "imported as the tool counted it"
	}
	report, _, err := h.following.ImportCoverage(c.ctx, access.House(), file, kept, followup.CoverageOptions{
		Event: c.config.Event, Collection: c.config.Collection, Query: c.config.Query, Language: c.config.Language,
		Visibility: record.Visibility(c.config.Rows), Reason: reason, DryRun: c.config.DryRun,
	})
	if wrong, ok := errors.AsType[*record.Invalid](err); ok {
		err = fmt.Errorf("%s: %w", path, wrong)
	}
	return report, err
}

func (c *call) importDocuments(path string) (*casework.ImportReport, error) {
	h, err := c.open(nil)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	return h.ImportDocuments(c.ctx, access.House(), path, casework.DocumentOptions{DryRun: c.config.DryRun})
}

// shownProblems is how many problems the text report prints.
const shownProblems = 50

func (c *call) report(r *casework.ImportReport) error {
	if c.config.JSON {
		enc := json.NewEncoder(c.Out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	w := c.Out
	if r.DryRun {
		fmt.Fprintln(w, "dry run, nothing was written")
	}
	fmt.Fprintf(w, "rows       %8d\ncreated    %8d\nupdated    %8d\nunchanged  %8d\nrefused    %8d\n", r.Rows, r.Created, r.Updated, r.Unchanged, r.Refused)
	if r.Seconds > 0 {
		fmt.Fprintf(w, "seconds    %8.1f  (%.0f rows a second)\n", r.Seconds, float64(r.Rows)/r.Seconds)
	}
	for i, p := range r.Problems {
		if i == shownProblems {
			fmt.Fprintf(w, "… and %d more (--json lists them)\n", len(r.Problems)-shownProblems+r.MoreProblems)
			break
		}
		fmt.Fprintln(w, describe(p))
	}
	return nil
}

func describe(p exchange.Problem) string {
	s := "problem: "
	if p.Line > 0 {
		s += fmt.Sprintf("line %d, ", p.Line)
	}
	if p.Column != "" {
		s += p.Column + ": "
	}
	return s + p.Reason
}

// bar shows an import's progress on a terminal and nothing elsewhere.
type bar struct {
	w    io.Writer
	size int64
	on   bool
}

func (c *call) progress(path string) *bar {
	b := &bar{w: c.Err}
	if f, ok := c.Err.(*os.File); ok && !c.config.JSON {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			b.on = true
		}
	}
	// The size of a compressed file says nothing about how far its rows are.
	if info, err := os.Stat(path); err == nil && !strings.HasSuffix(path, ".gz") && !strings.HasSuffix(path, ".xlsx") && !strings.HasSuffix(path, ".zip") {
		b.size = info.Size()
	}
	return b
}

const barWidth = 30

func (b *bar) show(rows int, offset int64) {
	if !b.on {
		return
	}
	if b.size <= 0 {
		fmt.Fprintf(b.w, "\r%d rows ", rows)
		return
	}
	full := int(min(offset*barWidth/b.size, barWidth))
	fmt.Fprintf(b.w, "\r[%s%s] %3d %%  %d rows ", strings.Repeat("=", full), strings.Repeat(" ", barWidth-full), offset*100/b.size, rows)
}

func (b *bar) end() {
	if b.on {
		fmt.Fprintln(b.w)
	}
}
