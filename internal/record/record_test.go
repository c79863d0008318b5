package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/google/go-cmp/cmp"
)

const (
	idA = "01890000-0000-7000-8000-00000000000a"
	idB = "01890000-0000-7000-8000-00000000000b"
	idC = "01890000-0000-7000-8000-00000000000c"
)

func ptr(n int64) *int64 { return &n }

// The valid records that tests change one field of.
func validSource() *Source {
	return &Source{ID: idA, Type: TypeArticle, Title: Plain("en", "Invented report"), Sensitivity: Open, Terms: TermsFree, Visibility: Public}
}

func validMeasure() *Claim {
	return &Claim{
		ID: idA, Source: idB, Subject: Ref{KindEvent, idC}, Kind: KindMeasure, Measure: Killed, Form: Incident, Operator: Exact,
		Low: ptr(5), High: ptr(5), Role: Reported, Review: Review{State: Accepted}, Visibility: Internal,
	}
}

func validEvent() *Event {
	return &Event{ID: idA, Slug: "example-town-2001", Title: Plain("en", "Example Town"), Type: TypeAttack, Status: Held, Visibility: Public}
}

func validPerson() *Person {
	return &Person{
		ID: idA, Slug: "test-person", Names: []Name{{Text: "Test Person", Lang: "en", Kind: NamePrimary}}, Vital: Dead,
		Consents:   []Consent{{Purpose: ToPublish, Given: true, Relation: "sister", Basis: BasisKin}},
		Visibility: Public,
	}
}

func validParty() *Party {
	return &Party{ID: idA, Slug: "example-police", Names: []Name{{Text: "Example Police", Kind: NamePrimary}}, Kind: Police, Visibility: Public}
}

func validTie() *Tie {
	return &Tie{ID: idA, From: Ref{KindPerson, idB}, To: Ref{KindPerson, idC}, Kind: TieKin, Claims: []ClaimID{idA}, Visibility: Internal}
}

func validInvolvement() *Involvement {
	return &Involvement{ID: idA, Event: idB, Group: Group{Name: Plain("en", "two masterminds"), Low: ptr(2), High: ptr(2)}, Role: RoleOrganiser, Claims: []ClaimID{idC}, Visibility: Public}
}

func validTotal() *Total {
	return &Total{ID: idA, Slug: "example-total", Title: Plain("en", "Example"), Frame: Frame{Period: "2003/2017"}, Visibility: Public}
}

func validSame() *Same {
	return &Same{ID: idA, A: idB, B: idC, State: SameProposed, Visibility: Internal}
}

func validRequest() *Request {
	return &Request{ID: idA, Kind: AskHide, Words: "please", CodeHash: strings.Repeat("a", 64), Received: 1, State: RequestOpen, Visibility: Internal}
}

func validCapture() *Capture {
	return &Capture{ID: idA, Source: idB, Hash: strings.Repeat("0", 64), Taken: 1, Method: CaptureUpload, Visibility: Internal}
}

func validImport() *Import {
	return &Import{ID: idA, Format: "ucdp", Dataset: "ucdp-ged", Terms: TermsCredit, State: Compiled, Rows: Internal, Reason: "test", Visibility: Internal}
}

func validRelease() *Release {
	return &Release{ID: idA, Number: 1, Hash: strings.Repeat("0", 64), Visibility: Public}
}

func valid() []Record {
	return []Record{
		validSource(), validCapture(), validMeasure(), validEvent(), validPerson(), validParty(), validInvolvement(), validTie(),
		validTotal(), validSame(), validRequest(), validImport(), validRelease(),
		validPetition(), validEdition(), validEndorsement(), validBatch(), validInvalidation(), validDelivery(), validReply(), validUpdate(), validRemark(),
		validDemand(), validCommitment(), validAssessment(), validProceeding(), validCoverage(), validFeed(), validTrendStatement(), validHolidayCalendar(),
	}
}

// TestEveryKind makes sure that each kind has a type, that the type answers for
// itself, and that a version survives being written and read.
func TestEveryKind(t *testing.T) {
	seen := map[Kind]bool{}
	for _, r := range valid() {
		ref := r.Ref()
		seen[ref.Kind] = true
		if err := r.Validate(); err != nil {
			t.Errorf("a valid %s is refused: %v", ref.Kind, err)
		}
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		again, ok := New(ref.Kind)
		if !ok {
			t.Fatalf("no type for kind %q", ref.Kind)
		}
		dec := json.NewDecoder(bytes.NewReader(b))
		dec.DisallowUnknownFields()
		if err := dec.Decode(again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, again, cmp.Comparer(func(a, b edtf.Date) bool { return a == b })); diff != "" {
			t.Errorf("%s changes by being written and read:\n%s", ref.Kind, diff)
		}
	}
	for _, k := range Kinds() {
		if !seen[k] {
			t.Errorf("kind %q is not tested", k)
		}
	}
	if _, ok := New("nonsense"); ok {
		t.Error("a kind that does not exist has a type")
	}
}

// TestValidate changes one thing of a valid record at a time: the named field
// must be refused with the named message, and nothing else.
func TestValidate(t *testing.T) {
	type change struct {
		name  string
		rec   Record
		field string
		key   string
	}
	source := func(name, field, key string, f func(*Source)) change {
		r := validSource()
		f(r)
		return change{"source " + name, r, field, key}
	}
	claim := func(name, field, key string, f func(*Claim)) change {
		r := validMeasure()
		f(r)
		return change{"claim " + name, r, field, key}
	}
	event := func(name, field, key string, f func(*Event)) change {
		r := validEvent()
		f(r)
		return change{"event " + name, r, field, key}
	}
	person := func(name, field, key string, f func(*Person)) change {
		r := validPerson()
		f(r)
		return change{"person " + name, r, field, key}
	}
	tie := func(name, field, key string, f func(*Tie)) change {
		r := validTie()
		f(r)
		return change{"tie " + name, r, field, key}
	}
	in := func(name, field, key string, f func(*Involvement)) change {
		r := validInvolvement()
		f(r)
		return change{"involvement " + name, r, field, key}
	}
	attribute := func(f func(*Claim)) func(*Claim) {
		return func(c *Claim) {
			*c = Claim{
				ID: idA, Source: idB, Subject: Ref{KindEvent, idC}, Kind: KindAttribute, Attribute: AttrPlace,
				Value: Value{Text: "Example Town"}, Review: Review{State: Suggested}, Visibility: Draft,
			}
			f(c)
		}
	}
	statement := func(f func(*Claim)) func(*Claim) {
		return func(c *Claim) {
			*c = Claim{
				ID: idA, Source: idB, Subject: Ref{KindParty, idC}, Kind: KindStatement, Topic: "custody", Stance: Alleges,
				Statement: Plain("en", "In our own words."), Review: Review{State: Suggested}, Visibility: Draft,
			}
			f(c)
		}
	}
	for _, test := range []change{
		source("without identifier", "id", "invalid.id", func(s *Source) { s.ID = "x" }),
		source("without title", "title", "invalid.required", func(s *Source) { s.Title = nil }),
		source("with a title twice in a language", "title", "invalid.language_twice", func(s *Source) { s.Title = append(s.Title, s.Title[0]) }),
		source("of unknown type", "type", "invalid.choice", func(s *Source) { s.Type = "rumour" }),
		source("with a script for an address", "url", "invalid.url", func(s *Source) { s.URL = "javascript:alert(1)" }),
		source("with a relative address", "url", "invalid.url", func(s *Source) { s.URL = "/etc/passwd" }),
		source("with a bad language", "language", "invalid.language", func(s *Source) { s.Language = "en_US!" }),
		source("within itself", "reproduced_in", "invalid.itself", func(s *Source) { s.ReproducedIn = s.ID }),
		source("derived from itself", "derived_from", "invalid.itself", func(s *Source) { s.DerivedFrom = []SourceID{s.ID} }),
		source("public but confidential", "visibility", "invalid.sensitive", func(s *Source) { s.Sensitivity = Confidential }),
		source("public against its terms", "visibility", "invalid.terms", func(s *Source) { s.Terms = TermsInternal }),
		source("without visibility", "visibility", "invalid.required", func(s *Source) { s.Visibility = "" }),
		source("with NUL", "author", "invalid.text", func(s *Source) { s.Author = "a\x00b" }),
		source("with broken text", "publisher", "invalid.text", func(s *Source) { s.Publisher = "\xff" }),
		source("with a too long line", "author", "invalid.long", func(s *Source) { s.Author = strings.Repeat("a", MaxLine+1) }),
		source("with a too long line in Urdu", "author", "invalid.long", func(s *Source) { s.Author = strings.Repeat("گ", MaxLine+1) }),
		source("of unknown reliability", "reliability", "invalid.choice", func(s *Source) { s.Reliability = "06" }),

		claim("without subject", "subject", "invalid.required", func(c *Claim) { c.Subject = Ref{} }),
		claim("of unknown kind", "kind", "invalid.choice", func(c *Claim) { c.Kind = "guess" }),
		claim("exact without number", "low", "invalid.required", func(c *Claim) { c.Low = nil }),
		claim("exact with two numbers", "high", "invalid.differs", func(c *Claim) { c.High = ptr(6) }),
		claim("below zero", "low", "invalid.number", func(c *Claim) { c.Operator, c.Low, c.High = AtLeast, ptr(-1), nil }),
		claim("beyond counting", "low", "invalid.number", func(c *Claim) { c.Operator, c.Low, c.High = AtLeast, ptr(MaxNumber+1), nil }),
		claim("at least with an upper bound", "high", "invalid.unexpected", func(c *Claim) { c.Operator = AtLeast }),
		claim("at most without number", "high", "invalid.required", func(c *Claim) { c.Operator, c.Low, c.High = AtMost, nil, nil }),
		claim("range upside down", "high", "invalid.below_low", func(c *Claim) { c.Operator, c.Low, c.High = Between, ptr(9), ptr(3) }),
		claim("words without words", "words", "invalid.required", func(c *Claim) { c.Operator, c.Low, c.High = InWords, nil, nil }),
		claim("money without currency", "unit", "invalid.currency", func(c *Claim) { c.Measure = Money }),
		claim("people with a currency", "unit", "invalid.unexpected", func(c *Claim) { c.Unit = "PKR" }),
		claim("rejected without reason", "reason", "invalid.required", func(c *Claim) { c.Review.State = Rejected }),
		claim("unattributed and attributed", "attributed_to", "invalid.contradiction", func(c *Claim) { c.AttributedTo = Attribution{Party: idB, Unattributed: true} }),
		claim("superseding itself", "supersedes", "invalid.itself", func(c *Claim) { c.Supersedes = []ClaimID{c.ID} }),
		claim("derived from an event", "derived_from", "invalid.choice", func(c *Claim) { c.DerivedFrom = []Ref{{KindEvent, idB}} }),
		claim("of impossible period", "scope", "invalid.date", func(c *Claim) { c.Scope.Period = "2001-02-30" }),
		claim("quoting too much of what is not held", "passage", "invalid.unheld_words", func(c *Claim) {
			c.Passage = Passage{Locator: "p. 1", Segments: []Segment{{Exact: strings.Repeat("word ", MaxUnheldWords+1)}}}
		}),
		claim("quoting what is not held without locator", "passage", "invalid.locator", func(c *Claim) { c.Passage = Passage{Segments: []Segment{{Exact: "five dead"}}} }),
		claim("with a passage of another length", "passage", "invalid.position", func(c *Claim) {
			c.Passage = Passage{Capture: idB, Segments: []Segment{{Exact: "five", Start: 1, End: 9}}}
		}),
		claim("attribute without value", "value", "invalid.required", attribute(func(c *Claim) { c.Value = Value{} })),
		claim("attribute of unknown name", "attribute", "invalid.choice", attribute(func(c *Claim) { c.Attribute = "mood" })),
		claim("attribute north of the pole", "value", "invalid.latitude", attribute(func(c *Claim) { c.Value.Place.Point = &Point{91, 0} })),
		claim("attribute nowhere", "value", "invalid.longitude", attribute(func(c *Claim) { c.Value.Place.Point = &Point{0, math.NaN()} })),
		claim("statement without topic", "topic", "invalid.required", statement(func(c *Claim) { c.Topic = " " })),
		claim("statement without words", "statement", "invalid.required", statement(func(c *Claim) { c.Statement = nil })),
		claim("statement of unknown stance", "stance", "invalid.choice", statement(func(c *Claim) { c.Stance = "shouts" })),

		event("without slug", "slug", "invalid.required", func(e *Event) { e.Slug = "" }),
		event("with a bad slug", "slug", "invalid.slug", func(e *Event) { e.Slug = "Bad--Slug/.." }),
		event("part of itself", "part_of", "invalid.itself", func(e *Event) { e.PartOf = e.ID }),
		event("in response to itself", "response_to", "invalid.itself", func(e *Event) { e.ResponseTo = []EventID{e.ID} }),
		event("planned but public", "visibility", "invalid.planned", func(e *Event) { e.Status = Planned }),
		event("in no country", "where", "invalid.country", func(e *Event) { e.Where.Country = "Pakistan" }),

		person("without name", "names", "invalid.required", func(p *Person) { p.Names = nil }),
		person("public without consent", "visibility", "invalid.consent", func(p *Person) { p.Consents = nil }),
		person("public against a refusal", "visibility", "invalid.consent", func(p *Person) {
			p.Consents = append(p.Consents, Consent{Purpose: ToPublish, Relation: "brother", Basis: BasisKin})
		}),
		person("public after consent was withdrawn", "visibility", "invalid.consent", func(p *Person) { p.Consents[0].Withdrawn = On("2020") }),
		person("with a nameless relative", "consents", "invalid.relation", func(p *Person) { p.Consents[0].Relation = "" }),
		person("known by an office nobody states", "public_role", "invalid.required", func(p *Person) { p.Consents[0].Basis = BasisPublicRole }),
		person("dead before birth", "died", "invalid.before_birth", func(p *Person) { p.Born, p.Died = On("2000"), On("1999") }),

		tie("to itself", "to", "invalid.itself", func(x *Tie) { x.To = x.From }),
		tie("kin of a party", "kind", "invalid.kin_persons", func(x *Tie) { x.To = Ref{KindParty, idC} }),
		tie("kinship public by accident", "visibility", "invalid.kinship", func(x *Tie) { x.Visibility = Public }),
		tie("public without claim", "claims", "invalid.required", func(x *Tie) { x.Visibility, x.KinPublic, x.Claims = Public, true, nil }),

		in("of nobody", "who", "invalid.exactly_one", func(v *Involvement) { v.Group = Group{} }),
		in("of two", "who", "invalid.exactly_one", func(v *Involvement) { v.Party = idB }),
		in("of a group upside down", "group", "invalid.below_low", func(v *Involvement) { v.Group.High = ptr(1) }),
		in("public without claim", "claims", "invalid.required", func(v *Involvement) { v.Claims = nil }),
		in("accusing without status", "status", "invalid.required", func(v *Involvement) { v.Group, v.Person, v.Role = Group{}, idB, RoleAccused }),

		{"total with an impossible period", func() Record { r := validTotal(); r.Frame.Period = "2003/1999"; return r }(), "scope", "invalid.date"},
		{"same event twice", func() Record { r := validSame(); r.B = r.A; return r }(), "b", "invalid.itself"},
		{"same refused without reason", func() Record { r := validSame(); r.State = SameRefused; return r }(), "reason", "invalid.required"},
		{"request without words", func() Record { r := validRequest(); r.Words = ""; return r }(), "words", "invalid.required"},
		{"request made public", func() Record { r := validRequest(); r.Visibility = Public; return r }(), "visibility", "invalid.choice"},
		{"request decided without reply", func() Record { r := validRequest(); r.State = RequestDeclined; return r }(), "reply", "invalid.required"},
		{"capture without hash", func() Record { r := validCapture(); r.Hash = "abc"; return r }(), "hash", "invalid.hash"},
		{"import public against terms", func() Record { r := validImport(); r.Terms, r.Rows = TermsInternal, Public; return r }(), "rows", "invalid.terms"},
		{"import without reason", func() Record { r := validImport(); r.Reason = ""; return r }(), "reason", "invalid.required"},
		{"release zero", func() Record { r := validRelease(); r.Number = 0; return r }(), "number", "invalid.number"},
		{"party of unknown kind", func() Record { r := validParty(); r.Kind = "club"; return r }(), "kind", "invalid.choice"},
	} {
		err := test.rec.Validate()
		invalid, ok := errors.AsType[*Invalid](err)
		if !ok {
			t.Errorf("%s: %v, want a refusal of %s", test.name, err, test.field)
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
			t.Errorf("%s: %v, want %s %s", test.name, err, test.field, test.key)
		}
	}
}

// TestBounds is the table of operators: what was printed, and its bounds.
func TestBounds(t *testing.T) {
	for _, test := range []struct {
		op        Operator
		n, upper  int64
		low, high *int64
	}{
		{Exact, 81, 0, ptr(81), ptr(81)},
		{AtLeast, 80, 0, ptr(80), nil},
		{MoreThan, 80, 0, ptr(81), nil},
		{AtMost, 80, 0, nil, ptr(80)},
		{LessThan, 80, 0, nil, ptr(79)},
		{LessThan, 0, 0, nil, ptr(0)},
		{About, 80, 0, ptr(80), ptr(80)},
		{Between, 80, 85, ptr(80), ptr(85)},
	} {
		c := validMeasure()
		c.Bounds(test.op, test.n, test.upper)
		if diff := cmp.Diff([]*int64{test.low, test.high}, []*int64{c.Low, c.High}); diff != "" {
			t.Errorf("%s %d: %s", test.op, test.n, diff)
		}
		if err := c.Validate(); err != nil {
			t.Errorf("%s %d: %v", test.op, test.n, err)
		}
	}
}

func TestReview(t *testing.T) {
	states := []ReviewState{Suggested, Compiled, Accepted, Rejected, Retracted}
	allowed := map[ReviewState][]ReviewState{
		Suggested: {Compiled, Accepted, Rejected},
		Compiled:  {Compiled, Accepted, Rejected, Retracted},
		Accepted:  {Accepted, Rejected, Retracted},
		Rejected:  {Accepted},
		Retracted: {},
	}
	for _, from := range states {
		for _, to := range states {
			want := false
			for _, a := range allowed[from] {
				want = want || a == to
			}
			if got := from.CanBecome(to); got != want {
				t.Errorf("%s → %s: %v, want %v", from, to, got, want)
			}
		}
		if want := from == Compiled || from == Accepted; from.Counts() != want {
			t.Errorf("%s counts: %v", from, !want)
		}
	}
}

func TestSeries(t *testing.T) {
	now := time.Date(2013, 1, 10, 18, 30, 0, 0, time.UTC)
	random := rand.NewChaCha8([32]byte{1})
	last := ""
	for number := range 600 {
		s := NewSeries(now, number, random)
		for range 40 {
			id, err := s.ID()
			if err != nil || !ValidID(id) || id[14] != '7' || id[19] < '8' || id[19] > 'b' {
				t.Fatalf("%q is not a version 7 UUID (%v)", id, err)
			}
			if id <= last {
				t.Fatalf("series %d: %q does not sort after %q", number, id, last)
			}
			last = id
		}
	}
	if later, err := NewSeries(now.Add(time.Millisecond), 0, random).ID(); err != nil || later <= last {
		t.Errorf("a series of a later instant sorts before an earlier one: %q, %q, %v", later, last, err)
	}
	a, _ := NewSeries(now, 7, random).ID()
	b, _ := NewSeries(now, 7, random).ID()
	if a == b {
		t.Error("two series of one number and instant make the same identifier")
	}
	if _, err := NewSeries(now, 0, bytes.NewReader(nil)).ID(); err == nil {
		t.Error("an identifier is made without randomness")
	}
}

func TestNewID(t *testing.T) {
	now := time.Date(2013, 1, 10, 18, 30, 0, 0, time.UTC)
	id, err := NewID(now, bytes.NewReader(bytes.Repeat([]byte{0xff}, 16)))
	if err != nil || !ValidID(id) {
		t.Fatalf("%q, %v", id, err)
	}
	if id[14] != '7' || id[19] != 'b' {
		t.Errorf("%q is not a version 7 UUID", id)
	}
	later, err := NewID(now.Add(time.Millisecond), bytes.NewReader(make([]byte, 16)))
	if err != nil || later <= id {
		t.Errorf("a later identifier sorts before an earlier one: %q, %q", later, id)
	}
	if _, err := NewID(now, bytes.NewReader(nil)); err == nil {
		t.Error("an identifier is made without randomness")
	}
	for _, bad := range []string{"", "x", strings.ToUpper(idA), strings.ReplaceAll(idA, "-", "0"), idA + "0"} {
		if ValidID(bad) {
			t.Errorf("%q passes for an identifier", bad)
		}
	}
}

func TestQuote(t *testing.T) {
	p := Passage{Segments: []Segment{{Exact: "more than 2,000"}, {Exact: "in 14 years."}, {Exact: "2003–2017", Inserted: true}}}
	if got, want := p.Quote(), "more than 2,000 … in 14 years. [2003–2017]"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestTextIn(t *testing.T) {
	text := Text{{"en", "record"}, {"fa-AF", "ثبت"}}
	for _, test := range []struct{ lang, want string }{{"en", "record"}, {"fa", "ثبت"}, {"en-GB", "record"}, {"ur", "record"}} {
		if got := text.In(test.lang).Text; got != test.want {
			t.Errorf("in %s: %q, want %q", test.lang, got, test.want)
		}
	}
	if got := Text(nil).In("en"); got != (LangText{}) {
		t.Errorf("nothing is %v", got)
	}
}

func TestDisplay(t *testing.T) {
	names := []Name{{"EP", "en", NameShort}, {"Example Police", "en", NamePrimary}, {"مثال پولیس", "ur", NamePrimary}, {"Sample Police", "en", NameVariant}}
	for _, test := range []struct{ lang, want string }{{"en", "Example Police"}, {"ur", "مثال پولیس"}, {"fa", "Example Police"}} {
		if got := Display(names, test.lang); got != test.want {
			t.Errorf("in %s: %q, want %q", test.lang, got, test.want)
		}
	}
}

// TestRelativeDate is "about five years ago", said in January 2013.
func TestRelativeDate(t *testing.T) {
	rel, err := edtf.ParseRelative("P-5Y~")
	if err != nil {
		t.Fatal(err)
	}
	w, err := When{Printed: "about five years ago", Relative: rel}.Resolve(edtf.MustParse("2013-01"))
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Date.String(); got != "2008~" {
		t.Errorf("read as %s", got)
	}
	// A corrected publication date corrects the reading.
	if w, err = w.Resolve(edtf.MustParse("2014-01")); err != nil || w.Date.String() != "2009~" {
		t.Errorf("read again as %s, %v", w.Date, err)
	}
}

func TestHiddenPerson(t *testing.T) {
	p := validPerson()
	p.Hidden = true
	if p.Seen() != Internal {
		t.Errorf("a hidden person is %s", p.Seen())
	}
}

// TestLimitsCountCharacters gives every script the same room.
func TestLimitsCountCharacters(t *testing.T) {
	s := validSource()
	s.Author = strings.Repeat("گ", MaxLine)
	if err := s.Validate(); err != nil {
		t.Errorf("a line of the greatest length in Urdu: %v", err)
	}
}
