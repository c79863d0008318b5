package web

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"

	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// coursePage is an attack with what came before and after it.
type coursePage struct {
	Page
	Crumbs      []Crumb
	Event       EventView
	Drawing     template.HTML
	Table       draw.Table
	Before      []CourseRow
	After       []CourseRow
	Demands     []FollowLine
	Commitments []FollowLine
	Cases       []ProceedingRow
	HasWave     bool
	WaveHref    string
	Said        []SaidGroup
	Sources     []SourceLine
	Notes       []string
	CSV         string
}

// CourseRow is one thing on the course.
type CourseRow struct {
	EventView
	Kind     string
	Warning  []template.HTML // the claims by which it announced the attack
	Answered []EventView     // what was done about a warning
	IsWarn   bool
}

func (s *Server) courseOf(w http.ResponseWriter, r *http.Request, part string) (*followup.CoursePage, error) {
	return readFollowed(s, w, r, "/events/", part, (*followup.Desk).Course, func(d *followup.CoursePage) string { return d.Event.Event.Slug })
}

func (s *Server) showCourse(w http.ResponseWriter, r *http.Request) error {
	d, err := s.courseOf(w, r, "/course")
	if err != nil || d == nil {
		return err
	}
	l, e := visitOf(r).lang, d.Event.Event
	title := plain(l, e.Title)
	p := &coursePage{Page: s.page(r, l.T("course.title", "event", title), "events"), Event: eventView(l, d.Event), CSV: "/events/" + e.Slug + "/course.csv"}
	p.Page.About = e.Ref()
	p.Feed = "/feeds/events/" + e.Slug + ".atom"
	p.FollowBy = s.followBy("event:" + e.Slug)
	p.Crumbs = []Crumb{{p.To("/events"), escape(l.T("nav.events"))}, {p.To("/events/" + e.Slug), text(l, e.Title)}}
	f := &followed{l: l, links: d.Links, inside: p.Inside()}
	f.st = newStripper(l, d.Said, p.Inside())
	p.Before, p.After = f.courseRows(d.Before), f.courseRows(d.After)
	p.Demands, p.Commitments = demandRows(l, d.Links, d.Demands), commitmentLines(l, d.Links, d.Commitments)
	p.Cases = proceedingRows(l, d.Links, d.Proceedings)
	drawing := courseDrawing(l, d)
	p.Drawing, p.Table = drawing.SVG, drawing.Table
	for _, k := range d.After {
		if t := k.Event.Type; t == record.TypeProtest || t == record.TypeSitIn {
			p.HasWave = true
		}
	}
	p.WaveHref = p.To("/events/" + e.Slug + "/wave")
	_, p.Said = saidOf(l, d.Said.Claims, f.st)
	p.Sources, p.Notes = sourceLines(l, d.Said.Claims, d.Said.Links, d.Said.Held)
	return s.render(w, r, "course", p)
}

func (f *followed) courseRows(list []followup.CourseEvent) []CourseRow {
	var out []CourseRow
	for _, k := range list {
		row := CourseRow{EventView: eventView(f.l, k.EventLine), Kind: f.l.T("event.type." + string(k.Event.Type)), Warning: f.claims(k.Warning), IsWarn: len(k.Warning) > 0, Answered: eventViews(f.l, k.Answered)}
		out = append(out, row)
	}
	return out
}

// courseLanes sorts what happened into lanes, in this order.
var courseLanes = []struct {
	key   string
	types []record.EventType
}{
	{"warnings", []record.EventType{record.TypeThreat}},
	{"attacks", []record.EventType{record.TypeAttack, record.TypeClash, record.TypeBurial}},
	{"protests", []record.EventType{record.TypeProtest, record.TypeSitIn}},
	{"talks", []record.EventType{record.TypeNegotiation, record.TypeAnnouncement, record.TypeVisit}},
	{"justice", []record.EventType{record.TypeCourtStep, record.TypeEscape}},
	{"promises", nil},
	{"other", []record.EventType{record.TypeOtherEvent}},
}

// daysAfter is how many days after the attack a date begins and ends.
func daysAfter(attack, d edtf.Date) (from, to float64, ok bool) {
	zero, ok := attack.Earliest()
	if !ok {
		return 0, 0, false
	}
	a, okA := d.Earliest()
	b, okB := d.Latest()
	if !okA {
		return 0, 0, false
	}
	from, to = float64(a)-float64(zero), float64(a)-float64(zero)
	if okB && b > a {
		to = float64(b) - float64(zero)
	}
	return from, to, true
}

// courseTicks are the distances that a course is marked at.
var courseTicks = []struct {
	days float64
	key  string
	n    int
}{
	{1, "course.tick.days", 1},
	{7, "course.tick.days", 7},
	{30.4, "course.tick.months", 1},
	{182.6, "course.tick.months", 6},
	{365.25, "course.tick.years", 1},
	{3 * 365.25, "course.tick.years", 3},
	{10 * 365.25, "course.tick.years", 10},
	{25 * 365.25, "course.tick.years", 25},
}

func courseDrawing(l *lang.Printer, d *followup.CoursePage) draw.Drawing {
	attack := d.Event.Event
	data := draw.CourseData{Attack: briefText(plain(l, attack.Title), 60), Labels: draw.CourseLabels{
		When: l.T("timeline.when"), What: l.T("timeline.event"), Kind: l.T("course.kind"), Scale: l.T("course.scale"),
	}}
	for _, t := range courseTicks {
		data.Ticks = append(data.Ticks, draw.CourseTick{Days: t.days, Text: l.T(t.key+"_after", "n", t.n)}, draw.CourseTick{Days: -t.days, Text: l.T(t.key+"_before", "n", t.n)})
	}
	lanes := make([]draw.CourseLane, len(courseLanes))
	lane := func(t record.EventType, warned bool) int {
		if warned {
			return 0
		}
		for i, k := range courseLanes {
			if slices.Contains(k.types, t) {
				return i
			}
		}
		return len(courseLanes) - 1
	}
	for _, k := range slices.Concat(d.Before, d.After) {
		from, to, ok := daysAfter(attack.When.Date, k.Event.When.Date)
		if !ok {
			continue
		}
		i := lane(k.Event.Type, len(k.Warning) > 0)
		lanes[i].Items = append(lanes[i].Items, draw.CourseItem{From: from, To: to, When: l.When(k.Event.When.Date), Label: plain(l, k.Event.Title), Href: l.Path() + "/events/" + k.Event.Slug})
	}
	promises := slices.IndexFunc(courseLanes, func(k struct {
		key   string
		types []record.EventType
	},
	) bool {
		return k.key == "promises"
	})
	for _, c := range d.Commitments {
		if from, to, ok := daysAfter(attack.When.Date, c.Commitment.Made.Date); ok {
			lanes[promises].Items = append(lanes[promises].Items, draw.CourseItem{From: from, To: to, When: when(l, c.Commitment.Made), Label: briefText(plain(l, c.Commitment.Text), 90), Href: l.Path() + "/follow-up/commitments/" + c.Commitment.Slug})
		}
	}
	justice := promises - 1
	for _, p := range d.Proceedings {
		for _, step := range p.Proceeding.Steps {
			if from, to, ok := daysAfter(attack.When.Date, step.On.Date); ok {
				lanes[justice].Items = append(lanes[justice].Items, draw.CourseItem{
					From: from, To: to, When: when(l, step.On), Label: dots(l, l.T("follow.step."+string(step.Kind)), plain(l, p.Proceeding.Title)), Href: l.Path() + "/follow-up/proceedings/" + p.Proceeding.Slug,
				})
			}
		}
	}
	n := 0
	for i := range lanes {
		if len(lanes[i].Items) > 0 {
			lanes[i].Name = l.T("course.lane." + courseLanes[i].key)
			slices.SortStableFunc(lanes[i].Items, func(a, b draw.CourseItem) int { return cmp.Compare(a.From, b.From) })
			data.Lanes = append(data.Lanes, lanes[i])
			n += len(lanes[i].Items)
		}
	}
	if n == 0 {
		return draw.Drawing{}
	}
	return draw.Course(data, draw.Options{ID: "course", Title: l.T("course.title", "event", plain(l, attack.Title)), RTL: l.RTL(), Number: l.Number})
}
