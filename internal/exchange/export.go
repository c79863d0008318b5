package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"
	"time"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// Export is what an exporter renders. The caller chooses the events and claims
// by what the reader may see and makes the figures from them; an exporter only
// leaves out, once more, claims whose source's terms forbid passing on.
type Export struct {
	Title     string // of the record
	Publisher string // the house
	Address   string // of the record on the web, without a slash at the end; "" if it has none
	Made      time.Time
	Release   int // number of a frozen release, 0 for an export of the day
	// Events yields every event once, in an order that does not change while the
	// record does not. An error ends the export.
	Events iter.Seq2[*ExportEvent, error]
	// Temp opens an empty file that disappears when it is closed, for what is too
	// long for memory; nil uses the system's directory for such files.
	Temp func() (*os.File, error)
}

// ExportEvent is an event with its figures and the claims they and its
// attributes rest on.
type ExportEvent struct {
	Event   record.Event
	Figures []figure.Figure
	Claims  []ClaimWithSource
}

// ClaimWithSource is a claim beside the source that makes it.
type ClaimWithSource struct {
	Claim  record.Claim
	Source record.Source
}

// LossReport lists what a format could not hold.
type LossReport struct {
	Format string `json:"format"`
	Items  []Loss `json:"items"`
}

// Loss is one thing that is in the record and not in the exported file. Record is
// the event's slug, empty for what the format holds of no event.
type Loss struct {
	Record string `json:"record,omitempty"`
	Field  string `json:"field"`
	What   string `json:"what"`
}

func (l *LossReport) add(slug, field, what string) {
	l.Items = append(l.Items, Loss{slug, field, what})
}

// ExportFormat describes an export format.
type ExportFormat struct {
	Name      string // what the command line and addresses call it
	Title     string
	Extension string // of the file, with its dot
	Media     string
	Write     func(io.Writer, Export) (*LossReport, error)
}

// ExportFormats lists the formats in the order in which pages offer them.
func ExportFormats() []ExportFormat {
	return []ExportFormat{
		{"csv", "tables with codebook (ZIP of CSV)", ".zip", "application/zip", ExportFlat},
		{"json", "JSON", ".json", "application/json", ExportJSON},
		{"geojson", "GeoJSON", ".geojson", "application/geo+json", ExportGeoJSON},
		{"ucdp", "UCDP-shaped CSV", ".csv", "text/csv; charset=utf-8", ExportUCDP},
		{"uwazi", "Uwazi CSV", ".csv", "text/csv; charset=utf-8", ExportUwazi},
	}
}

// each calls write for every event with the claims that may be passed on, and
// reports how many may not.
func (x Export) each(loss *LossReport, write func(*ExportEvent) error) error {
	for ev, err := range x.Events {
		if err != nil {
			return fmt.Errorf("read an event for export: %w", err)
		}
		open := *ev
		open.Claims = nil
		withheld := 0
		for i := range ev.Claims {
			s := &ev.Claims[i].Source
			if s.Terms == record.TermsInternal || s.Sensitivity == record.Confidential {
				withheld++
				continue
			}
			open.Claims = append(open.Claims, ev.Claims[i])
		}
		if withheld > 0 {
			loss.add(ev.Event.Slug, "claims", fmt.Sprintf("%d claims of sources whose terms forbid passing them on", withheld))
		}
		if err := write(&open); err != nil {
			return err
		}
	}
	return nil
}

// figure returns the figure for the whole event and the measure, nil if there is
// none.
func (e *ExportEvent) figure(m record.Measure) *figure.Figure {
	for i := range e.Figures {
		f := &e.Figures[i]
		if f.Measure == m && f.Scope.IsZero() && f.Known() {
			return f
		}
	}
	return nil
}

// address returns the event's page, "" if the record is not on the web.
func (x Export) address(e *record.Event) string {
	if x.Address == "" {
		return ""
	}
	return x.Address + "/events/" + e.Slug
}

// made writes the time of the export in UTC to the second.
func (x Export) made() string { return x.Made.UTC().Format(time.RFC3339) }

// number writes a number that may be absent.
func number(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

func truth(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func coordinate(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// day writes one end of a date, "" where it has none.
func day(d edtf.Day, ok bool) string {
	if !ok {
		return ""
	}
	date, err := d.Date()
	if err != nil {
		return ""
	}
	return date.String()
}

// english returns a text in English, else in the first language it has.
func english(t record.Text) string { return t.In("en").Text }

// attributes returns the texts of the claims on one attribute, each once, in
// their order.
func (e *ExportEvent) attributes(attr record.Attribute) []string {
	var out []string
	for i := range e.Claims {
		c := &e.Claims[i].Claim
		if c.Kind != record.KindAttribute || c.Attribute != attr || c.Value.Text == "" {
			continue
		}
		if !contains(out, c.Value.Text) {
			out = append(out, c.Value.Text)
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// sources returns the sources of the claims, each once, in their order.
func (e *ExportEvent) sources() []*record.Source {
	var out []*record.Source
	seen := map[record.SourceID]bool{}
	for i := range e.Claims {
		s := &e.Claims[i].Source
		if !seen[s.ID] {
			seen[s.ID] = true
			out = append(out, s)
		}
	}
	return out
}

// outside lists the figures that a format with columns for the given measures of
// the whole event has no place for.
func (e *ExportEvent) outside(loss *LossReport, held ...record.Measure) {
	for i := range e.Figures {
		f := &e.Figures[i]
		if !f.Known() {
			continue
		}
		known := false
		for _, m := range held {
			known = known || f.Measure == m
		}
		switch {
		case !known:
			loss.add(e.Event.Slug, string(f.Measure), "the format has no place for a number of this kind")
		case !f.Scope.IsZero():
			loss.add(e.Event.Slug, string(f.Measure), "the format has no place for a number of another extent than the whole event")
		}
	}
}

// sheetWriter writes CSV rows and remembers the first error.
type sheetWriter struct {
	csv *csv.Writer
}

func newSheetWriter(w io.Writer) sheetWriter { return sheetWriter{csv.NewWriter(w)} }

func (s sheetWriter) row(cells ...string) error { return s.csv.Write(cells) }

func (s sheetWriter) finish() error {
	s.csv.Flush()
	return s.csv.Error()
}
