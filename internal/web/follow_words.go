package web

import (
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// StateView is where something stands on an axis: the word, and a pattern beside
// it that says whether anybody looked.
type StateView struct {
	Key   string
	Word  string
	Glyph template.HTML
}

// patterns maps progress to how it is drawn.
var patterns = map[record.ProgressValue]draw.State{
	record.NotAssessed: draw.Unknown, record.NoActionFound: draw.Nothing, record.InProgress: draw.Begun, record.Stalled: draw.Halted,
	record.MetInPart: draw.Part, record.Met: draw.Whole, record.Reversed: draw.Undone, record.Superseded: draw.Moot,
}

// glyphs are made once: a page may hold thousands.
var glyphs = func() map[draw.State]template.HTML {
	out := map[draw.State]template.HTML{}
	for _, s := range patterns {
		out[s] = draw.Glyph(s)
	}
	return out
}()

// inBars is the order in which progress stands in a bar: what was done first, what
// nobody looked at last.
var inBars = []record.ProgressValue{
	record.Met, record.MetInPart, record.InProgress, record.Stalled, record.Reversed, record.Superseded, record.NoActionFound, record.NotAssessed,
}

func progressView(l *lang.Printer, v record.ProgressValue) StateView {
	if v == "" {
		v = record.NotAssessed
	}
	return StateView{string(v), l.T("follow.progress." + string(v)), glyphs[patterns[v]]}
}

func responseView(l *lang.Printer, v record.ResponseValue) StateView {
	if v == "" {
		v = record.NotChecked
	}
	s := StateView{Key: string(v), Word: l.T("follow.response." + string(v))}
	switch v {
	case record.NotChecked:
		s.Glyph = glyphs[draw.Unknown]
	case record.NoneFound:
		s.Glyph = glyphs[draw.Nothing]
	}
	return s
}

// timelyWord is what the clock says, in days where that says more.
func timelyWord(l *lang.Printer, s followup.Standing) string {
	switch {
	case isLate(s) && s.Timing.Unchecked:
		return l.T("follow.due_unchecked", "n", s.DaysLate)
	case isLate(s) && s.DaysLate > 0:
		return l.T("follow.late", "n", s.DaysLate)
	case s.Timing.Value == follow.MetLate && !s.Timing.Certain:
		return l.T("follow.timeliness.met_when_unknown")
	case s.Timeliness == string(follow.MetLate) && s.DaysLate > 0:
		return l.T("follow.met_late", "n", s.DaysLate)
	case (s.Timeliness == string(follow.NotDue) || s.Timeliness == string(follow.DueSoon)) && s.DaysLate < 0:
		return l.T("follow.left", "n", -s.DaysLate)
	case s.Timeliness == "":
		return l.T("follow.timeliness." + string(follow.NoDeadline))
	}
	return l.T("follow.timeliness." + s.Timeliness)
}

// isLate reports whether a word about time is set in the accent.
func isLate(s followup.Standing) bool {
	return s.Timeliness == string(follow.Overdue) || s.Timeliness == string(follow.LongOverdue)
}

// stepsWord is "3 of 9 steps".
func stepsWord(l *lang.Printer, s followup.Steps) string {
	// What a case may also come to (an escape, an appeal) is no step on the way.
	if s.Essential > 0 {
		return l.T("follow.steps", "n", s.Essential, "met", l.Number(int64(s.EssentialMet)))
	}
	if s.All == 0 {
		return ""
	}
	return l.T("follow.steps", "n", s.All, "met", l.Number(int64(s.Met)))
}

// silenceWord is the silence clock as a sentence.
func silenceWord(l *lang.Printer, s followup.Silence) string {
	from, looked := l.Date(s.From), l.Date(s.Looked)
	switch {
	case !s.Started:
		return l.T("follow.silence.not_started")
	case s.Answered != "":
		return l.T("follow.silence.answered", "n", s.Days, "date", l.Date(s.Answered))
	case s.Paused:
		return l.T("follow.silence.paused", "n", s.Days, "from", from)
	case s.Looked == "":
		return l.T("follow.silence.unlooked", "n", s.Days, "from", from)
	case s.Stale:
		return l.T("follow.silence.stale", "n", s.Days, "from", from, "looked", looked)
	}
	return l.T("follow.silence.none", "n", s.Days, "from", from, "looked", looked)
}

// deedWord is the clock of a commitment as a sentence: what it awaits is a deed, and
// no answer.
func deedWord(l *lang.Printer, s followup.Silence) string {
	from, looked := l.Date(s.From), l.Date(s.Looked)
	switch {
	case !s.Started:
		return l.T("follow.deed.not_started")
	case s.Answered != "":
		return l.T("follow.deed.recorded", "n", s.Days, "date", l.Date(s.Answered))
	case s.Looked == "":
		return l.T("follow.deed.unlooked", "n", s.Days, "from", from)
	case s.Stale:
		return l.T("follow.deed.stale", "n", s.Days, "from", from, "looked", looked)
	}
	return l.T("follow.deed.none", "n", s.Days, "from", from, "looked", looked)
}

// legalStatuses are the words for a status in law that the catalogue knows, so that a
// reader of another language reads them too.
var legalStatuses = map[string]string{
	"banned": "legal.banned", "proscribed": "legal.proscribed", "designated": "legal.designated",
	"designated a terrorist organisation": "legal.designated", "ban lifted": "legal.lifted", "lawful": "legal.lawful",
}

// statusWord is a status in law: the catalogue's word where a claim says no more than
// one that it knows, else the claim's own words.
func statusWord(l *lang.Printer, words record.Text) template.HTML {
	if len(words) == 1 {
		if key := legalStatuses[strings.ToLower(words[0].Text)]; key != "" {
			return escape(l.T(key))
		}
	}
	return text(l, words)
}

// quietWord is the clock of a demand or of a commitment as a sentence.
func quietWord(l *lang.Printer, of record.Kind, s followup.Silence) string {
	if of == record.KindCommitment {
		return deedWord(l, s)
	}
	return silenceWord(l, s)
}

// silenceStart says what the clock counts from.
func silenceStart(l *lang.Printer, s followup.Silence) string {
	if !s.Started || s.Start == "" {
		return ""
	}
	return l.T("follow.start."+s.Start, "date", l.Date(s.From))
}

// silenceDrawing is the clock as a line; nothing where none runs unanswered.
func silenceDrawing(l *lang.Printer, id string, of record.Kind, s followup.Silence, today string) template.HTML {
	from, ok := daysSince1970(s.From)
	now, okNow := daysSince1970(today)
	if !s.Started || s.Answered != "" || !ok || !okNow || now <= from {
		return ""
	}
	title, known := l.T("follow.silence.title"), l.T("follow.silence.looked_for")
	if of == record.KindCommitment {
		title, known = l.T("follow.deed.title"), l.T("follow.deed.looked_for")
	}
	d := draw.SilenceData{
		From: from, Today: now, Looked: from - 1, FromText: l.Date(s.From), TodayText: l.Date(today), Days: l.T("follow.days", "n", s.Days),
		Labels: draw.SilenceLabels{When: l.T("timeline.when"), What: l.T("claim.what"), Known: known, Unknown: l.T("follow.silence.since")},
		Marks:  []draw.SilenceMark{{At: from, When: l.Date(s.From), What: silenceStart(l, s)}},
	}
	if looked, ok := daysSince1970(s.Looked); ok {
		d.Looked = looked
		d.Marks = append(d.Marks, draw.SilenceMark{At: looked, When: l.Date(s.Looked), What: l.T("follow.looked")})
	}
	return draw.Silence(d, draw.Options{ID: id, Title: title, Desc: quietWord(l, of, s), RTL: l.RTL(), Number: l.Number}).SVG
}

// daysSince1970 counts days from 1970-01-01.
func daysSince1970(day string) (float64, bool) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0, false
	}
	return float64(t.Unix()) / 86400, true
}

// DueView is a due date with where it comes from.
type DueView struct {
	Day     string // in the reader's Gregorian form
	Others  []string
	Zone    string
	Origin  string
	Printed string // as it was given, where that says more
	Vague   bool   // words that name no day
}

func dueView(l *lang.Printer, d record.Due) *DueView {
	if d.IsZero() {
		return nil
	}
	v := &DueView{Printed: d.Printed, Zone: d.Zone}
	if d.Day == "" {
		v.Vague = true
		return v
	}
	v.Day, v.Others = l.Date(d.Day), otherCalendars(l, d.Day)
	if d.Origin != "" {
		v.Origin = l.T("follow.origin." + string(d.Origin))
	}
	return v
}

// AmountView is a sum as some claims have it.
type AmountView struct {
	Words   string
	Printed string
	Part    template.HTML
	Claims  []template.HTML
}

// money writes a sum with its currency and what it is for.
func money(l *lang.Printer, value int64, currency string, per record.AmountPer) string {
	return l.T("follow.amount", "amount", l.Number(value), "unit", currency, "per", l.T("follow.per."+string(per)))
}

// AssessmentView is one dated judgement.
type AssessmentView struct {
	ID          string
	By          string
	Axis        string
	State       StateView
	On          string
	Happened    string
	Count       string
	Step        template.HTML
	StepHref    string
	To          template.HTML
	Reason      template.HTML
	Claims      []template.HTML
	Events      []template.HTML
	Replies     []AnswerRef
	Looked      []LookedView
	Reply       template.HTML // what the assessed say to it
	Original    string
	OneReviewer bool
	Inside      string
}

// LookedView says where and when somebody searched.
type LookedView struct {
	Where template.HTML
	On    string
	Found bool
}

func lookedViews(l *lang.Printer, ls []record.Looked) []LookedView {
	var out []LookedView
	for _, k := range ls {
		out = append(out, LookedView{text(l, k.Where), l.Date(k.On), k.Found})
	}
	return out
}

// followed makes views of what was assessed on one page.
type followed struct {
	l      *lang.Printer
	st     *stripper
	links  casework.Links
	steps  []record.Step
	to     []record.DemandAddressee
	inside bool
	// petition is the address of the petition that replies belong to, or empty.
	petition string
	replies  []*record.Reply
}

// claims are the sources of claims, as links to where the claims stand on the
// page. What the reader may not see is left out.
func (f *followed) claims(ids []record.ClaimID) []template.HTML {
	var out []template.HTML
	times := map[string]int{}
	for _, id := range ids {
		line := f.st.lines[id]
		if line == nil {
			continue
		}
		// A name that stands there already is not written out again: its second claim is “2”.
		name, href := publisher(f.l, line.Source, f.links), "#claim-"+string(id)
		if times[name]++; times[name] == 1 {
			out = append(out, link(href, escape(name)))
			continue
		}
		n := itoa(times[name])
		out = append(out, template.HTML(`<a href="`)+escape(href)+template.HTML(`" aria-label="`)+escape(name+" "+n)+template.HTML(`">`)+escape(n)+template.HTML(`</a>`))
	}
	return out
}

func (f *followed) assessment(a *record.Assessment) AssessmentView {
	l := f.l
	v := AssessmentView{
		ID: "assessment-" + string(a.ID), By: l.T("follow.assessor." + string(a.By)), Axis: l.T("follow.axis." + string(a.Axis)), On: l.Date(a.On),
		Happened: when(l, a.Happened), Reason: paras(l, a.Reason), Claims: f.claims(a.Claims), Looked: lookedViews(l, a.Looked),
		Reply: paras(l, a.RightOfReply), Original: a.Original, OneReviewer: a.Review.OneReviewer,
	}
	if a.Axis == record.AxisResponse {
		v.State = responseView(l, a.Response)
	} else {
		v.State = progressView(l, a.Progress)
	}
	if f.inside && a.Visibility != record.Public {
		v.Inside = l.T("visibility." + string(a.Visibility))
	}
	for _, s := range f.steps {
		if a.Step == s.Key {
			v.Step, v.StepHref = stepName(l, s), "#step-"+s.Key
			if a.Count != nil && s.Want > 0 {
				v.Count = l.T("follow.count_of", "count", l.Number(*a.Count), "want", l.Number(s.Want))
			}
		}
	}
	if v.Count == "" && a.Count != nil {
		v.Count = l.Number(*a.Count)
	}
	for _, to := range f.to {
		if a.Addressee == to.Key {
			v.To = f.addressee(to)
		}
	}
	for _, id := range a.Events {
		if k, ok := f.links[record.Ref{Kind: record.KindEvent, ID: string(id)}]; ok {
			v.Events = append(v.Events, linked(l, k))
		}
	}
	for _, id := range a.Replies {
		i := slices.IndexFunc(f.replies, func(r *record.Reply) bool { return r.ID == id })
		if i >= 0 && f.petition != "" {
			r := f.replies[i]
			v.Replies = append(v.Replies, AnswerRef{l.T("petition.answered_on", "date", day(l, r.Received)), f.petition + "/to/" + r.Addressee + "#reply-" + string(r.ID)})
		}
	}
	return v
}

// addressee names whom a demand asks: the office as it was asked, else what the
// record calls the party or the person. A person the reader may not see is not
// named by the record, only as the demand itself names an office.
func (f *followed) addressee(a record.DemandAddressee) template.HTML {
	return officeName(f.l, f.links, a.Office, a.Party, a.Person)
}

func officeName(l *lang.Printer, links casework.Links, office record.Text, party record.PartyID, person record.PersonID) template.HTML {
	if !office.IsZero() {
		return text(l, office)
	}
	if k, ok := links[record.Ref{Kind: record.KindParty, ID: string(party)}]; ok && party != "" {
		return text(l, k.Title)
	}
	if k, ok := links[record.Ref{Kind: record.KindPerson, ID: string(person)}]; ok && person != "" {
		return text(l, k.Title)
	}
	return escape(l.T("follow.unnamed"))
}

// partyHref is the follow-up of a party, or empty where the reader does not see
// it.
func partyHref(l *lang.Printer, links casework.Links, id record.PartyID) string {
	if k, ok := links[record.Ref{Kind: record.KindParty, ID: string(id)}]; ok && id != "" && k.Slug != "" {
		return l.Path() + "/follow-up/" + k.Slug
	}
	return ""
}

// stepName is a step's own words, or the catalogue's for its kind.
func stepName(l *lang.Printer, s record.Step) template.HTML {
	if !s.Text.IsZero() {
		return text(l, s.Text)
	}
	return escape(stepWord(l, s))
}

// stepWord is a step's name as plain text, for sentences.
func stepWord(l *lang.Printer, s record.Step) string {
	if !s.Text.IsZero() {
		return s.Text.In(l.Tag()).Text
	}
	return l.T("follow.step." + string(s.Kind))
}

// StepRowView is one step in the table of steps.
type StepRowView struct {
	Key       string
	Name      template.HTML
	Essential bool
	Owner     template.HTML
	Progress  []AccountView
	Response  []AccountView
	Timely    string
	Late      bool
	Due       *DueView
	Want      string
	Evidence  string
	Odd       []string // by whose account it comes before what has to come before it
}

// AccountView is one assessor's present word.
type AccountView struct {
	By    string
	State StateView
	On    string
	Href  string
}

func accounts(l *lang.Printer, list []*record.Assessment) []AccountView {
	var out []AccountView
	for _, a := range list {
		v := AccountView{By: l.T("follow.assessor." + string(a.By)), On: l.Date(a.On), Href: "#assessment-" + string(a.ID)}
		if a.Axis == record.AxisResponse {
			v.State = responseView(l, a.Response)
		} else {
			v.State = progressView(l, a.Progress)
		}
		out = append(out, v)
	}
	return out
}

// stepRows parts the steps that have to be met, and those that somebody judged,
// from what may also happen and has not been looked at.
func (f *followed) stepRows(steps []followup.StepView) (out []StepRowView, also []template.HTML) {
	l := f.l
	for _, s := range steps {
		if !s.Step.Essential && len(s.Progress)+len(s.Response) == 0 && s.Step.Due.IsZero() {
			also = append(also, stepName(l, s.Step))
			continue
		}
		v := StepRowView{
			Key: s.Step.Key, Name: stepName(l, s.Step), Essential: s.Step.Essential, Progress: accounts(l, s.Progress), Response: accounts(l, s.Response),
			Due: dueView(l, s.Step.Due), Timely: timelyWord(l, s.Standing), Late: isLate(s.Standing),
		}
		if len(v.Progress) == 0 {
			v.Progress = []AccountView{{State: progressView(l, record.NotAssessed)}}
		}
		if v.Due == nil {
			v.Timely = ""
		}
		if s.Step.Want > 0 {
			v.Want = l.T("follow.want", "n", s.Step.Want)
		}
		for _, odd := range s.Odd {
			i := slices.IndexFunc(steps, func(o followup.StepView) bool { return o.Step.Key == odd.After })
			who, before := l.T("follow.assessor."+string(odd.By)), stepWord(l, steps[i].Step)
			if odd.Later {
				v.Odd = append(v.Odd, l.T("follow.step_later", "who", who, "step", before))
			} else {
				v.Odd = append(v.Odd, l.T("follow.step_unmet", "who", who, "step", before))
			}
		}
		if k, ok := f.links[record.Ref{Kind: record.KindParty, ID: string(s.Step.Owner)}]; ok && s.Step.Owner != "" {
			v.Owner = link(partyHref(l, f.links, s.Step.Owner), text(l, k.Title))
		}
		out = append(out, v)
	}
	return out, also
}

// AxesRow is one assessor's account beside the others'.
type AxesRow struct {
	By                 string
	Response, Progress StateView
	ResponseOn         string
	ProgressOn         string
	ResponseHref       string
	ProgressHref       string
	OneReviewer        bool
}

// axes are the accounts of all assessors, also of those who gave none.
func axes(l *lang.Printer, s followup.Standing) []AxesRow {
	var out []AxesRow
	for _, by := range record.Assessors() {
		none := by != record.ByOrganisation
		row := AxesRow{By: l.T("follow.assessor." + string(by)), Response: responseView(l, s.ResponseBy(by)), Progress: progressView(l, s.ProgressBy(by))}
		if a := s.By(record.AxisResponse, by); a != nil {
			none = false
			row.ResponseOn, row.ResponseHref, row.OneReviewer = l.Date(a.On), "#assessment-"+string(a.ID), a.Review.OneReviewer
		}
		if a := s.By(record.AxisProgress, by); a != nil {
			none = false
			row.ProgressOn, row.ProgressHref = l.Date(a.On), "#assessment-"+string(a.ID)
			row.OneReviewer = row.OneReviewer || a.Review.OneReviewer
		}
		if none {
			// Who gave no account did not say that nobody looked.
			row.Response = StateView{"no_account", l.T("follow.no_account"), glyphs[draw.Unknown]}
			row.Progress = row.Response
		}
		out = append(out, row)
	}
	return out
}

// FollowLine is a demand or a commitment in a list.
type FollowLine struct {
	Href     string
	Text     template.HTML
	Meta     template.HTML
	Progress StateView
	Response StateView
	Steps    string
	Timely   string
	Late     bool
	Silence  string
	Inside   string
	Amounts  []string
	Ours     bool // whose words the states are: the organisation's
}

func insideWord(l *lang.Printer, v record.Visibility) string {
	if v == record.Public {
		return ""
	}
	return l.T("visibility." + string(v))
}

// practiceWord marks what belongs to a petition that is tried out.
func practiceWord(l *lang.Printer, inside string) string {
	if inside == "" {
		return l.T("follow.tried")
	}
	return l.List([]string{inside, l.T("follow.tried")})
}

func demandLine(l *lang.Printer, links casework.Links, d followup.DemandLine) FollowLine {
	k := d.Demand
	v := FollowLine{
		Href: l.Path() + "/follow-up/demands/" + k.Slug, Text: text(l, k.Text), Progress: progressView(l, d.ProgressBy(record.ByOrganisation)),
		Response: responseView(l, d.ResponseBy(record.ByOrganisation)), Steps: stepsWord(l, d.Steps), Timely: timelyWord(l, d.Standing), Late: isLate(d.Standing),
		Inside: insideWord(l, k.Visibility), Ours: true,
	}
	// That no days are counted is said on the page of the demand and in the counts: in a
	// list it would be the same sentence on every line.
	if d.Silence.Started {
		v.Silence = silenceWord(l, d.Silence)
	}
	if d.Timeliness == string(follow.NoDeadline) || d.Timeliness == "" {
		v.Timely = ""
	}
	if d.Practice {
		v.Inside = practiceWord(l, v.Inside)
	}
	if d.Apart {
		v.Silence, v.Timely, v.Late = "", "", false
	}
	var to []string
	for _, a := range k.Addressees {
		to = append(to, string(officeName(l, links, a.Office, a.Party, a.Person)))
	}
	if len(to) > 0 {
		v.Meta = template.HTML(l.T("follow.asked_of", "whom", l.List(to)))
	}
	return v
}

func commitmentLine(l *lang.Printer, links casework.Links, c followup.CommitmentLine) FollowLine {
	k := c.Commitment
	v := FollowLine{
		Href: l.Path() + "/follow-up/commitments/" + k.Slug, Text: text(l, k.Text), Progress: progressView(l, c.ProgressBy(record.ByOrganisation)),
		Steps: stepsWord(l, c.Steps), Timely: timelyWord(l, c.Standing), Late: isLate(c.Standing), Inside: insideWord(l, k.Visibility), Ours: true,
	}
	if c.Timeliness == string(follow.NoDeadline) || c.Timeliness == "" {
		v.Timely = ""
	}
	v.Meta = promisers(l, links, k)
	for _, a := range k.Amounts {
		if w := money(l, a.Value, a.Currency, a.Per); !slices.Contains(v.Amounts, w) {
			v.Amounts = append(v.Amounts, w)
		}
	}
	return v
}

// promisers says who promised and when.
func promisers(l *lang.Printer, links casework.Links, k *record.Commitment) template.HTML {
	var by []string
	for _, p := range k.By {
		by = append(by, string(officeName(l, links, p.Office, p.Party, p.Person)))
	}
	on := when(l, k.Made)
	who := template.HTMLEscapeString(l.T("follow.by_nobody"))
	if len(by) > 0 {
		who = l.List(by)
	}
	switch {
	case on == "":
		return template.HTML(who)
	case k.Offer != nil:
		return template.HTML(l.T("follow.offered_by", "who", who, "date", template.HTMLEscapeString(on)))
	}
	return template.HTML(l.T("follow.promised_by", "who", who, "date", template.HTMLEscapeString(on)))
}

// share writes a share as per cent without a fraction.
func share(l *lang.Printer, of, all int) string {
	if all == 0 {
		return ""
	}
	return perCent(l, float64(of)/float64(all))
}

func perCent(l *lang.Printer, v float64) string {
	return l.T("follow.percent", "number", l.Number(int64(v*100+0.5)))
}

// titleLength is how many letters of a demand or a commitment make its title.
const titleLength = 90

// headOf is a text as a title: cut at a word, without its full stop.
func headOf(l *lang.Printer, t record.Text) string {
	return strings.TrimRight(briefText(plain(l, t), titleLength), ".۔")
}

// longText is a text that does not fit its title whole; one that does is not said
// twice.
func longText(l *lang.Printer, t record.Text) template.HTML {
	if s := plain(l, t); briefText(s, titleLength) == strings.Join(strings.Fields(s), " ") {
		return ""
	}
	return paras(l, t)
}

// briefText is a text cut to a title's length, at a word.
func briefText(s string, most int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= most {
		return string(r)
	}
	cut := string(r[:most])
	if i := strings.LastIndexByte(cut, ' '); i > most/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:–—-") + "…"
}
