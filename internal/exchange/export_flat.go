package exchange

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/record"
)

// ExportFlat writes the record as tables for analysis in one ZIP archive:
// events.csv, figures.csv and claims.csv, a codebook that explains every column
// (codebook.csv and, to be read, codebook.md) and losses.csv. The same input
// gives the same bytes: entries come in a fixed order and bear no time of day.
// Text that a spreadsheet would run as a formula gets an apostrophe in front;
// numbers, dates, codes and addresses are written as they are.
//
// The two longer tables are kept in temporary files while events.csv is written,
// so memory does not grow with the record.
func ExportFlat(w io.Writer, x Export) (*LossReport, error) {
	loss := &LossReport{Format: "csv"}
	loss.add("", "captures", "preserved copies and the positions of passages in them are not part of the tables; quotes and locators are")
	loss.add("", "title, summary, statement", "texts in several languages are written in English, or in their first language where there is no English")
	figures, err := x.spool()
	if err != nil {
		return loss, err
	}
	defer figures.discard()
	claims, err := x.spool()
	if err != nil {
		return loss, err
	}
	defer claims.discard()
	archive := zip.NewWriter(w)
	credits := map[string]bool{}
	events, err := flatEntry(archive, "events.csv")
	if err != nil {
		return loss, err
	}
	if err := writeTables(x, loss, newSheetWriter(events), newSheetWriter(figures.file), newSheetWriter(claims.file), credits); err != nil {
		return loss, err
	}
	for _, s := range []struct {
		name  string
		spool *spool
	}{{"figures.csv", figures}, {"claims.csv", claims}} {
		entry, err := flatEntry(archive, s.name)
		if err != nil {
			return loss, err
		}
		if err := s.spool.copyTo(entry); err != nil {
			return loss, err
		}
	}
	for _, f := range []struct {
		name    string
		content func(*bytes.Buffer) error
	}{
		{"codebook.csv", writeCodebook},
		{"codebook.md", func(b *bytes.Buffer) error { return x.describe(b, credits) }},
		{"losses.csv", loss.write},
	} {
		entry, err := flatEntry(archive, f.name)
		if err != nil {
			return loss, err
		}
		var b bytes.Buffer
		if err := f.content(&b); err != nil {
			return loss, err
		}
		if _, err := entry.Write(b.Bytes()); err != nil {
			return loss, err
		}
	}
	return loss, archive.Close()
}

func flatEntry(archive *zip.Writer, name string) (io.Writer, error) {
	return archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
}

// spool is a temporary file that is written once and read once.
type spool struct{ file *os.File }

func (x Export) spool() (*spool, error) {
	if x.Temp != nil {
		f, err := x.Temp()
		return &spool{f}, err
	}
	f, err := os.CreateTemp("", "gawah-export-*.csv")
	if err != nil {
		return nil, fmt.Errorf("make room for the export: %w", err)
	}
	// Without a name it is gone when this process is. Where a file in use cannot
	// be removed, discard does it.
	_ = os.Remove(f.Name())
	return &spool{f}, nil
}

func (s *spool) copyTo(w io.Writer) error {
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(w, s.file)
	return err
}

func (s *spool) discard() {
	s.file.Close()
	os.Remove(s.file.Name())
}

func writeTables(x Export, loss *LossReport, events, figures, claims sheetWriter, credits map[string]bool) error {
	for _, t := range []struct {
		out  sheetWriter
		name string
	}{{events, "events.csv"}, {figures, "figures.csv"}, {claims, "claims.csv"}} {
		if err := t.out.row(flatHeader(t.name)...); err != nil {
			return err
		}
	}
	err := x.each(loss, func(e *ExportEvent) error {
		if err := events.row(x.flatEvent(e)...); err != nil {
			return err
		}
		for i := range e.Figures {
			f := &e.Figures[i]
			if err := figures.row(string(e.Event.ID), e.Event.Slug, string(f.Measure), f.Unit,
				string(f.Scope.Area), TextCell(f.Scope.Place), f.Scope.Period, string(f.Scope.Counted), string(f.Scope.Attackers),
				number(f.Low), number(f.Best), number(f.High), truth(f.Open), truth(f.Below), truth(f.Approx),
				string(f.Status), strconv.Itoa(f.Origins), string(f.Rule), strconv.Itoa(len(f.UsedClaims()))); err != nil {
				return err
			}
		}
		for i := range e.Claims {
			if c := e.Claims[i].Source.Credit; c != "" {
				credits[c] = true
			}
			if err := claims.row(flatClaim(&e.Event, &e.Claims[i])...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range []sheetWriter{events, figures, claims} {
		if err := t.finish(); err != nil {
			return err
		}
	}
	return nil
}

func (x Export) flatEvent(e *ExportEvent) []string {
	v := &e.Event
	lat, lon := "", ""
	if p := v.Where.Point; p != nil {
		lat, lon = coordinate(p.Lat), coordinate(p.Lon)
	}
	cells := []string{
		string(v.ID), v.Slug, x.address(v), TextCell(english(v.Title)), TextCell(english(v.Summary)), string(v.Type), TextCell(v.Subtype), string(v.Status),
		v.When.Date.String(), day(v.When.Date.Earliest()), day(v.When.Date.Latest()), TextCell(v.When.Printed),
		TextCell(v.Where.Site), TextCell(v.Where.Town), TextCell(v.Where.District), TextCell(v.Where.Province), v.Where.Country,
		lat, lon, string(v.Where.Precision), string(v.PartOf), TextCell(v.Dataset), strconv.Itoa(len(e.Claims)),
	}
	for _, m := range mainMeasures {
		cells = append(cells, figureCells(e.figure(m))...)
	}
	return cells
}

func flatClaim(e *record.Event, c *ClaimWithSource) []string {
	m, s := &c.Claim, &c.Source
	lat, lon := "", ""
	if p := m.Value.Place.Point; p != nil {
		lat, lon = coordinate(p.Lat), coordinate(p.Lon)
	}
	open := ""
	if m.Kind == record.KindMeasure {
		open = truth(m.Operator == record.AtLeast || m.Operator == record.MoreThan)
	}
	var supersedes []string
	for _, id := range m.Supersedes {
		supersedes = append(supersedes, string(id))
	}
	return []string{
		string(m.ID), string(e.ID), e.Slug, string(m.Kind), string(m.Measure), string(m.Form), string(m.Operator),
		number(m.Low), number(m.Best), number(m.High), open, m.Unit, TextCell(m.Words),
		string(m.Scope.Area), TextCell(m.Scope.Place), m.Scope.Period, string(m.Scope.Counted), string(m.Scope.Attackers), TextCell(m.ScopePrinted),
		string(m.Attribute), TextCell(m.Value.Text), m.Value.When.Date.String(), lat, lon,
		TextCell(m.Topic), TextCell(english(m.Statement)), string(m.Stance), m.AsOf.Date.String(),
		TextCell(m.AttributedTo.Text), truth(m.AttributedTo.Unattributed), string(m.Role), string(m.Review.State), strings.Join(supersedes, " "),
		TextCell(m.Passage.Quote()), TextCell(m.Passage.Locator), m.Language,
		string(s.ID), string(s.Type), TextCell(english(s.Title)), TextCell(s.Publisher), TextCell(s.Author), s.Published.Date.String(), s.URL,
		TextCell(s.Locator), s.Accessed.String(), s.Language, string(s.ReproducedIn), string(s.Terms), TextCell(s.Credit),
	}
}

// write makes losses.csv.
func (l *LossReport) write(b *bytes.Buffer) error {
	out := newSheetWriter(b)
	out.row(flatHeader("losses.csv")...)
	for _, i := range l.Items {
		out.row(i.Record, TextCell(i.Field), TextCell(i.What))
	}
	return out.finish()
}

func flatHeader(file string) []string {
	var names []string
	for _, c := range codebook() {
		if c.file == file {
			names = append(names, c.name)
		}
	}
	return names
}

func writeCodebook(b *bytes.Buffer) error {
	out := newSheetWriter(b)
	out.row("file", "column", "type", "meaning")
	for _, c := range codebook() {
		out.row(c.file, c.name, c.kind, c.meaning)
	}
	return out.finish()
}

// describe makes codebook.md.
func (x Export) describe(b *bytes.Buffer, credits map[string]bool) error {
	title := markdownLine(x.Title)
	if x.Release > 0 {
		title += ", release " + strconv.Itoa(x.Release)
	}
	fmt.Fprintf(b, "# %s\n\n", title)
	fmt.Fprintf(b, "Published by %s on %s.", markdownLine(x.Publisher), x.Made.UTC().Format(time.DateOnly))
	if x.Address != "" {
		fmt.Fprintf(b, " The record, its method and its corrections: <%s>.", x.Address)
	}
	b.WriteString(`

Every number in events.csv and figures.csv is a figure: it was worked out from
claims by the rule named beside it, and claims.csv holds those claims with who
said them, where and in what words. The status says how well a figure is
supported: corroborated (two or more independent origins that can all be right),
provisional (one origin), disputed (origins that cannot all be right), compiled
(only editors of datasets, whose own sources were not read here).

Blank means not known or not recorded; 0 means that somebody said nobody. Dates
are EDTF (ISO 8601-2, level 1): 2013-01 is some day in that month, a slash joins
the ends of a span, ~ marks about, ? uncertain. Files are UTF-8; cells that a
spreadsheet would run as a formula begin with an apostrophe that is not part of
the text. losses.csv lists what these tables could not hold.
`)
	if len(credits) > 0 {
		b.WriteString("\n## Credit\n\nThese tables contain figures of others, who ask to be named:\n\n")
		lines := make([]string, 0, len(credits))
		for c := range credits {
			lines = append(lines, markdownLine(c))
		}
		slices.Sort(lines)
		for _, c := range lines {
			fmt.Fprintf(b, "- %s\n", c)
		}
	}
	file := ""
	for _, c := range codebook() {
		if c.file != file {
			file = c.file
			fmt.Fprintf(b, "\n## %s\n\n| column | type | meaning |\n|---|---|---|\n", file)
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", c.name, c.kind, c.meaning)
	}
	return nil
}

// markdownLine keeps a name from ending its line or starting markup.
func markdownLine(s string) string {
	return strings.NewReplacer("\n", " ", "\r", " ", "<", "‹", ">", "›", "|", "/", "[", "(", "]", ")", "`", "'").Replace(s)
}
