package petition

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/record"
)

// TestAlign holds that the steps lead from one list to the other, whatever they
// are.
func TestAlign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.IntRange(0, 4), 0, 30)
		a, b := list.Draw(t, "a"), list.Draw(t, "b")
		var before, after []int
		for _, s := range align(a, b) {
			switch s.op {
			case Kept:
				if a[s.a] != b[s.b] {
					t.Fatalf("kept %d as %d", a[s.a], b[s.b])
				}
				before, after = append(before, a[s.a]), append(after, b[s.b])
			case Removed:
				before = append(before, a[s.a])
			case Added:
				after = append(after, b[s.b])
			}
		}
		if !slices.Equal(a, before) || !slices.Equal(b, after) {
			t.Fatalf("%v → %v: went %v → %v", a, b, before, after)
		}
	})
}

func TestDiffWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ab ۱]{0,40}`)
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		var before, after strings.Builder
		for _, w := range diffWords(a, b) {
			if w.Op != Added {
				before.WriteString(w.Text)
			}
			if w.Op != Removed {
				after.WriteString(w.Text)
			}
		}
		// White space between two changed words is given as the new text has it.
		if strings.Join(strings.Fields(a), "") != strings.Join(strings.Fields(before.String()), "") || b != after.String() {
			t.Fatalf("%q → %q: got %q → %q", a, b, before.String(), after.String())
		}
	})
}

func paragraph(text string) record.Block {
	return record.Block{Kind: record.BlockParagraph, Spans: []record.Span{{Text: text}}}
}

func TestDiff(t *testing.T) {
	kept, gone, come := record.Footnote{Number: 1, Source: sourceA}, record.Footnote{Number: 2, Words: "x"}, record.Footnote{Number: 2, Source: sourceA, Locator: "p. 4"}
	before := record.EditionText{Title: "Old title", Notes: []record.Footnote{kept, gone}, Blocks: []record.Block{
		paragraph("Stays as it is."),
		{Kind: record.BlockParagraph, Spans: []record.Span{{Text: "At least "}, {Text: "11", Value: "figure:e/killed", Note: 1}, {Text: " people were killed."}}},
		paragraph("Goes for good."),
		paragraph("Stays, too."),
	}}
	after := record.EditionText{Title: "New title", Notes: []record.Footnote{kept, come}, Blocks: []record.Block{
		paragraph("Stays as it is."),
		{Kind: record.BlockParagraph, Spans: []record.Span{{Text: "At least "}, {Text: "12", Value: "figure:e/killed", Note: 1}, {Text: " people were killed."}}},
		paragraph("Stays, too."),
		paragraph("Something else entirely."),
	}}
	want := Change{
		Title: []Words{{Removed, "Old"}, {Added, "New"}, {Kept, " title"}},
		Blocks: []BlockChange{
			{Op: Kept, Kind: record.BlockParagraph, Words: []Words{{Kept, "Stays as it is."}}},
			{Op: Changed, Kind: record.BlockParagraph, Words: []Words{{Kept, "At least "}, {Removed, "11"}, {Added, "12"}, {Kept, " people were killed."}}},
			{Op: Removed, Kind: record.BlockParagraph, Words: []Words{{Removed, "Goes for good."}}},
			{Op: Kept, Kind: record.BlockParagraph, Words: []Words{{Kept, "Stays, too."}}},
			{Op: Added, Kind: record.BlockParagraph, Words: []Words{{Added, "Something else entirely."}}},
		},
		Values: []ValueChange{{"figure:e/killed", "11", "12"}},
		Notes:  []NoteChange{{Removed, gone}, {Added, come}},
	}
	got := Diff(before, after)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.Same() || !Diff(before, before).Same() {
		t.Error("Same is wrong")
	}
}

// TestDiffHostile bounds the time of the worst pair of texts.
func TestDiffHostile(t *testing.T) {
	text := func(word string, blocks int) (out record.EditionText) {
		for i := range blocks {
			out.Blocks = append(out.Blocks, paragraph(strings.Repeat(word+string(rune('a'+i%7))+" ", MaxSize/blocks/4)))
		}
		return out
	}
	for _, blocks := range []int{1, 100, 10_000} {
		start := time.Now()
		Diff(text("x", blocks), text("y", blocks))
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%d blocks: %v", blocks, took)
		}
		// The same words in another order have much in common and no short way.
		a, b := text("x", blocks), text("x", blocks)
		for i := range b.Blocks {
			words := strings.Fields(b.Blocks[i].Spans[0].Text + "y z")
			slices.Reverse(words)
			b.Blocks[i] = paragraph(strings.Join(words, " "))
		}
		start = time.Now()
		Diff(a, b)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%d blocks turned round: %v", blocks, took)
		}
	}
}

func TestSubstantial(t *testing.T) {
	e := func() *record.Edition {
		return &record.Edition{
			Texts:      []record.EditionText{{Lang: "en", Title: "T", Blocks: []record.Block{{Kind: record.BlockParagraph, Spans: []record.Span{{Text: "11", Value: "k"}}}}}},
			Addressees: []record.Addressee{{Key: "pm", Office: record.Plain("en", "Prime Minister"), Holder: record.Plain("en", "A")}},
			Demands:    []record.PetitionDemand{{Key: "a", Text: record.Plain("en", "Pay."), Parts: []record.PetitionDemand{{Key: "b", Text: record.Plain("en", "Soon.")}}}},
		}
	}
	for _, tt := range []struct {
		name   string
		change func(*record.Edition)
		want   []Substance
	}{
		{"nothing", func(*record.Edition) {}, nil},
		{"words", func(e *record.Edition) { e.Texts[0].Blocks = append(e.Texts[0].Blocks, paragraph("More.")) }, nil},
		{"holder", func(e *record.Edition) { e.Addressees[0].Holder = record.Plain("en", "B") }, nil},
		{"office", func(e *record.Edition) { e.Addressees[0].Office = record.Plain("en", "President") }, []Substance{SubstanceAddressees}},
		{"part", func(e *record.Edition) { e.Demands[0].Parts[0].Text = record.Plain("en", "Later.") }, []Substance{SubstanceDemands}},
		{"citation of a demand", func(e *record.Edition) { e.Demands[0].Claims = []record.ClaimID{claimA} }, nil},
		{"translation", func(e *record.Edition) {
			e.Texts = append(e.Texts, record.EditionText{Lang: "ur", Title: "عنوان"})
			e.Demands[0].Text = append(e.Demands[0].Text, record.LangText{Lang: "ur", Text: "ادا کریں"})
		}, nil},
		{"language taken out", func(e *record.Edition) { e.Texts[0].Lang = "fr" }, []Substance{SubstanceTitle}},
		{"number", func(e *record.Edition) { e.Texts[0].Blocks[0].Spans[0].Text = "12" }, []Substance{SubstanceNumbers}},
	} {
		after := e()
		tt.change(after)
		if diff := cmp.Diff(tt.want, Substantial(e(), after)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
