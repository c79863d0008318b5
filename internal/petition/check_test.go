package petition

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

// register is a small invented register.
type register struct {
	figures map[string]Figured
	claims  map[record.ClaimID]Stated
	sources map[record.SourceID]Sourced
}

func (r register) Figure(slug string, m record.Measure) (Figured, bool) {
	f, ok := r.figures[slug+"/"+string(m)]
	return f, ok
}

func (r register) Claim(id record.ClaimID) (Stated, bool) {
	c, ok := r.claims[id]
	return c, ok
}

func (r register) Source(id record.SourceID) (Sourced, bool) {
	s, ok := r.sources[id]
	return s, ok
}

func num(n int64) *int64 { return &n }

func testRegister() register {
	gazette := Sourced{Held: strings.Repeat("a", 64), Source: &record.Source{
		ID: sourceA, Title: record.Plain("en", "A report on Example Town"), Publisher: "The Example Gazette", Author: "A. Testfall",
		Language: "en", Published: record.On("2021-01-05"), URL: "https://gazette.example/a", Accessed: record.On("2021-03-01").Date,
	}}
	board := Sourced{Source: &record.Source{
		ID: sourceB, Title: record.Plain("ur", "مثالی رپورٹ"), Publisher: "Example Board", Language: "ur", Locator: "p. 9", Published: record.On("2020"),
	}}
	claim := func(id record.ClaimID, s Sourced, op record.Operator, low, high *int64, words string) Stated {
		return Stated{Rev: 2, Words: words, Source: s, Claim: &record.Claim{
			ID: id, Source: s.Source.ID, Kind: record.KindMeasure, Measure: record.Killed, Operator: op, Low: low, High: high, Words: words,
			Review: record.Review{State: record.Accepted}, Passage: record.Passage{Locator: "p. 4"},
		}}
	}
	a := claim(claimA, gazette, record.MoreThan, num(2001), nil, "more than 2,000")
	b := claim(claimB, board, record.Exact, num(11), num(11), "eleven")
	c := claim(claimC, board, record.AtLeast, num(10), nil, "at least 10")
	c.Claim.Passage.Locator = ""
	return register{
		claims:  map[record.ClaimID]Stated{claimA: a, claimB: b, claimC: c},
		sources: map[record.SourceID]Sourced{sourceA: gazette, sourceB: board},
		figures: map[string]Figured{"example-town/killed": {
			Event: "01900000-0000-7000-8000-0000000000e1",
			Figure: figure.Figure{
				Low: num(10), Best: num(11), High: num(13), Origins: 2, Status: figure.Corroborated, Rule: "gawah/1", Measure: record.Killed,
				Claims: []figure.Use{
					{Claim: claimB, Used: true, Reason: "used", Origin: "x"},
					{Claim: claimC, Used: true, Reason: "used", Origin: "y"},
					{Claim: claimA, Reason: "other_form"},
				},
			},
			Claims: []Stated{a, b, c},
		}},
	}
}

func found(t *testing.T, c Checking) []string {
	t.Helper()
	if c.Resolver == nil {
		c.Resolver = testRegister()
	}
	fs, err := Check(c)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range fs {
		line := string(f.Kind)
		if f.Line > 0 {
			line += "@" + string(rune('0'+f.Line))
		}
		if f.Words != "" {
			line += " " + f.Words
		}
		if f.About != "" {
			line += " (" + f.About + ")"
		}
		out = append(out, line)
	}
	return out
}

func draft(body string) *record.Petition {
	return &record.Petition{Texts: []record.PetitionText{{Lang: "en", Title: "A title", Body: body}}}
}

func TestCheckText(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       []string
	}{
		{"cited", "Eleven people were killed.[@figure:example-town/killed] They had worked there. [@source:" + sourceA + ", p. 2]", []string{"unheld مثالی رپورٹ (source:" + sourceB + ")"}},
		{"printed", "On that day {@figure:example-town/killed} people were killed.", []string{"unheld مثالی رپورٹ (source:" + sourceB + ")"}},
		{"number and quotation", "More than 40 families left.\n“Nobody came,” one said.", []string{
			"number@1 More than 40 families left.", "quotation@2 “Nobody came,”",
		}},
		{"another number than the cited", "Some 3,000 were killed.[@claim:" + claimA + "]", []string{"number@1 Some 3,000 were killed. (claim:" + claimA + ")"}},
		{"the cited number", "More than 2,000 were killed.[@claim:" + claimA + "]", nil},
		{"a source may say any number", "Some 3,000 were killed.[@source:" + sourceA + "]", nil},
		{"missing", "They were 12.[@claim:01900000-0000-7000-8000-0000000000ff] [@nobody]", []string{
			"missing@1 [@claim:01900000-0000-7000-8000-0000000000ff] (claim:01900000-0000-7000-8000-0000000000ff)", "missing@1 [@nobody] (nobody)",
		}},
		{"demands", "We call on the government to:\n- pay within 30 days\n- protect the families who were attacked\n- answer for the 7 dead", []string{"number@4 answer for the 7 dead"}},
		{"address and question", "We, the undersigned, write to you about what was done.\n\nWho was punished?", nil},
		{"section", "# Findings\nThe road is unsafe.\n# Duties\nThe state has ratified it; Article 9 protects life.\n# Demands\nPolice are sent.", []string{"sentence@2 The road is unsafe."}},
		{"dates and articles", "The court sat on 10 January 2013, at 20:50, in 2014–15 and 2016 [@source:" + sourceA + "].\n\nArticles 6(1), 9 and 26 and Resolution 1325 apply. See p. 4 and §12.", nil},
		{"lead-in with a citation", "The report lists [@source:" + sourceA + "]:\n\n1. 14 shops\n2. 3 schools", nil},
		{"block quote", "> They were killed.\n\nThe report says [@source:" + sourceA + "]:\n\n> They were 8.", []string{"quotation@1 They were killed."}},
		{"heading", "## 14 dead\n", []string{"number@1 14 dead"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := found(t, Checking{Petition: draft(tt.body)})
			if tt.name != "cited" && tt.name != "printed" {
				got = slices.DeleteFunc(got, func(s string) bool { return strings.HasPrefix(s, "unheld") })
			}
			if diff := cmp.Diff(tt.want, got); diff != "" && len(tt.want)+len(got) > 0 {
				t.Error(diff)
			}
		})
	}
}

// TestCheckLanguages reads what is written from right to left.
func TestCheckLanguages(t *testing.T) {
	for _, tt := range []struct {
		lang, body string
		want       []string
	}{
		{"ur", "مثالی شہر میں ۱۴ افراد ہلاک ہوئے۔ ”کوئی نہیں آیا“ ایک نے کہا۔\n\nدکانیں جلا دی گئیں۔\n\nہم مطالبہ کرتے ہیں کہ ۳۰ دن میں تحقیقات کی جائیں۔\n\nکون ذمہ دار ہے؟", []string{
			"number@1 مثالی شہر میں ۱۴ افراد ہلاک ہوئے۔", "quotation@1 ”کوئی نہیں آیا“", "sentence@3 دکانیں جلا دی گئیں۔",
		}},
		{"fa-AF", "در شهر نمونه ۱۴ تن کشته شدند. «هیچ\u200cکس نیامد» گفت.\n\nدوکان\u200cها سوختانده شدند.\n\nحکومت باید در ۳۰ روز تحقیق کند.", []string{
			"number@1 در شهر نمونه ۱۴ تن کشته شدند.", "quotation@1 «هیچ\u200cکس نیامد»", "sentence@3 دوکان\u200cها سوختانده شدند.",
		}},
		{"ur", "۱۰ جنوری ۲۰۱۳ء کو {@figure:example-town/killed} افراد ہلاک ہوئے۔ [@claim:" + claimB + "]", nil},
		{"fa-AF", "# یافته\u200cها\nراه ناامن است. [@source:" + sourceA + "]\n\n# خواست\u200cها\nراه امن شود.", nil},
	} {
		p := &record.Petition{Texts: []record.PetitionText{{Lang: tt.lang, Title: "x", Body: tt.body}}}
		got := slices.DeleteFunc(found(t, Checking{Petition: p}), func(s string) bool { return strings.HasPrefix(s, "unheld") })
		if diff := cmp.Diff(tt.want, got); diff != "" && len(tt.want)+len(got) > 0 {
			t.Errorf("%s: %s", tt.lang, diff)
		}
	}
}

func TestCheckTitleAndSummary(t *testing.T) {
	p := draft("Eleven people were killed.[@claim:" + claimB + "]")
	p.Texts[0].Title, p.Texts[0].Summary = "Justice for the 11", "There were 12."
	got := found(t, Checking{Petition: p})
	if diff := cmp.Diff([]string{"number There were 12. (summary)", "unheld مثالی رپورٹ (source:" + sourceB + ")"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCheckAccused(t *testing.T) {
	p := draft("The Testfall Front’s men, and تستفال محاذ, are at large [@source:" + sourceA + "].")
	p.Demands = []record.PetitionDemand{{Key: "a", Text: record.Plain("en", "Disband the TESTFALL FRONT.")}}
	got := found(t, Checking{Petition: p, Accused: []Accused{{"party:x", []string{"Testfall Front", "تستفال محاذ"}}, {"person:y", []string{"Front"}}}})
	want := []string{
		"accused@1 The Testfall Front’s men, and تستفال محاذ, are at large . (party:x)",
		"accused@1 The Testfall Front’s men, and تستفال محاذ, are at large . (person:y)",
		"accused Disband the TESTFALL FRONT. (party:x)", "accused Disband the TESTFALL FRONT. (person:y)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A group may be called by letters that are a word as well: it is named only where
// they are capitals.
func TestCheckAccusedAbbreviated(t *testing.T) {
	accused := []Accused{{"party:x", []string{"IS", "Testfall State"}}}
	for _, tt := range []struct {
		words string
		named bool
	}{
		{"Is this known.", false},
		{"This is known.", false},
		{"THIS is known.", false},
		{"DENIS was there, and ISIS.", false},
		{"IS claimed it.", true},
		{"Men of IS’s came.", true},
		{"The group (IS) came.", true},
		{"The testfall state came.", true},
	} {
		got := found(t, Checking{Petition: draft(tt.words + "[@source:" + sourceA + "]"), Accused: accused})
		if named := slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "accused") }); named != tt.named {
			t.Errorf("%q names the group: %v, want %v", tt.words, named, tt.named)
		}
	}
}

func TestCheckClaims(t *testing.T) {
	r := testRegister()
	wait := r.claims[claimA]
	copied := *wait.Claim
	copied.Review.State = record.Suggested
	wait.Claim = &copied
	r.claims[claimA] = wait
	gone := r.claims[claimB]
	copiedB := *gone.Claim
	copiedB.Review.State = record.Retracted
	gone.Claim = &copiedB
	r.claims[claimB] = gone
	p := draft("x [@claim:" + claimA + "; @claim:" + claimB + "; @figure:example-town/killed] y [@claim:" + claimA + "]")
	p.Texts = append(p.Texts, record.PetitionText{Lang: "ur", Title: "عنوان", Body: "متن", Of: TextHash(p.Texts[0])},
		record.PetitionText{Lang: "fa-AF", Title: "عنوان فارسی", Body: "متن", Of: strings.Repeat("0", 64)})
	p.Initiators = []record.Initiator{{Key: "one", Name: record.Plain("en", "Example One")}, {Key: "two", Name: record.Plain("en", "Example Two")}, {Key: "old", Name: record.Plain("en", "Old"), Original: true}}
	hash, err := DraftHash(p)
	if err != nil {
		t.Fatal(err)
	}
	p.Approvals = []record.Approval{{Initiator: "one", Hash: hash}, {Initiator: "two", Hash: strings.Repeat("1", 64)}}
	got := found(t, Checking{Petition: p, Resolver: r, Previous: []record.Cited{
		{Key: "claim:" + claimA, Low: num(2001), Claims: []record.CitedClaim{{ID: claimA, Rev: 1, State: record.Accepted, Value: "more than 2,000"}}},
		{Key: "figure:example-town/killed", Low: num(10), Best: num(11), High: num(12), Status: "corroborated", Rule: "gawah/1", Origins: 2},
	}})
	want := []string{
		"unreviewed more than 2,000 (claim:" + claimA + ")",
		"changed more than 2,000 (claim:" + claimA + ")",
		"retracted eleven (claim:" + claimB + ")",
		"unheld مثالی رپورٹ (source:" + sourceB + ")",
		"changed figure:example-town/killed (figure:example-town/killed)",
		"lags عنوان فارسی",
		"unagreed Example Two (two)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"more than 2,000 killed, 1,00,000 displaced and 3.5 million affected", []string{"2000", "100000", "3.5 million"}},
		{"twenty-one men, one hundred and five women, two thousand, a dozen, dozens of others", []string{"21", "105", "2000", "12", "dozens"}},
		{"no one saw one of them", nil},
		{"On 10 January 2013, January 10, 2013, 2013-01-10, 10.01.2013, in 1999, 2003–2017, at 20:50, the 1990s, the 21st day", nil},
		{"2000 people, more than 2000, 100 may have died, 500 march daily", []string{"2000", "2000", "100", "500"}},
		{"Article 9, Articles 2(1), 9 and 26, Section 302, p. 4, Resolution 1325, COVID-19, F16, #Test2021 [1] (2)", nil},
		{"۲۰۰۰ افراد، ٣٤ زخمی، ہزاروں خاندان، صدها تن", []string{"2000", "34", "ہزاروں", "صدها"}},
		{"۱۰ جنوری ۲۰۱۳ء کو، سال ۱۳۹۹، آرٹیکل ۹، ماده ۶، ساعت ۸ بجه", nil},
		{"86 bodies and 86", []string{"86", "86"}},
		{"at 8 pm and 8 p.m. there were 3", []string{"3"}},
		{"5 lakh rupees, 1.5 crore", []string{"500000", "1.5 crore"}},
	} {
		var got []string
		for _, n := range Numbers(tt.text) {
			if n.Value >= 0 {
				got = append(got, strconv.FormatInt(n.Value, 10))
			} else {
				got = append(got, n.Words)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.text, diff)
		}
	}
}

func TestSentences(t *testing.T) {
	for _, tt := range []struct {
		src  string
		want []string
	}{
		{"One. Two! Three? four", []string{"One.", "Two!", "Three? four"}},
		{"Dr. A. Testfall saw 3.5 of them at No. 7. Then he left.", []string{"Dr. A. Testfall saw 3.5 of them at No. 7.", "Then he left."}},
		{"He said “One. Two.” Then he left.", []string{"He said “One. Two.”", "Then he left."}},
		{"Killed.[@nobody] Then. [@nobody] More", []string{"Killed.\uFFFC", "Then. \uFFFC", "More"}},
		{"یہ پہلا ہے۔ یہ دوسرا ہے؟ ہاں", []string{"یہ پہلا ہے۔", "یہ دوسرا ہے؟", "ہاں"}},
		{"این «یک. دو.» است. و این؟ بلی.", []string{"این «یک. دو.» است.", "و این؟", "بلی."}},
		{"See https://a.example/b.c. Next.", []string{"See \uFFFC.", "Next."}},
		{"He said “One.”[2] Then he left.[13] So", []string{"He said “One.”[2]", "Then he left.[13]", "So"}},
		{"the people's “quote", []string{"the people's “quote"}},
	} {
		var got []string
		for _, b := range parse(t, tt.src).Blocks {
			for _, s := range Sentences(b) {
				got = append(got, s.Text)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.src, diff)
		}
	}
}

func TestQuotations(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{`He said "no" and “never”, «هرگز», ‘not I’ and the people’s own.`, []string{`"no"`, "“never”", "«هرگز»", "‘not I’"}},
		{"انہوں نے کہا ”نہیں“ اور گئے", []string{"”نہیں“"}},
		{"„so“ — 5\" pipes", []string{"„so“"}},
		{"“open", nil},
		{"“ ”", nil},
	} {
		var got []string
		for _, e := range quotations(tt.text) {
			got = append(got, tt.text[e.from:e.to])
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.text, diff)
		}
	}
}

// TestCheckHostile bounds the time of a check of texts that are made to be slow.
func TestCheckHostile(t *testing.T) {
	for _, unit := range []string{
		".", ". ", "a. ", "“. ", "“”", "\"", "1 ", "1,", "1,1", "1-", "two ", "two-", "hundred ", "Article 1, ", "(1)", "1 January ", "a", "x.y", "was ", "۔", "' ", "‘a’", "’", "a:\n- 1\n\n", "> 1\n\n", "1.", "- ",
	} {
		start := time.Now()
		found(t, Checking{Petition: draft(strings.Repeat(unit, MaxSize/4/len(unit))), Accused: []Accused{{"x", []string{"a a a b"}}, {"y", []string{"was"}}}})
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%q repeated: %v", unit, took)
		}
	}
}

// TestCheckPetition2021 reads a real petition, which cites by numbers in brackets
// that lead nowhere here: everything it counts and quotes is to be found.
func TestCheckPetition2021(t *testing.T) {
	dir := os.Getenv("GAWAH_TESTDATA")
	if dir == "" {
		t.Skip("GAWAH_TESTDATA is not set")
	}
	src, err := os.ReadFile(filepath.Join(dir, "sources", "petition-2021.txt"))
	if err != nil {
		t.Skip(err)
	}
	fs, err := Check(Checking{Petition: draft(string(src)), Resolver: testRegister(), Accused: []Accused{{"party:lej", []string{"Lashkar-e-Jhangvi", "LeJ"}}}})
	if err != nil {
		t.Fatal(err)
	}
	count := map[record.FindingKind]int{}
	for _, f := range fs {
		count[f.Kind]++
		t.Logf("line %d: %s: %s %s", f.Line, f.Kind, f.Words, f.About)
	}
	want := map[record.FindingKind]int{record.FoundNumber: 2, record.FoundQuotation: 3, record.FoundAccused: 4, record.FoundSentence: 4}
	for kind, n := range want {
		if count[kind] != n {
			t.Errorf("%s: %d found, want %d", kind, count[kind], n)
		}
	}
}

// TestUnagreed: an agreement is with one text and by the account that the
// initiator has now; an edition asks for its own text whatever the draft says.
func TestUnagreed(t *testing.T) {
	p := draft("We ask.")
	p.Initiators = []record.Initiator{{Key: "writer", Name: record.Plain("en", "Test Writer"), Account: "writers-own"}, {Key: "old", Name: record.Plain("en", "Old"), Original: true}}
	hash, err := DraftHash(p)
	if err != nil {
		t.Fatal(err)
	}
	e := &record.Edition{Draft: hash, Initiators: p.Initiators}
	open := func(why string, want int) {
		t.Helper()
		if got := UnagreedWith(p, e); len(got) != want {
			t.Errorf("%s: %d have not agreed with the edition, want %d", why, len(got), want)
		}
	}
	open("nobody was asked", 1)
	p.Approvals = []record.Approval{{Initiator: "writer", Hash: hash, By: "another"}}
	open("another account agreed", 1)
	p.Approvals = []record.Approval{{Initiator: "writer", Hash: hash, Proof: "a letter"}}
	open("recorded for somebody with an account", 1)
	p.Approvals = []record.Approval{{Initiator: "writer", Hash: hash, By: "writers-own"}}
	open("agreed", 0)
	p.Texts[0].Body = "We ask for more."
	open("the draft moved on", 0)
	if got, err := Unagreed(p); err != nil || len(got) != 1 {
		t.Errorf("the new draft: %v, %v", got, err)
	}
	e.Draft = ""
	open("an edition of an unknown draft", 1)
}
