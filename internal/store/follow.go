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
	if p, ok := r.(*record.Party); ok {
		return t.successorLink(ctx, p, replace)
	}
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

// successorLink keeps who took over from whom.
func (t *Tx) successorLink(ctx context.Context, p *record.Party, replace bool) error {
	if replace {
		if err := t.exec(ctx, "delete from party_successor where party = $1", string(p.ID)); err != nil {
			return err
		}
	}
	if p.Successor == "" {
		return nil
	}
	return t.put(ctx, "party_successor", []string{"party", "successor"}, string(p.ID), string(p.Successor))
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

// Judged is an accepted assessment as far as a standing rests on it.
type Judged struct {
	ID        record.AssessmentID
	Step      string
	Addressee string
	Axis      record.Axis
	By        record.Assessor
	Value     string
	On        string
	Happened  string // EDTF, "" not known
	Looked    string // the last day on which somebody searched, ""
}

// judgedColumns joins what stands in one assessment: one text for each demand, as reading
// a row costs the driver far more than joining texts does the database.
const judgedColumns = "t.of_id, string_agg(t.id || '|' || t.step || '|' || t.addressee || '|' || t.axis || '|' || t.assessor || '|' || t.value || '|' || " +
	"t.held_on || '|' || t.happened || '|' || t.looked, ';')"

// JudgedTexts returns, by what they judge, the accepted assessments of demands and
// commitments that the viewer sees, as texts that [EachJudged] takes apart: of those with the
// identifiers, or of all when none are given.
func (r *Reader) JudgedTexts(ctx context.Context, v access.Viewer, of ...string) (map[string]string, error) {
	out := map[string]string{}
	read := func(cond string, args []any) error {
		seen := fmt.Sprintf("t.seen <= %d", v.Sees())
		rows, err := r.query(ctx, "select "+judgedColumns+" from assessment t where t.state = 'accepted' and "+seen+cond+" group by t.of_id", args...)
		if err != nil {
			return fmt.Errorf("read what was judged: %w", err)
		}
		return r.dialect.fault(scan(rows, func() error {
			var id, all string
			if err := rows.Scan(&id, &all); err != nil {
				return err
			}
			out[id] = all
			return nil
		}))
	}
	if len(of) == 0 {
		return out, read("", nil)
	}
	for len(of) > 0 {
		n := min(len(of), chunk)
		in, args := list(nil, of[:n])
		if err := read(" and t.of_id in ("+in+")", args); err != nil {
			return nil, err
		}
		of = of[n:]
	}
	return out, nil
}

// EachJudged calls fn for each assessment in a text of [Reader.JudgedTexts]. What it is given
// shares the memory of the text.
func EachJudged(text string, fn func(Judged)) {
	for one := range strings.SplitSeq(text, ";") {
		var f [9]string
		for i := range f {
			f[i], one, _ = strings.Cut(one, "|")
		}
		fn(Judged{record.AssessmentID(f[0]), f[1], f[2], record.Axis(f[3]), record.Assessor(f[4]), f[5], f[6], f[7], f[8]})
	}
}

// Judgements returns the accepted assessments of demands and commitments that the
// viewer sees, by what they judge: of those with the identifiers, or of all when none are
// given.
func (r *Reader) Judgements(ctx context.Context, v access.Viewer, of ...string) (map[string][]Judged, error) {
	texts, err := r.JudgedTexts(ctx, v, of...)
	if err != nil {
		return nil, err
	}
	out := make(map[string][]Judged, len(texts))
	for id, text := range texts {
		EachJudged(text, func(j Judged) { out[id] = append(out[id], j) })
	}
	return out, nil
}

// AssessmentsOf returns every assessment of demands and commitments that the viewer
// sees, the newest day first.
func (r *Reader) AssessmentsOf(ctx context.Context, v access.Viewer, of ...string) ([]Item[*record.Assessment], error) {
	if len(of) == 0 {
		return nil, nil
	}
	in, args := list(nil, of)
	return where[*record.Assessment](ctx, r, v, "t.of_id in ("+in+") order by t.held_on desc, t.id desc", args...)
}

// AssessmentsWaiting returns suggested assessments in the order in which they were
// entered, and how many the viewer sees.
func (r *Reader) AssessmentsWaiting(ctx context.Context, v access.Viewer, offset, limit int) ([]Item[*record.Assessment], int, error) {
	got, err := where[*record.Assessment](ctx, r, v, fmt.Sprintf("t.state = 'suggested' order by t.id limit %d offset %d", limit, offset))
	if err != nil {
		return nil, 0, err
	}
	seen, args := r.sees(v, "t", "author", nil)
	var n int
	_, err = r.one(ctx, []any{&n}, "select count(*) from assessment t where t.state = 'suggested' and "+seen, args...)
	return got, n, err
}

// RepliesCited returns those of the replies that an assessment that was not
// rejected cites, whoever may see it.
func (r *Reader) RepliesCited(ctx context.Context) (map[record.ReplyID]bool, error) {
	return r.repliesOf(ctx, "a.state in ('suggested', 'accepted')")
}

// RepliesRead returns those of the replies that an accepted assessment cites which the
// viewer's level sees: a reading that nobody reviewed stops no clock of the public's.
func (r *Reader) RepliesRead(ctx context.Context, v access.Viewer) (map[record.ReplyID]bool, error) {
	return r.repliesOf(ctx, fmt.Sprintf("a.state = 'accepted' and a.seen <= %d", v.Sees()))
}

func (r *Reader) repliesOf(ctx context.Context, cond string) (map[record.ReplyID]bool, error) {
	rows, err := r.query(ctx, "select distinct l.target from follow_link l join assessment a on a.id = l.id "+
		"where l.kind = 'assessment' and l.part = 'reply' and "+cond)
	if err != nil {
		return nil, fmt.Errorf("find the replies that were read: %w", err)
	}
	out := map[record.ReplyID]bool{}
	err = scan(rows, func() error {
		var id record.ReplyID
		if err := rows.Scan(&id); err != nil {
			return err
		}
		out[id] = true
		return nil
	})
	return out, r.dialect.fault(err)
}

// DemandsOf returns the demands that belong to petitions, events or sources, those of
// each in the order in which they were made.
func (r *Reader) DemandsOf(ctx context.Context, v access.Viewer, ids ...string) ([]Item[*record.Demand], error) {
	return inChunks[*record.Demand](ctx, r, v, "of_id", ids, "order by t.id")
}

// CommitmentsIn returns the commitments that were made in negotiations or announcements,
// of each the latest first.
func (r *Reader) CommitmentsIn(ctx context.Context, v access.Viewer, events ...record.EventID) ([]Item[*record.Commitment], error) {
	var out []Item[*record.Commitment]
	for some := range slices.Chunk(events, chunk) {
		in, args := list(nil, some)
		got, err := where[*record.Commitment](ctx, r, v, "t.id in (select l.id from follow_link l where l.kind = 'commitment' and l.part = 'in' and l.target in ("+in+")) order by t.made desc, t.id desc", args...)
		if err != nil {
			return nil, err
		}
		out = append(out, got...)
	}
	return out, nil
}

// DemandsTied returns the demands that refer to a record as one of some parts, the
// latest first.
func (r *Reader) DemandsTied(ctx context.Context, v access.Viewer, target string, parts ...string) ([]Item[*record.Demand], error) {
	return where[*record.Demand](ctx, r, v, tiedTo(record.KindDemand, "$1", parts...)+" order by t.made desc, t.id desc", target)
}

// CommitmentsTied returns the commitments that refer to a record as one of some
// parts, the latest first.
func (r *Reader) CommitmentsTied(ctx context.Context, v access.Viewer, target string, parts ...string) ([]Item[*record.Commitment], error) {
	return where[*record.Commitment](ctx, r, v, tiedTo(record.KindCommitment, "$1", parts...)+" order by t.made desc, t.id desc", target)
}

// ProceedingsOf returns the proceedings that refer to a record as one of some
// parts, or all with "".
func (r *Reader) ProceedingsOf(ctx context.Context, v access.Viewer, target string, offset, limit int, parts ...string) ([]Item[*record.Proceeding], int, error) {
	cond, args := "1 = 1", []any{}
	if target != "" {
		cond, args = tiedTo(record.KindProceeding, "$1", parts...), []any{target}
	}
	got, err := where[*record.Proceeding](ctx, r, v, fmt.Sprintf("%s order by t.id desc limit %d offset %d", cond, limit, offset), args...)
	if err != nil {
		return nil, 0, err
	}
	seen, args := r.sees(v, "t", "author", args)
	var n int
	_, err = r.one(ctx, []any{&n}, "select count(*) from proceeding t where "+cond+" and "+seen, args...)
	return got, n, err
}

// ofPetitions returns what belongs to some petitions.
func ofPetitions[T record.Record](ctx context.Context, r *Reader, v access.Viewer, ids []record.PetitionID) ([]Item[T], error) {
	var out []Item[T]
	for len(ids) > 0 {
		n := min(len(ids), chunk)
		in, args := list(nil, ids[:n])
		got, err := where[T](ctx, r, v, "t.petition in ("+in+") order by t.id", args...)
		if err != nil {
			return nil, err
		}
		out = append(out, got...)
		ids = ids[n:]
	}
	return out, nil
}

// DeliveriesOfAll returns the deliveries of several petitions in their order.
func (r *Reader) DeliveriesOfAll(ctx context.Context, v access.Viewer, ids []record.PetitionID) ([]Item[*record.Delivery], error) {
	return ofPetitions[*record.Delivery](ctx, r, v, ids)
}

// RepliesOfAll returns the replies to several petitions in their order.
func (r *Reader) RepliesOfAll(ctx context.Context, v access.Viewer, ids []record.PetitionID) ([]Item[*record.Reply], error) {
	return ofPetitions[*record.Reply](ctx, r, v, ids)
}

// TrendStatements returns the statements that the viewer sees, the latest first.
func (r *Reader) TrendStatements(ctx context.Context, v access.Viewer) ([]Item[*record.TrendStatement], error) {
	return where[*record.TrendStatement](ctx, r, v, "1 = 1 order by t.made desc, t.id desc limit 1000")
}

// HolidayCalendars returns the calendars by country.
func (r *Reader) HolidayCalendars(ctx context.Context, v access.Viewer) ([]Item[*record.HolidayCalendar], error) {
	return where[*record.HolidayCalendar](ctx, r, v, "1 = 1 order by t.country, t.id limit 1000")
}

// DueIn returns the demands and commitments that have a due date counted in working
// days of a country.
func (r *Reader) DueIn(ctx context.Context, country string) ([]record.Ref, error) {
	rows, err := r.query(ctx, "select distinct kind, id from follow_due where work_country = $1 and work_country <> '' order by kind, id", country)
	if err != nil {
		return nil, fmt.Errorf("find what is due in working days: %w", err)
	}
	var out []record.Ref
	err = scan(rows, func() error {
		var ref record.Ref
		if err := rows.Scan(&ref.Kind, &ref.ID); err != nil {
			return err
		}
		out = append(out, ref)
		return nil
	})
	return out, r.dialect.fault(err)
}

// Warned returns the events that announced an attack, in the order of time.
func (r *Reader) Warned(ctx context.Context, v access.Viewer, attack record.EventID) ([]Item[*record.Event], error) {
	return where[*record.Event](ctx, r, v, "t.id in (select event from event_warning where attack = $1) order by t.earliest, t.id limit 500", string(attack))
}

// pendingFact is the instant of a fact that is noted and that nobody was told yet.
const pendingFact = 0

// NoteFacts notes facts that a reminder is to be written of. Those noted already,
// told or not, stay as they are.
func (t *Tx) NoteFacts(ctx context.Context, facts []string) error {
	for len(facts) > 0 {
		n := min(len(facts), chunk)
		var b strings.Builder
		args := make([]any, n)
		for i, f := range facts[:n] {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "($%d, %d)", i+1, pendingFact)
			args[i] = f
		}
		if err := t.exec(ctx, "insert into reminded (fact, at) values "+b.String()+" on conflict (fact) do nothing", args...); err != nil {
			return fmt.Errorf("note what is to be reminded of: %w", err)
		}
		facts = facts[n:]
	}
	return nil
}

// PendingFacts returns the facts that are noted and that nobody was told.
func (r *Reader) PendingFacts(ctx context.Context) (map[string]bool, error) {
	return r.facts(ctx, fmt.Sprintf("select fact from reminded where at = %d", pendingFact))
}

// FactsTold notes that all pending facts were told, except those of which a
// reminder is not written now: they are noted no more.
func (t *Tx) FactsTold(ctx context.Context, at int64, except []string) error {
	for _, f := range except {
		if err := t.exec(ctx, fmt.Sprintf("delete from reminded where fact = $1 and at = %d", pendingFact), f); err != nil {
			return err
		}
	}
	return t.exec(ctx, fmt.Sprintf("update reminded set at = $1 where at = %d", pendingFact), at)
}

// RemindedOf returns the facts of which a reminder was written.
func (r *Reader) RemindedOf(ctx context.Context) (map[string]bool, error) {
	return r.facts(ctx, fmt.Sprintf("select fact from reminded where at <> %d", pendingFact))
}

func (r *Reader) facts(ctx context.Context, query string) (map[string]bool, error) {
	facts, err := r.ids(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("read what was reminded of: %w", err)
	}
	out := make(map[string]bool, len(facts))
	for _, f := range facts {
		out[f] = true
	}
	return out, nil
}

// Own returns the records of a kind that a viewer wrote and that others at their
// level do not see.
func Own[T record.Record](ctx context.Context, r *Reader, v access.Viewer) ([]Item[T], error) {
	if v.User == "" {
		return nil, nil
	}
	return where[T](ctx, r, v, fmt.Sprintf("t.author = $1 and t.seen > %d order by t.id", v.Sees()), string(v.User))
}

// Succeeded returns the parties that name one as their successor.
func (r *Reader) Succeeded(ctx context.Context, v access.Viewer, id record.PartyID) ([]Item[*record.Party], error) {
	return where[*record.Party](ctx, r, v, "t.id in (select party from party_successor where successor = $1) order by t.id", string(id))
}

// Dated is an attack and the day on which it happened.
type Dated struct {
	Event record.EventID
	Day   int64
}

// DatedAttacks returns the house's own attacks of which the day is known and that are no
// part of another, without reading the events.
func (r *Reader) DatedAttacks(ctx context.Context, v access.Viewer) ([]Dated, error) {
	return r.dated(ctx, v, "t.type = 'attack' and t.status = 'held' and t.dataset = '' and t.part_of = '' and t.joined = '' and t.earliest = t.latest and t.earliest > $1", DayUnknown)
}

func (r *Reader) dated(ctx context.Context, v access.Viewer, cond string, args ...any) ([]Dated, error) {
	seen, args := r.sees(v, "t", "author", args)
	rows, err := r.query(ctx, "select t.id, t.earliest from event t where "+cond+" and "+seen+" order by t.earliest, t.id limit 100000", args...)
	if err != nil {
		return nil, fmt.Errorf("read the days of attacks: %w", err)
	}
	var out []Dated
	err = scan(rows, func() error {
		var d Dated
		if err := rows.Scan(&d.Event, &d.Day); err != nil {
			return err
		}
		out = append(out, d)
		return nil
	})
	return out, r.dialect.fault(err)
}

// AttackFilter says which attacks are counted.
type AttackFilter struct {
	Struck   record.PartyID // a community
	By       record.PartyID // blamed, or who claimed it
	Country  string
	From, To int64 // days, both 0 for all
}

// Attacks returns the attacks that were held, are no part of another and are shown on a
// page of their own.
func (r *Reader) Attacks(ctx context.Context, v access.Viewer, f AttackFilter) ([]Dated, error) {
	cond, args := "t.type = 'attack' and t.status = 'held' and t.part_of = '' and t.joined = ''", []any{}
	add := func(c string, a any) {
		args = append(args, a)
		cond += fmt.Sprintf(c, len(args))
	}
	if f.Struck != "" {
		add(" and t.id in (select s.event from event_struck s where s.party = $%d)", string(f.Struck))
	}
	if f.By != "" {
		level := v.Sees()
		args = append(args, string(f.By))
		cond += fmt.Sprintf(" and t.id in (select i.event from involvement i where i.party = $%[1]d and i.party <> '' and i.part in ('perpetrator', 'accused', 'claimed_responsibility') and i.seen <= %[2]d "+
			"union select p.part_of from involvement i join event p on p.id = i.event where i.party = $%[1]d and i.party <> '' and i.part in ('perpetrator', 'accused', 'claimed_responsibility') and i.seen <= %[2]d and p.part_of <> '' and p.seen <= %[2]d)", len(args), level)
	}
	if f.Country != "" {
		add(" and t.country = $%d", f.Country)
	}
	if f.From != 0 {
		add(" and t.latest >= $%d", f.From)
	}
	if f.To != 0 {
		add(" and t.earliest <= $%d", f.To)
	}
	return r.dated(ctx, v, cond, args...)
}

// DropFeedItems removes the items of feeds for whose title or address one condition holds, or
// for whose tokens, of which the order is not kept, another does: what names somebody who
// was erased.
func (t *Tx) DropFeedItems(ctx context.Context, named func(title string) bool, held func(tokens []string) bool) error {
	type key struct {
		feed string
		guid []byte
	}
	var drop []key
	rows, err := t.query(ctx, "select feed, guid, title, url, tokens from feed_item")
	if err != nil {
		return fmt.Errorf("look through the items of feeds: %w", err)
	}
	err = scan(rows, func() error {
		var k key
		var title, url, tokens string
		if err := rows.Scan(&k.feed, &k.guid, &title, &url, &tokens); err != nil {
			return err
		}
		if named(title) || named(url) || held(strings.Fields(tokens)) {
			drop = append(drop, k)
		}
		return nil
	})
	if err != nil {
		return t.dialect.fault(err)
	}
	for _, k := range drop {
		if err := t.exec(ctx, "delete from feed_item where feed = $1 and guid = $2", k.feed, k.guid); err != nil {
			return err
		}
	}
	return nil
}
