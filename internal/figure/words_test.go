package figure_test

import (
	"testing"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

func TestWords(t *testing.T) {
	for _, tc := range []struct {
		printed string
		least   int64 // 0: no number
		word    string
	}{
		{"several", 3, "several ≥ 3 (gawah-words/1)"},
		{"Dozens", 24, "dozens ≥ 24 (gawah-words/1)"},
		{"dozens of worshippers killed", 24, "dozens ≥ 24 (gawah-words/1)"},
		{"at least a dozen", 12, "a dozen ≥ 12 (gawah-words/1)"},
		{"more than a dozen people", 12, "a dozen ≥ 12 (gawah-words/1)"},
		{"several dozen", 36, "several dozen ≥ 36 (gawah-words/1)"},
		{"scores", 40, "scores ≥ 40 (gawah-words/1)"},
		{"tens", 20, "tens ≥ 20 (gawah-words/1)"},
		{"tens of people", 20, "tens ≥ 20 (gawah-words/1)"},
		{"tens of thousands of mourners", 20000, "tens of thousands ≥ 20000 (gawah-words/1)"},
		{"hundreds", 200, "hundreds ≥ 200 (gawah-words/1)"},
		{"hundreds of thousands", 200000, "hundreds of thousands ≥ 200000 (gawah-words/1)"},
		{"“Thousands”", 2000, "thousands ≥ 2000 (gawah-words/1)"},
		{"درجنوں افراد", 24, "درجنوں ≥ 24 (gawah-words/1)"},
		{"سینکڑوں", 200, "سینکڑوں ≥ 200 (gawah-words/1)"},
		{"ہزاروں", 2000, "ہزاروں ≥ 2000 (gawah-words/1)"},
		{"هزاروں", 2000, "ہزاروں ≥ 2000 (gawah-words/1)"}, // typed with the Arabic letter
		{"ده\u200cها نفر", 20, "ده\u200cها ≥ 20 (gawah-words/1)"},
		{"دهها نفر", 20, "ده\u200cها ≥ 20 (gawah-words/1)"}, // without the joiner
		{"ده ها هزار", 20000, "ده ها هزار ≥ 20000 (gawah-words/1)"},
		{"صدها", 200, "صدها ≥ 200 (gawah-words/1)"},

		{"almost a dozen", 0, ""},
		{"fewer than a dozen", 0, ""},
		{"dozens, perhaps hundreds", 0, ""},
		{"dozens or 40", 0, ""},
		{"several hundreds", 0, ""},
		{"several million", 0, ""},
		{"dozenst", 0, ""},
		{"many", 0, ""},
		{"virtually none", 0, ""},
		{"81", 0, ""},
		{"", 0, ""},
		{"…", 0, ""},
	} {
		f := killed(say("a", "one", inWords(tc.printed)))
		switch {
		case tc.least == 0 && f.Known():
			t.Errorf("%q is read as %s, want no number", tc.printed, text(&f))
		case tc.least == 0:
		case !f.Known() || *f.Low != tc.least || !f.Open:
			t.Errorf("%q is read as %s, want at least %d", tc.printed, text(&f), tc.least)
		case f.Claims[0].Word != tc.word:
			t.Errorf("%q is explained by %q, want %q", tc.printed, f.Claims[0].Word, tc.word)
		}
	}
}

// Every line of a table must read as itself, or the table shown to readers would
// not be the one applied.
func TestTablesReadThemselves(t *testing.T) {
	for _, rule := range figure.Rules() {
		table, ok := figure.Words(rule)
		if !ok {
			continue
		}
		for _, w := range table.Words {
			f := figure.Compute(rule, record.Killed, record.Scope{}, []figure.Said{say("a", "one", inWords(w.Word))})
			if !f.Known() || *f.Low != w.Number || f.Open != table.AtLeast {
				t.Errorf("%s reads %q as %s, want %d", table.Name, w.Word, text(&f), w.Number)
			}
		}
	}
	if _, ok := figure.Words(figure.GTD1); ok {
		t.Error("gtd has a table of words")
	}
}
