package followup

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// The lists that [Desk.CSV] writes.
const (
	ListDemands     = "demands"
	ListCommitments = "commitments"
	ListAssessments = "assessments"
	ListProceedings = "proceedings"
	ListSilence     = "silence"
	ListDue         = "due"
)

// table writes rows, of which cells that a spreadsheet would take for a formula are
// made text.
type table struct {
	w   *csv.Writer
	err error
}

func (t *table) row(cells ...string) {
	for i, c := range cells {
		cells[i] = casework.Cell(c)
	}
	if t.err == nil {
		t.err = t.w.Write(cells)
	}
}

// CSV writes a list as a table in UTF-8 with a line of headings, for the viewer and
// through the filter where the list has one. It fails with [record.ErrNotFound] for
// a list that does not exist.
func (d *Desk) CSV(ctx context.Context, v access.Viewer, list string, f Filter, w io.Writer) error {
	t := &table{w: csv.NewWriter(w)}
	var err error
	switch list {
	case ListDemands:
		err = d.demandTable(ctx, v, f, t)
	case ListCommitments:
		err = d.commitmentTable(ctx, v, f, t)
	case ListAssessments:
		err = d.assessmentTable(ctx, v, t)
	case ListProceedings:
		err = d.proceedingTable(ctx, v, t)
	case ListSilence:
		err = d.silenceTable(ctx, v, f, t)
	case ListDue:
		err = d.dueTable(ctx, v, f, t)
	default:
		err = fmt.Errorf("list %q: %w", list, record.ErrNotFound)
	}
	if err != nil {
		return err
	}
	t.w.Flush()
	if t.err == nil {
		t.err = t.w.Error()
	}
	return t.err
}

// en is a text in English, or in its first language.
func en(t record.Text) string { return t.In("en").Text }

func (s *Standing) cells() []string {
	return []string{
		string(s.ResponseBy(record.ByOrganisation)), string(s.ProgressBy(record.ByAuthority)), string(s.ProgressBy(record.ByFamilies)),
		string(s.ProgressBy(record.ByOrganisation)), s.Timeliness, s.Due.Day, string(s.Due.Origin), s.Checked,
	}
}

var standingCells = []string{
	"response", "progress_authority", "progress_families", "progress_organisation", "timeliness", "due", "due_origin", "last_checked",
}

func (q *Silence) cells() []string {
	if !q.Started {
		return []string{"nothing_handed_over", "", "", "", q.Looked}
	}
	state := "silent"
	switch {
	case q.Paused:
		state = "paused"
	case q.Answered != "":
		state = "answered"
	}
	return []string{state, q.Start, q.From, strconv.Itoa(q.Days), q.Looked}
}

var silenceCells = []string{"silence", "silence_start", "silent_since", "days", "last_looked"}

// stands is where everything stands now.
func (d *Desk) stands(ctx context.Context, v access.Viewer) (s *state, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		s, err = d.state(ctx, r, v)
		return err
	})
	return s, err
}

func (d *Desk) demandTable(ctx context.Context, v access.Viewer, f Filter, t *table) error {
	s, err := d.stands(ctx, v)
	if err != nil {
		return err
	}
	lines, _ := s.demandsOf(f, 0, -1)
	t.row(append(append([]string{"id", "slug", "demand", "of_kind", "of_id", "key", "made", "addressees", "steps_met", "steps", "practice"}, standingCells...), silenceCells...)...)
	for _, l := range lines {
		var to []string
		for _, a := range l.Demand.Addressees {
			to = append(to, firstOf(en(a.Office), en(a.Holder), a.Key))
		}
		row := []string{
			string(l.Demand.ID), l.Demand.Slug, en(l.Demand.Text), string(l.Demand.Of.Kind), l.Demand.Of.ID, l.Demand.Key, l.Demand.Made.Date.String(),
			strings.Join(to, "; "), strconv.Itoa(l.Steps.EssentialMet), strconv.Itoa(l.Steps.Essential), strconv.FormatBool(l.Practice),
		}
		t.row(append(append(row, l.cells()...), l.Silence.cells()...)...)
	}
	return nil
}

// cells of the standing under a name of its own: a line has those of its silence too.
func (l *DemandLine) cells() []string     { return l.Standing.cells() }
func (l *CommitmentLine) cells() []string { return l.Standing.cells() }

func (d *Desk) commitmentTable(ctx context.Context, v access.Viewer, f Filter, t *table) error {
	s, err := d.stands(ctx, v)
	if err != nil {
		return err
	}
	lines, _ := s.commitmentsOf(f, 0, -1)
	t.row(append(append([]string{"id", "slug", "commitment", "by", "to", "made", "written", "amounts", "offer", "steps_met", "steps"}, standingCells...), silenceCells...)...)
	for _, l := range lines {
		m := l.Commitment
		var by, amounts []string
		for _, p := range m.By {
			by = append(by, firstOf(en(p.Office), en(p.Holder), string(p.Party), string(p.Person)))
		}
		if m.Unidentified {
			by = []string{"not identified"}
		}
		for _, a := range m.Amounts {
			amounts = append(amounts, fmt.Sprintf("%s %d per %s", a.Currency, a.Value, a.Per))
		}
		offer := ""
		if m.Offer != nil {
			offer = string(m.Offer.Answer)
		}
		row := []string{
			string(m.ID), m.Slug, en(m.Text), strings.Join(by, "; "), en(m.ToText), m.Made.Date.String(), strconv.FormatBool(m.Written),
			strings.Join(amounts, "; "), offer, strconv.Itoa(l.Steps.EssentialMet), strconv.Itoa(l.Steps.Essential),
		}
		t.row(append(append(row, l.cells()...), l.Silence.cells()...)...)
	}
	return nil
}

func (d *Desk) assessmentTable(ctx context.Context, v access.Viewer, t *table) error {
	t.row("id", "of_kind", "of_id", "step", "addressee", "axis", "by", "value", "count", "on", "happened", "reason", "claims", "state", "one_reviewer", "original")
	return d.view(ctx, func(r *store.Reader) error {
		return store.Each(ctx, r, v, func(it AssessmentItem) error {
			a := it.Rec
			value, count := string(a.Response), ""
			if a.Axis == record.AxisProgress {
				value = string(a.Progress)
			}
			if a.Count != nil {
				count = strconv.FormatInt(*a.Count, 10)
			}
			t.row(string(a.ID), string(a.Of.Kind), a.Of.ID, a.Step, a.Addressee, string(a.Axis), string(a.By), value, count, a.On,
				a.Happened.Date.String(), en(a.Reason), strconv.Itoa(len(a.Claims)), string(a.Review.State), strconv.FormatBool(a.Review.OneReviewer), a.Original)
			return t.err
		})
	})
}

func (d *Desk) proceedingTable(ctx context.Context, v access.Viewer, t *table) error {
	var all *docket
	err := d.view(ctx, func(r *store.Reader) (err error) {
		all, err = d.docket(ctx, r, v)
		return err
	})
	if err != nil {
		return err
	}
	t.row("id", "slug", "title", "accused", "reached", "outcome", "left_by", "steps", "jurisdiction", "country", "number", "last_looked", "reply")
	for _, l := range all.lines {
		p := l.Proceeding
		accused := "open"
		switch {
		case p.Person != "":
			accused = "person"
		case p.Party != "":
			accused = "party"
		case !p.Group.IsZero():
			accused = en(p.Group.Name)
		}
		t.row(string(p.ID), p.Slug, en(p.Title), accused, string(l.Reached), l.Outcome, string(l.Exit), strconv.Itoa(len(p.Steps)), en(p.Jurisdiction),
			p.Country, p.Number, l.Chain.Looked.On, en(p.Reply))
	}
	return nil
}

func (d *Desk) silenceTable(ctx context.Context, v access.Viewer, f Filter, t *table) error {
	s, err := d.stands(ctx, v)
	if err != nil {
		return err
	}
	t.row(append([]string{"of_kind", "of_id", "slug", "what", "addressee", "office"}, silenceCells...)...)
	for _, l := range s.silences(f.Party) {
		t.row(append([]string{string(l.Of.Kind), l.Of.ID, l.Slug, en(l.Text), l.Addressee, en(l.Office)}, l.Silence.cells()...)...)
	}
	return nil
}

func (d *Desk) dueTable(ctx context.Context, v access.Viewer, f Filter, t *table) error {
	s, err := d.stands(ctx, v)
	if err != nil {
		return err
	}
	t.row("of_kind", "of_id", "slug", "what", "step", "due", "timeliness", "days_late")
	for _, l := range s.due(f.Timeliness) {
		t.row(string(l.Of.Kind), l.Of.ID, l.Slug, en(l.Text), l.Step, l.Day, l.Timeliness, strconv.Itoa(l.DaysLate))
	}
	return nil
}
