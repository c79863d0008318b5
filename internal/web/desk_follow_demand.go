package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

func demandKind() followKind {
	return followKind{
		kind: record.KindDemand, plural: "demands", need: access.ActEnter,
		parts: func() []followPart {
			return []followPart{demandPart(), demandAddresseesPart(), demandBasesPart(), duePart(), stepsPart(), positionsPart(), linksPart(), pausesPart()}
		},
		first: func() followPart {
			return onePage("new", demandPart(), demandAddresseesPart(), planPart(), folded(duePart()))
		},
		fresh: func(id string) record.Record {
			return &record.Demand{ID: record.DemandID(id), Visibility: record.Internal}
		},
	}
}

var (
	ofParty  = []record.Kind{record.KindParty}
	ofPerson = []record.Kind{record.KindPerson}
	ofEvent  = []record.Kind{record.KindEvent}
	ofSource = []record.Kind{record.KindSource}
	ofClaim  = []record.Kind{record.KindClaim}
)

// keeping are the fields at the end of every form.
func (c followForm) keeping() []spec {
	return []spec{
		{Name: "visibility", Word: "visibility", Input: inChoice, Options: optionsOf("visibility.", false, visibilities(c.rec.Seen())...), Short: true, Group: "keeping"},
		{Name: "slug", Word: "slug", Input: inLine},
		{Name: "note", Word: "note", Input: inArea},
	}
}

// keeping fills those fields.
func (b blank) keeping(v record.Visibility, slug, note string) {
	b.Set("visibility", string(v))
	b.Set("slug", slug)
	b.Set("note", note)
}

// keeping reads them.
func (t typed) keeping() (v record.Visibility, slug, note string) {
	return record.Visibility(t.line("visibility")), t.line("slug"), t.words("note")
}

// demandPart is what is asked, by whom and in what.
func demandPart() followPart {
	return followPart{
		name: "demand",
		specs: func(c followForm) []spec {
			out := []spec{
				{Name: "text", Word: "follow.text", Input: inAreas},
				{Name: "of", Word: "follow.of", Input: inPick, Kinds: []record.Kind{record.KindPetition, record.KindEvent, record.KindSource}},
			}
			if c.petition != nil {
				out = append(out, spec{Name: "key", Word: "follow.key", Input: inChoice, Options: c.onPetitionDemands})
			}
			out = append(
				out,
				spec{Name: "attack", Word: "follow.attack", Input: inPick, Kinds: ofEvent, Group: "follow_more", Fold: true},
				spec{Name: "by", Word: "follow.by", Input: inPicks, Kinds: ofParty},
				spec{Name: "by_text", Word: "follow.by_text", Input: inTexts},
				spec{Name: "made", Word: "follow.made", Input: inDate},
				spec{Name: "claims", Word: "rests_on", Input: inPicks, Kinds: ofClaim},
			)
			return append(out, c.keeping()...)
		},
		fill: func(b blank, rec record.Record) {
			d := rec.(*record.Demand)
			b.texts("text", d.Text)
			b.Set("of", refText(d.Of))
			b.Set("key", d.Key)
			addIDs(b, "attack", record.KindEvent, []record.EventID{d.Attack})
			addIDs(b, "by", record.KindParty, d.By)
			b.texts("by_text", d.ByText)
			b.date("made", d.Made)
			addIDs(b, "claims", record.KindClaim, d.Claims)
			b.keeping(d.Visibility, d.Slug, d.Note)
		},
		apply: func(t typed, rec record.Record) {
			d := rec.(*record.Demand)
			d.Text, d.Of, d.Key = t.texts("text"), t.ref("of"), t.line("key")
			if d.Of.Kind != record.KindPetition {
				d.Key = ""
			}
			d.Attack = record.EventID(t.ref("attack").ID)
			d.By, d.ByText = idsOf[record.PartyID](t.refs("by")), t.texts("by_text")
			d.Made = keepWhen(d.Made, t.date("made", noDate))
			d.Claims = idsOf[record.ClaimID](t.refs("claims"))
			d.Visibility, d.Slug, d.Note = t.keeping()
		},
	}
}

// onPetitionDemands offers what the petition asks.
func (c followForm) onPetitionDemands(l *lang.Printer) []option {
	out := []option{{"", "—"}}
	for _, d := range flatDemands(c.petition.Demands) {
		out = append(out, option{d.Key, legend(l, "petition.demand", d.number, plain(l, d.Text))})
	}
	return out
}

func demandAddresseesPart() followPart {
	return followPart{
		name: "addressees",
		rows: &followRows{
			field: "addressees", word: "follow.addressee", words: wordsIn("office"), lone: "office",
			specs: func(followForm) []spec {
				return []spec{
					{Name: "office", Word: "petition.office", Input: inTexts},
					{Name: "party", Word: "follow.office_party", Input: inPick, Kinds: ofParty},
					{Name: "country", Word: "petition.country", Input: inLine, Short: true},
					{Name: "zone", Word: "follow.zone", Input: inLine, Short: true},
					{Fold: true, Name: "holder", Word: "petition.holder", Input: inTexts},
					{Fold: true, Name: "held_on", Word: "petition.held_on", Input: inPlain, Short: true},
					{Fold: true, Name: "personal", Word: "follow.personal", Input: inCheck},
					{Fold: true, Name: "person", Word: "follow.person", Input: inPick, Kinds: ofPerson},
					{Fold: true, Name: "lang", Word: "petition.letter_lang", Input: inLine, Short: true},
				}
			},
		},
		fill: func(b blank, rec record.Record) {
			for _, a := range rec.(*record.Demand).Addressees {
				in := b.row(a.Key, 0)
				b.texts(in("office"), a.Office)
				addIDs(b, in("party"), record.KindParty, []record.PartyID{a.Party})
				b.Set(in("country"), a.Country)
				b.Set(in("zone"), a.Zone)
				b.texts(in("holder"), a.Holder)
				b.date(in("held_on"), a.HeldOn)
				b.check(in("personal"), a.Personal)
				addIDs(b, in("person"), record.KindPerson, []record.PersonID{a.Person})
				b.Set(in("lang"), a.Lang)
			}
		},
		apply: func(t typed, rec record.Record) {
			d := rec.(*record.Demand)
			had := d.Addressees
			taken := takenKeys(*t.f)
			d.Addressees = nil
			for _, row := range rowsOf(*t.f) {
				in := func(name string) string { return rowField(row, name) }
				key := t.key(row, cmpOr(firstText(*t.f, in("office")), "addressee"), taken)
				a := pastRow(had, key, func(a record.DemandAddressee) string { return a.Key })
				a.Key, a.Office, a.Holder = key, t.texts(in("office")), t.texts(in("holder"))
				a.Party, a.Person = record.PartyID(t.ref(in("party")).ID), record.PersonID(t.ref(in("person")).ID)
				a.HeldOn, a.Personal = keepWhen(a.HeldOn, t.date(in("held_on"), noDate)), t.check(in("personal"))
				a.Country, a.Lang = upper(t.line(in("country"))), t.line(in("lang"))
				a.Zone = t.zone(in("zone"), a.Country)
				d.Addressees = append(d.Addressees, a)
			}
			// A pause of somebody who is not asked any more says nothing.
			d.Pauses = slices.DeleteFunc(slices.Clone(d.Pauses), func(p record.ClockPause) bool {
				return p.Addressee != "" && !slices.ContainsFunc(d.Addressees, func(a record.DemandAddressee) bool { return a.Key == p.Addressee })
			})
		},
	}
}

func demandBasesPart() followPart {
	return followPart{
		name: "bases",
		rows: &followRows{
			field: "bases", word: "petition.basis", words: wordsIn("instrument"), lone: "instrument",
			specs: func(followForm) []spec {
				return []spec{
					{Name: "instrument", Word: "petition.instrument", Input: inTexts},
					{Name: "article", Word: "petition.article", Input: inLine, Short: true},
					{Name: "state", Word: "petition.state", Input: inLine, Short: true},
					{Name: "in_force", Word: "petition.in_force", Input: inPlain, Short: true},
					{Name: "duty", Word: "petition.duty", Input: inAreas},
					{Fold: true, Name: "reserved", Word: "petition.reserved", Input: inAreas},
					{Fold: true, Name: "sources", Word: "petition.sources", Input: inPicks, Kinds: ofSource},
				}
			},
		},
		fill: func(b blank, rec record.Record) {
			for _, l := range rec.(*record.Demand).Bases {
				in := b.row(l.Key, 0)
				b.texts(in("instrument"), l.Instrument)
				b.Set(in("article"), l.Article)
				b.Set(in("state"), l.State)
				b.date(in("in_force"), l.InForce)
				b.texts(in("duty"), l.Duty)
				b.texts(in("reserved"), l.Reserved)
				addIDs(b, in("sources"), record.KindSource, l.Sources)
			}
		},
		apply: func(t typed, rec record.Record) {
			d := rec.(*record.Demand)
			had := d.Bases
			taken := takenKeys(*t.f)
			d.Bases = nil
			for _, row := range rowsOf(*t.f) {
				in := func(name string) string { return rowField(row, name) }
				key := t.key(row, firstText(*t.f, in("instrument")), taken)
				l := pastRow(had, key, func(l record.LegalBasis) string { return l.Key })
				l.Key, l.Instrument, l.Article = key, t.texts(in("instrument")), t.line(in("article"))
				l.State, l.InForce = upper(t.line(in("state"))), keepWhen(l.InForce, t.date(in("in_force"), noDate))
				l.Duty, l.Reserved = t.texts(in("duty")), t.texts(in("reserved"))
				l.Sources = idsOf[record.SourceID](t.refs(in("sources")))
				d.Bases = append(d.Bases, l)
			}
		},
	}
}

func positionsPart() followPart {
	return followPart{
		name: "positions",
		rows: &followRows{
			field: "positions", word: "follow.position", words: wordsIn("name"), lone: "name",
			specs: func(followForm) []spec {
				return []spec{
					{Name: "stance", Word: "follow.stance", Input: inChoice, Options: optionsOf("follow.stance.", false, record.PositionStances()...), Short: true},
					{Name: "party", Word: "petition.party", Input: inPick, Kinds: ofParty},
					{Name: "name", Word: "follow.who", Input: inTexts},
					{Name: "on", Word: "follow.on", Input: inPlain, Short: true},
					{Name: "claims", Word: "rests_on", Input: inPicks, Kinds: ofClaim},
				}
			},
		},
		fill: func(b blank, rec record.Record) {
			for _, p := range rec.(*record.Demand).Positions {
				in := b.row("", 0)
				b.Set(in("stance"), string(p.Stance))
				addIDs(b, in("party"), record.KindParty, []record.PartyID{p.Party})
				b.texts(in("name"), p.Name)
				b.date(in("on"), p.On)
				addIDs(b, in("claims"), record.KindClaim, p.Claims)
			}
		},
		apply: func(t typed, rec record.Record) {
			d := rec.(*record.Demand)
			d.Positions = nil
			for _, row := range rowsOf(*t.f) {
				in := func(name string) string { return rowField(row, name) }
				d.Positions = append(d.Positions, record.Position{
					Party: record.PartyID(t.ref(in("party")).ID), Name: t.texts(in("name")), Stance: record.PositionStance(t.line(in("stance"))),
					On: t.date(in("on"), noDate), Claims: idsOf[record.ClaimID](t.refs(in("claims"))),
				})
			}
		},
	}
}

// linksPart says how a demand stands to commitments that were made already.
func linksPart() followPart {
	return followPart{
		name: "commitments",
		rows: &followRows{
			field: "commitments", word: "follow.link", words: func(Form, string) string { return "" }, lone: "commitment",
			specs: func(followForm) []spec {
				return []spec{
					{Name: "how", Word: "follow.how", Input: inChoice, Options: optionsOf("follow.how.", false, record.LinkHows()...)},
					{Name: "commitment", Word: "follow.commitment", Input: inPick, Kinds: []record.Kind{record.KindCommitment}},
					{Name: "claims", Word: "rests_on", Input: inPicks, Kinds: ofClaim},
				}
			},
		},
		fill: func(b blank, rec record.Record) {
			for _, l := range rec.(*record.Demand).Commitments {
				in := b.row("", 0)
				b.Set(in("how"), string(l.How))
				addIDs(b, in("commitment"), record.KindCommitment, []record.CommitmentID{l.Commitment})
				addIDs(b, in("claims"), record.KindClaim, l.Claims)
			}
		},
		apply: func(t typed, rec record.Record) {
			d := rec.(*record.Demand)
			d.Commitments = nil
			for _, row := range rowsOf(*t.f) {
				in := func(name string) string { return rowField(row, name) }
				l := record.CommitmentLink{
					Commitment: record.CommitmentID(t.ref(in("commitment")).ID), How: record.LinkHow(t.line(in("how"))),
					Claims: idsOf[record.ClaimID](t.refs(in("claims"))),
				}
				if l.Commitment == "" {
					t.f.Add(t.l, in("commitment"), "invalid.required")
				}
				d.Commitments = append(d.Commitments, l)
			}
		},
	}
}

// onAddressees offers those whom the demand asks.
func (c followForm) onAddressees(l *lang.Printer) []option {
	out := []option{{"", l.T("desk.follow.everybody")}}
	rec := c.rec
	if c.of != nil {
		rec = c.of
	}
	if d, ok := rec.(*record.Demand); ok {
		for _, a := range d.Addressees {
			out = append(out, option{a.Key, addresseeName(l, a)})
		}
	}
	return out
}

// addresseeName names whom a demand asks, without looking up records.
func addresseeName(l *lang.Printer, a record.DemandAddressee) string {
	if !a.Office.IsZero() {
		return plain(l, a.Office)
	}
	return cmpOr(plain(l, a.Holder), a.Key)
}

func pausesPart() followPart {
	return followPart{
		name: "pauses",
		rows: &followRows{
			field: "pauses", word: "follow.pause", words: wordsIn("reason"), lone: "reason",
			specs: func(c followForm) []spec {
				return []spec{
					{Name: "reason", Word: "follow.pause_reason", Input: inAreas},
					{Name: "addressee", Word: "follow.addressee", Input: inChoice, Options: c.onAddressees},
					{Name: "from", Word: "follow.from", Input: inLine, Short: true},
					{Name: "to", Word: "follow.to", Input: inLine, Short: true},
					{Name: "claims", Word: "rests_on", Input: inPicks, Kinds: ofClaim},
				}
			},
		},
		fill: func(b blank, rec record.Record) {
			for _, p := range rec.(*record.Demand).Pauses {
				in := b.row("", 0)
				b.texts(in("reason"), p.Reason)
				b.Set(in("addressee"), p.Addressee)
				b.Set(in("from"), p.From)
				b.Set(in("to"), p.To)
				addIDs(b, in("claims"), record.KindClaim, p.Claims)
			}
		},
		apply: func(t typed, rec record.Record) {
			d := rec.(*record.Demand)
			d.Pauses = nil
			for _, row := range rowsOf(*t.f) {
				in := func(name string) string { return rowField(row, name) }
				d.Pauses = append(d.Pauses, record.ClockPause{
					Addressee: t.line(in("addressee")), From: t.gregorian(in("from")), To: t.gregorian(in("to")),
					Reason: t.texts(in("reason")), Claims: idsOf[record.ClaimID](t.refs(in("claims"))),
				})
			}
		},
	}
}

// beginFollowed fills a new record from what it comes from: the demand of a
// petition with those it asks, its bases and its deadline; a protest; a source.
func (s *Server) beginFollowed(r *http.Request, rec record.Record, q url.Values) error {
	v := visitOf(r)
	if a, ok := rec.(*record.Assessment); ok {
		a.On = s.today()
	}
	d, ok := rec.(*record.Demand)
	if !ok {
		return nil
	}
	d.Of = parseRef(q.Get("of"))
	switch d.Of.Kind {
	case record.KindPetition, record.KindEvent, record.KindSource:
	default:
		return nil
	}
	st, err := s.house.Standing(r.Context(), v.viewer, d.Of)
	if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
		d.Of = record.Ref{}
		return nil
	}
	if err != nil {
		return err
	}
	switch o := st.Rec.(type) {
	case *record.Petition:
		fromPetition(d, o, q.Get("key"))
	case *record.Event:
		d.Made = o.When
		if len(o.ResponseTo) > 0 {
			d.Attack = o.ResponseTo[0]
		}
		d.Addressees = []record.DemandAddressee{{Country: o.Where.Country}}
	case *record.Source:
		d.Made = o.Published
	}
	return nil
}

// fromPetition takes over what a petition says of one of its demands.
func fromPetition(d *record.Demand, p *record.Petition, key string) {
	i := slices.IndexFunc(flatDemands(p.Demands), func(x flatDemand) bool { return x.Key == key })
	for _, ref := range p.Subject {
		if ref.Kind == record.KindEvent && d.Attack == "" {
			d.Attack = record.EventID(ref.ID)
		}
	}
	for _, x := range p.Initiators {
		if x.Party != "" {
			d.By = append(d.By, x.Party)
		}
	}
	if i < 0 {
		return
	}
	asked := flatDemands(p.Demands)[i]
	d.Key, d.Text, d.Claims = key, asked.Text, asked.Claims
	for _, a := range p.Addressees {
		if len(asked.Addressee) > 0 && !slices.Contains(asked.Addressee, a.Key) {
			continue
		}
		d.Addressees = append(d.Addressees, record.DemandAddressee{
			Key: a.Key, Party: a.Party, Office: a.Office, Holder: a.Holder, HeldOn: a.HeldOn, Personal: asked.Personal,
			Country: a.Country, Zone: calendar.ZoneOf(a.Country), Lang: a.Lang,
		})
	}
	for _, b := range p.Bases {
		if slices.Contains(b.Demands, key) {
			d.Bases = append(d.Bases, b)
		}
	}
	if day := asked.Deadline.Date.String(); record.ValidDay(day) {
		d.Due = record.Due{Day: day, Origin: record.DueStated, System: record.Gregorian, Printed: asked.Deadline.Printed}
		if len(d.Addressees) > 0 {
			d.Due.Zone, d.Due.Country = d.Addressees[0].Zone, d.Addressees[0].Country
		}
	}
}
