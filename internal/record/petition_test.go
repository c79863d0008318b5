package record

import (
	"errors"
	"strings"
	"testing"
)

var (
	hashA = strings.Repeat("a", 64)
	hashB = strings.Repeat("b", 64)
)

func validPetition() *Petition {
	return &Petition{
		ID: idA, Number: 1, Slug: "example-petition", Title: Plain("en", "For Example Town"), Tags: []string{"#ExampleTag"},
		Texts: []PetitionText{
			{Lang: "en", Title: "For Example Town", Body: "# findings\nInvented."},
			{Lang: "ur", Title: "مثال", Body: "متن", Of: hashA, Unreviewed: true},
		},
		Subject:    []Ref{{KindEvent, idC}},
		Addressees: []Addressee{{Key: "office", Party: idB, Office: Plain("en", "Office of Examples"), Holder: Plain("en", "Test Holder"), HeldOn: On("2001-02-03"), Claims: []ClaimID{idC}, Country: "PK"}},
		Bases:      []LegalBasis{{Key: "charter", Instrument: Plain("en", "Example Charter"), Article: "6", State: "PK", InForce: On("2000"), Sources: []SourceID{idC}, Demands: []string{"safety"}}},
		Demands: []PetitionDemand{
			{Key: "safety", Text: Plain("en", "Protect."), Addressee: []string{"office"}, Deadline: On("2002"), Parts: []PetitionDemand{{Key: "guards", Text: Plain("en", "With guards.")}}},
			{Key: "apology", Text: Plain("en", "Apologise."), Addressee: []string{"office"}, Personal: true},
		},
		Initiators:  []Initiator{{Key: "first", Name: Plain("en", "Example Society"), Capacity: Plain("en", "association"), Account: idC}},
		Approvals:   []Approval{{Initiator: "first", Hash: hashA, At: 5, Proof: "letter"}},
		Publication: PetitionPublished, Collection: CollectOpen, Opens: 10, Closes: 20, Pauses: []Pause{{From: 12, To: 15}, {From: 16, House: true}},
		Goals: []int{10, 100}, Signers: SignBoth, Pace: PaceSteps, Edition: 1, Owners: []UserID{idB}, Recipients: []string{"age1example"},
		KeepDays: 90, Original: idC, Visibility: Public,
	}
}

func validEdition() *Edition {
	low := int64(3)
	return &Edition{
		ID: idA, Petition: idB, Number: 1, Made: 5,
		Texts: []EditionText{{
			Lang: "en", Title: "For Example Town", Source: "# findings", Blocks: []Block{{Kind: BlockHeading, Level: 1, Spans: []Span{{Text: "findings"}}}},
			Notes: []Footnote{{Number: 1, Cited: []string{"figure:example/killed"}, Source: idC, Title: "Invented report"}},
		}},
		Cited:      []Cited{{Key: "figure:example/killed", Claims: []CitedClaim{{ID: idC, Rev: 1, State: Accepted, Source: idB, Value: "3 killed", Used: true}}, Measure: Killed, Low: &low, Rule: "gawah/1"}},
		Addressees: []Addressee{{Key: "office", Office: Plain("en", "Office of Examples")}}, Demands: []PetitionDemand{{Key: "safety", Text: Plain("en", "Protect.")}},
		Findings: []PetitionFinding{{Kind: FoundNumber, Lang: "en", Line: 1, Words: "five"}}, Reason: Plain("en", "Known."),
		Hash: hashA, Visibility: Public,
	}
}

func validEndorsement() *Endorsement {
	return &Endorsement{
		ID: idA, Petition: idB, Edition: 1, Lang: "en", Names: []Name{{Text: "Example Society", Lang: "en", Kind: NamePrimary}}, Country: "PK",
		Site: "https://example.org", Role: RoleEndorser, State: EndorsementConfirmed, Proof: &Proof{Kind: ProofMail, Domain: "example.org", At: 5}, Made: 4, Visibility: Public,
	}
}

func validBatch() *Batch {
	return &Batch{
		ID: idA, Petition: idB, Edition: 1, Number: 1, Place: Place{Country: "PK", Town: "Example Town"}, Collector: "A7", Scans: []string{hashA},
		Lines: 20, Legible: 18, Repeated: 2, Counted: 16, Sample: []int{2, 3, 5, 7, 11}, Sampled: 5, Valid: 5, Received: On("2001-02-03"), Visibility: Internal,
	}
}

func validInvalidation() *Invalidation {
	return &Invalidation{
		ID: idA, Petition: idB, Reason: VoidAutomated, Summary: Plain("en", "Made by a script."), Where: VoidWhere{Country: "VA", From: 3, To: 4},
		State: VoidProposed, Matching: 7, Proposed: idC, Made: 5, Visibility: Internal,
	}
}

func validDelivery() *Delivery {
	return &Delivery{
		ID: idA, Petition: idB, Edition: 1, Addressee: "office", To: Plain("en", "the registry"), On: On("2001-02-03"), Channel: ByHand, Reference: "1-D1",
		Manifest: hashA, PackHash: hashB, Count: 40, Bodies: 2, Due: On("2001-03-03"), CodeHash: hashA, Visibility: Public,
	}
}

func validReply() *Reply {
	return &Reply{
		ID: idA, Petition: idB, Delivery: idC, Addressee: "office", Received: 5, Dated: On("2001-02-05"), Channel: ByLink, From: "Registrar",
		Words: Plain("en", "Noted."), Files: []string{hashA}, Demands: []string{"safety"}, Visibility: Public,
	}
}

func validUpdate() *Update {
	return &Update{ID: idA, Petition: idB, Number: 2, Kind: UpdateAnswered, Words: Plain("en", "They answered."), Made: 5, Visibility: Public}
}

func validRemark() *Remark {
	return &Remark{ID: idA, About: Ref{KindPetition, idB}, Words: "Asked for a second source.", By: idC, Made: 5, Visibility: Internal}
}

// TestValidatePetition changes one thing of a valid record of a petition at a
// time, as [TestValidate] does for the register.
func TestValidatePetition(t *testing.T) {
	for _, test := range []struct {
		name, field, key string
		rec              Record
	}{
		{"petition without number", "number", "invalid.number", with(validPetition, func(p *Petition) { p.Number = 0 })},
		{"petition with a bad slug", "slug", "invalid.slug", with(validPetition, func(p *Petition) { p.Slug = "No Slug" })},
		{"petition without title", "title", "invalid.required", with(validPetition, func(p *Petition) { p.Title = nil })},
		{"petition with a tag of two words", "tags", "invalid.tag", with(validPetition, func(p *Petition) { p.Tags = []string{"#two words"} })},
		{"petition without text", "texts", "invalid.required", with(validPetition, func(p *Petition) { p.Texts = nil })},
		{"petition with a text twice", "texts", "invalid.language_twice", with(validPetition, func(p *Petition) { p.Texts[1].Lang = "en" })},
		{"petition with a text in no language", "texts", "invalid.language", with(validPetition, func(p *Petition) { p.Texts[1].Lang = "" })},
		{"petition to an addressee twice", "addressees", "invalid.twice", with(validPetition, func(p *Petition) { p.Addressees = append(p.Addressees, p.Addressees[0]) })},
		{"petition to nobody in particular", "addressees", "invalid.required", with(validPetition, func(p *Petition) { p.Addressees[0].Office = nil })},
		{"petition with an addressee's key in capitals", "initiators", "invalid.key", with(validPetition, func(p *Petition) { p.Initiators[0].Key, p.Approvals = "First", nil })},
		{"petition with a demand of nobody known", "demands", "invalid.addressee", with(validPetition, func(p *Petition) { p.Demands[0].Addressee = []string{"king"} })},
		{"petition with a demand twice", "demands", "invalid.twice", with(validPetition, func(p *Petition) { p.Demands[0].Parts[0].Key = "safety" })},
		{"petition with demands too deep", "demands", "invalid.deep", with(validPetition, func(p *Petition) {
			d := PetitionDemand{Key: "e", Text: Plain("en", "e")}
			for _, k := range []string{"d", "c", "b", "a"} {
				d = PetitionDemand{Key: k, Text: Plain("en", k), Parts: []PetitionDemand{d}}
			}
			p.Demands = append(p.Demands, d)
		})},
		{"petition on a basis for no demand", "bases", "invalid.demand", with(validPetition, func(p *Petition) { p.Bases[0].Demands = []string{"bread"} })},
		{"petition on a basis without source", "bases", "invalid.id", with(validPetition, func(p *Petition) { p.Bases[0].Sources = []SourceID{"x"} })},
		{"petition approved by a stranger", "approvals", "invalid.choice", with(validPetition, func(p *Petition) { p.Approvals[0].Initiator = "other" })},
		{"petition approved without hash", "approvals", "invalid.hash", with(validPetition, func(p *Petition) { p.Approvals[0].Hash = "x" })},
		{"petition rejected without reason", "rejection", "invalid.required", with(validPetition, func(p *Petition) { p.Publication = PetitionRejected })},
		{"petition rejected for an unknown reason", "rejection", "invalid.choice", with(validPetition, func(p *Petition) {
			p.Publication, p.Rejection = PetitionRejected, &Rejection{Code: "mood", Details: Plain("en", "No.")}
		})},
		{"petition rejected without words", "rejection", "invalid.required", with(validPetition, func(p *Petition) {
			p.Publication, p.Rejection = PetitionRejected, &Rejection{Code: RejectUnclear}
		})},
		{"petition that closes before it opens", "closes", "invalid.order", with(validPetition, func(p *Petition) { p.Closes = 5 })},
		{"petition with goals downwards", "goals", "invalid.order", with(validPetition, func(p *Petition) { p.Goals = []int{100, 10} })},
		{"petition for signers unknown", "signers", "invalid.choice", with(validPetition, func(p *Petition) { p.Signers = "robots" })},
		{"petition without pace", "pace", "invalid.required", with(validPetition, func(p *Petition) { p.Pace = "" })},
		{"petition published without edition", "edition", "invalid.required", with(validPetition, func(p *Petition) { p.Edition = 0 })},
		{"petition with consent for what is to come", "edition", "invalid.number", with(validPetition, func(p *Petition) { p.Reconsent = 2 })},
		{"petition with a strange recipient", "recipients", "invalid.recipient", with(validPetition, func(p *Petition) { p.Recipients = []string{"ssh-rsa"} })},
		{"petition that keeps data for ever", "keep_days", "invalid.number", with(validPetition, func(p *Petition) { p.KeepDays = MaxKeepDays + 1 })},
		{"petition published without addressee", "addressees", "invalid.required", with(validPetition, func(p *Petition) {
			p.Addressees, p.Demands, p.Bases = nil, []PetitionDemand{{Key: "safety", Text: Plain("en", "Protect.")}}, nil
		})},
		{"petition published without demand", "demands", "invalid.required", with(validPetition, func(p *Petition) { p.Demands, p.Bases = nil, nil })},

		{"edition zero", "number", "invalid.number", with(validEdition, func(e *Edition) { e.Number = 0 })},
		{"edition without text", "texts", "invalid.required", with(validEdition, func(e *Edition) { e.Texts = nil })},
		{"edition with findings and no reason", "reason", "invalid.required", with(validEdition, func(e *Edition) { e.Reason = nil })},
		{"edition without hash", "hash", "invalid.hash", with(validEdition, func(e *Edition) { e.Hash = "" })},

		{"organisation without name", "names", "invalid.required", with(validEndorsement, func(e *Endorsement) { e.Names = nil })},
		{"organisation of no country", "country", "invalid.country", with(validEndorsement, func(e *Endorsement) { e.Country = "Pakistan" })},
		{"organisation confirmed without proof", "proof", "invalid.required", with(validEndorsement, func(e *Endorsement) { e.Proof = nil })},
		{"organisation checked without words", "proof", "invalid.required", with(validEndorsement, func(e *Endorsement) { e.Proof = &Proof{Kind: ProofCheck, At: 5} })},
		{"original signatory that has signed", "role", "invalid.original", with(validEndorsement, func(e *Endorsement) { e.Role, e.Source = RoleOriginal, idC })},
		{"original signatory without source", "role", "invalid.original", with(validEndorsement, func(e *Endorsement) { e.Role, e.State = RoleOriginal, EndorsementPending })},

		{"batch that counts more than it read", "lines", "invalid.sum", with(validBatch, func(b *Batch) { b.Counted = 17 })},
		{"batch with more valid than sampled", "sampled", "invalid.sum", with(validBatch, func(b *Batch) { b.Valid = 6 })},
		{"batch made public", "visibility", "invalid.choice", with(validBatch, func(b *Batch) { b.Visibility = Public })},
		{"batch without collector", "collector", "invalid.required", with(validBatch, func(b *Batch) { b.Collector = "" })},

		{"invalidation of everything", "where", "invalid.required", with(validInvalidation, func(i *Invalidation) { i.Where = VoidWhere{} })},
		{"invalidation without summary", "summary", "invalid.required", with(validInvalidation, func(i *Invalidation) { i.Summary = nil })},
		{"invalidation for no known reason", "reason", "invalid.choice", with(validInvalidation, func(i *Invalidation) { i.Reason = "mood" })},

		{"delivery of no edition", "edition", "invalid.number", with(validDelivery, func(d *Delivery) { d.Edition = 0 })},
		{"delivery without reference", "reference", "invalid.required", with(validDelivery, func(d *Delivery) { d.Reference = "" })},
		{"delivery by telepathy", "channel", "invalid.choice", with(validDelivery, func(d *Delivery) { d.Channel = "mind" })},
		{"delivery with a receipt that is no hash", "receipt_hash", "invalid.hash", with(validDelivery, func(d *Delivery) { d.ReceiptHash = "scan" })},

		{"reply of nothing", "words", "invalid.required", with(validReply, func(r *Reply) { r.Words, r.Files = nil, nil })},
		{"reply from nobody", "addressee", "invalid.required", with(validReply, func(r *Reply) { r.Addressee = "" })},

		{"update without number", "number", "invalid.number", with(validUpdate, func(u *Update) { u.Number = 0 })},
		{"update of no kind", "kind", "invalid.choice", with(validUpdate, func(u *Update) { u.Kind = "news" })},
		{"update without words", "words", "invalid.required", with(validUpdate, func(u *Update) { u.Words = nil })},
		{"remark about nothing", "about", "invalid.required", with(validRemark, func(r *Remark) { r.About = Ref{} })},
		{"remark without words", "words", "invalid.required", with(validRemark, func(r *Remark) { r.Words = " " })},
		{"remark made public", "visibility", "invalid.choice", with(validRemark, func(r *Remark) { r.Visibility = Public })},
	} {
		invalid, ok := errors.AsType[*Invalid](test.rec.Validate())
		if !ok {
			t.Errorf("%s: not refused", test.name)
			continue
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
}

// with changes one thing of a valid record.
func with[T Record](valid func() T, change func(T)) T {
	r := valid()
	change(r)
	return r
}

// TestDeadline moves the end by every pause that is over and by no other.
func TestDeadline(t *testing.T) {
	for _, test := range []struct {
		closes int64
		pauses []Pause
		want   int64
	}{
		{0, []Pause{{From: 1, To: 5}}, 0},
		{100, nil, 100},
		{100, []Pause{{From: 10, To: 15}, {From: 20, To: 40}}, 125},
		{100, []Pause{{From: 10, To: 15}, {From: 50}}, 105},
	} {
		p := &Petition{Closes: test.closes, Pauses: test.pauses}
		if got := p.Deadline(); got != test.want {
			t.Errorf("closes %d with pauses %v: %d, want %d", test.closes, test.pauses, got, test.want)
		}
	}
	p := &Petition{Pauses: []Pause{{From: 1, To: 2}, {From: 3}}}
	if got := p.Paused(); got == nil || got.From != 3 {
		t.Errorf("the pause that lasts: %v", got)
	}
}

// TestRejectionHides keeps the reasons that endanger somebody out of lists.
func TestRejectionHides(t *testing.T) {
	var hidden []RejectionCode
	for _, c := range RejectionCodes() {
		if c.Hides() {
			hidden = append(hidden, c)
		}
	}
	if len(hidden) != 4 || hidden[0] != RejectLibellous || hidden[3] != RejectPersonal {
		t.Errorf("hidden reasons: %v", hidden)
	}
}
