package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/internal/store"
)

// size is how large a generated register is. Each event has the same number of
// claims, two by each of its sources.
type size struct{ events, claims int }

func (z size) sources() int { return max(z.claims/z.events/2, 1) }

// registerVersion changes when registers are generated in another way.
const registerVersion = 1

// registerDir returns a data directory with a public register of the size: made
// for testing, entered through the importer's own path, and kept for later runs.
func (s *shared) registerDir(ctx context.Context, z size) (string, error) {
	cache, err := s.cacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, fmt.Sprintf("register-%d-events-%d-claims-v%d", z.events, z.claims, registerVersion))
	if h, err := openHouse(ctx, dir, true); err == nil {
		return dir, h.close()
	}
	// Missing, half done, or of another schema.
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	fmt.Fprintf(os.Stderr, "making a register of %d events and %d claims, once, in %s\n", z.events, z.events*2*z.sources(), dir)
	h, err := openHouse(ctx, dir, false)
	if err != nil {
		return "", err
	}
	err = fill(ctx, h, z)
	if err == nil {
		var r casework.Refigured
		r, err = h.RefigureAll(ctx, access.House())
		fmt.Fprintf(os.Stderr, "worked out the figures of %d events\n", r.Events)
	}
	if err := errors.Join(err, h.close()); err != nil {
		return "", err
	}
	return dir, os.WriteFile(filepath.Join(dir, complete), nil, 0o600)
}

// complete is the name of the file that marks a register as whole.
const complete = "complete"

// house is an open data directory.
type house struct {
	*casework.House
	store *store.Store
	blobs *blob.Store
}

func openHouse(ctx context.Context, dir string, whole bool) (*house, error) {
	if whole {
		if _, err := os.Stat(filepath.Join(dir, complete)); err != nil {
			return nil, err
		}
	}
	return openHouseAt(ctx, dir, "")
}

// openHouseAt opens a data directory with its database on a server, "" in the directory.
func openHouseAt(ctx context.Context, dir, server string) (*house, error) {
	b, err := blob.Open(filepath.Join(dir, "originals"))
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, cmp.Or(server, filepath.Join(dir, "gawah.db")))
	if err != nil {
		return nil, err
	}
	return &house{casework.New(casework.Config{Store: s, Blobs: b, Dir: dir}), s, b}, nil
}

func (h *house) close() error { return h.store.Close() }

// fill enters the events with their first sources, and then one more source for
// each event at a time, as reports come in.
func fill(ctx context.Context, h *house, z size) error {
	var events []record.EventID
	for pass := range z.sources() {
		p := &pressRows{maker: newMaker(seed + uint64(pass)), pass: pass, left: z.events, rows: z.events, events: events}
		began := time.Now()
		r, err := h.Import(ctx, access.House(), p, casework.ImportOptions{
			Name: "generated", Hash: fmt.Sprintf("%064x", pass+1), State: record.Accepted, Rows: record.Public, Reason: "made for testing",
		})
		if err != nil {
			return fmt.Errorf("enter source %d of every event: %w", pass+1, err)
		}
		if r.Refused > 0 {
			return fmt.Errorf("enter source %d of every event: %d were refused, the first because of %v", pass+1, r.Refused, r.Problems[0])
		}
		fmt.Fprintf(os.Stderr, "%d of %d sources of every event, %.0f a second\n", pass+1, z.sources(), float64(r.Rows)/time.Since(began).Seconds())
		if pass == 0 {
			if events, err = h.eventIDs(ctx, z.events); err != nil {
				return err
			}
		}
	}
	return nil
}

// eventIDs returns the identifiers of the generated events by their number.
func (h *house) eventIDs(ctx context.Context, n int) ([]record.EventID, error) {
	ids := make([]record.EventID, n)
	err := h.store.View(ctx, func(r *store.Reader) error {
		return store.Each(ctx, r, access.House(), func(e store.Item[*record.Event]) error {
			if i, err := strconv.Atoi(strings.TrimPrefix(e.Rec.Slug, slugPrefix)); err == nil && i < n {
				ids[i] = e.Rec.ID
			}
			return nil
		})
	})
	return ids, err
}

const slugPrefix = "test-event-"

func slug(n int) string { return fmt.Sprintf("%s%06d", slugPrefix, n) }

// pressRows reads as a dataset of press reports: each row is a source with two
// claims about one event. The first pass makes the events.
type pressRows struct {
	*maker
	pass, left, rows int
	events           []record.EventID
}

// Info implements [exchange.Reader].
func (p *pressRows) Info() exchange.Info {
	return exchange.Info{
		Format: "generated", Dataset: fmt.Sprintf("generated-%d", p.pass), Title: "Reports made for testing", Publisher: "Test Press Archive",
		Terms: record.TermsFree, Encoding: "UTF-8",
	}
}

// Close implements [exchange.Reader].
func (p *pressRows) Close() error { return nil }

// Notes implements [exchange.Reader].
func (p *pressRows) Notes() []exchange.Problem { return nil }

// Next implements [exchange.Reader].
func (p *pressRows) Next() (*exchange.Row, error) {
	if p.left == 0 {
		return nil, io.EOF
	}
	n := p.rows - p.left
	p.left--
	// Every pass gives an event the same day.
	day := firstDay.AddDate(0, 0, n*13_000/p.rows)
	date, err := edtf.Parse(day.Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	said, err := edtf.Parse(day.AddDate(0, 0, p.pass).Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	key := strconv.Itoa(n)
	row := &exchange.Row{Number: n + 1, Line: n + 1, Key: key, Hash: sha256.Sum256([]byte(key))}
	row.Source = record.Source{
		Type: record.TypeArticle, Title: record.Plain("en", fmt.Sprintf("Test report %d-%d: %s", n, p.pass, p.words(7))),
		Publisher: "Test " + title(name(uint64(p.r.IntN(60)))) + " News", Language: "en", Published: record.When{Date: said}, Locator: "report " + key,
	}
	toll := int64(5 + n%90)
	// Sources differ by a few, and more on the first day.
	toll += int64(p.r.IntN(4))
	if p.pass == 0 {
		toll = toll * 2 / 3
	}
	var subject record.Ref
	if p.pass == 0 {
		row.Event = p.event(n, date)
	} else {
		subject = record.Ref{Kind: record.KindEvent, ID: string(p.events[n])}
	}
	row.Claims = []exchange.Claim{p.measure("killed", record.Killed, subject, toll, said), p.measure("injured", record.Injured, subject, toll*2, said)}
	row.Claims[0].Passage.Segments = []record.Segment{{Exact: fmt.Sprintf("at least %d people were killed near the %s, %s said", toll, p.words(2), row.Claims[0].AttributedTo.Text)}}
	return row, nil
}

func (p *pressRows) event(n int, date edtf.Date) *record.Event {
	s := p.spot()
	types := []record.EventType{record.TypeAttack, record.TypeAttack, record.TypeAttack, record.TypeProtest, record.TypeThreat}
	return &record.Event{
		Slug: slug(n), Title: record.Plain("en", fmt.Sprintf("Test event %d: %s in %s", n, p.words(3), s.town)),
		Summary: record.Plain("en", "Made for testing. "+p.words(25)), Type: types[n%len(types)], Status: record.Held,
		When: record.When{Date: date},
		Where: record.Place{
			Town: s.town, District: s.district, Province: s.province, Country: "PK", Precision: record.PreciseTown,
			Point: &record.Point{Lat: s.lat, Lon: s.lon},
		},
	}
}

func (p *pressRows) measure(part string, m record.Measure, subject record.Ref, n int64, said edtf.Date) exchange.Claim {
	c := record.Claim{
		Kind: record.KindMeasure, Measure: m, Form: record.Incident, Subject: subject, AsOf: record.When{Date: said}, Role: record.Reported,
		AttributedTo: record.Attribution{Text: "a " + name(uint64(p.r.IntN(400))) + " spokesman"},
	}
	c.Bounds(record.Exact, n, n)
	if p.r.IntN(3) == 0 {
		c.Bounds(record.AtLeast, n, 0)
	}
	c.Passage = record.Passage{Locator: "paragraph 2", Segments: []record.Segment{{Exact: strconv.FormatInt(n, 10)}}}
	return exchange.Claim{Part: part, Claim: c}
}

// sizeFlags lets a command's register be smaller.
func sizeFlags(fs *flag.FlagSet) *size {
	z := &size{}
	fs.IntVar(&z.events, "events", 100_000, "`N` events in the generated register")
	fs.IntVar(&z.claims, "claims", 1_000_000, "`N` claims in the generated register")
	return z
}
