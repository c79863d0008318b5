package web

import (
	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

func commitmentKind() followKind {
	return followKind{
		kind: record.KindCommitment, plural: "commitments", need: access.ActEnter,
		parts: func() []followPart {
			return []followPart{commitmentPart(), promisersPart(), amountsPart(), duePart(), stepsPart(), offerPart()}
		},
		first: func() followPart {
			return onePage("new", commitmentPart(), promisersPart(), planPart(), folded(duePart()))
		},
		fresh: func(id string) record.Record {
			return &record.Commitment{ID: record.CommitmentID(id), Visibility: record.Internal}
		},
	}
}

// commitmentPart is what was promised, to whom and when.
func commitmentPart() followPart {
	return followPart{
		name: "commitment", fields: map[string]string{"by": "unidentified", "to": "to_text"},
		specs: func(c followForm) []spec {
			return append([]spec{
				{Name: "text", Word: "follow.promised", Input: inAreas},
				{Name: "unidentified", Word: "follow.unidentified", Input: inCheck},
				{Name: "claims", Word: "rests_on", Input: inPicks, Kinds: ofClaim},
				{Name: "to_text", Word: "follow.to_text", Input: inTexts, Group: "follow_to"},
				{Name: "to_party", Word: "follow.to_party", Input: inPicks, Kinds: ofParty},
				{Name: "made", Word: "follow.promised_on", Input: inDate, Group: "follow_made"},
				{Name: "written", Word: "follow.written", Input: inCheck},
				{Name: "attack", Word: "follow.attack", Input: inPick, Kinds: ofEvent},
				{Name: "in", Word: "follow.in", Input: inPick, Kinds: ofEvent},
				{Name: "conditions", Word: "follow.conditions", Input: inAreas, Group: "follow_more", Fold: true},
				{Name: "replaces", Word: "follow.replaces", Input: inPick, Kinds: []record.Kind{record.KindCommitment}},
			}, c.keeping()...)
		},
		fill: func(b blank, rec record.Record) {
			m := rec.(*record.Commitment)
			b.texts("text", m.Text)
			b.check("unidentified", m.Unidentified)
			addIDs(b, "claims", record.KindClaim, m.Claims)
			b.texts("to_text", m.ToText)
			addIDs(b, "to_party", record.KindParty, m.To)
			b.date("made", m.Made)
			b.check("written", m.Written)
			addIDs(b, "attack", record.KindEvent, []record.EventID{m.Attack})
			addIDs(b, "in", record.KindEvent, []record.EventID{m.In})
			b.texts("conditions", m.Conditions)
			addIDs(b, "replaces", record.KindCommitment, []record.CommitmentID{m.Replaces})
			b.keeping(m.Visibility, m.Slug, m.Note)
		},
		apply: func(t typed, rec record.Record) {
			m := rec.(*record.Commitment)
			m.Text, m.Unidentified = t.texts("text"), t.check("unidentified")
			m.Claims = idsOf[record.ClaimID](t.refs("claims"))
			m.To, m.ToText = idsOf[record.PartyID](t.refs("to_party")), t.texts("to_text")
			m.Made, m.Written = keepWhen(m.Made, t.date("made", noDate)), t.check("written")
			m.Attack, m.In = record.EventID(t.ref("attack").ID), record.EventID(t.ref("in").ID)
			m.Conditions, m.Replaces = t.texts("conditions"), record.CommitmentID(t.ref("replaces").ID)
			m.Visibility, m.Slug, m.Note = t.keeping()
			if m.Unidentified {
				m.By = nil
			}
		},
	}
}

// promisersPart is who made a commitment.
func promisersPart() followPart {
	return followPart{
		name: "by",
		rows: &followRows{
			field: "by", word: "follow.promiser", words: wordsIn("office"), lone: "office",
			specs: func(followForm) []spec {
				return []spec{
					{Name: "office", Word: "petition.office", Input: inTexts},
					{Name: "party", Word: "follow.office_party", Input: inPick, Kinds: ofParty},
					{Name: "country", Word: "petition.country", Input: inLine, Short: true},
					{Fold: true, Name: "holder", Word: "follow.holder", Input: inTexts},
					{Fold: true, Name: "person", Word: "follow.promiser_person", Input: inPick, Kinds: ofPerson},
				}
			},
		},
		fill: func(b blank, rec record.Record) {
			for _, p := range rec.(*record.Commitment).By {
				in := b.row("", 0)
				b.texts(in("office"), p.Office)
				addIDs(b, in("party"), record.KindParty, []record.PartyID{p.Party})
				b.Set(in("country"), p.Country)
				b.texts(in("holder"), p.Holder)
				addIDs(b, in("person"), record.KindPerson, []record.PersonID{p.Person})
			}
		},
		apply: func(t typed, rec record.Record) {
			m := rec.(*record.Commitment)
			m.By = nil
			for _, row := range rowsOf(*t.f) {
				in := func(name string) string { return rowField(row, name) }
				p := record.Promiser{
					Office: t.texts(in("office")), Party: record.PartyID(t.ref(in("party")).ID), Holder: t.texts(in("holder")),
					Person: record.PersonID(t.ref(in("person")).ID), Country: upper(t.line(in("country"))),
				}
				if p.Office.IsZero() && p.Party == "" && p.Holder.IsZero() && p.Person == "" && m.Unidentified {
					continue // the empty line that a new form begins with
				}
				m.By = append(m.By, p)
			}
			if _, asked := t.f.Values["text.text"]; !asked {
				m.Unidentified = len(m.By) == 0 // on the page of promisers alone
			}
		},
	}
}

// amountsPart are the sums as sources have them, beside each other.
func amountsPart() followPart {
	return followPart{
		name: "amounts",
		rows: &followRows{
			field: "amounts", word: "follow.amount", words: func(f Form, row string) string {
				return strings2(f.Get(rowField(row, "currency")), f.Get(rowField(row, "value")))
			}, lone: "value",
			specs: func(followForm) []spec {
				return []spec{
					{Name: "value", Word: "follow.value", Input: inLine, Short: true},
					{Name: "currency", Word: "follow.currency", Input: inLine, Short: true},
					{Name: "per", Word: "follow.per", Input: inChoice, Options: optionsOf("follow.per.", false, record.AmountPers()...), Short: true},
					{Name: "printed", Word: "follow.amount_printed", Input: inLine, Short: true},
					{Name: "claims", Word: "rests_on", Input: inPicks, Kinds: ofClaim},
					{Fold: true, Name: "part", Word: "follow.part", Input: inTexts},
				}
			},
		},
		fill: func(b blank, rec record.Record) {
			for _, a := range rec.(*record.Commitment).Amounts {
				in := b.row("", 0)
				b.number(in("value"), &a.Value)
				b.Set(in("currency"), a.Currency)
				b.Set(in("per"), string(a.Per))
				b.Set(in("printed"), a.Printed)
				addIDs(b, in("claims"), record.KindClaim, a.Claims)
				b.texts(in("part"), a.Part)
			}
		},
		apply: func(t typed, rec record.Record) {
			m := rec.(*record.Commitment)
			m.Amounts = nil
			for _, row := range rowsOf(*t.f) {
				in := func(name string) string { return rowField(row, name) }
				a := record.Amount{
					Currency: upper(t.line(in("currency"))), Per: record.AmountPer(t.line(in("per"))), Part: t.texts(in("part")),
					Printed: t.line(in("printed")), Claims: idsOf[record.ClaimID](t.refs(in("claims"))),
				}
				if n := t.number(in("value")); n != nil {
					a.Value = *n
				} else if !t.f.Wrong(in("value")) {
					t.f.Add(t.l, in("value"), "invalid.required")
				}
				m.Amounts = append(m.Amounts, a)
			}
		},
	}
}

// strings2 joins two short texts with a space where both are there.
func strings2(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

// offerPart says that a commitment was made for something in return, and how it
// was answered.
func offerPart() followPart {
	return followPart{
		name: "offer",
		specs: func(followForm) []spec {
			return []spec{
				{Name: "offer", Word: "follow.is_offer", Input: inCheck},
				{Name: "offer.answer", Word: "follow.offer_answer", Input: inChoice, Options: optionsOf("follow.offer.", false, record.OfferAnswers()...), Short: true},
				{Name: "offer.by", Word: "follow.offer_by", Input: inTexts},
				{Name: "offer.on", Word: "follow.offer_on", Input: inPlain, Short: true},
				{Name: "offer.claims", Word: "rests_on", Input: inPicks, Kinds: ofClaim},
			}
		},
		fill: func(b blank, rec record.Record) {
			o := rec.(*record.Commitment).Offer
			if o == nil {
				return
			}
			b.check("offer", true)
			b.Set("offer.answer", string(o.Answer))
			b.texts("offer.by", o.By)
			b.date("offer.on", o.On)
			addIDs(b, "offer.claims", record.KindClaim, o.Claims)
		},
		apply: func(t typed, rec record.Record) {
			m := rec.(*record.Commitment)
			if !t.check("offer") {
				m.Offer = nil
				return
			}
			o := &record.Offer{
				Answer: record.OfferAnswer(t.line("offer.answer")), By: t.texts("offer.by"), On: t.date("offer.on", noDate),
				Claims: idsOf[record.ClaimID](t.refs("offer.claims")),
			}
			if m.Offer != nil {
				o.On = keepWhen(m.Offer.On, o.On)
			}
			m.Offer = o
		},
	}
}
