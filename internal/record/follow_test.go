package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func validDue() Due {
	return Due{
		Day: "2001-03-01", Zone: "Asia/Karachi", System: SolarHijri, Printed: "11 Hoot 1379", Origin: DueLegal, Working: 20, From: "2001-02-01", Country: "PK",
		Long: 40, Claims: []ClaimID{idC},
	}
}

func validDemand() *Demand {
	return &Demand{
		ID: idA, Slug: "guards-for-example-town", Text: Plain("en", "Protect Example Town."), Of: Ref{KindPetition, idB}, Key: "safety", Attack: idC,
		By: []PartyID{idB}, ByText: Plain("en", "the families"), Made: On("2001-02-03"),
		Addressees: []DemandAddressee{
			{Key: "office", Party: idB, Office: Plain("en", "Office of Examples"), Holder: Plain("en", "Test Holder"), HeldOn: On("2001"), Country: "PK", Zone: "Asia/Karachi", Lang: "ur"},
			{Key: "holder", Person: idC, Personal: true},
		},
		Bases: []LegalBasis{{Key: "charter", Instrument: Plain("en", "Example Charter"), Article: "6", Duty: Plain("en", "to protect"), State: "PK", InForce: On("2000"), Reserved: Plain("en", "none"), Sources: []SourceID{idC}}},
		Due:   validDue(), Plan: PlanProtect,
		Steps: []Step{
			{Key: "plan", Kind: StepPlan, Essential: true, Owner: idB, Due: validDue()},
			{Key: "posts", Kind: StepOwn, Text: Plain("en", "Two posts."), Want: 2, After: []string{"plan"}},
		},
		Positions:   []Position{{Party: idB, Name: Plain("en", "Example Society"), Stance: PositionSupports, On: On("2001"), Claims: []ClaimID{idC}}},
		Commitments: []CommitmentLink{{Commitment: idB, How: LinkBeyond, Claims: []ClaimID{idC}}},
		Pauses:      []ClockPause{{Addressee: "office", From: "2001-04-01", To: "2001-04-30", Reason: Plain("en", "Dissolved."), Claims: []ClaimID{idC}}, {From: "2001-06-01", Reason: Plain("en", "Dissolved again.")}},
		Letters:     []SentLetter{{Addressee: "office", On: "2001-05-01", Channel: ByPost, Subject: "Example Town", Lang: "ur", Receipt: "R-1"}},
		Claims:      []ClaimID{idC}, Note: "n", Visibility: Public,
	}
}

func validCommitment() *Commitment {
	return &Commitment{
		ID: idA, Slug: "money-for-families", Text: Plain("en", "Money for each family."),
		By: []Promiser{{Party: idB, Person: idC, Office: Plain("en", "Office of Examples"), Holder: Plain("en", "Test Holder"), Country: "PK"}},
		To: []PartyID{idC}, ToText: Plain("en", "the families"), Attack: idB, In: idC, Made: On("2001-02-03"), Written: true, Due: validDue(),
		Conditions: Plain("en", "once buried"),
		Amounts: []Amount{
			{Value: 25, Currency: "XTS", Per: PerFamily, Printed: "25", Claims: []ClaimID{idC}},
			{Value: 15, Currency: "XTS", Per: PerFamily, Part: Plain("en", "federal share"), Claims: []ClaimID{idB}},
		},
		Offer: &Offer{Answer: OfferInPart, By: Plain("en", "the families"), On: On("2001-02-04"), Claims: []ClaimID{idC}},
		Plan:  PlanCompensate, Steps: []Step{{Key: "paid", Kind: StepPaid, Essential: true}}, Replaces: idB, Claims: []ClaimID{idC}, Note: "n", Visibility: Public,
	}
}

func validAssessment() *Assessment {
	return &Assessment{
		ID: idA, Of: Ref{KindDemand, idB}, Step: "posts", Addressee: "office", Axis: AxisProgress, By: ByFamilies, Progress: MetInPart, Count: ptr(1),
		On: "2001-05-01", Happened: On("2001-04"), Reason: Plain("en", "One of two stands."), Claims: []ClaimID{idC}, Replies: []ReplyID{idC}, Events: []EventID{idC},
		Looked: []Looked{{Where: Plain("en", "the town"), On: "2001-05-01", Found: true}}, RightOfReply: Plain("en", "The other will follow."),
		Original: "Compromise", Note: "n", Review: Review{State: Accepted, By: idC, At: 5}, Visibility: Public,
	}
}

func validProceeding() *Proceeding {
	return &Proceeding{
		ID: idA, Slug: "case-of-two", Events: []EventID{idB}, Group: Group{Name: Plain("en", "two masterminds"), Low: ptr(2), High: ptr(2)}, Of: idC, Official: true,
		Reply: Plain("en", "Denied."), Title: Plain("en", "The case of two"), Jurisdiction: Plain("en", "the special court"), Court: idB, Country: "PK", Number: "7/2001",
		Steps: []ChainStep{
			{Kind: StepArrest, On: On("2001"), By: idB, Low: ptr(2), High: ptr(2), Detail: Plain("en", "in the north"), Event: idC, Claims: []ClaimID{idC}, Reports: true},
			{Kind: StepVerdict, Verdict: VerdictConvicted, Claims: []ClaimID{idC}},
		},
		Looked: []Looked{{Where: Plain("en", "the register of the court"), On: "2001-05-01"}}, Claims: []ClaimID{idC}, Note: "n", Visibility: Public,
	}
}

func validCoverage() *Coverage {
	return &Coverage{
		ID: idA, Event: idB, Title: Plain("en", "Invented papers"), Collection: "invented-papers", Query: "example town", Language: "en", Tool: ToolMediaCloud, Source: idC,
		File: hashA, Made: On("2001-05-01"), Days: []DayCount{{Day: "2001-02-01", Matched: 3, All: 100}, {Day: "2001-02-02", Matched: 0, All: 0}, {Day: "2001-02-04", Matched: 2, All: -1}, {Day: "2001-02-05", Matched: -1, All: -1, Share: "0.5"}}, Note: "n", Visibility: Public,
	}
}

func validFeed() *Feed {
	return &Feed{ID: idA, Title: "Invented paper", URL: "https://news.example/feed", Collection: "invented-papers", Outlet: idB, Language: "en", Minutes: 60, Paused: true, Note: "n", Visibility: Internal}
}

func validTrendStatement() *TrendStatement {
	return &TrendStatement{
		ID: idA, Slug: "is-it-rising", Title: Plain("en", "Is it rising?"), Frame: Frame{Communities: []PartyID{idB}, Country: "PK", Period: "2001/2010"},
		Params: json.RawMessage(`{"seed":7}`), Input: hashA, Events: 20, Version: "trend/1", Result: json.RawMessage(`{"p":0.5}`), Statement: Plain("en", "It is only increasing."),
		Claims: []ClaimID{idC}, Made: 5, Note: "n", Visibility: Public,
	}
}

func validHolidayCalendar() *HolidayCalendar {
	return &HolidayCalendar{
		ID: idA, Country: "PK", Weekends: []Weekend{{Days: []int{5}}, {From: "2001-01-01", Days: []int{0, 6}}},
		Holidays: []Holiday{{Day: "2001-03-23", Name: Plain("en", "Example Day"), Source: idC}, {Day: "2001-05-01"}}, Note: "n", Visibility: Public,
	}
}

// refusal is one change of a valid record and the one field that must be refused
// for it, with the named message.
type refusal struct {
	name, field, key string
	rec              Record
}

func checkRefused(t *testing.T, test refusal) {
	t.Helper()
	invalid, ok := errors.AsType[*Invalid](test.rec.Validate())
	if !ok {
		t.Errorf("%s: not refused", test.name)
		return
	}
	found := false
	for _, f := range invalid.Fields {
		found = found || f.Field == test.field && f.Key == test.key
		if f.Field != test.field {
			t.Errorf("%s: also refuses %s (%s)", test.name, f.Field, f.Key)
		}
	}
	if !found {
		t.Errorf("%s: %v, want %s %s", test.name, invalid, test.field, test.key)
	}
}

const broken = "a\x00b"

func brokenText() Text { return Plain("en", broken) }

func noLanguage() Text { return Text{{Lang: "no_such!", Text: "x"}} }

// TestValidateDue changes one thing of a valid due date, wherever there is one.
func TestValidateDue(t *testing.T) {
	for _, test := range []struct {
		name, field, key string
		change           func(*Due)
	}{
		{"that never is", "day", "invalid.date", func(d *Due) { d.Day = "2001-02-30" }},
		{"of another calendar", "day", "invalid.date", func(d *Due) { d.Day = "1399-10-20" }},
		{"far away", "day", "invalid.date", func(d *Due) { d.Day = "2401-01-01" }},
		{"of a month", "day", "invalid.date", func(d *Due) { d.Day = "2001-03" }},
		{"without zone", "zone", "invalid.required", func(d *Due) { d.Zone = "" }},
		{"in a zone of blanks", "zone", "invalid.required", func(d *Due) { d.Zone = " " }},
		{"in the zone of this machine", "zone", "invalid.zone", func(d *Due) { d.Zone = "Local" }},
		{"in a zone outside of the table", "zone", "invalid.zone", func(d *Due) { d.Zone = "../../etc/passwd" }},
		{"in an absolute zone", "zone", "invalid.zone", func(d *Due) { d.Zone = "/etc/localtime" }},
		{"in a zone with a space", "zone", "invalid.zone", func(d *Due) { d.Zone = "Asia/Example Town" }},
		{"in a long zone", "zone", "invalid.zone", func(d *Due) { d.Zone = strings.Repeat("a", 65) }},
		{"without origin", "origin", "invalid.required", func(d *Due) { d.Origin = "" }},
		{"from hearsay", "origin", "invalid.choice", func(d *Due) { d.Origin = "hearsay" }},
		{"in an unknown calendar", "system", "invalid.choice", func(d *Due) { d.System = "maya" }},
		{"with broken words", "printed", "invalid.text", func(d *Due) { d.Printed = broken }},
		{"after fewer than no days", "working", "invalid.number", func(d *Due) { d.Working = -1 }},
		{"after too many days", "working", "invalid.number", func(d *Due) { d.Working = 10_001 }},
		{"counted from no day", "from", "invalid.required", func(d *Due) { d.From = "" }},
		{"counted from a day that never was", "from", "invalid.date", func(d *Due) { d.From = "2001-13-01" }},
		{"counted in no country", "country", "invalid.required", func(d *Due) { d.Country = "" }},
		{"counted in a country by name", "country", "invalid.country", func(d *Due) { d.Country = "Pakistan" }},
		{"long overdue before it is due", "long", "invalid.number", func(d *Due) { d.Long = -1 }},
		{"never long overdue", "long", "invalid.number", func(d *Due) { d.Long = 10_001 }},
		{"by a claim that is none", "claims", "invalid.id", func(d *Due) { d.Claims = []ClaimID{"x"} }},
	} {
		due := validDue()
		test.change(&due)
		for at, rec := range map[string]Record{
			"due.":         with(validDemand, func(d *Demand) { d.Due = due }),
			"steps.0.due.": with(validDemand, func(d *Demand) { d.Steps[0].Due = due }),
		} {
			checkRefused(t, refusal{"due " + test.name, at + test.field, test.key, rec})
		}
		checkRefused(t, refusal{"commitment due " + test.name, "due." + test.field, test.key, with(validCommitment, func(m *Commitment) { m.Due = due })})
	}
	// Words that name no day are kept and need nothing else.
	if err := with(validDemand, func(d *Demand) { d.Due = Due{Printed: "within days"} }).Validate(); err != nil {
		t.Errorf("words without a day: %v", err)
	}
	for _, test := range []struct {
		due  Due
		zero bool
	}{{Due{}, true}, {Due{Zone: "UTC"}, true}, {Due{Printed: "soon"}, false}, {Due{Day: "2001-01-01"}, false}, {Due{Working: 1}, false}} {
		if test.due.IsZero() != test.zero {
			t.Errorf("%+v: zero %v", test.due, !test.zero)
		}
	}
}

// TestValidateSteps changes one thing of valid steps.
func TestValidateSteps(t *testing.T) {
	for _, test := range []struct {
		name, field, key string
		steps            []Step
	}{
		{"without key", "steps.0.key", "invalid.key", []Step{{Kind: StepPlan}}},
		{"with a bad key", "steps.0.key", "invalid.key", []Step{{Key: "A_b", Kind: StepPlan}}},
		{"with a long key", "steps.0.key", "invalid.key", []Step{{Key: strings.Repeat("a", 41), Kind: StepPlan}}},
		{"with a key twice", "steps.1.key", "invalid.twice", []Step{{Key: "a", Kind: StepPlan}, {Key: "a", Kind: StepPlan}}},
		{"without kind", "steps.0.kind", "invalid.required", []Step{{Key: "a"}}},
		{"of unknown kind", "steps.0.kind", "invalid.choice", []Step{{Key: "a", Kind: "dance"}}},
		{"of its own without words", "steps.0.text", "invalid.required", []Step{{Key: "a", Kind: StepOwn}}},
		{"with broken words", "steps.0.text", "invalid.text", []Step{{Key: "a", Kind: StepPlan, Text: brokenText()}}},
		{"of an owner that is none", "steps.0.owner", "invalid.id", []Step{{Key: "a", Kind: StepPlan, Owner: "x"}}},
		{"that want less than nothing", "steps.0.want", "invalid.number", []Step{{Key: "a", Kind: StepPaid, Want: -1}}},
		{"that want too much", "steps.0.want", "invalid.number", []Step{{Key: "a", Kind: StepPaid, Want: MaxNumber + 1}}},
		{"after one that is not there", "steps.0.after", "invalid.unknown", []Step{{Key: "a", Kind: StepPlan, After: []string{"b"}}}},
		{"after itself", "steps.0.after", "invalid.circle", []Step{{Key: "a", Kind: StepPlan, After: []string{"a"}}}},
		{"in a circle", "steps.0.after", "invalid.circle", []Step{
			{Key: "a", Kind: StepPlan, After: []string{"c"}}, {Key: "b", Kind: StepPlan, After: []string{"a"}}, {Key: "c", Kind: StepPlan, After: []string{"b"}},
		}},
		{"in a circle behind a straight line", "steps.1.after", "invalid.circle", []Step{
			{Key: "a", Kind: StepPlan}, {Key: "b", Kind: StepPlan, After: []string{"a", "c"}}, {Key: "c", Kind: StepPlan, After: []string{"b"}},
		}},
		{"too many", "steps", "invalid.many", make([]Step, MaxSteps+1)},
	} {
		checkRefused(t, refusal{"demand with steps " + test.name, test.field, test.key, with(validDemand, func(d *Demand) { d.Steps = test.steps })})
		checkRefused(t, refusal{"commitment with steps " + test.name, test.field, test.key, with(validCommitment, func(m *Commitment) { m.Steps = test.steps })})
	}
	// Many ways through the same steps are no circle.
	wide := []Step{{Key: "a", Kind: StepPlan}}
	for i := range 90 {
		s := Step{Key: fmt.Sprintf("s%d", i), Kind: StepPlan}
		for _, before := range wide {
			s.After = append(s.After, before.Key)
		}
		wide = append(wide, s)
	}
	if err := with(validDemand, func(d *Demand) { d.Steps = wide }).Validate(); err != nil {
		t.Errorf("steps each after all before them: %v", err)
	}
}

// TestValidateFollow changes one thing of a valid record of follow-up at a time.
func TestValidateFollow(t *testing.T) {
	many := make([]ClaimID, MaxFollowed+1)
	for i := range many {
		many[i] = idC
	}
	demand := func(name, field, key string, f func(*Demand)) refusal {
		return refusal{"demand " + name, field, key, with(validDemand, f)}
	}
	commitment := func(name, field, key string, f func(*Commitment)) refusal {
		return refusal{"commitment " + name, field, key, with(validCommitment, f)}
	}
	assessment := func(name, field, key string, f func(*Assessment)) refusal {
		return refusal{"assessment " + name, field, key, with(validAssessment, f)}
	}
	proceeding := func(name, field, key string, f func(*Proceeding)) refusal {
		return refusal{"proceeding " + name, field, key, with(validProceeding, f)}
	}
	coverage := func(name, field, key string, f func(*Coverage)) refusal {
		return refusal{"coverage " + name, field, key, with(validCoverage, f)}
	}
	feed := func(name, field, key string, f func(*Feed)) refusal {
		return refusal{"feed " + name, field, key, with(validFeed, f)}
	}
	trend := func(name, field, key string, f func(*TrendStatement)) refusal {
		return refusal{"trend statement " + name, field, key, with(validTrendStatement, f)}
	}
	holidays := func(name, field, key string, f func(*HolidayCalendar)) refusal {
		return refusal{"calendar " + name, field, key, with(validHolidayCalendar, f)}
	}
	for _, test := range []refusal{
		demand("without identifier", "id", "invalid.id", func(d *Demand) { d.ID = "x" }),
		demand("without slug", "slug", "invalid.required", func(d *Demand) { d.Slug = "" }),
		demand("with a bad slug", "slug", "invalid.slug", func(d *Demand) { d.Slug = "No Slug" }),
		demand("without text", "text", "invalid.required", func(d *Demand) { d.Text = nil }),
		demand("in no language", "text", "invalid.language", func(d *Demand) { d.Text = noLanguage() }),
		demand("of a claim", "of", "invalid.choice", func(d *Demand) { d.Of.Kind = KindClaim }),
		demand("of nothing", "of", "invalid.id", func(d *Demand) { d.Of.ID = "" }),
		demand("of a petition without key", "key", "invalid.required", func(d *Demand) { d.Key = "" }),
		demand("of a petition with a bad key", "key", "invalid.key", func(d *Demand) { d.Key = "No key" }),
		demand("of a protest with a key", "key", "invalid.unexpected", func(d *Demand) { d.Of.Kind = KindEvent }),
		demand("of a statement with a key", "key", "invalid.unexpected", func(d *Demand) { d.Of.Kind = KindSource }),
		demand("for an attack that is none", "attack", "invalid.id", func(d *Demand) { d.Attack = "x" }),
		demand("by a party that is none", "by", "invalid.id", func(d *Demand) { d.By = []PartyID{""} }),
		demand("by broken words", "by", "invalid.text", func(d *Demand) { d.ByText = brokenText() }),
		demand("made at broken words", "made", "invalid.text", func(d *Demand) { d.Made.Printed = broken }),
		demand("with too many claims", "claims", "invalid.many", func(d *Demand) { d.Claims = many }),
		demand("with too many positions", "positions", "invalid.many", func(d *Demand) { d.Positions = make([]Position, MaxFollowed+1) }),
		demand("with too many letters", "letters", "invalid.many", func(d *Demand) { d.Letters = make([]SentLetter, MaxFollowed+1) }),
		demand("with too many addressees", "addressees", "invalid.many", func(d *Demand) { d.Addressees = make([]DemandAddressee, MaxFollowed+1) }),
		demand("to nobody", "addressees", "invalid.required", func(d *Demand) { d.Addressees, d.Pauses, d.Letters = nil, nil, nil }),
		demand("to an addressee without key", "addressees.1.key", "invalid.key", func(d *Demand) { d.Addressees[1].Key = "" }),
		demand("to an addressee twice", "addressees.1.key", "invalid.twice", func(d *Demand) { d.Addressees[1].Key = "office" }),
		demand("to a party that is none", "addressees.0.party", "invalid.id", func(d *Demand) { d.Addressees[0].Party = "x" }),
		demand("to a person that is none", "addressees.1.person", "invalid.id", func(d *Demand) { d.Addressees[1].Person = "x" }),
		demand("to nobody in particular", "addressees.0.office", "invalid.required", func(d *Demand) { d.Addressees[0].Party, d.Addressees[0].Office = "", nil }),
		demand("personal and to no person", "addressees.1.holder", "invalid.required", func(d *Demand) { d.Addressees[1].Person, d.Addressees[1].Party = "", idB }),
		demand("to a broken office", "addressees.0.office", "invalid.text", func(d *Demand) { d.Addressees[0].Office = brokenText() }),
		demand("to a broken holder", "addressees.0.holder", "invalid.text", func(d *Demand) { d.Addressees[0].Holder = brokenText() }),
		demand("to a holder at broken words", "addressees.0.held_on", "invalid.text", func(d *Demand) { d.Addressees[0].HeldOn.Printed = broken }),
		demand("to an office in no country", "addressees.0.country", "invalid.country", func(d *Demand) { d.Addressees[0].Country = "Pakistan" }),
		demand("to an office in no zone", "addressees.0.zone", "invalid.zone", func(d *Demand) { d.Addressees[0].Zone = "UTC+5:00" }),
		demand("to an office without a tongue", "addressees.0.lang", "invalid.language", func(d *Demand) { d.Addressees[0].Lang = "no_such!" }),
		demand("on a nameless basis", "bases.0.instrument", "invalid.required", func(d *Demand) { d.Bases[0].Instrument = nil }),
		demand("on a broken article", "bases.0.article", "invalid.text", func(d *Demand) { d.Bases[0].Article = broken }),
		demand("on a broken duty", "bases.0.duty", "invalid.text", func(d *Demand) { d.Bases[0].Duty = brokenText() }),
		demand("on a broken reservation", "bases.0.reserved", "invalid.text", func(d *Demand) { d.Bases[0].Reserved = brokenText() }),
		demand("on a basis of no state", "bases.0.state", "invalid.country", func(d *Demand) { d.Bases[0].State = "Pakistan" }),
		demand("on a basis since broken words", "bases.0.in_force", "invalid.text", func(d *Demand) { d.Bases[0].InForce.Printed = broken }),
		demand("on a basis without source", "bases.0.sources", "invalid.id", func(d *Demand) { d.Bases[0].Sources = []SourceID{"x"} }),
		demand("by an unknown plan", "plan", "invalid.choice", func(d *Demand) { d.Plan = "hope" }),
		demand("with a position of a party that is none", "positions.0.party", "invalid.id", func(d *Demand) { d.Positions[0].Party = "x" }),
		demand("with a position of nobody", "positions.0.name", "invalid.required", func(d *Demand) { d.Positions[0].Party, d.Positions[0].Name = "", nil }),
		demand("with a position of broken words", "positions.0.name", "invalid.text", func(d *Demand) { d.Positions[0].Name = brokenText() }),
		demand("with an unknown position", "positions.0.stance", "invalid.choice", func(d *Demand) { d.Positions[0].Stance = "shrugs" }),
		demand("with a position at broken words", "positions.0.on", "invalid.text", func(d *Demand) { d.Positions[0].On.Printed = broken }),
		demand("with a position without claim", "positions.0.claims", "invalid.required", func(d *Demand) { d.Positions[0].Claims = nil }),
		demand("with a position by no claim", "positions.0.claims", "invalid.id", func(d *Demand) { d.Positions[0].Claims = []ClaimID{"x"} }),
		demand("beyond a commitment that is none", "commitments.0.commitment", "invalid.id", func(d *Demand) { d.Commitments[0].Commitment = "" }),
		demand("to a commitment somehow", "commitments.0.how", "invalid.choice", func(d *Demand) { d.Commitments[0].How = "near" }),
		demand("to a commitment by no claim", "commitments.0.claims", "invalid.id", func(d *Demand) { d.Commitments[0].Claims = []ClaimID{"x"} }),
		demand("paused for a stranger", "pauses.0.addressee", "invalid.unknown", func(d *Demand) { d.Pauses[0].Addressee = "king" }),
		demand("paused from no day", "pauses.0.from", "invalid.required", func(d *Demand) { d.Pauses[0].From, d.Pauses[0].To = "", "" }),
		demand("paused from no such day", "pauses.0.from", "invalid.date", func(d *Demand) { d.Pauses[0].From, d.Pauses[0].To = "2001-02-30", "" }),
		demand("paused to no such day", "pauses.0.to", "invalid.date", func(d *Demand) { d.Pauses[0].To = "2001-04-31" }),
		demand("paused backwards", "pauses.0.to", "invalid.order", func(d *Demand) { d.Pauses[0].To = "2001-03-31" }),
		demand("paused without reason", "pauses.0.reason", "invalid.required", func(d *Demand) { d.Pauses[0].Reason = nil }),
		demand("paused for a broken reason", "pauses.0.reason", "invalid.text", func(d *Demand) { d.Pauses[0].Reason = brokenText() }),
		demand("paused by no claim", "pauses.0.claims", "invalid.id", func(d *Demand) { d.Pauses[0].Claims = []ClaimID{"x"} }),
		demand("with a letter to a stranger", "letters.0.addressee", "invalid.unknown", func(d *Demand) { d.Letters[0].Addressee = "king" }),
		demand("with a letter of no day", "letters.0.on", "invalid.required", func(d *Demand) { d.Letters[0].On = "" }),
		demand("with a letter of no such day", "letters.0.on", "invalid.date", func(d *Demand) { d.Letters[0].On = "yesterday" }),
		demand("with a letter by pigeon", "letters.0.channel", "invalid.choice", func(d *Demand) { d.Letters[0].Channel = "pigeon" }),
		demand("with a letter about nothing", "letters.0.subject", "invalid.required", func(d *Demand) { d.Letters[0].Subject = " " }),
		demand("with a letter about broken words", "letters.0.subject", "invalid.text", func(d *Demand) { d.Letters[0].Subject = broken }),
		demand("with a letter in no language", "letters.0.lang", "invalid.language", func(d *Demand) { d.Letters[0].Lang = "no_such!" }),
		demand("with a letter and a broken receipt", "letters.0.receipt", "invalid.text", func(d *Demand) { d.Letters[0].Receipt = broken }),
		demand("by no claim", "claims", "invalid.id", func(d *Demand) { d.Claims = []ClaimID{"x"} }),
		demand("with a broken note", "note", "invalid.text", func(d *Demand) { d.Note = broken }),
		demand("without visibility", "visibility", "invalid.required", func(d *Demand) { d.Visibility = "" }),

		commitment("without identifier", "id", "invalid.id", func(m *Commitment) { m.ID, m.Replaces = "x", "" }),
		commitment("with a bad slug", "slug", "invalid.slug", func(m *Commitment) { m.Slug = "No Slug" }),
		commitment("without text", "text", "invalid.required", func(m *Commitment) { m.Text = nil }),
		commitment("in no language", "text", "invalid.language", func(m *Commitment) { m.Text = noLanguage() }),
		commitment("of nobody, and not said so", "by", "invalid.exactly_one", func(m *Commitment) { m.By = nil }),
		commitment("of somebody and of nobody identified", "by", "invalid.exactly_one", func(m *Commitment) { m.Unidentified = true }),
		commitment("with too many amounts", "amounts", "invalid.many", func(m *Commitment) { m.Amounts = make([]Amount, MaxFollowed+1) }),
		commitment("by a party that is none", "by.0.party", "invalid.id", func(m *Commitment) { m.By[0].Party = "x" }),
		commitment("by a person that is none", "by.0.person", "invalid.id", func(m *Commitment) { m.By[0].Person = "x" }),
		commitment("by an empty promiser", "by.0.office", "invalid.required", func(m *Commitment) { m.By[0] = Promiser{Holder: Plain("en", "Test Holder")} }),
		commitment("by a broken office", "by.0.office", "invalid.text", func(m *Commitment) { m.By[0].Office = brokenText() }),
		commitment("by a broken holder", "by.0.holder", "invalid.text", func(m *Commitment) { m.By[0].Holder = brokenText() }),
		commitment("by an office in no country", "by.0.country", "invalid.country", func(m *Commitment) { m.By[0].Country = "Pakistan" }),
		commitment("to a party that is none", "to", "invalid.id", func(m *Commitment) { m.To = []PartyID{"x"} }),
		commitment("to broken words", "to", "invalid.text", func(m *Commitment) { m.ToText = brokenText() }),
		commitment("for an attack that is none", "attack", "invalid.id", func(m *Commitment) { m.Attack = "x" }),
		commitment("in a negotiation that is none", "in", "invalid.id", func(m *Commitment) { m.In = "x" }),
		commitment("made at broken words", "made", "invalid.text", func(m *Commitment) { m.Made.Printed = broken }),
		commitment("on broken conditions", "conditions", "invalid.text", func(m *Commitment) { m.Conditions = brokenText() }),
		commitment("of less than nothing", "amounts.0.value", "invalid.number", func(m *Commitment) { m.Amounts[0].Value = -1 }),
		commitment("of too much", "amounts.0.value", "invalid.number", func(m *Commitment) { m.Amounts[0].Value = MaxNumber + 1 }),
		commitment("of an amount without currency", "amounts.0.currency", "invalid.currency", func(m *Commitment) { m.Amounts[0].Currency = "" }),
		commitment("of an amount in Rs", "amounts.0.currency", "invalid.currency", func(m *Commitment) { m.Amounts[0].Currency = "Rs" }),
		commitment("of an amount in small letters", "amounts.0.currency", "invalid.currency", func(m *Commitment) { m.Amounts[0].Currency = "pkr" }),
		commitment("of an amount for nothing said", "amounts.0.per", "invalid.required", func(m *Commitment) { m.Amounts[0].Per = "" }),
		commitment("of an amount per tree", "amounts.0.per", "invalid.choice", func(m *Commitment) { m.Amounts[0].Per = "tree" }),
		commitment("of a broken part", "amounts.1.part", "invalid.text", func(m *Commitment) { m.Amounts[1].Part = brokenText() }),
		commitment("of an amount in broken words", "amounts.0.printed", "invalid.text", func(m *Commitment) { m.Amounts[0].Printed = broken }),
		commitment("of an amount without claim", "amounts.0.claims", "invalid.required", func(m *Commitment) { m.Amounts[0].Claims = nil }),
		commitment("of an amount by no claim", "amounts.0.claims", "invalid.id", func(m *Commitment) { m.Amounts[0].Claims = []ClaimID{"x"} }),
		commitment("offered without answer", "offer.answer", "invalid.required", func(m *Commitment) { m.Offer.Answer = "" }),
		commitment("offered and shrugged at", "offer.answer", "invalid.choice", func(m *Commitment) { m.Offer.Answer = "shrug" }),
		commitment("answered by broken words", "offer.by", "invalid.text", func(m *Commitment) { m.Offer.By = brokenText() }),
		commitment("answered at broken words", "offer.on", "invalid.text", func(m *Commitment) { m.Offer.On.Printed = broken }),
		commitment("answered by no claim", "offer.claims", "invalid.id", func(m *Commitment) { m.Offer.Claims = []ClaimID{"x"} }),
		commitment("by an unknown plan", "plan", "invalid.choice", func(m *Commitment) { m.Plan = "hope" }),
		commitment("replacing none", "replaces", "invalid.id", func(m *Commitment) { m.Replaces = "x" }),
		commitment("replacing itself", "replaces", "invalid.itself", func(m *Commitment) { m.Replaces = m.ID }),
		commitment("by no claim", "claims", "invalid.id", func(m *Commitment) { m.Claims = []ClaimID{"x"} }),
		commitment("public without claim", "claims", "invalid.required", func(m *Commitment) { m.Claims = nil }),
		commitment("with a broken note", "note", "invalid.text", func(m *Commitment) { m.Note = broken }),
		commitment("without visibility", "visibility", "invalid.required", func(m *Commitment) { m.Visibility = "" }),

		assessment("without identifier", "id", "invalid.id", func(a *Assessment) { a.ID = "x" }),
		assessment("of a petition", "of", "invalid.choice", func(a *Assessment) { a.Of.Kind = KindPetition }),
		assessment("of nothing", "of", "invalid.id", func(a *Assessment) { a.Of.ID = "" }),
		assessment("of a bad step", "step", "invalid.key", func(a *Assessment) { a.Step = "No step" }),
		assessment("of a bad addressee", "addressee", "invalid.key", func(a *Assessment) { a.Addressee = "No one" }),
		assessment("on no axis", "axis", "invalid.required", func(a *Assessment) { a.Axis = "" }),
		assessment("of timeliness", "axis", "invalid.choice", func(a *Assessment) { a.Axis = "timeliness" }),
		assessment("by nobody", "by", "invalid.required", func(a *Assessment) { a.By = "" }),
		assessment("by a mean of all", "by", "invalid.choice", func(a *Assessment) { a.By = "average" }),
		assessment("of progress without value", "progress", "invalid.required", func(a *Assessment) { a.Progress = "" }),
		assessment("of unknown progress", "progress", "invalid.choice", func(a *Assessment) { a.Progress = "accepted" }),
		assessment("of progress that says what was said", "response", "invalid.unexpected", func(a *Assessment) { a.Response = Noted }),
		assessment("of a response without value", "response", "invalid.required", func(a *Assessment) { a.Axis, a.Progress, a.Count = AxisResponse, "", nil }),
		assessment("of an unknown response", "response", "invalid.choice", func(a *Assessment) { a.Axis, a.Progress, a.Count, a.Response = AxisResponse, "", nil, "met" }),
		assessment("of a response that says what happened", "progress", "invalid.unexpected", func(a *Assessment) { a.Axis, a.Response, a.Count = AxisResponse, Noted, nil }),
		assessment("of a response that counts", "progress", "invalid.unexpected", func(a *Assessment) { a.Axis, a.Response, a.Progress = AxisResponse, Noted, "" }),
		assessment("counting below zero", "count", "invalid.number", func(a *Assessment) { a.Count = ptr(-1) }),
		assessment("beyond counting", "count", "invalid.number", func(a *Assessment) { a.Count = ptr(MaxNumber + 1) }),
		assessment("of no day", "on", "invalid.required", func(a *Assessment) { a.On = "" }),
		assessment("of no such day", "on", "invalid.date", func(a *Assessment) { a.On = "2001-02-30" }),
		assessment("of what happened at broken words", "happened", "invalid.text", func(a *Assessment) { a.Happened.Printed = broken }),
		assessment("of what had not happened yet", "happened", "invalid.order", func(a *Assessment) { a.Happened = On("2001-05-02") }),
		assessment("without reason", "reason", "invalid.required", func(a *Assessment) { a.Reason = nil }),
		assessment("for a broken reason", "reason", "invalid.text", func(a *Assessment) { a.Reason = brokenText() }),
		assessment("with too many claims", "claims", "invalid.many", func(a *Assessment) { a.Claims = many }),
		assessment("by no claim", "claims", "invalid.id", func(a *Assessment) { a.Claims = []ClaimID{"x"} }),
		assessment("by no reply", "replies", "invalid.id", func(a *Assessment) { a.Replies = []ReplyID{"x"} }),
		assessment("by no event", "events", "invalid.id", func(a *Assessment) { a.Events = []EventID{"x"} }),
		assessment("looked for nowhere", "looked.0.where", "invalid.required", func(a *Assessment) { a.Looked[0].Where = nil }),
		assessment("looked for in broken words", "looked.0.where", "invalid.text", func(a *Assessment) { a.Looked[0].Where = brokenText() }),
		assessment("looked for on no day", "looked.0.on", "invalid.required", func(a *Assessment) { a.Looked[0].On = "" }),
		assessment("looked for on no such day", "looked.0.on", "invalid.date", func(a *Assessment) { a.Looked[0].On = "2001" }),
		assessment("that found no action without a search", "looked", "invalid.required", func(a *Assessment) { a.Progress, a.Looked, a.Happened = NoActionFound, nil, When{} }),
		assessment("that found no answer without a search", "looked", "invalid.required", func(a *Assessment) {
			a.Axis, a.Progress, a.Count, a.Response, a.Looked = AxisResponse, "", nil, NoneFound, nil
		}),
		assessment("that found no answer and found it", "looked", "invalid.contradiction", func(a *Assessment) {
			a.Axis, a.Progress, a.Count, a.Response = AxisResponse, "", nil, NoneFound
		}),
		assessment("that rests on nothing", "claims", "invalid.required", func(a *Assessment) { a.Claims, a.Replies, a.Events = nil, nil, nil }),
		assessment("answered in broken words", "right_of_reply", "invalid.text", func(a *Assessment) { a.RightOfReply = brokenText() }),
		assessment("with a broken original", "original", "invalid.text", func(a *Assessment) { a.Original = broken }),
		assessment("with a broken note", "note", "invalid.text", func(a *Assessment) { a.Note = broken }),
		assessment("without review", "review", "invalid.required", func(a *Assessment) { a.Review.State = "" }),
		assessment("accepted in bulk", "review", "invalid.choice", func(a *Assessment) { a.Review.State = Compiled }),
		assessment("rejected without reason", "review", "invalid.required", func(a *Assessment) { a.Review.State = Rejected }),
		assessment("retracted for a broken reason", "review", "invalid.text", func(a *Assessment) { a.Review.State, a.Review.Reason = Retracted, broken }),
		assessment("public before review", "visibility", "invalid.unreviewed", func(a *Assessment) { a.Review.State = Suggested }),
		assessment("without visibility", "visibility", "invalid.required", func(a *Assessment) { a.Visibility = "" }),

		proceeding("without identifier", "id", "invalid.id", func(p *Proceeding) { p.ID = "x" }),
		proceeding("with a bad slug", "slug", "invalid.slug", func(p *Proceeding) { p.Slug = "No Slug" }),
		proceeding("without title", "title", "invalid.required", func(p *Proceeding) { p.Title = nil }),
		proceeding("of a broken title", "title", "invalid.text", func(p *Proceeding) { p.Title = brokenText() }),
		proceeding("about nothing", "events", "invalid.required", func(p *Proceeding) { p.Events, p.Group = nil, Group{} }),
		proceeding("about too much", "events", "invalid.many", func(p *Proceeding) { p.Events = make([]EventID, MaxFollowed+1) }),
		proceeding("about an event that is none", "events", "invalid.id", func(p *Proceeding) { p.Events = []EventID{"x"} }),
		proceeding("against a person that is none", "person", "invalid.id", func(p *Proceeding) { p.Person, p.Group = "x", Group{} }),
		proceeding("against a party that is none", "party", "invalid.id", func(p *Proceeding) { p.Party, p.Group = "x", Group{} }),
		proceeding("against a nameless group", "group", "invalid.required", func(p *Proceeding) { p.Group.Name = nil }),
		proceeding("against a broken group", "group", "invalid.text", func(p *Proceeding) { p.Group.Name = brokenText() }),
		proceeding("against fewer than none", "group", "invalid.number", func(p *Proceeding) { p.Group.Low = ptr(-1) }),
		proceeding("against a group upside down", "group", "invalid.below_low", func(p *Proceeding) { p.Group.High = ptr(1) }),
		proceeding("against two", "who", "invalid.exactly_one", func(p *Proceeding) { p.Person = idC }),
		proceeding("of a party that is none", "of", "invalid.id", func(p *Proceeding) { p.Of = "x" }),
		proceeding("with a broken reply", "reply", "invalid.text", func(p *Proceeding) { p.Reply = brokenText() }),
		proceeding("in a broken jurisdiction", "jurisdiction", "invalid.text", func(p *Proceeding) { p.Jurisdiction = brokenText() }),
		proceeding("before no court", "court", "invalid.id", func(p *Proceeding) { p.Court = "x" }),
		proceeding("in no country", "country", "invalid.country", func(p *Proceeding) { p.Country = "Pakistan" }),
		proceeding("with a broken number", "number", "invalid.text", func(p *Proceeding) { p.Number = broken }),
		proceeding("with a step that is none of a case", "steps.0.kind", "invalid.choice", func(p *Proceeding) { p.Steps[0].Kind = StepPaid }),
		proceeding("with a step at broken words", "steps.0.on", "invalid.text", func(p *Proceeding) { p.Steps[0].On.Printed = broken }),
		proceeding("with a verdict of no kind", "steps.1.verdict", "invalid.required", func(p *Proceeding) { p.Steps[1].Verdict = "" }),
		proceeding("with an unknown verdict", "steps.1.verdict", "invalid.choice", func(p *Proceeding) { p.Steps[1].Verdict = "guilty" }),
		proceeding("with a verdict of an arrest", "steps.0.verdict", "invalid.unexpected", func(p *Proceeding) { p.Steps[0].Verdict = VerdictConvicted }),
		proceeding("with a step by nobody", "steps.0.by", "invalid.id", func(p *Proceeding) { p.Steps[0].By = "x" }),
		proceeding("with a step of fewer than none", "steps.0", "invalid.number", func(p *Proceeding) { p.Steps[0].Low = ptr(-1) }),
		proceeding("with a step upside down", "steps.0", "invalid.below_low", func(p *Proceeding) { p.Steps[0].High = ptr(1) }),
		proceeding("with a broken step", "steps.0.detail", "invalid.text", func(p *Proceeding) { p.Steps[0].Detail = brokenText() }),
		proceeding("with a step of no event", "steps.0.event", "invalid.id", func(p *Proceeding) { p.Steps[0].Event = "x" }),
		proceeding("with a step without claim", "steps.0.claims", "invalid.required", func(p *Proceeding) { p.Steps[0].Claims = nil }),
		proceeding("with a step by no claim", "steps.0.claims", "invalid.id", func(p *Proceeding) { p.Steps[0].Claims = []ClaimID{"x"} }),
		proceeding("looked for on no day", "looked.0.on", "invalid.required", func(p *Proceeding) { p.Looked[0].On = "" }),
		proceeding("by no claim", "claims", "invalid.id", func(p *Proceeding) { p.Claims = []ClaimID{"x"} }),
		proceeding("with a broken note", "note", "invalid.text", func(p *Proceeding) { p.Note = broken }),
		proceeding("without visibility", "visibility", "invalid.required", func(p *Proceeding) { p.Visibility = "" }),

		coverage("without identifier", "id", "invalid.id", func(s *Coverage) { s.ID = "x" }),
		coverage("of nothing", "event", "invalid.id", func(s *Coverage) { s.Event = "" }),
		coverage("without title", "title", "invalid.required", func(s *Coverage) { s.Title = nil }),
		coverage("of a broken title", "title", "invalid.text", func(s *Coverage) { s.Title = brokenText() }),
		coverage("of no collection", "collection", "invalid.required", func(s *Coverage) { s.Collection = "" }),
		coverage("of a broken collection", "collection", "invalid.text", func(s *Coverage) { s.Collection = broken }),
		coverage("without query", "query", "invalid.required", func(s *Coverage) { s.Query = " " }),
		coverage("with a broken query", "query", "invalid.text", func(s *Coverage) { s.Query = broken }),
		coverage("in no language", "language", "invalid.language", func(s *Coverage) { s.Language = "no_such!" }),
		coverage("without tool", "tool", "invalid.required", func(s *Coverage) { s.Tool = "" }),
		coverage("by hand", "tool", "invalid.choice", func(s *Coverage) { s.Tool = "hand" }),
		coverage("of no source", "source", "invalid.id", func(s *Coverage) { s.Source = "x" }),
		coverage("of no file", "file", "invalid.hash", func(s *Coverage) { s.File = "x" }),
		coverage("made at broken words", "made", "invalid.text", func(s *Coverage) { s.Made.Printed = broken }),
		coverage("of too many days", "days", "invalid.many", func(s *Coverage) { s.Days = make([]DayCount, MaxCoverageDays+1) }),
		coverage("of no such day", "days.0", "invalid.date", func(s *Coverage) { s.Days = []DayCount{{Day: "2001-02-30", Matched: 1, All: 2}} }),
		coverage("of a day twice", "days.1", "invalid.order", func(s *Coverage) { s.Days[1].Day = "2001-02-01" }),
		coverage("of days backwards", "days.1", "invalid.order", func(s *Coverage) { s.Days[1].Day = "2001-01-31" }),
		coverage("of fewer than none", "days.0", "invalid.number", func(s *Coverage) { s.Days[0].Matched = -1 }),
		coverage("of fewer than unknown", "days.0", "invalid.number", func(s *Coverage) { s.Days[0].All = -2 }),
		coverage("of too many", "days.0", "invalid.number", func(s *Coverage) { s.Days[0].All = MaxNumber + 1 }),
		coverage("of a share that is no number", "days.3", "invalid.number", func(s *Coverage) { s.Days[3].Share = "half" }),
		coverage("of a share beside counts", "days.3", "invalid.number", func(s *Coverage) { s.Days[3].Matched = 5 }),
		coverage("of more than all", "days.0", "invalid.sum", func(s *Coverage) { s.Days[0].Matched = 101 }),
		coverage("of something out of nothing", "days.1", "invalid.sum", func(s *Coverage) { s.Days[1].Matched = 1 }),
		coverage("with a broken note", "note", "invalid.text", func(s *Coverage) { s.Note = broken }),
		coverage("without visibility", "visibility", "invalid.required", func(s *Coverage) { s.Visibility = "" }),

		feed("without identifier", "id", "invalid.id", func(f *Feed) { f.ID = "x" }),
		feed("without title", "title", "invalid.required", func(f *Feed) { f.Title = "" }),
		feed("of a broken title", "title", "invalid.text", func(f *Feed) { f.Title = broken }),
		feed("without address", "url", "invalid.required", func(f *Feed) { f.URL = "" }),
		feed("at a file", "url", "invalid.url", func(f *Feed) { f.URL = "file:///etc/passwd" }),
		feed("of no collection", "collection", "invalid.required", func(f *Feed) { f.Collection = "" }),
		feed("of a broken collection", "collection", "invalid.text", func(f *Feed) { f.Collection = broken }),
		feed("of an outlet that is none", "outlet", "invalid.id", func(f *Feed) { f.Outlet = "x" }),
		feed("in no language", "language", "invalid.language", func(f *Feed) { f.Language = "no_such!" }),
		feed("polled all the time", "minutes", "invalid.number", func(f *Feed) { f.Minutes = 14 }),
		feed("hardly ever polled", "minutes", "invalid.number", func(f *Feed) { f.Minutes = 7*24*60 + 1 }),
		feed("with a broken note", "note", "invalid.text", func(f *Feed) { f.Note = broken }),
		feed("made public", "visibility", "invalid.choice", func(f *Feed) { f.Visibility = Public }),
		feed("without visibility", "visibility", "invalid.required", func(f *Feed) { f.Visibility = "" }),

		trend("without identifier", "id", "invalid.id", func(s *TrendStatement) { s.ID = "x" }),
		trend("with a bad slug", "slug", "invalid.slug", func(s *TrendStatement) { s.Slug = "No Slug" }),
		trend("without title", "title", "invalid.required", func(s *TrendStatement) { s.Title = nil }),
		trend("of a broken title", "title", "invalid.text", func(s *TrendStatement) { s.Title = brokenText() }),
		trend("of a community that is none", "frame", "invalid.id", func(s *TrendStatement) { s.Frame.Communities = []PartyID{"x"} }),
		trend("of an impossible period", "scope", "invalid.date", func(s *TrendStatement) { s.Frame.Period = "2010/2001" }),
		trend("of no input", "input", "invalid.hash", func(s *TrendStatement) { s.Input = "" }),
		trend("of fewer than no events", "events", "invalid.number", func(s *TrendStatement) { s.Events = -1 }),
		trend("by no version", "version", "invalid.required", func(s *TrendStatement) { s.Version = "" }),
		trend("by a long version", "version", "invalid.long", func(s *TrendStatement) { s.Version = strings.Repeat("v", 41) }),
		trend("with parameters that are no JSON", "params", "invalid.text", func(s *TrendStatement) { s.Params = json.RawMessage("{") }),
		trend("with huge parameters", "params", "invalid.long", func(s *TrendStatement) { s.Params = make(json.RawMessage, MaxText+1) }),
		trend("without result", "result", "invalid.text", func(s *TrendStatement) { s.Result = nil }),
		trend("of a broken statement", "statement", "invalid.text", func(s *TrendStatement) { s.Statement = brokenText() }),
		trend("by no claim", "claims", "invalid.id", func(s *TrendStatement) { s.Claims = []ClaimID{"x"} }),
		trend("with a broken note", "note", "invalid.text", func(s *TrendStatement) { s.Note = broken }),
		trend("without visibility", "visibility", "invalid.required", func(s *TrendStatement) { s.Visibility = "" }),

		holidays("without identifier", "id", "invalid.id", func(h *HolidayCalendar) { h.ID = "x" }),
		holidays("of no country", "country", "invalid.required", func(h *HolidayCalendar) { h.Country = "" }),
		holidays("of a country by name", "country", "invalid.country", func(h *HolidayCalendar) { h.Country = "Pakistan" }),
		holidays("of too many holidays", "holidays", "invalid.many", func(h *HolidayCalendar) { h.Holidays = make([]Holiday, MaxHolidays+1) }),
		holidays("of too many weekends", "holidays", "invalid.many", func(h *HolidayCalendar) { h.Weekends = make([]Weekend, MaxFollowed+1) }),
		holidays("with a weekend from no such day", "weekends.1.from", "invalid.date", func(h *HolidayCalendar) { h.Weekends[1].From = "2001-02-30" }),
		holidays("with weekends out of order", "weekends.1.from", "invalid.order", func(h *HolidayCalendar) { h.Weekends[1].From = "" }),
		holidays("with nothing but weekends", "weekends.0.days", "invalid.many", func(h *HolidayCalendar) { h.Weekends[0].Days = []int{0, 1, 2, 3, 4, 5, 6} }),
		holidays("with an eighth day", "weekends.0.days", "invalid.number", func(h *HolidayCalendar) { h.Weekends[0].Days = []int{7} }),
		holidays("with a holiday on no day", "holidays.0.day", "invalid.required", func(h *HolidayCalendar) { h.Holidays[0].Day = "" }),
		holidays("with a holiday on no such day", "holidays.1.day", "invalid.date", func(h *HolidayCalendar) { h.Holidays[1].Day = "2001-06-31" }),
		holidays("with holidays out of order", "holidays.1.day", "invalid.order", func(h *HolidayCalendar) { h.Holidays[1].Day = "2001-03-22" }),
		holidays("with a broken holiday", "holidays.0.name", "invalid.text", func(h *HolidayCalendar) { h.Holidays[0].Name = brokenText() }),
		holidays("with a holiday of no source", "holidays.0.source", "invalid.id", func(h *HolidayCalendar) { h.Holidays[0].Source = "x" }),
		holidays("with a broken note", "note", "invalid.text", func(h *HolidayCalendar) { h.Note = broken }),
		holidays("without visibility", "visibility", "invalid.required", func(h *HolidayCalendar) { h.Visibility = "" }),
	} {
		checkRefused(t, test)
	}
}

// TestFollowAccepts lists what looks odd and is kept all the same.
func TestFollowAccepts(t *testing.T) {
	for _, test := range []struct {
		name string
		rec  Record
	}{
		{"a demand of a protest", with(validDemand, func(d *Demand) { d.Of, d.Key = Ref{KindEvent, idB}, "" })},
		{"a demand of a family's statement", with(validDemand, func(d *Demand) { d.Of, d.Key = Ref{KindSource, idB}, "" })},
		{"a pause while it lasts", with(validDemand, func(d *Demand) { d.Pauses[0].To = "" })},
		{"earlier promises of nobody identified", with(validCommitment, func(m *Commitment) { m.By, m.Unidentified = nil, true })},
		{"amounts that contradict each other", with(validCommitment, func(m *Commitment) { m.Amounts[1].Part = nil })},
		{"a commitment without any claim yet", with(validCommitment, func(m *Commitment) { m.Claims, m.Visibility = nil, Draft })},
		{"nobody looked, and no reason to have looked", with(validAssessment, func(a *Assessment) {
			a.Progress, a.Count, a.Claims, a.Replies, a.Events, a.Looked = NotAssessed, nil, nil, nil, nil, nil
		})},
		{"no answer found, and where one looked", with(validAssessment, func(a *Assessment) {
			a.Axis, a.Progress, a.Response, a.Count, a.Claims, a.Replies, a.Events = AxisResponse, "", NoneFound, nil, nil, nil, nil
			a.Looked[0].Found = false
		})},
		{"something that may have happened later in the month", with(validAssessment, func(a *Assessment) { a.Happened = On("2001-05") })},
		{"something that happened at a time nobody knows", with(validAssessment, func(a *Assessment) { a.Happened = On("../2001-04") })},
		{"a verdict before the charge", with(validProceeding, func(p *Proceeding) {
			p.Steps = []ChainStep{{Kind: StepVerdict, On: On("2001"), Verdict: VerdictAcquitted, Claims: []ClaimID{idC}}, {Kind: StepCharge, On: On("2002"), Claims: []ClaimID{idC}}}
		})},
		{"a case nobody looked into", with(validProceeding, func(p *Proceeding) { p.Steps, p.Looked, p.Claims = nil, nil, nil })},
		{"a case about an attack as a whole", with(validProceeding, func(p *Proceeding) { p.Group = Group{} })},
		{"a collection that had nothing that day", with(validCoverage, func(s *Coverage) { s.Days = []DayCount{{Day: "2001-02-02", Matched: 0, All: 0}} })},
		{"two holidays on one day", with(validHolidayCalendar, func(h *HolidayCalendar) { h.Holidays[1].Day = h.Holidays[0].Day })},
		{"a country without weekends", with(validHolidayCalendar, func(h *HolidayCalendar) { h.Weekends = nil })},
	} {
		if err := test.rec.Validate(); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
