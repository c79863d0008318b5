package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// build looks up what is known of the rows and makes the records of those that
// are new or changed. It does all the work that needs no transaction.
func (i *importer) build(ctx context.Context, rows []*exchange.Row) (*batch, error) {
	keys := make([]string, 0, len(rows))
	for _, r := range rows {
		if r.Key != "" {
			keys = append(keys, r.Key)
		}
	}
	var known map[string]store.RowState
	var struck struckRows
	err := i.house.view(ctx, func(r *store.Reader) error {
		var err error
		if struck, err = struckRowsOf(ctx, r); err != nil {
			return err
		}
		known, err = r.Rows(ctx, i.info.Dataset, keys)
		return err
	})
	if err != nil {
		return nil, err
	}
	b := &batch{rows: make([]*built, len(rows))}
	// Rows do not depend on each other, so every processor takes a share. Their
	// identifiers sort in the order of the rows all the same.
	began := i.house.now()
	var wg sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), len(rows))
	for n := range workers {
		random := newRandomness()
		wg.Go(func() {
			for j := n; j < len(rows); j += workers {
				if struck.row(i.info.Dataset, rows[j]) {
					b.rows[j] = passedOver(rows[j])
					continue
				}
				state, ok := known[rows[j].Key]
				b.rows[j] = i.buildRow(ctx, random, record.NewSeries(began, j, random.r), rows[j], state, ok)
			}
		})
	}
	wg.Wait()
	for _, r := range b.rows {
		if r.err != nil {
			return nil, fmt.Errorf("line %d: %w", r.row.Line, r.err)
		}
	}
	return b, nil
}

// passedOver is a row that spoke of somebody who was erased. Nothing is told of it
// either: what is wrong with a row quotes its cells.
func passedOver(row *exchange.Row) *built {
	row.Problems = nil
	return &built{row: row, outcome: unchanged, frozen: true}
}

// buildRow makes one row's records. A record that does not validate refuses the
// row; any other error stops the import.
func (i *importer) buildRow(ctx context.Context, random *randomness, ids *record.Series, row *exchange.Row, state store.RowState, known bool) *built {
	b := &built{row: row, known: known}
	switch {
	case row.Refused:
		b.outcome = refused
		return b
	case row.Skipped:
		b.outcome = skipped
		return b
	}
	// A row without a hash was frozen when somebody it spoke of was erased.
	if known && len(state.Hash) == 0 {
		return passedOver(row)
	}
	if known && bytes.Equal(state.Hash, row.Hash[:]) {
		b.outcome = unchanged
		return b
	}
	b.state = store.RowState{
		Dataset: i.info.Dataset, Key: row.Key, Hash: row.Hash[:], Offset: row.Offset, Length: row.Length, Line: row.Line,
		Claims: map[string]record.ClaimID{},
	}
	if i.run_ != nil {
		b.state.Run = i.run_.ID
	}
	m := &rowMaker{importer: i, random: random, ids: ids, built: b}
	if known {
		b.outcome = updated
		b.err = m.update(ctx, state)
	} else {
		b.err = m.create()
	}
	if invalid, ok := errors.AsType[*record.Invalid](b.err); ok {
		b.err = nil
		b.outcome = refused
		for _, f := range invalid.Fields {
			row.Problems = append(row.Problems, exchange.Problem{Line: row.Line, Column: f.Field, Key: f.Key, Args: f.Args})
		}
	}
	return b
}

// rowMaker turns one row into versions.
type rowMaker struct {
	*importer
	random *randomness
	ids    *record.Series
	built  *built
	writes []ledger.Write
	claims []store.Item[*record.Claim]
	// found is what search finds the row's event by, while the row's records are
	// made for the first time.
	found []string
}

// fill sets what the importer left to us on the row's records.
func (m *rowMaker) fill(source record.SourceID, event record.EventID) {
	row := m.built.row
	s := &row.Source
	// A row may be built again, and its claims are then about what it made first.
	before := [3]record.Ref{1: s.Ref()}
	if row.Event != nil {
		before[2] = row.Event.Ref()
	}
	s.ID, s.ReproducedIn = source, m.dataset
	if s.Type == "" {
		s.Type = record.TypeRow
	}
	s.Sensitivity, s.Terms, s.Credit, s.Visibility = record.Open, m.info.Terms, m.info.Credit, m.options.Rows
	s.Import = m.built.state.Run
	if s.Publisher == "" {
		s.Publisher = m.info.Publisher
	}
	if row.Event != nil {
		e := row.Event
		e.ID, e.Import, e.Visibility = event, m.built.state.Run, m.options.Rows
		e.WhenClaims, e.WhereClaims = nil, nil
		if e.Status == "" {
			e.Status = record.Held
		}
	}
	for j := range row.Claims {
		c := &row.Claims[j].Claim
		c.Source = source
		if row.Event != nil && c.Kind == record.KindAttribute {
			// The event's date and place are the compiler's, and cite where it says so.
			switch c.Attribute {
			case record.AttrDate:
				row.Event.WhenClaims = append(row.Event.WhenClaims, c.ID)
			case record.AttrPlace:
				row.Event.WhereClaims = append(row.Event.WhereClaims, c.ID)
			}
		}
		if slices.Contains(before[:], c.Subject) {
			if row.Event != nil {
				c.Subject = row.Event.Ref()
			} else {
				c.Subject = s.Ref()
			}
		}
		if len(c.Passage.Segments) > 0 {
			c.Passage.Capture = m.capture
		}
		c.Review = record.Review{State: m.options.State}
		c.MadeBy = "import " + m.info.Format
		c.Visibility = m.options.Rows
	}
}

// create makes the row's records for the first time.
func (m *rowMaker) create() error {
	row, b := m.built.row, m.built
	source, err := m.ids.ID()
	if err != nil {
		return err
	}
	b.state.Source = record.SourceID(source)
	if row.Event != nil {
		id, err := m.ids.ID()
		if err != nil {
			return err
		}
		b.state.Event = record.EventID(id)
	}
	if err := m.nameClaims(nil); err != nil {
		return err
	}
	m.fill(b.state.Source, b.state.Event)
	// The event comes first: its search document decides which others are needed.
	if row.Event != nil {
		if err := m.insert(row.Event); err != nil {
			return err
		}
	}
	if err := m.insert(&row.Source); err != nil {
		return err
	}
	for j := range row.Claims {
		if err := m.insert(&row.Claims[j].Claim); err != nil {
			return err
		}
	}
	return m.done()
}

// nameClaims gives the row's claims their identifiers: those they have had since
// an earlier version of the file, or new ones.
func (m *rowMaker) nameClaims(known map[string]record.ClaimID) error {
	b := m.built
	for j := range b.row.Claims {
		c := &b.row.Claims[j]
		id, ok := known[c.Part]
		if !ok {
			fresh, err := m.ids.ID()
			if err != nil {
				return err
			}
			id = record.ClaimID(fresh)
		}
		c.ID = id
		b.state.Claims[c.Part] = id
		b.parts = append(b.parts, c.Part)
	}
	return nil
}

// levelOf is the effective level of one of the records of a new row, whose own
// source and event have the same visibility as everything else in it. That of a
// row known before is worked out when it is written.
func (m *rowMaker) levelOf(r record.Record) access.Level {
	level := access.Of(r)
	if r.Ref().Kind == record.KindClaim {
		level = max(level, access.Of(&m.built.row.Source))
	}
	return level
}

func (m *rowMaker) version(r record.Record, rev int, author record.UserID) (*store.Version, error) {
	if err := r.Validate(); err != nil && !m.options.DryRun {
		return nil, err
	}
	if m.options.DryRun {
		// Identifiers of what a dry run does not make are blank, so only the parts
		// that come from the file can be wrong.
		return nil, dryInvalid(r.Validate())
	}
	body, err := ledger.Canonical(r)
	if err != nil {
		return nil, err
	}
	salt, err := m.random.bytes(ledger.SaltSize)
	if err != nil {
		return nil, err
	}
	ref := r.Ref()
	m.writes = append(m.writes, ledger.Write{Kind: string(ref.Kind), ID: ref.ID, Rev: rev, Hash: ledger.Hex(ledger.Commit(salt, body))})
	v := &store.Version{
		Record: r, Rev: rev, Level: m.levelOf(r), Author: author, At: m.house.micros(), Role: string(m.viewer.Role),
		Salt: salt, Body: body, Tokens: tokens(r),
	}
	switch {
	case ref.Kind == record.KindEvent:
		v.Tokens = m.eventTokens(v.Tokens)
		if rev == 1 {
			m.found = v.Tokens
		}
	case rev == 1 && m.found != nil && covered(m.found, m.beyond(r, v.Tokens)):
		v.Tokens = nil
	}
	v.Ready()
	return v, nil
}

// eventTokens adds to an event's search document what the row has no other
// place for, and what its own source and its kind are called.
func (m *rowMaker) eventTokens(own []string) []string {
	row := m.built.row
	var b strings.Builder
	b.WriteString(row.Words)
	for _, t := range row.Source.Title {
		b.WriteByte(' ')
		b.WriteString(t.Text)
	}
	b.WriteByte(' ')
	b.WriteString(row.Source.Locator)
	for j := range row.Claims {
		if c := &row.Claims[j]; c.Attribute == record.AttrType {
			b.WriteByte(' ')
			b.WriteString(c.Value.Text)
		}
	}
	all := append(own, tokensOf(b.String())...)
	slices.Sort(all)
	return slices.Compact(all)
}

// beyond returns the tokens of a row's record that are more than a number or the
// name of whoever published the whole dataset.
func (m *rowMaker) beyond(r record.Record, own []string) []string {
	src, isSource := r.(*record.Source)
	if isSource && src.Publisher == m.info.Publisher && src.Author == "" && src.Summary.IsZero() {
		return nil // its title and locator are the event's too
	}
	return slices.DeleteFunc(slices.Clone(own), func(tok string) bool { return !lettered(tok) })
}

// covered reports whether every token of part is one of all, which is sorted. A
// record whose words are all its event's is found through the event, as a row
// of a dataset is one thing to whoever searches.
func covered(all, part []string) bool {
	for _, tok := range part {
		if _, ok := slices.BinarySearch(all, tok); !ok {
			return false
		}
	}
	return true
}

// dryInvalid drops the complaints about identifiers that a dry run never makes.
func dryInvalid(err error) error {
	invalid, ok := errors.AsType[*record.Invalid](err)
	if !ok {
		return err
	}
	var left []record.FieldError
	for _, f := range invalid.Fields {
		if f.Key != "invalid.id" {
			left = append(left, f)
		}
	}
	if len(left) == 0 {
		return nil
	}
	return &record.Invalid{Fields: left}
}

func (m *rowMaker) insert(r record.Record) error {
	v, err := m.version(r, 1, m.viewer.User)
	if err != nil || v == nil {
		return err
	}
	m.built.versions = append(m.built.versions, v)
	m.remember(v)
	return nil
}

func (m *rowMaker) remember(v *store.Version) {
	if c, ok := v.Record.(*record.Claim); ok && c.Kind == record.KindMeasure && c.Subject.Kind == record.KindEvent {
		m.claims = append(m.claims, store.Item[*record.Claim]{Rec: c, Level: v.Level})
	}
}

// update compares the row with what an earlier version of the file brought and
// writes what differs. A record that somebody at the desk has changed since is
// updated all the same, as a new version: the compiler's statement is the
// compiler's, and the history keeps both.
func (m *rowMaker) update(ctx context.Context, state store.RowState) error {
	row, b := m.built.row, m.built
	b.state.Source, b.state.Event = state.Source, state.Event
	if row.Event != nil && b.state.Event == "" {
		id, err := m.ids.ID()
		if err != nil {
			return err
		}
		b.state.Event = record.EventID(id)
	}
	if err := m.nameClaims(state.Claims); err != nil {
		return err
	}
	m.fill(b.state.Source, b.state.Event)
	return m.house.view(ctx, func(r *store.Reader) error {
		err := m.renew(ctx, r, &row.Source, func(old record.Record) {
			was := old.(*record.Source)
			row.Source.Import, row.Source.Visibility, row.Source.Sensitivity = was.Import, was.Visibility, was.Sensitivity
			row.Source.Terms, row.Source.Credit = was.Terms, was.Credit
			row.Source.Summary, row.Source.Reliability = was.Summary, was.Reliability
		})
		if err == nil && row.Event != nil {
			err = m.renew(ctx, r, row.Event, func(old record.Record) {
				was := old.(*record.Event)
				row.Event.Slug, row.Event.Import = was.Slug, was.Import
				row.Event.Visibility, row.Event.PartOf, row.Event.ResponseTo = was.Visibility, was.PartOf, was.ResponseTo
				row.Event.Struck, row.Event.Summary = was.Struck, was.Summary
			})
		}
		if errors.Is(err, record.ErrGone) {
			// What the row brought was erased here, and no newer file brings it back.
			b.outcome, b.versions, b.changed = unchanged, nil, nil
			return nil
		}
		if err != nil {
			return err
		}
		present := map[string]bool{}
		for j := range row.Claims {
			c := &row.Claims[j]
			present[c.Part] = true
			if err := m.renew(ctx, r, &c.Claim, func(old record.Record) {
				was := old.(*record.Claim)
				c.Review, c.Visibility = was.Review, was.Visibility
			}); err != nil && !errors.Is(err, record.ErrGone) {
				return err
			}
		}
		for part, id := range state.Claims {
			if present[part] {
				continue
			}
			// The newer file no longer says it: retracted by the compiler, and kept.
			old, err := store.One[*record.Claim](ctx, r, access.House(), id)
			if errors.Is(err, record.ErrGone) {
				continue
			}
			if err != nil {
				return err
			}
			b.state.Claims[part] = id
			b.parts = append(b.parts, part)
			if old.Rec.Review.State == record.Retracted {
				continue
			}
			c := *old.Rec
			c.Review = record.Review{State: record.Retracted, At: m.house.micros(), Reason: "no longer in the newer version of the dataset"}
			if err := m.change(&c, old.Any()); err != nil {
				return err
			}
		}
		return m.done()
	})
}

// renew inserts a record that is new, changes one that differs, and leaves one
// that does not. The error is [record.ErrGone] for one that was erased.
func (m *rowMaker) renew(ctx context.Context, r *store.Reader, rec record.Record, keep func(old record.Record)) error {
	old, err := store.AnyOne(ctx, r, access.House(), rec.Ref())
	switch {
	case errors.Is(err, record.ErrNotFound):
		return m.insert(rec)
	case err != nil:
		return err
	}
	keep(old.Rec)
	return m.change(rec, old)
}

func (m *rowMaker) change(rec record.Record, old store.Item[record.Record]) error {
	v, err := m.version(rec, old.Rev+1, old.Author)
	if err != nil || v == nil {
		return err
	}
	m.remember(v)
	if bytes.Equal(v.Body, old.Body) {
		m.writes = m.writes[:len(m.writes)-1]
		return nil
	}
	m.built.changed = append(m.built.changed, v)
	return nil
}

// done computes the figures of the row's event and the journal's leaf.
func (m *rowMaker) done() error {
	b := m.built
	if m.options.DryRun {
		return nil
	}
	if len(m.claims) > 0 && b.state.Event != "" && !b.known {
		voice := store.Voice{Outlet: store.OutletKey(&b.row.Source), Source: &b.row.Source}
		all := make([]figure.Said, len(m.claims))
		for j, c := range m.claims {
			all[j] = saidBy(c.Rec, voice)
		}
		b.figures = figureRows(string(b.state.Event), levelsOf(m.claims), all)
	}
	b.at = m.house.micros()
	leaf := ledger.Leaf{
		Action: "import row", Actor: string(m.viewer.User), Role: string(m.viewer.Role), At: b.at,
		Run: string(b.state.Run), Writes: m.writes,
	}
	var err error
	b.leaf, err = ledger.Canonical(leaf)
	return err
}
