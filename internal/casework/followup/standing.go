package followup

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	// Due dates end where the addressee is, also on a machine without a table of zones.
	_ "time/tzdata"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/internal/store"
)

// bench holds everything that the standing of some demands and commitments is
// worked out from, as one viewer sees it in one snapshot.
type bench struct {
	clock  *follow.Clock
	judged map[string][]*record.Assessment
	// texts are the judgements of all, of which boards are made one at a time in the room of
	// scratch; words are what stands in many of them.
	texts       map[string]string
	scratch     []record.Assessment
	words       map[string]string
	deliveries  map[record.PetitionID][]*record.Delivery
	replies     map[record.PetitionID][]*record.Reply
	read        map[record.ReplyID]bool
	commitments map[record.CommitmentID]*record.Commitment
	offices     map[record.PartyID]follow.Office
	holdings    []follow.Holding
	// practice are the petitions that are private copies for trying out; in public nothing counts
	// that was tried with them.
	practice map[record.PetitionID]bool
	public   bool
}

// newClock is the clock of this moment, which a bench uses alone.
func (d *Desk) newClock() *follow.Clock { return clockAt(d.now()) }

func clockAt(at time.Time) *follow.Clock {
	return follow.NewClock(at, follow.DefaultRules(), time.LoadLocation)
}

// bench gathers what demands and commitments need at a moment. With all, the judgements of
// every demand are read at once.
func (d *Desk) bench(ctx context.Context, r *store.Reader, v access.Viewer, demands []DemandItem, commitments []CommitmentItem, all bool) (*bench, error) {
	return d.benchAt(ctx, r, v, d.now(), demands, commitments, all)
}

func (d *Desk) benchAt(ctx context.Context, r *store.Reader, v access.Viewer, at time.Time, demands []DemandItem, commitments []CommitmentItem, all bool) (*bench, error) {
	b := &bench{
		clock: clockAt(at), judged: map[string][]*record.Assessment{}, deliveries: map[record.PetitionID][]*record.Delivery{},
		replies: map[record.PetitionID][]*record.Reply{}, commitments: map[record.CommitmentID]*record.Commitment{},
		offices: map[record.PartyID]follow.Office{}, practice: map[record.PetitionID]bool{}, public: v.Sees() == access.LevelPublic,
	}
	var ids []string
	var petitions []record.PetitionID
	var linked []record.CommitmentID
	var parties []record.PartyID
	for _, m := range commitments {
		b.commitments[m.Rec.ID] = m.Rec
		ids = append(ids, string(m.Rec.ID))
	}
	for _, it := range demands {
		ids = append(ids, string(it.Rec.ID))
		if it.Rec.Of.Kind == record.KindPetition {
			petitions = append(petitions, record.PetitionID(it.Rec.Of.ID))
		}
		for _, l := range it.Rec.Commitments {
			if b.commitments[l.Commitment] == nil {
				linked = append(linked, l.Commitment)
			}
		}
		for _, a := range it.Rec.Addressees {
			if a.Party != "" {
				parties = append(parties, a.Party)
			}
		}
	}
	if len(ids) == 0 {
		return b, nil
	}
	if err := b.judgements(ctx, r, v, ids, all); err != nil {
		return nil, err
	}
	slices.Sort(petitions)
	petitions = slices.Compact(petitions)
	if err := b.tried(ctx, r, petitions); err != nil {
		return nil, err
	}
	deliveries, err := r.DeliveriesOfAll(ctx, v, petitions)
	if err != nil {
		return nil, err
	}
	for _, x := range deliveries {
		b.deliveries[x.Rec.Petition] = append(b.deliveries[x.Rec.Petition], x.Rec)
	}
	replies, err := r.RepliesOfAll(ctx, v, petitions)
	if err != nil {
		return nil, err
	}
	for _, x := range replies {
		b.replies[x.Rec.Petition] = append(b.replies[x.Rec.Petition], x.Rec)
	}
	if len(replies) > 0 {
		if b.read, err = r.RepliesRead(ctx, v); err != nil {
			return nil, err
		}
	}
	if b.public {
		// Nobody was asked by what was handed over for trying out.
		for id := range b.practice {
			delete(b.deliveries, id)
			delete(b.replies, id)
		}
	}
	promised, err := store.Get[*record.Commitment](ctx, r, v, linked...)
	if err != nil {
		return nil, err
	}
	for id, x := range promised {
		b.commitments[id] = x.Rec
	}
	return b, b.succession(ctx, r, v, parties)
}

// tried notes which petitions are private copies, whoever may see them.
func (b *bench) tried(ctx context.Context, r *store.Reader, petitions []record.PetitionID) error {
	found, err := store.Get[*record.Petition](ctx, r, access.House(), petitions...)
	for id, p := range found {
		if p.Rec.Practice {
			b.practice[id] = true
		}
	}
	return err
}

// practises reports whether a demand is that of a private copy of a petition.
func (b *bench) practises(m *record.Demand) bool {
	return m.Of.Kind == record.KindPetition && b.practice[record.PetitionID(m.Of.ID)]
}

// apart reports whether a demand is left out of whatever is counted or told: in public, one
// that is tried out.
func (b *bench) apart(m *record.Demand) bool { return b.public && b.practises(m) }

// judgements reads what was judged: of all as texts, of which boards are made one at
// a time.
func (b *bench) judgements(ctx context.Context, r *store.Reader, v access.Viewer, ids []string, all bool) (err error) {
	if all {
		b.texts, err = r.JudgedTexts(ctx, v)
		return err
	}
	judged, err := r.Judgements(ctx, v, ids...)
	if err != nil {
		return err
	}
	for id, list := range judged {
		recs := make([]*record.Assessment, 0, len(list))
		for _, j := range list {
			a := &record.Assessment{}
			lighten(a, id, j)
			recs = append(recs, a)
		}
		b.judged[id] = recs
	}
	return nil
}

// board is what was judged of a demand or commitment. With texts it is good until the
// next one is made, and what is to stay of it has to be [bench.keep]t.
func (b *bench) board(id string) *follow.Board {
	if b.texts == nil {
		return follow.NewBoard(b.judged[id])
	}
	b.scratch = b.scratch[:0]
	if text := b.texts[id]; text != "" {
		store.EachJudged(text, func(j store.Judged) {
			j.Step, j.Addressee, j.Axis, j.By = b.word(j.Step), b.word(j.Addressee), record.Axis(b.word(string(j.Axis))), record.Assessor(b.word(string(j.By)))
			j.Value, j.On, j.Looked = b.word(j.Value), b.word(j.On), b.word(j.Looked)
			j.ID = record.AssessmentID(strings.Clone(string(j.ID))) // else each would hold on to the text of all
			b.scratch = append(b.scratch, record.Assessment{})
			lighten(&b.scratch[len(b.scratch)-1], id, j)
		})
	}
	recs := make([]*record.Assessment, len(b.scratch))
	for i := range recs {
		recs[i] = &b.scratch[i]
	}
	return follow.NewBoard(recs)
}

// word is a text of which there are few, once.
func (b *bench) word(s string) string {
	if known, ok := b.words[s]; ok {
		return known
	}
	s = strings.Clone(s)
	if len(b.words) < 10_000 {
		b.words[s] = s
	}
	return s
}

// keep makes a standing's assessments its own, where a board is made anew in their place.
func (b *bench) keep(s *Standing) {
	if b.texts == nil {
		return
	}
	for _, list := range [][]*record.Assessment{s.Response, s.Progress} {
		for i, a := range list {
			own := *a
			list[i] = &own
		}
	}
}

// succession reads the offices asked and those that took over from them.
func (b *bench) succession(ctx context.Context, r *store.Reader, v access.Viewer, parties []record.PartyID) error {
	for len(parties) > 0 {
		slices.Sort(parties)
		parties = slices.Compact(parties)
		found, err := store.Get[*record.Party](ctx, r, v, parties...)
		if err != nil {
			return err
		}
		parties = nil
		for id, p := range found {
			b.offices[id] = follow.Office{ID: id, Abolished: p.Rec.Abolished.Date, Successor: p.Rec.Successor}
			if p.Rec.Successor == "" || p.Rec.Abolished.IsZero() {
				continue
			}
			if _, ok := b.offices[p.Rec.Successor]; !ok {
				parties = append(parties, p.Rec.Successor)
			}
		}
	}
	return nil
}

// lighten makes of an assessment as much as a standing rests on.
func lighten(a *record.Assessment, of string, j store.Judged) {
	*a = record.Assessment{
		ID: j.ID, Of: record.Ref{ID: of}, Step: j.Step, Addressee: j.Addressee, Axis: j.Axis, By: j.By, On: j.On,
		Review: record.Review{State: record.Accepted},
	}
	if j.Axis == record.AxisResponse {
		a.Response = record.ResponseValue(j.Value)
	} else {
		a.Progress = record.ProgressValue(j.Value)
	}
	if j.Happened != "" {
		if date, err := edtf.Parse(j.Happened); err == nil {
			a.Happened.Date = date
		}
	}
	if j.Looked != "" {
		a.Looked = []record.Looked{{On: j.Looked}}
	}
}

// zoneOf is where an addressee's days end: as entered, else at the seat of government of
// the country.
func zoneOf(a record.DemandAddressee, due record.Due) string {
	return cmp.Or(a.Zone, calendar.ZoneOf(a.Country), due.Zone)
}

// standing works out the three axes of a step ("" the whole) for an addressee.
func (b *bench) standing(f *follow.Followed, board *follow.Board, addressee string) Standing {
	at := board.At("", addressee)
	s := Standing{Due: f.Due, Wholes: map[record.Assessor]follow.Whole{}}
	for _, by := range record.Assessors() {
		w := board.Whole(f.Steps, addressee, by)
		if w.Judged == "" && (w.Computed == "" || w.Computed == record.NotAssessed) {
			continue
		}
		s.Wholes[by] = w
	}
	s.axes(at)
	stand := b.clock.Stand(f, board, addressee, record.ByOrganisation)
	s.timed(stand.Timing)
	s.Checked = checked(board)
	return s
}

func (s *Standing) axes(at follow.Standing) {
	for _, a := range at.Response.Accounts {
		s.Response = append(s.Response, a.Present)
	}
	for _, a := range at.Progress.Accounts {
		s.Progress = append(s.Progress, a.Present)
	}
	s.Disputed = at.Response.Disputed || at.Progress.Disputed
}

func (s *Standing) timed(t follow.Timing) {
	s.Timing, s.Timeliness, s.DaysLate = t, string(t.Value), t.Late
	if t.Late == 0 && t.Left > 0 {
		s.DaysLate = -t.Left
	}
}

// checked is the last day on which anybody assessed or looked.
func checked(board *follow.Board) string {
	last := ""
	for _, a := range board.All() {
		last = max(last, a.On)
		for _, l := range a.Looked {
			last = max(last, l.On)
		}
	}
	return last
}

// sole is the addressee whose assessments speak for the whole: the only one, else
// "" for those about all.
func sole(addressees []record.DemandAddressee) string {
	if len(addressees) == 1 {
		return addressees[0].Key
	}
	return ""
}

// steps counts how far the essential steps are by the organisation's account.
func steps(list []record.Step, w follow.Whole) Steps {
	return Steps{Met: w.Met, All: len(list), Essential: w.Steps, EssentialMet: w.Met, NotAssessed: w.NotAssessed}
}

// demand works out a demand's line.
func (b *bench) demand(it DemandItem) DemandLine { return b.demandOn(it, b.board(string(it.Rec.ID))) }

func (b *bench) demandOn(it DemandItem, board *follow.Board) DemandLine {
	f := follow.OfDemand(it.Rec, edtf.Date{})
	key := sole(it.Rec.Addressees)
	line := DemandLine{Demand: it.Rec, Rev: it.Rev, Level: it.Level, Standing: b.standing(&f, board, key), Practice: b.practises(it.Rec), Apart: b.apart(it.Rec)}
	line.words = foldLater(func() []record.Text { return append([]record.Text{it.Rec.Text, it.Rec.ByText}, offices(it.Rec)...) })
	line.Steps = steps(it.Rec.Steps, line.whole(board, it.Rec.Steps, key))
	if key == "" {
		line.Response = acrossAddressees(board, it.Rec.Addressees, line.Response)
	}
	b.keep(&line.Standing)
	for i, a := range it.Rec.Addressees {
		s := b.silence(it.Rec, a, board)
		if i == 0 || longer(s, line.Silence) {
			line.Silence = s
		}
		line.silences = append(line.silences, SilenceLine{
			Of: it.Rec.Ref(), Text: it.Rec.Text, Slug: it.Rec.Slug, Addressee: a.Key, Party: a.Party, Office: a.Office, Person: a.Person,
			Silence: s,
		})
	}
	return line
}

// whole is the organisation's account of the whole, worked out where it says nothing
// too: how many steps there are.
func (s *Standing) whole(board *follow.Board, list []record.Step, addressee string) follow.Whole {
	if w, ok := s.Wholes[record.ByOrganisation]; ok {
		return w
	}
	return board.Whole(list, addressee, record.ByOrganisation)
}

// acrossAddressees is, of each assessor, the newest word on the response of any
// addressee: what a list shows of a demand that asks several.
func acrossAddressees(board *follow.Board, addressees []record.DemandAddressee, of []*record.Assessment) []*record.Assessment {
	newest := map[record.Assessor]*record.Assessment{}
	for _, a := range of {
		newest[a.By] = a
	}
	for _, who := range addressees {
		for _, acc := range board.At("", who.Key).Response.Accounts {
			if have := newest[acc.By]; have == nil || acc.Present.On > have.On {
				newest[acc.By] = acc.Present
			}
		}
	}
	var out []*record.Assessment
	for _, by := range record.Assessors() {
		if a := newest[by]; a != nil {
			out = append(out, a)
		}
	}
	return out
}

// longer reports whether a silence is to be shown before another.
func longer(a, b Silence) bool {
	if silent(a) != silent(b) {
		return silent(a)
	}
	if a.Started != b.Started {
		return a.Started
	}
	return a.Days > b.Days
}

// silent reports whether a clock runs without an answer.
func silent(s Silence) bool { return s.Started && s.Answered == "" }

// commitment works out a commitment's line.
func (b *bench) commitment(it CommitmentItem) CommitmentLine {
	return b.commitmentOn(it, b.board(string(it.Rec.ID)))
}

func (b *bench) commitmentOn(it CommitmentItem, board *follow.Board) CommitmentLine {
	f := follow.OfCommitment(it.Rec, edtf.Date{})
	line := CommitmentLine{Commitment: it.Rec, Rev: it.Rev, Level: it.Level, Standing: b.standing(&f, board, "")}
	line.words = foldLater(func() []record.Text { return []record.Text{it.Rec.Text, it.Rec.ToText, it.Rec.Conditions} })
	line.Steps = steps(it.Rec.Steps, line.whole(board, it.Rec.Steps, ""))
	var starts []follow.Start
	if last, ok := it.Rec.Made.Date.Latest(); ok && !it.Rec.Made.IsZero() {
		starts = append(starts, follow.Start{Kind: follow.StartCommitment, On: dayText(last), Ref: it.Rec.Ref()})
	}
	line.Silence = b.quiet(it.Rec.Due.Zone, starts, deeds(board), board, "", nil)
	b.keep(&line.Standing)
	return line
}

// deeds are the days on which something was done of a commitment, by anybody's
// account: it awaits a deed, and no answer.
func deeds(board *follow.Board) []follow.Answer {
	var out []follow.Answer
	for _, a := range board.All() {
		switch a.Progress {
		case "", record.NotAssessed, record.NoActionFound:
			continue
		}
		on := a.On
		if last, ok := a.Happened.Date.Latest(); ok && !a.Happened.IsZero() {
			on = dayText(last)
		}
		out = append(out, follow.Answer{On: on, Ref: a.Ref(), Read: true})
	}
	return out
}

// stepViews works out where every step stands.
func (b *bench) stepViews(f *follow.Followed, board *follow.Board, addressee string) []StepView {
	at := b.clock.Stand(f, board, addressee, record.ByOrganisation)
	out := make([]StepView, len(f.Steps))
	for i, s := range f.Steps {
		out[i].Step = s
		out[i].Due = s.Due
		out[i].axes(board.At(s.Key, addressee))
		out[i].timed(at.Steps[i].Timing)
		out[i].Standing.Checked = at.Steps[i].Checked
	}
	for _, by := range record.Assessors() {
		for _, odd := range board.Disorders(f.Steps, addressee, by) {
			i := slices.IndexFunc(f.Steps, func(s record.Step) bool { return s.Key == odd.Step })
			out[i].Odd = append(out[i].Odd, odd)
		}
	}
	return out
}

// silence works out the silence of one addressee of a demand.
func (b *bench) silence(m *record.Demand, a record.DemandAddressee, board *follow.Board) Silence {
	zone := zoneOf(a, m.Due)
	today, _ := b.clock.Today(zone)
	who := follow.Answers(a, b.offices, b.holdings, today)
	var starts []follow.Start
	var answers []follow.Answer
	if m.Of.Kind == record.KindPetition {
		id := record.PetitionID(m.Of.ID)
		for _, x := range b.deliveries[id] {
			if last, ok := x.On.Date.Latest(); ok && x.Addressee == a.Key && !x.On.IsZero() {
				starts = append(starts, follow.Start{Kind: follow.StartDelivery, On: dayText(last), Ref: x.Ref()})
			}
		}
		for _, y := range b.replies[id] {
			if y.Addressee != a.Key || len(y.Demands) > 0 && !slices.Contains(y.Demands, m.Key) {
				continue
			}
			answers = append(answers, follow.Answer{On: b.clock.Day(time.UnixMicro(y.Received), zone), Ref: y.Ref(), Read: b.read[y.ID]})
		}
	}
	for _, l := range m.Letters {
		if l.Addressee == a.Key && !b.apart(m) {
			starts = append(starts, follow.Start{Kind: follow.StartDelivery, On: l.On, Ref: m.Ref()})
		}
	}
	for _, l := range m.Commitments {
		c := b.commitments[l.Commitment]
		if c == nil || !promisedBy(c, a) {
			continue
		}
		last, ok := c.Made.Date.Latest()
		switch {
		case !ok || c.Made.IsZero():
		case l.How == record.LinkAnswered:
			answers = append(answers, follow.Answer{On: dayText(last), Ref: c.Ref(), Read: true})
		default:
			starts = append(starts, follow.Start{Kind: follow.StartCommitment, On: dayText(last), Ref: c.Ref()})
		}
	}
	if duty, ok := follow.Duty(m, a); ok {
		starts = append(starts, duty)
	}
	return b.quiet(zone, starts, answers, board, a.Key, follow.Pauses(m.Pauses, a.Key, who))
}

func promisedBy(c *record.Commitment, a record.DemandAddressee) bool {
	return slices.ContainsFunc(c.By, func(p record.Promiser) bool {
		return a.Party != "" && p.Party == a.Party || a.Person != "" && p.Person == a.Person
	})
}

// quiet reads the clock, to which the assessments add answers that somebody found
// and days on which somebody looked.
func (b *bench) quiet(zone string, starts []follow.Start, answers []follow.Answer, board *follow.Board, addressee string, pauses []follow.Spell) Silence {
	var looked []record.Looked
	for _, a := range board.All() {
		if a.Addressee != "" && a.Addressee != addressee {
			continue
		}
		if a.Axis == record.AxisResponse && follow.Heard(a.Response) {
			on := a.On
			if last, ok := a.Happened.Date.Latest(); ok && !a.Happened.IsZero() {
				on = dayText(last)
			}
			answers = append(answers, follow.Answer{On: on, Ref: a.Ref(), Read: true})
		}
		looked = append(looked, a.Looked...)
		if a.Axis == record.AxisResponse && len(a.Looked) == 0 {
			looked = append(looked, record.Looked{On: a.On})
		}
	}
	c := b.clock.Silence(zone, starts, answers, looked, pauses)
	s := Silence{
		Started: c.State != follow.NothingHandedOver, Start: string(c.Start.Kind), From: c.Since, Ref: c.Start.Ref, Days: c.Days,
		Paused: c.State == follow.Waiting, Waits: c.NeedsClassification, Looked: c.Looked.On, Stale: c.Stale, Clock: c,
	}
	if c.State == follow.Answered {
		s.Answered, s.Days = c.Last.On, c.AgoDays
	}
	return s
}

// addressees works out where each addressee of a demand stands.
func (b *bench) addressees(m *record.Demand, board *follow.Board) []AddresseeView {
	f := follow.OfDemand(m, edtf.Date{})
	out := make([]AddresseeView, len(m.Addressees))
	for i, a := range m.Addressees {
		today, _ := b.clock.Today(zoneOf(a, m.Due))
		who := follow.Answers(a, b.offices, b.holdings, today)
		out[i] = AddresseeView{
			Addressee: a, Standing: b.standing(&f, board, a.Key), Silence: b.silence(m, a, board), Lapsed: who.Paused, Answerer: who,
		}
		if len(who.Via) > 0 {
			out[i].Now = who.Office
		}
	}
	return out
}

// dayText writes a day as YYYY-MM-DD.
func dayText(day edtf.Day) string { return calendar.DayText(day) }

// today is the day it is in a zone.
func (b *bench) today(zone string) string {
	day, _ := b.clock.Today(zone)
	return dayText(day)
}

// followBoard is what was judged of a demand or commitment.
func followBoard(b *bench, id string) *follow.Board { return follow.NewBoard(b.judged[id]) }
