package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// maxDepth bounds how far parts of parts are followed.
const maxDepth = 5

// cluster is an event with the events that accepted proposals show on its page:
// their claims are read together.
type cluster struct {
	root record.EventID
	all  []record.EventID
}

func clusterOf(ctx context.Context, r *store.Reader, id record.EventID) (cluster, error) {
	root, err := r.Root(ctx, id)
	if err != nil {
		return cluster{}, err
	}
	joined, err := r.JoinedTo(ctx, access.House(), root)
	if err != nil {
		return cluster{}, err
	}
	c := cluster{root: root, all: []record.EventID{root}}
	for _, j := range joined {
		c.all = append(c.all, j.Rec.ID)
	}
	return c, nil
}

func (c cluster) ids() []string {
	out := make([]string, len(c.all))
	for i, id := range c.all {
		out[i] = string(id)
	}
	return out
}

// said pairs claims with the voices of their sources.
func said(ctx context.Context, r *store.Reader, claims []store.Item[*record.Claim]) ([]figure.Said, error) {
	var ids []record.SourceID
	for _, c := range claims {
		if !slices.Contains(ids, c.Rec.Source) {
			ids = append(ids, c.Rec.Source)
		}
	}
	voices, err := r.Voices(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]figure.Said, len(claims))
	for i, c := range claims {
		out[i] = saidBy(c.Rec, voices[c.Rec.Source])
	}
	return out, nil
}

func saidBy(c *record.Claim, v store.Voice) figure.Said {
	s := figure.Said{Claim: c, Outlet: v.Outlet}
	if v.Source != nil {
		s.Published = v.Source.Published.Date
		s.From = v.Source.DerivedFrom
	}
	return s
}

// refigure works out again the figures of every event whose claims this work
// changed, and of the events these are part of.
//
// A whole is worked out after its parts: whatever a part's figure changes is
// queued for the next round, even when it was worked out in this one.
func (w *Work) refigure() error {
	queue := make([]record.EventID, 0, len(w.stale))
	for id := range w.stale {
		queue = append(queue, id)
	}
	slices.Sort(queue)
	for depth := 0; len(queue) > 0 && depth <= maxDepth; depth++ {
		done := map[record.EventID]bool{}
		var wholes []record.EventID
		for _, id := range queue {
			above, err := w.refigureOne(id, done)
			if err != nil {
				return err
			}
			wholes = append(wholes, above...)
		}
		queue = wholes
	}
	clear(w.stale)
	return nil
}

// refigureOne returns the events that the refigured one, or one shown on its
// page, is part of.
func (w *Work) refigureOne(id record.EventID, done map[record.EventID]bool) ([]record.EventID, error) {
	r := &w.tx.Reader
	c, err := clusterOf(w.ctx, r, id)
	if err != nil || done[c.root] {
		return nil, err
	}
	done[c.root] = true
	w.house.refigured.Add(1)
	claims, err := r.MeasuresAbout(w.ctx, access.House(), c.ids()...)
	if err != nil {
		return nil, err
	}
	all, err := said(w.ctx, r, claims)
	if err != nil {
		return nil, err
	}
	rows := figureRows(string(c.root), levelsOf(claims), all)
	if rows, err = w.byParts(c.root, rows); err != nil {
		return nil, err
	}
	if err := w.tx.PutFigures(w.ctx, string(c.root), rows, false); err != nil {
		return nil, err
	}
	for _, other := range c.all[1:] {
		if err := w.tx.PutFigures(w.ctx, string(other), nil, false); err != nil {
			return nil, err
		}
	}
	events, err := store.Get[*record.Event](w.ctx, r, access.House(), c.all...)
	if err != nil {
		return nil, err
	}
	var above []record.EventID
	for _, id := range c.all {
		if e, ok := events[id]; ok && e.Rec.PartOf != "" {
			above = append(above, e.Rec.PartOf)
		}
	}
	return above, nil
}

// The audiences for which figures are kept.
var audiences = []struct {
	number int
	level  access.Level
}{{0, access.LevelPublic}, {1, access.LevelInternal}}

func levelsOf(claims []store.Item[*record.Claim]) []access.Level {
	levels := make([]access.Level, len(claims))
	for i, c := range claims {
		levels[i] = c.Level
	}
	return levels
}

// figureRows computes the kept figures of one event from its claims, of which each has
// the level at its place: the default rule and scope, for the public from public claims
// only.
func figureRows(subject string, levels []access.Level, all []figure.Said) []store.FigureRow {
	if len(all) == 0 {
		return nil
	}
	var rows []store.FigureRow
	before := -1
	for _, a := range audiences {
		visible := all
		if slices.Max(levels) > a.level {
			visible = make([]figure.Said, 0, len(all))
			for i, level := range levels {
				if level <= a.level {
					visible = append(visible, all[i])
				}
			}
		}
		if len(visible) == before {
			// A later audience sees all that an earlier one sees, so equally many
			// claims are the same claims.
			for _, f := range rows {
				f.Audience = a.number
				rows = append(rows, f)
			}
			continue
		}
		before = len(visible)
		for _, m := range figure.Measures(visible) {
			f := figure.Compute(figure.Default, m, record.Scope{}, visible)
			if f.Known() {
				rows = append(rows, figureRow(subject, a.number, f))
			}
		}
	}
	return rows
}

func figureRow(subject string, audience int, f figure.Figure) store.FigureRow {
	return store.FigureRow{
		Subject: subject, Measure: f.Measure, Unit: f.Unit, Audience: audience, Low: f.Low, Best: f.Best, High: f.High, Open: f.Open,
		Approx: f.Approx, Origins: f.Origins, Status: string(f.Status), Rule: string(f.Rule), Claims: len(f.UsedClaims()),
	}
}

// ByParts is the status of a kept figure that is the sum of the parts' figures
// because nobody gave a number for the whole.
const ByParts = "parts"

// byParts adds, for the measures of which the event has no figure of its own,
// the sum of its parts'.
func (w *Work) byParts(event record.EventID, rows []store.FigureRow) ([]store.FigureRow, error) {
	parts, err := w.tx.Parts(w.ctx, access.House(), event)
	if err != nil || len(parts) == 0 {
		return rows, err
	}
	for _, a := range audiences {
		var ids []string
		for _, p := range parts {
			if p.Level <= a.level {
				ids = append(ids, string(p.Rec.ID))
			}
		}
		kept, err := w.tx.Figures(w.ctx, viewerOf(a.number), ids...)
		if err != nil {
			return nil, err
		}
		for _, m := range record.Measures() {
			if slices.ContainsFunc(rows, func(f store.FigureRow) bool { return f.Audience == a.number && f.Measure == m }) {
				continue
			}
			var figs []figure.Figure
			units := map[string]bool{}
			unit := ""
			for _, id := range ids {
				f := figure.Figure{Measure: m}
				for _, k := range kept[id] {
					if k.Measure == m {
						f = fromRow(k)
						unit, units[k.Unit] = k.Unit, true
					}
				}
				figs = append(figs, f)
			}
			b := figure.Sum(figs)
			if b.Low == nil || len(units) > 1 { // money in several currencies has no sum
				continue
			}
			rows = append(rows, store.FigureRow{
				Subject: string(event), Measure: m, Unit: unit, Audience: a.number, Low: b.Low, Best: b.Best, High: b.High, Open: b.Open,
				Approx: b.Approx, Status: ByParts, Rule: string(figure.Default), Claims: b.Summed,
			})
		}
	}
	return rows, nil
}

// viewerOf is somebody of a kept audience.
func viewerOf(audience int) access.Viewer {
	if audience == 0 {
		return access.Anyone()
	}
	return access.House()
}

func fromRow(k store.FigureRow) figure.Figure {
	return figure.Figure{
		Low: k.Low, Best: k.Best, High: k.High, Open: k.Open, Approx: k.Approx, Origins: k.Origins,
		Status: figure.Status(k.Status), Rule: figure.Rule(k.Rule), Measure: k.Measure, Unit: k.Unit,
	}
}

// EventFigures is everything a page needs of an event's figures.
type EventFigures struct {
	Claims  []store.Item[*record.Claim]
	Sources map[record.SourceID]*record.Source
	// Figures are for the default scope, one for each measure with a claim; Other
	// are those of other scopes, never mixed with them.
	Figures []figure.Figure
	Other   []figure.Figure
}

// Figure works out what the claims on an event that the viewer sees support,
// under a rule. It fails with [record.ErrNotFound] for an event the viewer may
// not know of.
func (h *House) Figure(ctx context.Context, v access.Viewer, event record.EventID, rule figure.Rule) (EventFigures, error) {
	var out EventFigures
	err := h.view(ctx, func(r *store.Reader) error {
		if _, err := store.One[*record.Event](ctx, r, v, event); err != nil {
			return err
		}
		c, err := clusterOf(ctx, r, event)
		if err != nil {
			return err
		}
		out, err = figuresOf(ctx, r, v, c, rule)
		return err
	})
	return out, err
}

func figuresOf(ctx context.Context, r *store.Reader, v access.Viewer, c cluster, rule figure.Rule) (EventFigures, error) {
	claims, err := r.ClaimsAbout(ctx, v, c.ids()...)
	if err != nil {
		return EventFigures{}, err
	}
	out := EventFigures{Claims: claims, Sources: map[record.SourceID]*record.Source{}}
	var ids []record.SourceID
	for _, k := range claims {
		if _, ok := out.Sources[k.Rec.Source]; !ok {
			out.Sources[k.Rec.Source] = nil
			ids = append(ids, k.Rec.Source)
		}
	}
	voices, err := r.Voices(ctx, ids)
	if err != nil {
		return EventFigures{}, err
	}
	var measures []figure.Said
	for _, k := range claims {
		voice := voices[k.Rec.Source]
		out.Sources[k.Rec.Source] = voice.Source
		// Drafts are for reading; no figure rests on them.
		if k.Rec.Kind == record.KindMeasure && k.Level <= access.LevelInternal {
			measures = append(measures, saidBy(k.Rec, voice))
		}
	}
	for _, m := range record.Measures() {
		for _, s := range figure.Scopes(m, measures) {
			f := figure.Compute(rule, m, s, measures)
			if s.IsZero() {
				out.Figures = append(out.Figures, f)
			} else {
				out.Other = append(out.Other, f)
			}
		}
	}
	return out, nil
}

// FindEvent returns the event with an identifier or a slug.
func (h *House) FindEvent(ctx context.Context, v access.Viewer, name string) (record.EventID, error) {
	var id record.EventID
	err := h.view(ctx, func(r *store.Reader) error {
		if record.ValidID(name) {
			e, err := store.One[*record.Event](ctx, r, v, record.EventID(name))
			if err == nil {
				id = e.Rec.ID
			}
			return err
		}
		e, err := store.BySlug[*record.Event](ctx, r, v, name)
		if err == nil {
			id = e.Rec.ID
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("event %q: %w", name, err)
	}
	return id, nil
}
