package web

import (
	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

func proceedingKind() followKind {
	return followKind{
		kind: record.KindProceeding, plural: "proceedings", need: access.ActEnter,
		parts: func() []followPart { return []followPart{proceedingPart(), chainPart(), lookedPart()} },
		first: proceedingPart,
		fresh: func(id string) record.Record {
			return &record.Proceeding{ID: record.ProceedingID(id), Visibility: record.Internal}
		},
	}
}

// proceedingPart is whom a case is against, for what and before whom.
func proceedingPart() followPart {
	return followPart{
		name: "proceeding", fields: map[string]string{"of": "party_of"},
		specs: func(c followForm) []spec {
			return append([]spec{
				{Name: "title", Word: "follow.case", Input: inTexts},
				{Name: "events", Word: "follow.case_events", Input: inPicks, Kinds: ofEvent},
				{Name: "group", Word: "follow.group", Input: inTexts, Group: "follow_accused"},
				{Name: "group.low", Word: "group_low", Input: inLine, Short: true},
				{Name: "group.high", Word: "group_high", Input: inLine, Short: true},
				{Name: "who", Word: "follow.accused", Input: inPick, Kinds: []record.Kind{record.KindPerson, record.KindParty}},
				{Name: "party_of", Word: "follow.accused_of", Input: inPick, Kinds: ofParty},
				{Name: "official", Word: "official", Input: inCheck},
				{Name: "reply", Word: "reply", Input: inAreas},
				{Name: "claims", Word: "rests_on", Input: inPicks, Kinds: ofClaim},
				{Name: "jurisdiction", Word: "follow.jurisdiction", Input: inAreas, Group: "follow_court"},
				{Name: "court", Word: "follow.court", Input: inPick, Kinds: ofParty},
				{Name: "country", Word: "country", Input: inLine, Short: true},
				{Name: "number", Word: "follow.case_number", Input: inLine, Short: true},
			}, c.keeping()...)
		},
		fill: func(b blank, rec record.Record) {
			p := rec.(*record.Proceeding)
			b.texts("title", p.Title)
			addIDs(b, "events", record.KindEvent, p.Events)
			b.texts("group", p.Group.Name)
			b.number("group.low", p.Group.Low)
			b.number("group.high", p.Group.High)
			addIDs(b, "who", record.KindPerson, []record.PersonID{p.Person})
			addIDs(b, "who", record.KindParty, []record.PartyID{p.Party})
			addIDs(b, "party_of", record.KindParty, []record.PartyID{p.Of})
			b.check("official", p.Official)
			b.texts("reply", p.Reply)
			addIDs(b, "claims", record.KindClaim, p.Claims)
			b.texts("jurisdiction", p.Jurisdiction)
			addIDs(b, "court", record.KindParty, []record.PartyID{p.Court})
			b.Set("country", p.Country)
			b.Set("number", p.Number)
			b.keeping(p.Visibility, p.Slug, p.Note)
		},
		apply: func(t typed, rec record.Record) {
			p := rec.(*record.Proceeding)
			p.Title, p.Events = t.texts("title"), idsOf[record.EventID](t.refs("events"))
			p.Group = record.Group{Name: t.texts("group"), Low: t.number("group.low"), High: t.number("group.high")}
			p.Person, p.Party = "", ""
			switch who := t.ref("who"); who.Kind {
			case record.KindPerson:
				p.Person = record.PersonID(who.ID)
			case record.KindParty:
				p.Party = record.PartyID(who.ID)
			}
			p.Of, p.Official, p.Reply = record.PartyID(t.ref("party_of").ID), t.check("official"), t.texts("reply")
			p.Claims, p.Jurisdiction = idsOf[record.ClaimID](t.refs("claims")), t.texts("jurisdiction")
			p.Court, p.Country, p.Number = record.PartyID(t.ref("court").ID), upper(t.line("country")), t.line("number")
			p.Visibility, p.Slug, p.Note = t.keeping()
		},
	}
}

// chainPart are the steps of a case, as sources have them.
func chainPart() followPart {
	return followPart{
		name: "chain",
		rows: &followRows{
			field: "steps", word: "follow.chain_step", words: wordsIn("detail"), lone: "low",
			specs: func(followForm) []spec {
				return []spec{
					{Name: "kind", Word: "follow.step_kind", Input: inChoice, Options: optionsOf("follow.step.", false, record.ChainKinds()...), Short: true},
					{Name: "on", Word: "follow.on", Input: inDate},
					{Name: "verdict", Word: "follow.verdict", Input: inChoice, Options: optionsOf("follow.verdict.", true, record.VerdictValues()...), Short: true},
					{Name: "detail", Word: "follow.detail", Input: inAreas},
					{Name: "claims", Word: "rests_on", Input: inPicks, Kinds: ofClaim},
					{Name: "report_only", Word: "follow.report_only", Input: inCheck},
					{Fold: true, Name: "low", Word: "group_low", Input: inLine, Short: true},
					{Fold: true, Name: "high", Word: "group_high", Input: inLine, Short: true},
					{Fold: true, Name: "by", Word: "follow.step_by", Input: inPick, Kinds: ofParty},
					{Fold: true, Name: "event", Word: "follow.step_event", Input: inPick, Kinds: ofEvent},
				}
			},
		},
		fill: func(b blank, rec record.Record) {
			for _, x := range rec.(*record.Proceeding).Steps {
				in := b.row("", 0)
				b.Set(in("kind"), string(x.Kind))
				b.date(in("on"), x.On)
				b.Set(in("verdict"), string(x.Verdict))
				b.texts(in("detail"), x.Detail)
				addIDs(b, in("claims"), record.KindClaim, x.Claims)
				b.check(in("report_only"), x.Reports)
				b.number(in("low"), x.Low)
				b.number(in("high"), x.High)
				addIDs(b, in("by"), record.KindParty, []record.PartyID{x.By})
				addIDs(b, in("event"), record.KindEvent, []record.EventID{x.Event})
			}
		},
		apply: func(t typed, rec record.Record) {
			p := rec.(*record.Proceeding)
			p.Steps = nil
			for _, row := range rowsOf(*t.f) {
				in := func(name string) string { return rowField(row, name) }
				p.Steps = append(p.Steps, record.ChainStep{
					Kind: record.StepKind(t.line(in("kind"))), On: t.date(in("on"), noDate), Verdict: record.VerdictValue(t.line(in("verdict"))),
					Detail: t.texts(in("detail")), Claims: idsOf[record.ClaimID](t.refs(in("claims"))), Reports: t.check(in("report_only")),
					Low: t.number(in("low")), High: t.number(in("high")), By: record.PartyID(t.ref(in("by")).ID), Event: record.EventID(t.ref(in("event")).ID),
				})
			}
		},
	}
}

// lookedPart says where and when somebody searched.
func lookedPart() followPart {
	return followPart{
		name: "looked",
		rows: lookedRows(),
		fill: func(b blank, rec record.Record) { b.looked(rec.(*record.Proceeding).Looked) },
		apply: func(t typed, rec record.Record) {
			rec.(*record.Proceeding).Looked = t.looked()
		},
	}
}

func lookedRows() *followRows {
	return &followRows{
		field: "looked", word: "follow.looked", words: wordsIn("where"), lone: "where",
		specs: func(followForm) []spec {
			return []spec{
				{Name: "where", Word: "follow.looked_where", Input: inAreas},
				{Name: "on", Word: "follow.looked_on", Input: inLine, Short: true},
				{Name: "found", Word: "follow.looked_found", Input: inCheck},
			}
		},
	}
}

func (b blank) looked(list []record.Looked) {
	for _, x := range list {
		in := b.row("", 0)
		b.texts(in("where"), x.Where)
		b.Set(in("on"), x.On)
		b.check(in("found"), x.Found)
	}
}

// looked reads where somebody searched; a line with nothing in it says nothing.
func (t typed) looked() []record.Looked {
	var out []record.Looked
	for _, row := range rowsOf(*t.f) {
		in := func(name string) string { return rowField(row, name) }
		x := record.Looked{Where: t.texts(in("where")), On: t.gregorian(in("on")), Found: t.check(in("found"))}
		out = append(out, x)
	}
	return out
}

// outcomeWords says how a case stands.
func outcomeWords(l *lang.Printer, outcome string) string {
	return l.T("follow.outcome." + outcome)
}
