package petition

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

func TestPrintClaim(t *testing.T) {
	measure := func(op record.Operator, low, best, high *int64) *Stated {
		return &Stated{Claim: &record.Claim{Kind: record.KindMeasure, Operator: op, Low: low, Best: best, High: high, Words: "as printed", Language: "en"}}
	}
	for _, tt := range []struct {
		name string
		s    *Stated
		want map[Form]string // forms not listed cannot be printed
	}{
		{"exact", measure(record.Exact, num(81), nil, num(81)), map[Form]string{"": "81", "low": "81", "best": "81", "range": "81", "words": "81"}},
		{"at least", measure(record.AtLeast, num(80), nil, nil), map[Form]string{"": "en:value.at_least(80)", "low": "80", "range": "en:value.at_least(80)", "words": "en:value.at_least(80)"}},
		{"at most", measure(record.AtMost, nil, nil, num(80)), map[Form]string{"": "en:value.at_most(80)", "range": "en:value.at_most(80)", "words": "en:value.at_most(80)"}},
		{"fewer than", measure(record.LessThan, nil, nil, num(79)), map[Form]string{"": "en:value.less_than(80)", "range": "en:value.less_than(80)", "words": "en:value.less_than(80)"}},
		{"about", measure(record.About, num(80), nil, num(80)), map[Form]string{"": "en:value.about(80)", "low": "80", "best": "80", "range": "80", "words": "en:value.about(80)"}},
		{"range with a best", measure(record.Between, num(80), num(82), num(85)), map[Form]string{"": "80–85", "low": "80", "best": "82", "range": "80–85", "words": "en:value.between(80)(85)"}},
		{"words", measure(record.InWords, nil, nil, nil), map[Form]string{"": "as printed", "range": "as printed", "words": "as printed"}},
		{"attribute", &Stated{Claim: &record.Claim{Kind: record.KindAttribute, Value: record.Value{Text: "Example Town"}}, Source: Sourced{Source: &record.Source{Language: "en"}}}, map[Form]string{"": "Example Town"}},
		{"statement", &Stated{Claim: &record.Claim{Kind: record.KindStatement, Statement: record.Plain("en", "Said so.")}}, map[Form]string{"": "Said so."}},
	} {
		for _, form := range append(Forms(), FormUsual) {
			got, ok := printClaim(printer("en"), tt.s, form, "en")
			want, can := tt.want[form]
			if ok != can || ok && got != want {
				t.Errorf("%s, form %q: %q %v, want %q", tt.name, form, got, ok, want)
			}
		}
	}
}

// TestHiddenClaims holds that a figure none of whose claims may be seen still has
// one footnote, which names no source.
func TestHiddenClaims(t *testing.T) {
	r := testRegister()
	r.figures["hidden/killed"] = Figured{Figure: figure.Figure{Low: num(3), Best: num(3), High: num(3), Measure: record.Killed, Claims: []figure.Use{{Claim: claimA, Used: true}}}}
	text, cited, _, err := Resolve(record.PetitionText{Lang: "en", Summary: "Of {@figure:hidden/killed}, cited [@source:" + sourceA + "].", Body: "{@figure:hidden/killed} and {@figure:hidden/killed, low}"}, r, printer("en"))
	if err != nil {
		t.Fatal(err)
	}
	if len(text.Notes) != 1 || text.Notes[0].Source != "" || len(cited[0].Claims) != 0 {
		t.Errorf("%+v %+v", text.Notes, cited)
	}
	if text.Summary != "Of 3, cited." {
		t.Errorf("summary %q", text.Summary)
	}
	if got := NoteText(text.Notes[0], printer("en"), "en"); got != "en:footnote.figure" {
		t.Error(got)
	}
}

// TestMarkdownDropsStylesOverWords holds that words win where marks cannot say
// both.
func TestMarkdownDropsStylesOverWords(t *testing.T) {
	text := Text{Blocks: []Block{{Kind: record.BlockParagraph, Inlines: []Inline{
		{Kind: InText, Text: "(half", Em: true}, {Kind: InText, Text: "bold)", Strong: true}, {Kind: InText, Text: "word"},
	}}}}
	got := parse(t, text.Markdown())
	if diff := cmp.Diff(words(text.Blocks), words(got.Blocks)); diff != "" {
		t.Error(diff)
	}
}

func TestCheckFields(t *testing.T) {
	p := draft("x")
	p.Demands = []record.PetitionDemand{{Key: "a", Text: record.Plain("en", "A"), Claims: []record.ClaimID{"01900000-0000-7000-8000-0000000000ff"}}}
	p.Bases = []record.LegalBasis{{Key: "b", Instrument: record.Plain("en", "B"), Sources: []record.SourceID{sourceB}}}
	want := []string{"missing claim:01900000-0000-7000-8000-0000000000ff (claim:01900000-0000-7000-8000-0000000000ff)", "unheld مثالی رپورٹ (source:" + sourceB + ")"}
	if diff := cmp.Diff(want, found(t, Checking{Petition: p})); diff != "" {
		t.Error(diff)
	}
	p = draft("{@claim:" + claimC + ", best} of them")
	if got := strings.Join(found(t, Checking{Petition: p, Printer: printer}), "\n"); !strings.Contains(got, "missing@1 {@claim:"+claimC+", best}") {
		t.Error(got)
	}
	if _, err := Check(Checking{Petition: draft(strings.Repeat("a", MaxSize+1)), Resolver: testRegister()}); err == nil {
		t.Error("a text that is too long was checked")
	}
}
