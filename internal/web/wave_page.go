package web

import (
	"html/template"
	"net/http"
	"slices"

	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// wavePage is the protests that answered an attack.
type wavePage struct {
	Page
	Crumbs    []Crumb
	Event     EventView
	Places    string
	Crowd     string
	Uncounted string
	Rule      string
	Drawing   template.HTML
	Map       template.HTML
	OffMap    string // names the places that the map has not
	Rows      []WaveRowView
	Said      []SaidGroup
	Measured  []StripRow
	Sources   []SourceLine
	Notes     []string
	CSV       string
	Course    string
}

// WaveRowView is one protest in the table.
type WaveRowView struct {
	Event   EventView
	Place   string
	Long    string
	Crowd   string
	Unknown bool          // nobody gave a number
	Held    template.HTML // in whose number it is
	HeldBy  string        // how that is known
	Exceeds bool          // fewer are said to have come to what holds it
	Words   []string
	Claims  []template.HTML
	Demands []FollowRef
	Offers  []FollowRef
	Ended   template.HTML
}

// FollowRef is a link to a demand or an offer, with how an offer was answered.
type FollowRef struct {
	Href   string
	Text   template.HTML
	Answer string
}

func (s *Server) waveOf(w http.ResponseWriter, r *http.Request, part string) (*followup.WavePage, error) {
	return readFollowed(s, w, r, "/events/", part, (*followup.Desk).Wave, func(d *followup.WavePage) string { return d.Event.Event.Slug })
}

func (s *Server) showWave(w http.ResponseWriter, r *http.Request) error {
	d, err := s.waveOf(w, r, "/wave")
	if err != nil || d == nil {
		return err
	}
	l, e := visitOf(r).lang, d.Event.Event
	p := &wavePage{Page: s.page(r, l.T("wave.title", "event", plain(l, e.Title)), "events"), Event: eventView(l, d.Event), CSV: "/events/" + e.Slug + "/wave.csv"}
	p.Page.About = e.Ref()
	p.Course = p.To("/events/" + e.Slug + "/course")
	p.Crumbs = []Crumb{{p.To("/events"), escape(l.T("nav.events"))}, {p.To("/events/" + e.Slug), text(l, e.Title)}}
	f := &followed{l: l, links: d.Links, inside: p.Inside()}
	f.st = newStripper(l, d.Said, p.Inside())
	p.Places = l.T("wave.places", "n", len(d.Protests), "towns", l.T("wave.towns", "n", d.Towns), "countries", l.T("wave.countries", "n", d.Countries))
	if d.Uncounted < len(d.Protests) {
		p.Crowd = crowdWord(l, d.Low, d.High, d.HighOpen)
	}
	if d.Uncounted > 0 {
		p.Uncounted = l.T("wave.uncounted", "n", d.Uncounted)
	}
	p.Rule = d.Rule
	p.Drawing, p.Map = waveDrawing(l, d), waveMap(l, d)
	if off := offMap(l, d); p.Map != "" && len(off) > 0 {
		p.OffMap = l.T("wave.off_map", "places", l.List(off))
	}
	for _, k := range d.Protests {
		p.Rows = append(p.Rows, f.waveRow(d, k))
	}
	p.Measured, p.Said = saidOf(l, d.Said.Claims, f.st)
	p.Sources, p.Notes = sourceLines(l, d.Said.Claims, d.Said.Links, d.Said.Held)
	return s.render(w, r, "wave", p)
}

// crowdWord writes how many took part: a range without a middle.
func crowdWord(l *lang.Printer, low, high int64, open bool) string {
	b := bounds{low: &low, high: &high, open: open}
	if open && high <= low {
		b.high = nil
	}
	return b.span(l)
}

func (f *followed) waveRow(d *followup.WavePage, k followup.WaveLine) WaveRowView {
	l := f.l
	v := WaveRowView{Event: eventView(l, k.EventLine), Place: shortPlace(l, k.Event.Where), Unknown: k.Participants == nil}
	if k.Days > 0 {
		v.Long = l.T("follow.days", "n", k.Days)
	}
	if c := k.Participants; c != nil {
		v.Crowd, v.Words, v.Claims = crowdWord(l, c.Low, c.High, c.HighOpen), c.Words, f.claims(c.Claims)
	}
	if whole, ok := gatheringOf(d, k.In); ok {
		v.Held = link(l.Path()+"/events/"+whole.Event.Slug, text(l, whole.Event.Title))
		v.HeldBy, v.Exceeds = l.T("wave.held_part"), k.Exceeds
		if k.ByScope {
			v.HeldBy = l.T("wave.held_scope")
		}
	}
	for _, d := range k.Demands {
		v.Demands = append(v.Demands, FollowRef{Href: l.Path() + "/follow-up/demands/" + d.Slug, Text: text(l, d.Text)})
	}
	for _, o := range k.Offers {
		ref := FollowRef{Href: l.Path() + "/follow-up/commitments/" + o.Slug, Text: text(l, o.Text)}
		if o.Offer != nil {
			ref.Answer = l.T("follow.offer." + string(o.Offer.Answer))
		}
		v.Offers = append(v.Offers, ref)
	}
	if c := k.Ended; c != nil {
		words := plain(l, c.Statement)
		if c.Kind == record.KindAttribute {
			words = f.st.value(c)
		}
		v.Ended = link("#claim-"+string(c.ID), escape(words))
	}
	return v
}

func waveDrawing(l *lang.Printer, d *followup.WavePage) template.HTML {
	data := draw.WaveData{Named: 30, Labels: draw.WaveLabels{
		Place: l.T("map.place"), When: l.T("timeline.when"), Crowd: l.T("wave.crowd"), Held: l.T("wave.held"), NoCrowd: l.T("wave.no_number"), Log: l.T("wave.log"), Vague: l.T("wave.vague"),
	}}
	var first, last int64
	for _, k := range d.Protests {
		from, to, vague, ok := heldOn(k, d.Event.Event)
		if !ok {
			continue
		}
		row := draw.WaveRow{Place: shortPlace(l, k.Event.Where), When: l.When(k.Event.When.Date), First: int64(from), Last: int64(to), Vague: vague, Href: l.Path() + "/events/" + k.Event.Slug}
		if row.Place == "" {
			row.Place = plain(l, k.Event.Title)
		}
		if c := k.Participants; c != nil {
			low, high := c.Low, c.High
			row.Low, row.High, row.Open, row.Crowd = &low, &high, c.HighOpen, crowdWord(l, c.Low, c.High, c.HighOpen)
		}
		if len(data.Rows) == 0 || row.First < first {
			first = row.First
		}
		if len(data.Rows) == 0 || row.Last > last {
			last = row.Last
		}
		data.Rows = append(data.Rows, row)
	}
	if len(data.Rows) == 0 {
		return ""
	}
	data.Labels.From, data.Labels.To = dayWord(l, first), dayWord(l, last)
	return draw.Wave(data, draw.Options{ID: "wave", Title: l.T("wave.drawing"), RTL: l.RTL(), Number: l.Number}).SVG
}

// heldOn is from which day to which a gathering was held. vague says that it was on a day between
// them that is not known: not before the attack that it answers, where that has a day.
func heldOn(k followup.WaveLine, attack *record.Event) (from, to edtf.Day, vague, ok bool) {
	date := k.Event.When.Date
	if from, ok = date.Earliest(); !ok {
		return 0, 0, false, false
	}
	if k.Days > 1 {
		return from, from + edtf.Day(k.Days-1), false, true
	}
	to = from
	if last, bounded := date.Latest(); bounded && last > from && !date.IsInterval() {
		if at, known := attack.When.Date.Earliest(); known && at > from && at <= last {
			from = at
		}
		return from, last, last > from, true
	}
	return from, to, false, true
}

// onMap reports whether a place has a point that says more than its country.
func onMap(p record.Place) bool {
	return p.Point != nil && p.Precision != record.PreciseCountry && p.Precision != record.PreciseUnknown
}

// offMap names the towns of gatherings that the map lacks, as no point is recorded for
// any gathering there.
func offMap(l *lang.Printer, d *followup.WavePage) []string {
	drawn := map[string]bool{}
	for _, k := range d.Protests {
		if onMap(k.Event.Where) {
			drawn[shortPlace(l, k.Event.Where)] = true
		}
	}
	var out []string
	for _, k := range d.Protests {
		if name := shortPlace(l, k.Event.Where); k.Event.Where.Town != "" && !drawn[name] && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// waveMap puts protests of one place together, with the sum of the numbers known.
func waveMap(l *lang.Printer, d *followup.WavePage) template.HTML {
	var places []draw.Place
	index := map[string]int{}
	for _, k := range d.Protests {
		if !onMap(k.Event.Where) {
			continue
		}
		p := k.Event.Where.Point
		name := shortPlace(l, k.Event.Where)
		i, ok := index[name]
		if !ok {
			i = len(places)
			index[name] = i
			places = append(places, draw.Place{Name: name, Lat: p.Lat, Lon: p.Lon, Href: l.Path() + "/events/" + k.Event.Slug})
		}
		places[i].Events++
		if c := k.Participants; c != nil && !heldHere(l, d, k) {
			low, high := c.Low, c.High
			places[i].Low, places[i].High = plus(places[i].Low, &low), plus(places[i].High, &high)
		}
	}
	if len(places) == 0 {
		return ""
	}
	return draw.Map(draw.MapData{Places: places, Labels: draw.MapLabels{
		Place: l.T("map.place"), Figure: l.T("wave.crowd"), Events: l.T("wave.protests"), Circle: l.T("wave.circle"), Ring: l.T("map.ring"), NoFigure: l.T("wave.no_number"), Cluster: l.T("map.cluster"),
	}}, draw.Options{ID: "wave-map", Title: l.T("wave.map"), Desc: l.T("map.desc", "n", len(places)), RTL: l.RTL(), Number: l.Number}).SVG
}

// heldHere reports whether the number of a gathering is in that of another of the same
// place, which the map has already.
func heldHere(l *lang.Printer, d *followup.WavePage, k followup.WaveLine) bool {
	whole, ok := gatheringOf(d, k.In)
	return ok && shortPlace(l, whole.Event.Where) == shortPlace(l, k.Event.Where)
}

// gatheringOf finds a gathering of a wave.
func gatheringOf(d *followup.WavePage, id record.EventID) (followup.WaveLine, bool) {
	i := slices.IndexFunc(d.Protests, func(k followup.WaveLine) bool { return k.Event.ID == id })
	if i < 0 || id == "" {
		return followup.WaveLine{}, false
	}
	return d.Protests[i], true
}
