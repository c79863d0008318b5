package petition

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// plain prints without a catalogue, so that what is asked of it can be seen.
type plain struct{ lang string }

func (p plain) Number(n int64) string { return fmt.Sprint(n) }
func (p plain) Range(a, b int64) string {
	if a == b {
		return fmt.Sprint(a)
	}
	return fmt.Sprintf("%d–%d", a, b)
}
func (p plain) Date(s string) string { return s }
func (p plain) T(key string, args ...any) string {
	s := p.lang + ":" + strings.TrimPrefix(key, "petition.")
	for i := 1; i < len(args); i += 2 {
		s += fmt.Sprintf("(%v)", args[i])
	}
	return s
}

func printer(lang string) Printer { return plain{lang} }

// spans writes spans on one line, for comparison.
func spans(blocks []record.Block) string {
	var b strings.Builder
	Walk(blocks, Walker{Enter: func(k record.Block, depth int) {
		b.WriteString(strings.Repeat("  ", depth) + string(k.Kind) + ":")
		for _, s := range k.Spans {
			switch {
			case s.Break:
				b.WriteString(" BR")
			default:
				fmt.Fprintf(&b, " %q", s.Text)
			}
			if s.Value != "" {
				b.WriteString("=" + s.Value)
			}
			if s.Note > 0 {
				fmt.Fprintf(&b, "^%d", s.Note)
			}
		}
		b.WriteByte('\n')
	}})
	return b.String()
}

func TestResolve(t *testing.T) {
	text, cited, missing, err := Resolve(record.PetitionText{Lang: "en", Title: "T", Summary: "There were {@figure:example-town/killed}.", Body: `# findings

On that day {@figure:example-town/killed, range} [@figure:example-town/killed] were killed, *more than any other* [@claim:` + claimA + `].
The board says {@claim:` + claimB + `}[^ Our own count. ] and {@claim:` + claimA + `, words}.

- again [@source:` + sourceA + `, p. 4; @claim:` + claimA + `]
- elsewhere [@source:` + sourceA + `, p. 5] [@nobody]`}, testRegister(), printer("en"))
	if err != nil || len(missing) != 0 {
		t.Fatal(err, missing)
	}
	want := `heading: "en:section.findings"
paragraph: "On that day " "10–13"=figure:example-town/killed^1 " were killed, " "more than any other"^2 ". The board says " "11"=claim:` + claimB + `^3 ""^4 " and " "en:value.more_than(2000)"=claim:` + claimA + `^2 "."
list:
  item: "again"^2
  item: "elsewhere"^5 " "
`
	if diff := cmp.Diff(want, spans(text.Blocks)); diff != "" {
		t.Error(diff)
	}
	if text.Summary != "There were 11." {
		t.Errorf("summary %q", text.Summary)
	}
	var notes []string
	for _, n := range text.Notes {
		notes = append(notes, fmt.Sprintf("%d %s|%s|%s %v", n.Number, n.Publisher, n.Locator, n.Words, n.Cited))
		for _, o := range n.Origins {
			notes = append(notes, fmt.Sprintf("  %s|%s|%s %v", o.Value, o.Publisher, o.Locator, o.Cited))
		}
	}
	if diff := cmp.Diff([]string{
		"1 || [figure:example-town/killed]",
		"  11|Example Board|p. 4 [claim:" + claimB + "]",
		"  en:value.at_least(10)|Example Board|p. 9 [claim:" + claimC + "]",
		"2 The Example Gazette|p. 4| [claim:" + claimA + " source:" + sourceA + "]",
		"3 Example Board|p. 4| [claim:" + claimB + "]",
		"4 ||Our own count. []",
		"5 The Example Gazette|p. 5| [source:" + sourceA + "]",
	}, notes); diff != "" {
		t.Error(diff)
	}
	if n := text.Notes[0]; n.Value != "en:value.between(10)(13)" {
		t.Errorf("the figure is %q", n.Value)
	}
	if n := text.Notes[1]; n.Title != "A report on Example Town" || n.Author != "A. Testfall" || n.Published != "2021-01-05" || n.URL != "https://gazette.example/a" ||
		n.Held != strings.Repeat("a", 64) || n.Accessed != "2021-03-01" {
		t.Errorf("footnote %+v", n)
	}
	var keys []string
	for _, c := range cited {
		keys = append(keys, c.Key)
	}
	if diff := cmp.Diff([]string{"figure:example-town/killed", "claim:" + claimA, "claim:" + claimB, "source:" + sourceA}, keys); diff != "" {
		t.Error(diff)
	}
	if f := cited[0]; *f.Best != 11 || f.Rule != "gawah/1" || f.Origins != 2 || len(f.Claims) != 3 || !f.Claims[0].Used || f.Claims[0].Rev != 2 || f.Claims[2].WhyNot != "other_form" {
		t.Errorf("figure %+v", f)
	}
}

func TestPrintFigure(t *testing.T) {
	f := func(low, best, high int64, open, below, approx bool) figure.Figure {
		p := func(n int64) *int64 {
			if n < 0 {
				return nil
			}
			return &n
		}
		return figure.Figure{Low: p(low), Best: p(best), High: p(high), Open: open, Below: below, Approx: approx}
	}
	for _, tt := range []struct {
		name string
		f    figure.Figure
		want map[Form]string // forms not listed cannot be printed
	}{
		{"exact", f(81, 81, 81, false, false, false), map[Form]string{"": "81", "low": "81", "best": "81", "range": "81", "words": "81"}},
		{"range", f(81, -1, 105, false, false, false), map[Form]string{"": "81–105", "low": "81", "range": "81–105", "words": "x:value.between(81)(105)"}},
		{"open", f(81, 90, 105, true, false, false), map[Form]string{"": "90", "low": "81", "best": "90", "range": "x:value.range_or_more(81–105)", "words": "x:value.between_or_more(81)(105)"}},
		{"at least", f(80, -1, 80, true, false, false), map[Form]string{"": "x:value.at_least(80)", "low": "80", "range": "x:value.at_least(80)", "words": "x:value.at_least(80)"}},
		{"up to", f(0, -1, 80, false, true, false), map[Form]string{"": "x:value.at_most(80)", "range": "x:value.at_most(80)", "words": "x:value.at_most(80)"}},
		{"about", f(80, 80, 80, false, false, true), map[Form]string{"": "x:value.about(80)", "low": "80", "best": "80", "range": "x:value.about(80)", "words": "x:value.about(80)"}},
		{"none", f(-1, -1, -1, false, false, false), nil},
	} {
		for _, form := range append(Forms(), FormUsual) {
			got, ok := printFigure(printer("x"), tt.f, form)
			if want, can := tt.want[form]; got != want || ok != can {
				t.Errorf("%s, form %q: %q %v, want %q", tt.name, form, got, ok, want)
			}
		}
	}
}

// TestPrintersOfTheHouse prints with the catalogues that pages use.
func TestPrintersOfTheHouse(t *testing.T) {
	f := figure.Figure{Low: num(1010), High: num(1050), Open: true}
	for tag, want := range map[string][2]string{
		"en":    {"1,010–1,050 or more", "between 1,010 and 1,050, or more"},
		"ur":    {"\u20681,010–1,050\u2069 یا اس سے زیادہ", "1,010 سے 1,050 کے درمیان یا اس سے زیادہ"},
		"fa-AF": {"\u20681,010–1,050\u2069 یا بیشتر", "بین 1,010 و 1,050 یا بیشتر"},
	} {
		var p Printer = lang.For(tag)
		for i, form := range []Form{FormRange, FormWords} {
			if got, ok := printFigure(p, f, form); got != want[i] || !ok {
				t.Errorf("%s: %q, want %q", tag, got, want[i])
			}
		}
		if got := Mark(p, []int{1, 2, 3, 5}); !strings.Contains(got, "1–3") {
			t.Errorf("%s: %q", tag, got)
		}
	}
}

func TestPrintClaimKeepsLanguages(t *testing.T) {
	words := &Stated{Claim: &record.Claim{Kind: record.KindMeasure, Operator: record.InWords, Words: "dozens", Language: "en"}}
	if s, ok := printClaim(printer("en"), words, FormUsual, "en-GB"); s != "dozens" || !ok {
		t.Errorf("%q %v", s, ok)
	}
	if s, ok := printClaim(printer("ur"), words, FormUsual, "ur"); ok {
		t.Errorf("English words %q in an Urdu text", s)
	}
	money := &Stated{Claim: &record.Claim{Kind: record.KindMeasure, Operator: record.AtLeast, Low: num(500), Unit: "PKR"}}
	if s, _ := printClaim(printer("x"), money, FormUsual, "x"); s != "x:value.at_least(x:value.money(500)(PKR))" {
		t.Error(s)
	}
}

// openLetter is a petition in the shape of real ones, about an invented place.
func openLetter() *record.Petition {
	return &record.Petition{
		ID: "01900000-0000-7000-8000-0000000000f1", Number: 1, Slug: "example-town", Tags: []string{"#ExampleTown"},
		Title: record.Plain("en", "Protect the weavers of Example Town"),
		Texts: []record.PetitionText{
			{Lang: "en", Title: "Protect the weavers of Example Town", Summary: "An open letter.", Body: `We, the undersigned, write to express our concern about the killing of weavers in Example Town.

# findings

It was not the first time. The *Example Board* wrote of “more than 2,000” dead in its report.[@claim:` + claimA + `]
On that morning {@figure:example-town/killed} weavers were killed.

> They came at night. [@source:` + sourceA + `, p. 4]

# duties

Under its Constitution the state has a duty to protect everybody.

# demands

1. Find out who did it:
   - open the files
   - hear the witnesses
2. Help the families[^ Of the dead and of the injured. ]
`},
			{Lang: "ur", Title: "مثالی شہر کے جولاہوں کی حفاظت", Body: "اس صبح {@figure:example-town/killed} افراد ہلاک ہوئے۔"},
		},
		Addressees: []record.Addressee{{Key: "pm", Office: record.Plain("en", "Prime Minister of Exampleland"), Holder: record.Plain("en", "B. Testfall"), HeldOn: record.On("2021-01-20")}},
		Bases:      []record.LegalBasis{{Key: "constitution", Instrument: record.Plain("en", "Constitution"), Article: "9"}},
		Demands: []record.PetitionDemand{
			{Key: "inquiry", Text: record.Plain("en", "Find out who did it."), Claims: []record.ClaimID{claimC}, Parts: []record.PetitionDemand{{Key: "files", Text: record.Plain("en", "Open the files.")}}},
			{Key: "help", Text: record.Plain("en", "Help the families.")},
		},
		Initiators: []record.Initiator{{Key: "board", Name: record.Plain("en", "Example Board"), Account: "01900000-0000-7000-8000-0000000000f9"}},
	}
}

func freeze(t testing.TB, p *record.Petition) *record.Edition {
	t.Helper()
	e, err := Freeze(p, Freezing{
		ID: "01900000-0000-7000-8000-0000000000f2", Number: 1, Made: 1_611_100_800_000_000,
		Resolver: testRegister(), Printer: printer, Visibility: record.Public,
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestEditionOfEarlierNotes holds that an edition from before figures had one note
// is printed as it was and matches its hash.
func TestEditionOfEarlierNotes(t *testing.T) {
	b, err := os.ReadFile("testdata/edition_with_note_by_origin.json")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/edition_with_note_by_origin.txt")
	if err != nil {
		t.Fatal(err)
	}
	var old record.Edition
	if err := json.Unmarshal(b, &old); err != nil {
		t.Fatal(err)
	}
	if err := Verify(&old); err != nil || old.Hash != "3e6f7ba1ccf0a4bafe5cdb1afd65ef890593dda0488b6a50a261af10fdae98f9" {
		t.Error(old.Hash, err)
	}
	if d := cmp.Diff(string(want), Plain(old.Texts[0], printer("en"))); d != "" {
		t.Error(d)
	}
	// Nobody is told that footnotes came or went because they are gathered now.
	now := freeze(t, openLetter())
	if c := Diff(old.Texts[0], now.Texts[0]); !c.Same() || len(c.Notes) != 0 {
		t.Errorf("changed: %+v", c)
	}
}

// goldenHash is the hash of the open letter's edition. It must never change
// without a reason that holds for every edition published before.
const goldenHash = "cdfb49a4bc7de6817cf38f3a54ea9ce7475ebf0477fb98e6c9bbf7e72ca91638"

func TestFreeze(t *testing.T) {
	e := freeze(t, openLetter())
	if err := e.Validate(); err != nil {
		t.Error(err)
	}
	if e.Hash != goldenHash {
		t.Errorf("hash %s, want %s", e.Hash, goldenHash)
	}
	if err := Verify(e); err != nil {
		t.Error(err)
	}
	if e.Initiators[0].Account != "" {
		t.Error("the account of an initiator is in the edition")
	}
	if n := len(e.Cited); n != 4 || e.Cited[3].Key != "claim:"+claimC {
		t.Errorf("%d cited, %v", n, e.Cited)
	}
	if !e.Texts[1].Lags {
		t.Error("a translation of nothing in particular does not lag")
	}
	// What the public may see of it does not belong to the text.
	e.Visibility = record.Internal
	if err := Verify(e); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*record.Edition){
		"number":    func(e *record.Edition) { e.Texts[0].Blocks[2].Spans[1].Text = "12" },
		"demand":    func(e *record.Edition) { e.Demands[1].Text = record.Plain("en", "Help.") },
		"claim":     func(e *record.Edition) { e.Cited[0].Claims[0].Rev++ },
		"addressee": func(e *record.Edition) { e.Addressees = nil },
		"reason":    func(e *record.Edition) { e.Reason = record.Plain("en", "x") },
		"number of": func(e *record.Edition) { e.Number++ },
	} {
		e := freeze(t, openLetter())
		change(e)
		if err := Verify(e); !errors.Is(err, ErrHash) {
			t.Errorf("%s changed: %v", name, err)
		}
	}
}

func TestFreezeRefusesHoles(t *testing.T) {
	p := openLetter()
	p.Texts[1].Body = "x {@figure:nowhere/killed}"
	_, err := Freeze(p, Freezing{Number: 1, Resolver: testRegister(), Printer: printer})
	if !errors.Is(err, ErrUnprinted) {
		t.Fatal(err)
	}
}

func TestDraftHash(t *testing.T) {
	hash := func(p *record.Petition) string {
		h, err := DraftHash(p)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	first := hash(openLetter())
	same := openLetter()
	same.Collection, same.Goals, same.Note, same.Approvals, same.Texts[0].Unreviewed = record.CollectOpen, []int{5}, "x", []record.Approval{{Initiator: "board"}}, true
	if hash(same) != first {
		t.Error("what nobody agrees with changes the hash")
	}
	other := openLetter()
	other.Texts[1].Body += "."
	if hash(other) == first {
		t.Error("another text has the same hash")
	}
	if TextHash(openLetter().Texts[0]) == TextHash(openLetter().Texts[1]) {
		t.Error("two texts have one hash")
	}
}

// TestFootnotesAreInOrder holds for any text: footnotes are numbered in the order
// in which their marks first appear, none is without a mark, and one source at one
// place has one number.
func TestFootnotesAreInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{
			"word ", "A. ", "[@claim:" + claimA + "]", "[@claim:" + claimB + "; @claim:" + claimC + "]", "[@source:" + sourceA + ", p. 4]", "[@source:" + sourceA + "]",
			"{@figure:example-town/killed}", "[^ note ]", "[@nobody]", "\n\n", "\n- ", "\n> ", "*", "  \n", "[@figure:example-town/killed]", "{@claim:" + claimA + ", low}",
		})).Draw(t, "parts"), "")
		text, _, _, err := Resolve(record.PetitionText{Lang: "en", Body: body}, testRegister(), printer("en"))
		if err != nil {
			t.Fatal(err)
		}
		next := 1
		Walk(text.Blocks, Walker{Enter: func(b record.Block, _ int) {
			for _, s := range b.Spans {
				if s.Note > next {
					t.Fatalf("%q: mark %d comes before %d", body, s.Note, next)
				}
				if s.Note == next {
					next++
				}
			}
		}})
		if next != len(text.Notes)+1 {
			t.Fatalf("%q: %d footnotes, %d marked", body, len(text.Notes), next-1)
		}
		seen := map[string]bool{}
		for i, n := range text.Notes {
			if n.Number != i+1 {
				t.Fatalf("footnote %d has number %d", i+1, n.Number)
			}
			if id := string(n.Source) + "|" + n.Locator; n.Source != "" && seen[id] {
				t.Fatalf("%q: %s has two numbers", body, id)
			} else {
				seen[id] = true
			}
		}
	})
}
