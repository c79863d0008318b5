package web

import (
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// claimWords says in a line what a claim states.
func claimWords(l *lang.Printer, c *record.Claim) string {
	switch c.Kind {
	case record.KindMeasure:
		return l.T("desk.claim_line", "what", l.T("measure."+string(c.Measure)), "value", said(l, c))
	case record.KindAttribute:
		value := c.Value.Text
		if value == "" && !c.Value.When.IsZero() {
			value = when(l, c.Value.When)
		}
		if value == "" {
			value = placeText(l, c.Value.Place)
		}
		return l.T("desk.claim_line", "what", l.T("attribute."+string(c.Attribute)), "value", value)
	}
	words := c.Statement.In(l.Tag()).Text
	if words == "" {
		words = c.Passage.Quote()
	}
	return l.T("desk.claim_line", "what", c.Topic, "value", words)
}

// claimLine is claimWords with who said it, for lists in which claims of several
// sources stand.
func claimLine(l *lang.Printer, k casework.DeskClaim) string {
	words := claimWords(l, k.Claim)
	if k.Source.Name == "" {
		return words
	}
	return l.T("desk.claim_of", "claim", words, "source", k.Source.Name)
}

// worded calls what has no title by what it says: claims, parts in events, ties and
// requests. What has neither is called by its kind.
func worded(l *lang.Printer, label casework.Label) casework.Label {
	kind := ""
	if l.Has("desk.kind." + string(label.Ref.Kind)) {
		kind = l.T("desk.kind." + string(label.Ref.Kind))
	}
	switch r := label.Rec.(type) {
	case *record.Claim:
		label.Name = claimWords(l, r)
	case *record.Involvement:
		label.Name = l.T("desk.claim_line", "what", kind, "value", dots(l, l.T("role."+string(r.Role)), plain(l, r.Detail)))
	case *record.Tie:
		label.Name = l.T("desk.claim_line", "what", kind, "value", dots(l, l.T("tie."+string(r.Kind)), plain(l, r.Label)))
	case *record.Request:
		label.Name = l.T("request.kind." + string(r.Kind))
	default:
		if label.Name == label.Ref.ID && kind != "" {
			label.Name = kind
		}
	}
	return label
}

// instant writes an instant to the minute, in UTC.
func instant(micros int64) string { return time.UnixMicro(micros).UTC().Format("2006-01-02 15:04") }

// plurals are the addresses of the kinds at the desk.
var plurals = map[record.Kind]string{
	record.KindEvent: "events", record.KindPerson: "people", record.KindParty: "parties", record.KindTotal: "totals",
	record.KindTie: "ties", record.KindInvolvement: "involvements", record.KindSource: "sources", record.KindClaim: "claims",
	record.KindDemand: "demands", record.KindCommitment: "commitments", record.KindAssessment: "assessments", record.KindProceeding: "proceedings",
	record.KindTrendStatement: "trends", record.KindHolidayCalendar: "calendars", record.KindCoverage: "coverage", record.KindFeed: "feeds",
}

// deskPath is a record's page at the desk, empty for kinds without one.
func deskPath(ref record.Ref) string {
	switch {
	case ref.Kind == record.KindImport:
		return "/desk/imports/" + ref.ID
	case ref.Kind == record.KindSame:
		return "/desk/same/" + ref.ID
	case ref.Kind == record.KindPetition:
		return "/desk/petitions/" + ref.ID
	case ref.Kind == record.KindRequest:
		return "/desk/requests/" + ref.ID
	case plurals[ref.Kind] != "":
		return "/desk/" + plurals[ref.Kind] + "/" + ref.ID
	}
	return ""
}

// actionWords says what was done, as the journal names it: "change event", "ask".
// An action that the catalogue does not know is shown by its own name, since a
// line of the journal must not be left out.
func actionWords(l *lang.Printer, action string) string {
	if key := "journal." + strings.ReplaceAll(action, " ", "_"); l.Has(key) {
		return l.T("journal." + strings.ReplaceAll(action, " ", "_"))
	}
	verb, kind, _ := strings.Cut(action, " ")
	if l.Has("journal."+verb) && l.Has("desk.kind."+kind) {
		return l.T("journal."+verb, "what", l.T("desk.kind."+kind))
	}
	return action
}
