package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// followTie is one row of follow_link: what a record refers to, and as what.
type followTie struct{ part, target string }

// The parts that a record can have in one that is followed up.
const (
	PartAsked    = "asked"    // addressee of a demand
	PartBy       = "by"       // who asks, who promises
	PartTo       = "to"       // to whom something was promised
	PartOwner    = "owner"    // of a step
	PartPosition = "position" // took a position on a demand
	PartAccused  = "accused"  // in a proceeding
	PartBelongs  = "belongs"  // the party the accused are said to belong to
	PartCourt    = "court"    // tries it, or acted in it
	PartAttack   = "attack"   // on account of which
	PartIn       = "in"       // the negotiation or announcement in which
	PartEvent    = "event"    // that a proceeding is about, or that an assessment cites
	PartStep     = "step"     // an event that is a step of a proceeding
	PartReply    = "reply"    // that an assessment cites
	PartLink     = "link"     // a commitment that a demand stands to
	PartReplaces = "replaces" // a commitment that another replaces
)

// followTies lists what a record refers to, each part and target once.
func followTies(r record.Record) []followTie {
	var out []followTie
	seen := map[followTie]bool{}
	add := func(part, target string) {
		t := followTie{part, target}
		if target != "" && !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	steps := func(list []record.Step) {
		for _, s := range list {
			add(PartOwner, string(s.Owner))
		}
	}
	switch r := r.(type) {
	case *record.Demand:
		for _, a := range r.Addressees {
			add(PartAsked, string(a.Party))
			add(PartAsked, string(a.Person))
		}
		for _, p := range r.By {
			add(PartBy, string(p))
		}
		for _, p := range r.Positions {
			add(PartPosition, string(p.Party))
		}
		for _, l := range r.Commitments {
			add(PartLink, string(l.Commitment))
		}
		add(PartAttack, string(r.Attack))
		steps(r.Steps)
	case *record.Commitment:
		for _, p := range r.By {
			add(PartBy, string(p.Party))
			add(PartBy, string(p.Person))
		}
		for _, p := range r.To {
			add(PartTo, string(p))
		}
		add(PartAttack, string(r.Attack))
		add(PartIn, string(r.In))
		add(PartReplaces, string(r.Replaces))
		steps(r.Steps)
	case *record.Assessment:
		for _, e := range r.Events {
			add(PartEvent, string(e))
		}
		for _, y := range r.Replies {
			add(PartReply, string(y))
		}
	case *record.Proceeding:
		add(PartAccused, string(r.Person))
		add(PartAccused, string(r.Party))
		add(PartBelongs, string(r.Of))
		add(PartCourt, string(r.Court))
		for _, e := range r.Events {
			add(PartEvent, string(e))
		}
		for _, s := range r.Steps {
			add(PartStep, string(s.Event))
			add(PartCourt, string(s.By))
		}
	}
	return out
}

// dueRow is one row of follow_due.
type dueRow struct {
	step string
	due  record.Due
}

// dueRows lists the days by which parts of a record are due.
func dueRows(r record.Record) []dueRow {
	var out []dueRow
	add := func(step string, d record.Due) {
		if d.Day != "" || d.Working > 0 {
			out = append(out, dueRow{step, d})
		}
	}
	steps := func(list []record.Step) {
		for _, s := range list {
			add(s.Key, s.Due)
		}
	}
	switch r := r.(type) {
	case *record.Demand:
		add("", r.Due)
		steps(r.Steps)
	case *record.Commitment:
		add("", r.Due)
		steps(r.Steps)
	}
	return out
}

// followLinks keeps the tables that say what a followed record refers to and when
// its parts are due.
func (t *Tx) followLinks(ctx context.Context, r record.Record, replace bool) error {
	ref := r.Ref()
	switch ref.Kind {
	case record.KindDemand, record.KindCommitment, record.KindAssessment, record.KindProceeding:
	default:
		return nil
	}
	if replace {
		if err := t.exec(ctx, "delete from follow_link where id = $1", ref.ID); err != nil {
			return err
		}
		if err := t.exec(ctx, "delete from follow_due where id = $1", ref.ID); err != nil {
			return err
		}
	}
	for _, tie := range followTies(r) {
		if err := t.put(ctx, "follow_link", []string{"kind", "id", "part", "target"}, string(ref.Kind), ref.ID, tie.part, tie.target); err != nil {
			return err
		}
	}
	for _, row := range dueRows(r) {
		country := ""
		if row.due.Working > 0 {
			country = row.due.Country
		}
		err := t.put(ctx, "follow_due", []string{"kind", "id", "step", "day", "zone", "long", "work_country"},
			string(ref.Kind), ref.ID, row.step, row.due.Day, row.due.Zone, row.due.Long, country)
		if err != nil {
			return err
		}
	}
	return nil
}

// tiedTo is the condition that a record, aliased t, refers to a target as one of
// some parts. target is a parameter mark.
func tiedTo(kind record.Kind, target string, parts ...string) string {
	in := ""
	if len(parts) > 0 {
		in = " and l.part in ('" + strings.Join(parts, "', '") + "')"
	}
	return "t.id in (select l.id from follow_link l where l.target = " + target + " and l.kind = '" + string(kind) + "'" + in + ")"
}

// FollowedWith returns the records of following up that refer to a record, or
// belong to it, whoever may see them.
func (r *Reader) FollowedWith(ctx context.Context, ref record.Ref) ([]record.Record, error) {
	all := access.House()
	var out []record.Record
	gather := func(err error, recs []record.Record) error {
		out = append(out, recs...)
		return err
	}
	switch ref.Kind {
	case record.KindPetition, record.KindEvent, record.KindSource:
		list, err := where[*record.Demand](ctx, r, all, "t.of_id = $1 order by t.id", ref.ID)
		if err := gather(err, plain(list)); err != nil {
			return nil, err
		}
	case record.KindDemand, record.KindCommitment:
		list, err := where[*record.Assessment](ctx, r, all, "t.of_id = $1 order by t.id", ref.ID)
		if err := gather(err, plain(list)); err != nil {
			return nil, err
		}
	}
	if ref.Kind == record.KindEvent {
		list, err := where[*record.Coverage](ctx, r, all, "t.event = $1 order by t.id", ref.ID)
		if err := gather(err, plain(list)); err != nil {
			return nil, err
		}
	}
	rows, err := r.query(ctx, "select distinct kind, id from follow_link where target = $1 order by kind, id", ref.ID)
	if err != nil {
		return nil, fmt.Errorf("find what refers to %s: %w", ref, err)
	}
	byKind := map[record.Kind][]string{}
	err = scan(rows, func() error {
		var kind, id string
		if err := rows.Scan(&kind, &id); err != nil {
			return err
		}
		if !slices.ContainsFunc(out, func(o record.Record) bool { return o.Ref().ID == id }) {
			byKind[record.Kind(kind)] = append(byKind[record.Kind(kind)], id)
		}
		return nil
	})
	if err != nil {
		return nil, r.dialect.fault(err)
	}
	for _, kind := range []record.Kind{record.KindCommitment, record.KindDemand, record.KindAssessment, record.KindProceeding} {
		ids := byKind[kind]
		for len(ids) > 0 {
			n := min(len(ids), chunk)
			in, args := list(nil, ids[:n])
			got, err := items[record.Record](ctx, r, kind, "select "+selectCommon("t")+" from "+tables[kind].name+" t where t.id in ("+in+") order by t.id", args...)
			if err := gather(err, plain(got)); err != nil {
				return nil, err
			}
			ids = ids[n:]
		}
	}
	return out, nil
}

func plain[T record.Record](items []Item[T]) []record.Record {
	out := make([]record.Record, len(items))
	for i, it := range items {
		out[i] = it.Rec
	}
	return out
}

// ProceedingsTied returns the public proceedings that name a person and refer to a
// record: the accused or an event.
func (r *Reader) ProceedingsTied(ctx context.Context, target string) ([]record.ProceedingID, error) {
	rows, err := r.query(ctx, "select distinct l.id from follow_link l join proceeding t on t.id = l.id "+
		"where l.target = $1 and l.kind = 'proceeding' and t.person <> '' and t.seen = 0", target)
	if err != nil {
		return nil, fmt.Errorf("find proceedings: %w", err)
	}
	var out []record.ProceedingID
	err = scan(rows, func() error {
		var id record.ProceedingID
		if err := rows.Scan(&id); err != nil {
			return err
		}
		out = append(out, id)
		return nil
	})
	return out, r.dialect.fault(err)
}
