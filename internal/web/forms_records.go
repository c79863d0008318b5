package web

import (
	"net/url"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// recordForm is how records of a kind are asked for, filled in and read back. A
// form never touches what it does not ask for: apply changes a record that
// already holds everything else.
type recordForm struct {
	kind   record.Kind
	plural string // in addresses
	specs  func(formContext) []spec
	fill   func(blank, record.Record)
	apply  func(typed, record.Record, formContext)
	// fields names the inputs of what validation calls otherwise.
	fields map[string]string
}

// formContext is what a form offers besides the record: the claims that it can
// rest on.
type formContext struct {
	viewer access.Viewer
	lang   *lang.Printer
	rec    record.Record
	claims []casework.DeskClaim
}

// recordForms lists the kinds that have a form of their own at the desk. Sources
// and claims have richer ones beside the text.
func recordForms() []recordForm {
	return []recordForm{eventForm(), personForm(), partyForm(), totalForm(), tieForm(), involvementForm(), sourceForm()}
}

func (rf recordForm) values(rec record.Record) url.Values {
	b := blank{url.Values{}}
	rf.fill(b, rec)
	return b.Values
}

// onClaims offers the claims a choice can rest on.
func (c formContext) onClaims(*lang.Printer) []option {
	var out []option
	for _, k := range c.claims[:min(len(c.claims), 200)] {
		out = append(out, option{string(k.Claim.ID), claimLine(c.lang, k)})
	}
	return out
}

func (c formContext) visibility() spec {
	return spec{Name: "visibility", Input: inChoice, Options: c.visibilities(), Short: true, Group: "keeping"}
}

func eventForm() recordForm {
	return recordForm{
		kind: record.KindEvent, plural: "events",
		specs: func(c formContext) []spec {
			return []spec{
				{Name: "title", Input: inTexts},
				{Name: "type", Input: inChoice, Options: optionsOf("event.type.", false, record.EventTypes()...), Short: true},
				{Name: "subtype", Input: inLine, Short: true},
				{Name: "status", Input: inChoice, Options: optionsOf("event.status.", false, record.Held, record.Planned, record.Cancelled), Short: true},
				{Name: "summary", Input: inAreas},
				{Name: "when", Input: inDate, Group: "when"},
				{Name: "when_claims", Word: "rests_on", Input: inChecks, Options: c.onClaims},
				{Name: "where", Input: inPlace, Group: "where"},
				{Name: "where_claims", Word: "rests_on", Input: inChecks, Options: c.onClaims},
				{Name: "struck", Input: inPicks, Kinds: []record.Kind{record.KindParty}, Group: "struck"},
				{Name: "struck_claims", Word: "rests_on", Input: inChecks, Options: c.onClaims},
				{Name: "part_of", Input: inPick, Kinds: []record.Kind{record.KindEvent}, Group: "links"},
				{Name: "response_to", Input: inPicks, Kinds: []record.Kind{record.KindEvent}},
				{Name: "warnings", Input: inPicks, Kinds: []record.Kind{record.KindEvent}, Group: "warnings", Fold: true},
				{Name: "warnings_claims", Word: "rests_on", Input: inChecks, Options: c.onClaims},
				c.visibility(),
				{Name: "slug", Input: inLine},
				{Name: "note", Input: inArea},
			}
		},
		fill: func(b blank, rec record.Record) {
			e := rec.(*record.Event)
			b.texts("title", e.Title)
			b.Set("type", string(e.Type))
			b.Set("subtype", e.Subtype)
			b.Set("status", string(e.Status))
			b.texts("summary", e.Summary)
			b.date("when", e.When)
			b.place("where", e.Where)
			addClaims(b, "when_claims", e.WhenClaims)
			addClaims(b, "where_claims", e.WhereClaims)
			for _, s := range e.Struck {
				b.Add("struck", refText(record.Ref{Kind: record.KindParty, ID: string(s.Party)}))
				addClaims(b, "struck_claims", s.Claims)
			}
			addIDs(b, "part_of", record.KindEvent, []record.EventID{e.PartOf})
			addIDs(b, "response_to", record.KindEvent, e.ResponseTo)
			for _, w := range e.Warnings {
				addIDs(b, "warnings", record.KindEvent, []record.EventID{w.Attack})
				addClaims(b, "warnings_claims", w.Claims)
			}
			b.Set("visibility", string(e.Visibility))
			b.Set("slug", e.Slug)
			b.Set("note", e.Note)
		},
		apply: func(t typed, rec record.Record, c formContext) {
			e := rec.(*record.Event)
			e.Title, e.Summary = t.texts("title"), t.texts("summary")
			e.Type, e.Subtype, e.Status = record.EventType(t.line("type")), t.line("subtype"), record.EventStatus(t.line("status"))
			e.When, e.Where = keepWhen(e.When, t.date("when", noDate)), t.place("where")
			e.WhenClaims, e.WhereClaims = c.chosen(t, "when_claims", e.WhenClaims), c.chosen(t, "where_claims", e.WhereClaims)
			e.Struck, e.Warnings = c.struck(t, e.Struck), c.warnings(t, e.Warnings)
			e.PartOf, e.ResponseTo = record.EventID(t.ref("part_of").ID), idsOf[record.EventID](t.refs("response_to"))
			e.Visibility, e.Slug, e.Note = record.Visibility(t.line("visibility")), t.line("slug"), t.words("note")
		},
	}
}

// chosen returns the ticked claims, and those that the form could not offer
// because the viewer does not see them or there are too many.
func (c formContext) chosen(t typed, name string, had []record.ClaimID) []record.ClaimID {
	out := c.hidden(t, had)
	offered := c.offered(t)
	for _, v := range t.f.Values[name] {
		if offered[record.ClaimID(v)] && !slices.Contains(out, record.ClaimID(v)) {
			out = append(out, record.ClaimID(v))
		}
	}
	return out
}

// hidden returns those of the claims that the form could not offer, each once.
func (c formContext) hidden(t typed, had []record.ClaimID) []record.ClaimID {
	offered := c.offered(t)
	var out []record.ClaimID
	for _, id := range had {
		if !offered[id] && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func (c formContext) offered(t typed) map[record.ClaimID]bool {
	offered := map[record.ClaimID]bool{}
	for _, o := range c.onClaims(t.l) {
		offered[record.ClaimID(o.Value)] = true
	}
	return offered
}

// struck joins the communities chosen with the claims ticked. A claim that names
// a party rests with that party alone.
func (c formContext) struck(t typed, had []record.Struck) []record.Struck {
	before := map[string][]record.ClaimID{}
	for _, s := range had {
		before[string(s.Party)] = append(before[string(s.Party)], s.Claims...)
	}
	return resting(c, t, "struck", before, func(claim *record.Claim) string { return claim.Value.Ref.ID },
		func(id string, claims []record.ClaimID) record.Struck {
			return record.Struck{Party: record.PartyID(id), Claims: claims}
		})
}

// warnings joins the attacks that an event announced with the claims ticked. A
// claim that names an event rests with that event alone.
func (c formContext) warnings(t typed, had []record.Warning) []record.Warning {
	before := map[string][]record.ClaimID{}
	for _, w := range had {
		before[string(w.Attack)] = append(before[string(w.Attack)], w.Claims...)
	}
	named := func(claim *record.Claim) string {
		if claim.Value.Ref.Kind != record.KindEvent {
			return ""
		}
		return claim.Value.Ref.ID
	}
	return resting(c, t, "warnings", before, named, func(id string, claims []record.ClaimID) record.Warning {
		return record.Warning{Attack: record.EventID(id), Claims: claims}
	})
}

// resting joins each record chosen in a field with the claims ticked beside it, and
// with those of had, by its id, that the form could not offer. named is the id of the
// record that a claim is of alone, empty when it is of all.
func resting[T any](
	c formContext, t typed, field string, had map[string][]record.ClaimID, named func(*record.Claim) string, join func(id string, claims []record.ClaimID) T,
) []T {
	names := map[record.ClaimID]string{}
	for _, k := range c.claims {
		names[k.Claim.ID] = named(k.Claim)
	}
	ticked := c.chosen(t, field+"_claims", nil)
	var out []T
	for _, ref := range t.refs(field) {
		claims := c.hidden(t, had[ref.ID])
		for _, id := range ticked {
			if n := names[id]; n == "" || n == ref.ID {
				claims = append(claims, id)
			}
		}
		out = append(out, join(ref.ID, claims))
	}
	return out
}

func addClaims(b blank, name string, ids []record.ClaimID) {
	for _, id := range ids {
		if !slices.Contains(b.Values[name], string(id)) {
			b.Add(name, string(id))
		}
	}
}

// keepWhen keeps a date that is equal as it was, so that saving a form without a
// change makes no difference.
func keepWhen(had, typed record.When) record.When {
	if had.Date.String() == typed.Date.String() && had.Printed == typed.Printed && had.Relative == typed.Relative {
		return had
	}
	return typed
}

func personForm() recordForm {
	return recordForm{
		kind: record.KindPerson, plural: "people",
		specs: func(c formContext) []spec {
			return []spec{
				{Name: "names", Input: inNames},
				{Name: "about", Input: inAreas},
				{Name: "public_role", Input: inTexts},
				{Name: "vital", Input: inChoice, Options: optionsOf("vital.", false, record.VitalNotSet, record.Living, record.Dead), Short: true},
				{Name: "age", Input: inLine, Short: true},
				{Name: "sex", Input: inLine, Short: true},
				{Name: "born", Input: inDate},
				{Name: "died", Input: inDate},
				{Name: "consents", Input: inConsents, Group: "consent"},
				c.visibility(),
				{Name: "slug", Input: inLine},
				{Name: "note", Input: inArea},
			}
		},
		fill: func(b blank, rec record.Record) {
			p := rec.(*record.Person)
			b.names("names", p.Names)
			b.texts("about", p.About)
			b.texts("public_role", p.PublicRole)
			b.Set("vital", string(p.Vital))
			b.Set("age", p.Age)
			b.Set("sex", p.Sex)
			b.date("born", p.Born)
			b.date("died", p.Died)
			for _, c := range p.Consents {
				given := "no"
				if c.Given {
					given = "yes"
				}
				for box, value := range map[string]string{
					"purpose": string(c.Purpose), "given": given, "basis": string(c.Basis), "by": c.By, "relation": c.Relation,
					"on": c.On.Date.String(), "withdrawn": c.Withdrawn.Date.String(), "note": c.Note,
				} {
					b.Add("consents."+box, value)
				}
			}
			b.Set("visibility", string(p.Visibility))
			b.Set("slug", p.Slug)
			b.Set("note", p.Note)
		},
		apply: func(t typed, rec record.Record, _ formContext) {
			p := rec.(*record.Person)
			p.Names, p.About, p.PublicRole = t.names("names"), t.texts("about"), t.texts("public_role")
			p.Vital, p.Age, p.Sex = record.Vital(t.line("vital")), t.line("age"), t.line("sex")
			p.Born, p.Died = keepWhen(p.Born, t.date("born", noDate)), keepWhen(p.Died, t.date("died", noDate))
			p.Consents = t.consents("consents", p.Consents)
			p.Visibility, p.Slug, p.Note = record.Visibility(t.line("visibility")), t.line("slug"), t.words("note")
		},
	}
}

// consents reads the answers about a person's data. Dates keep what else was
// known of them when they are unchanged.
func (t typed) consents(name string, had []record.Consent) []record.Consent {
	var out []record.Consent
	for i, row := range rows(*t.f, name, consentBoxes, 0) {
		one := Form{Values: url.Values{}}
		for box, value := range row {
			one.Values.Set(name+"."+box, value)
		}
		r := typed{&one, t.l}
		c := record.Consent{
			Purpose: record.Purpose(r.line(name + ".purpose")), Given: r.line(name+".given") == "yes",
			Basis: record.Basis(r.line(name + ".basis")), By: r.line(name + ".by"), Relation: r.line(name + ".relation"),
			Note: r.words(name + ".note"), On: record.When{Date: r.plainDate(name + ".on")},
			Withdrawn: record.When{Date: r.plainDate(name + ".withdrawn")},
		}
		if i < len(had) {
			if had[i].On.Date.String() == c.On.Date.String() {
				c.On = had[i].On
			}
			if had[i].Withdrawn.Date.String() == c.Withdrawn.Date.String() {
				c.Withdrawn = had[i].Withdrawn
			}
		}
		for _, e := range one.Faults {
			t.f.Faults = append(t.f.Faults, FormFault{Field: name, Message: e.Message})
		}
		out = append(out, c)
	}
	return out
}

func partyForm() recordForm {
	return recordForm{
		kind: record.KindParty, plural: "parties",
		specs: func(c formContext) []spec {
			return []spec{
				{Name: "names", Input: inNames},
				{Name: "kind", Word: "party_kind", Input: inChoice, Options: optionsOf("party.kind.", false, record.PartyKinds()...), Short: true},
				{Name: "open", Input: inCheck},
				{Name: "country", Input: inLine, Short: true},
				{Name: "about", Input: inAreas},
				{Name: "url", Input: inLine},
				{Name: "abolished", Input: inDate, Group: "abolished", Fold: true},
				{Name: "abolished_claims", Word: "rests_on", Input: inChecks, Options: c.onClaims},
				{Name: "successor", Input: inPick, Kinds: []record.Kind{record.KindParty}},
				c.visibility(),
				{Name: "slug", Input: inLine},
				{Name: "note", Input: inArea},
			}
		},
		fill: func(b blank, rec record.Record) {
			p := rec.(*record.Party)
			b.names("names", p.Names)
			b.Set("kind", string(p.Kind))
			b.check("open", p.Open)
			b.Set("country", p.Country)
			b.texts("about", p.About)
			b.date("abolished", p.Abolished)
			addClaims(b, "abolished_claims", p.AbolishedClaims)
			addIDs(b, "successor", record.KindParty, []record.PartyID{p.Successor})
			b.Set("url", p.URL)
			b.Set("visibility", string(p.Visibility))
			b.Set("slug", p.Slug)
			b.Set("note", p.Note)
		},
		apply: func(t typed, rec record.Record, c formContext) {
			p := rec.(*record.Party)
			p.Abolished, p.AbolishedClaims = keepWhen(p.Abolished, t.date("abolished", noDate)), c.chosen(t, "abolished_claims", p.AbolishedClaims)
			p.Names, p.Kind, p.Open = t.names("names"), record.PartyKind(t.line("kind")), t.check("open")
			p.Country, p.About, p.URL = upper(t.line("country")), t.texts("about"), t.line("url")
			p.Successor = record.PartyID(t.ref("successor").ID)
			p.Visibility, p.Slug, p.Note = record.Visibility(t.line("visibility")), t.line("slug"), t.words("note")
		},
	}
}

func totalForm() recordForm {
	party := []record.Kind{record.KindParty}
	return recordForm{
		kind: record.KindTotal, plural: "totals", fields: map[string]string{"scope": "frame.period", "frame": "frame.country"},
		specs: func(c formContext) []spec {
			return []spec{
				{Name: "title", Input: inTexts},
				{Name: "summary", Input: inAreas},
				{Name: "frame.communities", Word: "communities", Input: inPicks, Kinds: party, Group: "frame"},
				{Name: "frame.perpetrators", Word: "perpetrators", Input: inPicks, Kinds: party},
				{Name: "frame.authority", Word: "authority", Input: inPick, Kinds: party},
				{Name: "frame.area", Word: "area", Input: inChoice, Options: optionsOf("scope.area.", true, areas...), Short: true},
				{Name: "frame.place", Word: "folded_place", Input: inLine, Short: true},
				{Name: "frame.country", Word: "country", Input: inLine, Short: true},
				{Name: "frame.period", Word: "period", Input: inLine, Short: true},
				{Name: "frame.types", Word: "event_types", Input: inChecks, Options: optionsOf("event.type.", false, record.EventTypes()...)},
				c.visibility(),
				{Name: "slug", Input: inLine},
				{Name: "note", Input: inArea},
			}
		},
		fill: func(b blank, rec record.Record) {
			o := rec.(*record.Total)
			b.texts("title", o.Title)
			b.texts("summary", o.Summary)
			addIDs(b, "frame.communities", record.KindParty, o.Frame.Communities)
			addIDs(b, "frame.perpetrators", record.KindParty, o.Frame.Perpetrators)
			addIDs(b, "frame.authority", record.KindParty, []record.PartyID{o.Frame.Authority})
			b.Set("frame.area", string(o.Frame.Area))
			b.Set("frame.place", o.Frame.Place)
			b.Set("frame.country", o.Frame.Country)
			b.Set("frame.period", o.Frame.Period)
			for _, k := range o.Frame.Types {
				b.Add("frame.types", string(k))
			}
			b.Set("visibility", string(o.Visibility))
			b.Set("slug", o.Slug)
			b.Set("note", o.Note)
		},
		apply: func(t typed, rec record.Record, _ formContext) {
			o := rec.(*record.Total)
			o.Title, o.Summary = t.texts("title"), t.texts("summary")
			o.Frame = record.Frame{
				Communities: idsOf[record.PartyID](t.refs("frame.communities")), Perpetrators: idsOf[record.PartyID](t.refs("frame.perpetrators")),
				Authority: record.PartyID(t.ref("frame.authority").ID), Area: record.Area(t.line("frame.area")), Place: t.line("frame.place"),
				Country: upper(t.line("frame.country")), Period: t.line("frame.period"),
			}
			for _, k := range t.f.Values["frame.types"] {
				o.Frame.Types = append(o.Frame.Types, record.EventType(k))
			}
			o.Visibility, o.Slug, o.Note = record.Visibility(t.line("visibility")), t.line("slug"), t.words("note")
		},
	}
}

var areas = []record.Area{record.AreaSite, record.AreaCity, record.AreaDistrict, record.AreaProvince, record.AreaCountry, record.AreaWorld}

func tieForm() recordForm {
	ends := []record.Kind{record.KindPerson, record.KindParty}
	return recordForm{
		kind: record.KindTie, plural: "ties",
		specs: func(c formContext) []spec {
			return []spec{
				{Name: "from", Word: "tie_from", Input: inPick, Kinds: ends},
				{Name: "kind", Word: "tie_kind", Input: inChoice, Options: optionsOf("tie.", false, record.TieKinds()...), Short: true},
				{Name: "to", Word: "tie_to", Input: inPick, Kinds: ends},
				{Name: "label", Input: inTexts},
				{Name: "when", Input: inDate},
				{Name: "claims", Word: "rests_on", Input: inChecks, Options: c.onClaims},
				{Name: "kin_public", Input: inCheck},
				c.visibility(),
				{Name: "note", Input: inArea},
			}
		},
		fill: func(b blank, rec record.Record) {
			o := rec.(*record.Tie)
			b.Set("from", refText(o.From))
			b.Set("to", refText(o.To))
			b.Set("kind", string(o.Kind))
			b.texts("label", o.Label)
			b.date("when", o.When)
			addClaims(b, "claims", o.Claims)
			b.check("kin_public", o.KinPublic)
			b.Set("visibility", string(o.Visibility))
			b.Set("note", o.Note)
		},
		apply: func(t typed, rec record.Record, c formContext) {
			o := rec.(*record.Tie)
			o.From, o.To, o.Kind, o.Label = t.ref("from"), t.ref("to"), record.TieKind(t.line("kind")), t.texts("label")
			o.When, o.Claims, o.KinPublic = keepWhen(o.When, t.date("when", noDate)), c.chosen(t, "claims", o.Claims), t.check("kin_public")
			o.Visibility, o.Note = record.Visibility(t.line("visibility")), t.words("note")
		},
	}
}

func involvementForm() recordForm {
	return recordForm{
		kind: record.KindInvolvement, plural: "involvements",
		specs: func(c formContext) []spec {
			return []spec{
				{Name: "event", Input: inPick, Kinds: []record.Kind{record.KindEvent}},
				{Name: "who", Input: inPick, Kinds: []record.Kind{record.KindPerson, record.KindParty}},
				{Name: "group", Input: inTexts},
				{Name: "group.low", Word: "group_low", Input: inLine, Short: true},
				{Name: "group.high", Word: "group_high", Input: inLine, Short: true},
				{Name: "role", Word: "involvement_role", Input: inChoice, Options: optionsOf("role.", false, record.InvolvementRoles()...), Short: true},
				{Name: "detail", Input: inTexts},
				{Name: "status", Word: "accused_status", Input: inChoice, Options: optionsOf("accused.", true, record.Alleged, record.Suspected, record.Charged, record.Convicted, record.Acquitted), Short: true, Group: "accused"},
				{Name: "official", Input: inCheck},
				{Name: "reply", Input: inAreas},
				{Name: "claims", Word: "rests_on", Input: inChecks, Options: c.onClaims, Group: "ground"},
				c.visibility(),
				{Name: "note", Input: inArea},
			}
		},
		fill: func(b blank, rec record.Record) {
			o := rec.(*record.Involvement)
			addIDs(b, "event", record.KindEvent, []record.EventID{o.Event})
			addIDs(b, "who", record.KindPerson, []record.PersonID{o.Person})
			addIDs(b, "who", record.KindParty, []record.PartyID{o.Party})
			b.texts("group", o.Group.Name)
			b.number("group.low", o.Group.Low)
			b.number("group.high", o.Group.High)
			b.Set("role", string(o.Role))
			b.texts("detail", o.Detail)
			b.Set("status", string(o.Status))
			b.check("official", o.Official)
			b.texts("reply", o.Reply)
			addClaims(b, "claims", o.Claims)
			b.Set("visibility", string(o.Visibility))
			b.Set("note", o.Note)
		},
		apply: func(t typed, rec record.Record, c formContext) {
			o := rec.(*record.Involvement)
			o.Event, o.Person, o.Party = record.EventID(t.ref("event").ID), "", ""
			switch who := t.ref("who"); who.Kind {
			case record.KindPerson:
				o.Person = record.PersonID(who.ID)
			case record.KindParty:
				o.Party = record.PartyID(who.ID)
			}
			o.Group = record.Group{Name: t.texts("group"), Low: t.number("group.low"), High: t.number("group.high")}
			o.Role, o.Detail = record.InvolvementRole(t.line("role")), t.texts("detail")
			o.Status, o.Official, o.Reply = record.AccusedStatus(t.line("status")), t.check("official"), t.texts("reply")
			o.Claims = c.chosen(t, "claims", o.Claims)
			o.Visibility, o.Note = record.Visibility(t.line("visibility")), t.words("note")
		},
	}
}

func sourceForm() recordForm {
	return recordForm{
		kind: record.KindSource, plural: "sources",
		specs: func(c formContext) []spec {
			src := []record.Kind{record.KindSource}
			return []spec{
				{Name: "title", Word: "source_title", Input: inTexts},
				{Name: "type", Word: "source_type", Input: inChoice, Options: optionsOf("source.type.", false, record.SourceTypes()...), Short: true},
				{Name: "publisher", Input: inLine},
				{Name: "outlet", Input: inPick, Kinds: []record.Kind{record.KindParty}},
				{Name: "author", Input: inLine},
				{Name: "published", Input: inDate},
				{Name: "language", Input: inLine, Short: true},
				{Name: "translator", Input: inLine},
				{Name: "url", Input: inLine},
				{Name: "locator", Input: inLine},
				{Name: "accessed", Input: inPlain, Short: true},
				{Name: "reproduced_in", Input: inPick, Kinds: src, Group: "links"},
				{Name: "derived_from", Word: "derived_from_sources", Input: inPicks, Kinds: src},
				{Name: "summary", Input: inAreas},
				{Name: "sensitivity", Input: inChoice, Options: optionsOf("sensitivity.", false, record.Open, record.Restricted, record.Confidential), Short: true, Group: "handling"},
				{Name: "terms", Input: inChoice, Options: optionsOf("terms.", false, record.TermsFree, record.TermsCredit, record.TermsInternal), Short: true},
				{Name: "credit", Input: inLine},
				{Name: "reliability", Input: inChoice, Options: reliabilities, Short: true},
				c.visibility(),
				{Name: "note", Input: inArea},
			}
		},
		fill: func(b blank, rec record.Record) {
			o := rec.(*record.Source)
			b.texts("title", o.Title)
			b.Set("type", string(o.Type))
			b.Set("publisher", o.Publisher)
			addIDs(b, "outlet", record.KindParty, []record.PartyID{o.Outlet})
			b.Set("author", o.Author)
			b.date("published", o.Published)
			b.Set("language", o.Language)
			b.Set("translator", o.Translator)
			b.Set("url", o.URL)
			b.Set("locator", o.Locator)
			b.Set("accessed", o.Accessed.String())
			addIDs(b, "reproduced_in", record.KindSource, []record.SourceID{o.ReproducedIn})
			addIDs(b, "derived_from", record.KindSource, o.DerivedFrom)
			b.texts("summary", o.Summary)
			b.Set("sensitivity", string(o.Sensitivity))
			b.Set("terms", string(o.Terms))
			b.Set("credit", o.Credit)
			b.Set("reliability", o.Reliability)
			b.Set("visibility", string(o.Visibility))
			b.Set("note", o.Note)
		},
		apply: func(t typed, rec record.Record, _ formContext) {
			o := rec.(*record.Source)
			o.Title, o.Type, o.Publisher = t.texts("title"), record.SourceType(t.line("type")), t.line("publisher")
			o.Outlet, o.Author, o.Published = record.PartyID(t.ref("outlet").ID), t.line("author"), keepWhen(o.Published, t.date("published", noDate))
			o.Language, o.Translator, o.URL, o.Locator = t.line("language"), t.line("translator"), t.line("url"), t.line("locator")
			if d := t.plainDate("accessed"); d.String() != o.Accessed.String() {
				o.Accessed = d
			}
			o.ReproducedIn, o.DerivedFrom = record.SourceID(t.ref("reproduced_in").ID), idsOf[record.SourceID](t.refs("derived_from"))
			o.Summary, o.Sensitivity, o.Terms = t.texts("summary"), record.Sensitivity(t.line("sensitivity")), record.Terms(t.line("terms"))
			o.Credit, o.Reliability = t.line("credit"), t.line("reliability")
			o.Visibility, o.Note = record.Visibility(t.line("visibility")), t.words("note")
		},
	}
}

// reliabilities offers the codes of HURIDOCS MT42.
var reliabilities = optionsOf("reliability.", true, "01", "02", "03", "04", "05", "99")
