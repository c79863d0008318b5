package figure_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

func TestOperators(t *testing.T) {
	for _, tc := range []struct {
		name string
		how  change
		want string
	}{
		{"exact", exactly(81), "81–81 best 81, 1 provisional"},
		{"zero", exactly(0), "0–0 best 0, 1 provisional"},
		{"at least", number(record.AtLeast, 80), "80–80+ best none, 1 provisional"},
		{"more than", number(record.MoreThan, 80), "81–81+ best none, 1 provisional"},
		{"at most", number(record.AtMost, 80), "0–80 below best none, 1 provisional"},
		{"less than", number(record.LessThan, 80), "0–79 below best none, 1 provisional"},
		{"about", number(record.About, 80), "80–80 about best 80, 1 provisional"},
		{"range", number(record.Between, 80, 85), "80–85 best none, 1 provisional"},
		{"range of one", number(record.Between, 80, 80), "80–80 best 80, 1 provisional"},
		{"range with best", number(record.Between, 80, 85, 82), "80–85 best 82, 1 provisional"},
		{"range in the wrong order", number(record.Between, 85, 80), "80–85 best none, 1 provisional"},
		{"words", inWords("dozens of worshippers"), "24–24+ best none, 1 provisional"},
		{"words nobody can number", inWords("a great many"), "none–none best none, 0 none"},
		{"superlative", func(s *figure.Said) { s.Claim.Operator = record.Superlative }, "none–none best none, 0 none"},
		{"trend", func(s *figure.Said) { s.Claim.Operator = record.Trend }, "none–none best none, 0 none"},
		{"proportion", func(s *figure.Said) { s.Claim.Operator = record.Proportion }, "none–none best none, 0 none"},
		{"exact without a number", func(s *figure.Said) { s.Claim.Operator = record.Exact }, "none–none best none, 0 none"},
		{"below zero", exactly(-99), "none–none best none, 0 none"},
		{"the greatest number", exactly(math.MaxInt64), "9223372036854775807–9223372036854775807 best 9223372036854775807, 1 provisional"},
		{"about the greatest number", number(record.About, math.MaxInt64), "9223372036854775807–9223372036854775807 about best 9223372036854775807, 1 provisional"},
		{"an unknown operator", func(s *figure.Said) { s.Claim.Operator = "roughly" }, "none–none best none, 0 none"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := killed(say("a", "testfall daily", tc.how))
			if got := text(&f); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if len(f.Claims) != 1 {
				t.Fatalf("%d claims listed, want 1", len(f.Claims))
			}
			want := figure.Used
			if f.Status == figure.None {
				want = figure.NoNumber
			}
			if f.Claims[0].Reason != want {
				t.Errorf("reason %s, want %s", f.Claims[0].Reason, want)
			}
		})
	}
}

func TestGawah(t *testing.T) {
	site := scope(record.Scope{Area: record.AreaSite})
	for _, tc := range []struct {
		name    string
		said    []figure.Said
		want    string
		reasons map[string]figure.Reason
	}{
		{name: "nothing was said", want: "none–none best none, 0 none"},
		{
			name: "two origins agree",
			said: []figure.Said{say("a", "one", exactly(81)), say("b", "two", number(record.AtLeast, 80))},
			want: "80–81+ best 81, 2 corroborated",
		},
		{
			name: "two origins, two numbers: no best",
			said: []figure.Said{say("a", "one", exactly(81)), say("b", "two", exactly(105))},
			want: "81–105 best none, 2 disputed",
		},
		{
			name: "most origins win",
			said: []figure.Said{say("a", "one", exactly(81)), say("b", "two", exactly(81)), say("c", "three", exactly(105))},
			want: "81–105 best 81, 3 disputed",
		},
		{
			name: "a tie of pairs goes to the later",
			said: []figure.Said{
				say("a", "one", exactly(81), asOf("2031-01-02")), say("b", "two", exactly(81), asOf("2031-01-02")),
				say("c", "three", exactly(84), asOf("2031-01-02")), say("d", "four", exactly(84), asOf("2031-01-03")),
			},
			want: "81–84 best 84, 4 disputed",
		},
		{
			name: "a tie of pairs at one time stays open",
			said: []figure.Said{
				say("a", "one", exactly(81)), say("b", "two", exactly(81)),
				say("c", "three", exactly(84)), say("d", "four", exactly(84)),
			},
			want: "81–84 best none, 4 disputed",
		},
		{
			name: "a single value that another origin excludes is no best",
			said: []figure.Said{say("a", "one", exactly(81)), say("b", "two", number(record.AtLeast, 100))},
			want: "81–100+ best none, 2 disputed",
		},
		{
			name: "about agrees within a tenth, and widens nothing",
			said: []figure.Said{say("a", "one", exactly(88)), say("b", "two", number(record.About, 80))},
			want: "80–88 about best none, 2 corroborated",
		},
		{
			name: "about does not reach further than a tenth",
			said: []figure.Said{say("a", "one", exactly(89)), say("b", "two", number(record.About, 80))},
			want: "80–89 about best none, 2 disputed",
		},
		{
			name: "about in the middle leaves the bounds firm",
			said: []figure.Said{
				say("a", "one", exactly(70)), say("b", "two", number(record.About, 80)), say("c", "three", exactly(90)),
			},
			want: "70–90 best none, 3 disputed",
		},
		{
			name: "at most bounds above only",
			said: []figure.Said{say("a", "one", exactly(81)), say("b", "two", number(record.AtMost, 120))},
			want: "81–120 best 81, 2 corroborated",
		},
		{
			name: "at most under what another counted",
			said: []figure.Said{say("a", "one", number(record.AtLeast, 100)), say("b", "two", number(record.AtMost, 50))},
			want: "100–100+ best none, 2 disputed",
		},
		{
			name: "a toll rises: the latest of each origin",
			said: []figure.Said{
				say("a", "one", exactly(4), asOf("2031-01-02T16:00")), say("b", "one", exactly(11), asOf("2031-01-02T21:00")),
				say("c", "one", exactly(12), asOf("2031-01-03")), say("d", "two", exactly(12), asOf("2031-01-03")),
			},
			want:    "12–12 best 12, 2 corroborated",
			reasons: map[string]figure.Reason{"a": figure.OutOfDate, "b": figure.OutOfDate, "c": figure.Used, "d": figure.Used},
		},
		{
			name: "a toll falls as well",
			said: []figure.Said{say("a", "one", exactly(30), published("2031-01-02")), say("b", "one", exactly(27), published("2031-01-09"))},
			want: "27–27 best 27, 1 provisional",
		},
		{
			name: "hours are told apart, with and without an offset",
			said: []figure.Said{
				say("a", "one", exactly(4), asOf("2031-01-02T20:50+05:00")), // 15:50 UTC
				say("b", "one", exactly(11), asOf("2031-01-02T15:51")), say("c", "one", exactly(9), asOf("2031-01-02T15:50:30")),
			},
			want: "11–11 best 11, 1 provisional",
		},
		{
			name: "a time said in relation to the publication is worked out",
			said: []figure.Said{
				say("a", "one", exactly(9), published("2031-01-02"), asOf("2031-01-02")),
				say("b", "one", exactly(4), published("2031-01-09"), func(s *figure.Said) {
					s.Claim.AsOf.Relative = edtf.Relative{Offset: edtf.Offset{Years: -1}}
				}),
			},
			want: "9–9 best 9, 1 provisional", reasons: map[string]figure.Reason{"b": figure.OutOfDate},
		},
		{
			name:    "an undated claim yields to a dated one",
			said:    []figure.Said{say("a", "one", exactly(30)), say("b", "one", exactly(27), published("2031-01-09"))},
			want:    "27–27 best 27, 1 provisional",
			reasons: map[string]figure.Reason{"a": figure.Undated, "b": figure.Used},
		},
		{
			name: "two outlets that quote one officer are one origin",
			said: []figure.Said{
				say("a", "one", exactly(81), quoting("Officer N. N., Example Town"), asOf("2031-01-02"), published("2031-01-02")),
				say("b", "two", exactly(81), quoting("officer N.N. (Example Town)"), asOf("2031-01-02"), published("2031-01-03")),
			},
			want:    "81–81 best 81, 1 provisional",
			reasons: map[string]figure.Reason{"a": figure.Used, "b": figure.Repeats},
		},
		{
			name: "an office known by its record is one origin whatever it is called",
			said: []figure.Said{
				say("a", "one", exactly(81), quotingParty("p1"), quoting("police")),
				say("b", "two", exactly(81), quotingParty("p1"), quoting("a senior officer")),
			},
			want: "81–81 best 81, 1 provisional",
		},
		{
			name: "an agency quoted by others and its own report are one origin",
			said: []figure.Said{say("a", "Example News Agency", exactly(9)), say("b", "two", exactly(9), quoting("example news agency"))},
			want: "9–9 best 9, 1 provisional",
		},
		{
			name: "one article that prints 121 and 120 supports neither",
			said: []figure.Said{
				say("a", "one", exactly(121)), say("b", "one", exactly(120)), say("c", "two", exactly(110)), say("d", "three", exactly(110)),
			},
			want: "110–121 best 110, 3 disputed",
		},
		{
			name: "one article that prints 81 and more than 80 stands by 81",
			said: []figure.Said{say("a", "one", exactly(81)), say("b", "one", number(record.MoreThan, 80))},
			want: "81–81+ best 81, 1 provisional",
		},
		{
			name: "of an exact and an about claim of one origin the exact one speaks",
			said: []figure.Said{say("a", "one", number(record.About, 80)), say("b", "one", exactly(80))},
			want: "80–80 best 80, 1 provisional", reasons: map[string]figure.Reason{"a": figure.Repeats, "b": figure.Used},
		},
		{
			name: "a claim derived from a claim has its origin and its time",
			said: []figure.Said{
				say("a", "one", exactly(11), quoting("hospital"), published("2031-01-02")),
				say("b", "two", exactly(11), from(record.KindClaim, "a"), published("2031-02-01")),
				say("c", "three", exactly(13), quoting("hospital"), published("2031-01-04")),
			},
			want:    "13–13 best 13, 1 provisional",
			reasons: map[string]figure.Reason{"a": figure.OutOfDate, "b": figure.OutOfDate, "c": figure.Used},
		},
		{
			name: "a withdrawn claim still says where others come from",
			said: []figure.Said{
				say("a", "one", exactly(11), quoting("hospital"), state(record.Retracted)),
				say("b", "two", exactly(11), from(record.KindClaim, "a")), say("c", "three", exactly(11), quoting("hospital")),
			},
			want: "11–11 best 11, 1 provisional", reasons: map[string]figure.Reason{"a": figure.Withdrawn},
		},
		{
			name: "a claim derived from a source has that source's origin",
			said: []figure.Said{say("a", "one", exactly(11)), say("b", "two", exactly(11), from(record.KindSource, "source of one"))},
			want: "11–11 best 11, 1 provisional",
		},
		{
			name: "whoever is quoted through another source is further back than that",
			said: []figure.Said{
				say("a", "one", exactly(11), quoting("hospital")),
				say("b", "two", exactly(11), quoting("hospital"), from(record.KindSource, "source of one")),
			},
			want: "11–11 best 11, 1 provisional",
		},
		{
			name: "two sources that derive from a third are one origin",
			said: []figure.Said{
				say("a", "one", exactly(11), func(s *figure.Said) { s.From = []record.SourceID{"wire"} }),
				say("b", "two", exactly(11), func(s *figure.Said) { s.From = []record.SourceID{"wire"} }),
			},
			want: "11–11 best 11, 1 provisional",
		},
		{
			name: "claims derived from each other in a circle are one origin",
			said: []figure.Said{
				say("a", "one", exactly(11), from(record.KindClaim, "b")), say("b", "two", exactly(11), from(record.KindClaim, "a")),
				say("c", "three", exactly(11), from(record.KindClaim, "b")),
			},
			want: "11–11 best 11, 1 provisional",
		},
		{
			name: "sources unknown to anybody are origins of their own",
			said: []figure.Said{say("a", "", exactly(11), source("x")), say("b", "", exactly(11), source("y"))},
			want: "11–11 best 11, 2 corroborated",
		},
		{
			name: "unattributed is the outlet's own word",
			said: []figure.Said{
				say("a", "one", exactly(11)),
				say("b", "one", exactly(11), quoting("reportedly"), func(s *figure.Said) { s.Claim.AttributedTo.Unattributed = true }),
			},
			want: "11–11 best 11, 1 provisional",
		},
		{
			name: "a superseded claim leaves",
			said: []figure.Said{
				say("a", "one", exactly(52), quoting("officer")), say("b", "one", exactly(81), replacing("a")), say("c", "two", exactly(81)),
			},
			want: "81–81 best 81, 2 corroborated", reasons: map[string]figure.Reason{"a": figure.Superseded},
		},
		{
			name: "a withdrawn claim supersedes nothing",
			said: []figure.Said{say("a", "one", exactly(52)), say("b", "one", exactly(81), replacing("a"), state(record.Retracted))},
			want: "52–52 best 52, 1 provisional", reasons: map[string]figure.Reason{"a": figure.Used, "b": figure.Withdrawn},
		},
		{
			name: "nobody supersedes another source's claim",
			said: []figure.Said{say("a", "one", exactly(52)), say("b", "two", exactly(81), replacing("a"))},
			want: "52–81 best none, 2 disputed",
		},
		{
			name: "claims that supersede each other stay",
			said: []figure.Said{say("a", "one", exactly(52), replacing("b")), say("b", "one", exactly(52), replacing("a"))},
			want: "52–52 best 52, 1 provisional",
		},
		{
			name: "a chain of corrections leaves the last",
			said: []figure.Said{
				say("a", "one", exactly(4)), say("b", "one", exactly(11), replacing("a")), say("c", "one", exactly(12), replacing("b")),
			},
			want: "12–12 best 12, 1 provisional",
		},
		{
			name: "a number moved to another scope leaves this one",
			said: []figure.Said{say("a", "one", exactly(92)), say("b", "one", exactly(92), site, replacing("a"))},
			want: "none–none best none, 0 none", reasons: map[string]figure.Reason{"a": figure.Superseded, "b": figure.OtherScope},
		},
		{
			name: "everything that does not count",
			said: []figure.Said{
				say("a", "one", exactly(81)),
				say("bodies", "two", exactly(90), measure(record.Bodies)),
				say("attribute", "two", func(s *figure.Said) { s.Claim.Kind = record.KindAttribute }),
				say("suggested", "two", exactly(90), state(record.Suggested)),
				say("rejected", "two", exactly(90), state(record.Rejected)),
				say("part", "two", exactly(13), form(record.Component)),
				say("aggregate", "two", exactly(1000), form(record.Aggregate)),
				say("list", "two", exactly(73), form(record.NamedList)),
				say("city", "two", exactly(117), scope(record.Scope{Area: record.AreaCity, Place: "example town"})),
				say("civilians", "two", exactly(70), scope(record.Scope{Counted: record.CountedCivilians})),
				say("trend", "two", func(s *figure.Said) { s.Claim.Operator = record.Trend }),
				say("dataset", "two", exactly(96), role(record.CompiledSingle)),
			},
			want: "81–81 best 81, 1 provisional",
			reasons: map[string]figure.Reason{
				"a": figure.Used, "bodies": figure.OtherMeasure, "attribute": figure.OtherKind, "suggested": figure.NotAccepted,
				"rejected": figure.NotAccepted, "part": figure.Part, "aggregate": figure.OtherForm, "list": figure.OtherForm,
				"city": figure.OtherScope, "civilians": figure.OtherScope, "trend": figure.NoNumber, "dataset": figure.CompiledBeside,
			},
		},
		{
			name: "bulk-accepted reports count",
			said: []figure.Said{say("a", "one", exactly(81), state(record.Compiled))},
			want: "81–81 best 81, 1 provisional",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := killed(tc.said...)
			if got := text(&f); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			for id, want := range tc.reasons {
				if got := reasonOf(&f, id).Reason; got != want {
					t.Errorf("reason of %s is %s, want %s", id, got, want)
				}
			}
		})
	}
}

func TestCompilersAlone(t *testing.T) {
	row := func(id string, r record.Role, n int64, file string) figure.Said {
		return say(id, file, exactly(n), role(r))
	}
	triple := func(file string, low, best, high int64) []figure.Said {
		return []figure.Said{
			row(file+" low", record.CompiledLow, low, file), row(file+" best", record.CompiledBest, best, file),
			row(file+" high", record.CompiledHigh, high, file),
		}
	}
	for _, tc := range []struct {
		name string
		said []figure.Said
		want map[figure.Rule]string
	}{
		{"one triple", triple("ds", 96, 96, 105), map[figure.Rule]string{
			figure.Gawah1: "96–105 best 96, 0 compiled", figure.UCDP1: "96–105 best 96, 0 compiled",
			figure.ACLED1: "96–96 best 96, 0 compiled", figure.GTD1: "96–96 best 96, 0 compiled",
			figure.IBC1: "96–105 best none, 0 compiled",
		}},
		{"zero to high is unconfirmed", triple("ds", 0, 0, 11), map[figure.Rule]string{
			figure.Gawah1: "0–11 best none, 0 compiled",
		}},
		{"nobody at all", triple("ds", 0, 0, 0), map[figure.Rule]string{figure.Gawah1: "0–0 best 0, 0 compiled"}},
		{"broken order", triple("ds", 10, 4, 8), map[figure.Rule]string{figure.Gawah1: "4–10 best 4, 0 compiled"}},
		{
			"the same in one claim",
			[]figure.Said{say("a", "ds", number(record.Between, 10, 8, 4), role(record.CompiledRange))},
			map[figure.Rule]string{figure.Gawah1: "4–10 best 4, 0 compiled"},
		},
		{
			"compilers that differ",
			append(triple("ds", 96, 96, 105), row("x", record.CompiledSingle, 54, "other"), row("y", record.CompiledSingle, 54, "third")),
			map[figure.Rule]string{
				figure.Gawah1: "54–105 best none, 0 compiled", figure.ACLED1: "54–54 best 54, 0 compiled",
				figure.GTD1: "54–54 best 54, 0 compiled",
			},
		},
		{
			"compilers that agree",
			append(triple("ds", 90, 96, 105), row("x", record.CompiledSingle, 96, "other")),
			map[figure.Rule]string{figure.Gawah1: "90–105 best 96, 0 compiled"},
		},
		{"a low alone", []figure.Said{row("a", record.CompiledLow, 5, "ds")}, map[figure.Rule]string{
			figure.Gawah1: "5–5+ best none, 0 compiled",
		}},
		{"a high alone", []figure.Said{row("a", record.CompiledHigh, 5, "ds")}, map[figure.Rule]string{
			figure.Gawah1: "0–5 below best none, 0 compiled",
		}},
		{
			"a report without a number leaves them alone",
			append(triple("ds", 1, 2, 3), say("a", "one", inWords("countless"))),
			map[figure.Rule]string{figure.Gawah1: "1–3 best 2, 0 compiled"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for rule, want := range tc.want {
				f := figure.Compute(rule, record.Killed, record.Scope{}, tc.said)
				if got := text(&f); got != want {
					t.Errorf("%s: got %s, want %s", rule, got, want)
				}
			}
		})
	}
	f := killed(triple("ds", 0, 0, 11)...)
	if got := reasonOf(&f, "ds best").Reason; got != figure.Unconfirmed {
		t.Errorf("best of 0 beside a high of 11 has the reason %s, want %s", got, figure.Unconfirmed)
	}
}

func TestOtherRules(t *testing.T) {
	for _, tc := range []struct {
		name  string
		rule  figure.Rule
		said  []figure.Said
		want  string
		given map[string]figure.Reason
	}{
		{
			"acled takes the lowest", figure.ACLED1,
			[]figure.Said{say("a", "one", exactly(81)), say("b", "two", number(record.AtLeast, 80)), say("c", "three", exactly(105))},
			"80–80 best 80, 3 disputed",
			map[string]figure.Reason{"a": figure.NotChosen, "b": figure.Used},
		},
		{
			"acled reads words as numbers", figure.ACLED1,
			[]figure.Said{say("a", "one", inWords("Dozens"))},
			"12–12 about best 12, 1 provisional", nil,
		},
		{
			"acled has no number for an upper bound", figure.ACLED1,
			[]figure.Said{say("a", "one", number(record.AtMost, 9))},
			"none–none best none, 0 none",
			map[string]figure.Reason{"a": figure.UpperBound},
		},
		{
			"acled falls back on compilers then", figure.ACLED1,
			[]figure.Said{say("a", "one", number(record.AtMost, 9)), say("b", "ds", exactly(4), role(record.CompiledSingle))},
			"4–4 best 4, 0 compiled",
			map[string]figure.Reason{"a": figure.UpperBound, "b": figure.Used},
		},
		{
			"gtd takes the newest", figure.GTD1,
			[]figure.Said{
				say("a", "one", exactly(81), asOf("2031-01-02")), say("b", "two", exactly(81), asOf("2031-01-02")),
				say("c", "three", exactly(84), asOf("2031-01-05")),
			},
			"84–84 best 84, 3 disputed",
			map[string]figure.Reason{"a": figure.NotChosen, "c": figure.Used},
		},
		{
			"gtd passes over an unreliable one", figure.GTD1,
			[]figure.Said{
				say("a", "one", exactly(81), asOf("2031-01-02")),
				say("b", "two", exactly(500), asOf("2031-01-09"), reliability("05")),
			},
			"81–81 best 81, 1 provisional",
			map[string]figure.Reason{"b": figure.Unreliable},
		},
		{
			"gtd goes by majority where the newest differ", figure.GTD1,
			[]figure.Said{
				say("a", "one", exactly(84), asOf("2031-01-02")), say("b", "two", exactly(84), asOf("2031-01-05")),
				say("c", "three", exactly(81), asOf("2031-01-05")),
			},
			"84–84 best 84, 3 disputed", nil,
		},
		{
			"gtd takes the lowest without a majority", figure.GTD1,
			[]figure.Said{say("a", "one", exactly(84)), say("b", "two", exactly(81))},
			"81–81 best 81, 2 disputed", nil,
		},
		{
			"gtd leaves vague words blank", figure.GTD1,
			[]figure.Said{say("a", "one", inWords("dozens"))},
			"none–none best none, 0 none",
			map[string]figure.Reason{"a": figure.NoNumber},
		},
		{
			"ucdp takes the most reliable for best", figure.UCDP1,
			[]figure.Said{
				say("a", "one", exactly(81), reliability("02")), say("b", "two", exactly(96), reliability("01")),
				say("c", "three", exactly(105)), say("d", "four", exactly(900), reliability("04")),
			},
			"81–105 best 96, 3 disputed",
			map[string]figure.Reason{"d": figure.Unreliable},
		},
		{
			"ucdp takes the lower of equally reliable ones", figure.UCDP1,
			[]figure.Said{say("a", "one", exactly(96)), say("b", "two", number(record.MoreThan, 100))},
			"96–101 best 96, 2 disputed", nil,
		},
		{
			"ibc gives least and greatest, provisional under two origins", figure.IBC1,
			[]figure.Said{say("a", "one", number(record.Between, 5, 7))},
			"5–7 best none, 1 provisional",
			map[string]figure.Reason{"a": figure.BelowCorroboration},
		},
		{
			"ibc with two origins", figure.IBC1,
			[]figure.Said{say("a", "one", number(record.AtLeast, 5)), say("b", "two", exactly(7))},
			"5–7 best none, 2 corroborated",
			map[string]figure.Reason{"a": figure.Used},
		},
		{
			"an unknown rule counts nothing", "moon/1",
			[]figure.Said{say("a", "one", exactly(5))},
			"none–none best none, 0 none",
			map[string]figure.Reason{"a": figure.OtherDefinition},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := figure.Compute(tc.rule, record.Killed, record.Scope{}, tc.said)
			if got := text(&f); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			for id, want := range tc.given {
				if got := reasonOf(&f, id).Reason; got != want {
					t.Errorf("reason of %s is %s, want %s", id, got, want)
				}
			}
		})
	}
}

func TestCovers(t *testing.T) {
	for _, tc := range []struct {
		rule    figure.Rule
		measure record.Measure
		scope   record.Scope
		want    bool
	}{
		{figure.Gawah1, record.Injured, record.Scope{}, true},
		{figure.ACLED1, record.Injured, record.Scope{}, false},
		{figure.UCDP1, record.Injured, record.Scope{}, false},
		{figure.UCDP1, record.Killed, record.Scope{Attackers: record.AttackersIncluded}, false},
		{figure.GTD1, record.Injured, record.Scope{}, true},
		{figure.GTD1, record.Displaced, record.Scope{}, false},
		{figure.GTD1, record.Killed, record.Scope{Attackers: record.AttackersExcluded}, false},
		{figure.IBC1, record.Killed, record.Scope{Counted: record.CountedCivilians}, true},
		{figure.IBC1, record.Killed, record.Scope{Counted: record.CountedForces}, false},
		{figure.IBC1, record.Killed, record.Scope{Attackers: record.AttackersIncluded}, false},
		{figure.IBC1, record.Injured, record.Scope{}, false},
		{"moon/1", record.Killed, record.Scope{}, false},
	} {
		if got := tc.rule.Covers(tc.measure, tc.scope); got != tc.want {
			t.Errorf("%s covers %s %+v: %v, want %v", tc.rule, tc.measure, tc.scope, got, tc.want)
		}
		f := figure.Compute(tc.rule, tc.measure, tc.scope, []figure.Said{say("a", "one", exactly(3), measure(tc.measure), scope(tc.scope))})
		if f.Known() != tc.want {
			t.Errorf("%s of %s %+v has a number: %v, want %v", tc.rule, tc.measure, tc.scope, f.Known(), tc.want)
		}
	}
}

func TestMoney(t *testing.T) {
	money := func(id, outlet, unit string, n int64) figure.Said {
		return say(id, outlet, exactly(n), measure(record.Money), func(s *figure.Said) { s.Claim.Unit = unit })
	}
	compute := func(said ...figure.Said) figure.Figure {
		return figure.Compute(figure.Gawah1, record.Money, record.Scope{}, said)
	}
	f := compute(money("a", "one", "PKR", 1000000), money("b", "two", "PKR", 1000000))
	if got := text(&f); got != "1000000–1000000 best 1000000, 2 corroborated" || f.Unit != "PKR" {
		t.Errorf("got %s in %q", got, f.Unit)
	}
	f = compute(money("a", "one", "PKR", 1000000), money("b", "two", "USD", 6000))
	if f.Known() || f.Unit != "" || reasonOf(&f, "a").Reason != figure.OtherUnit || reasonOf(&f, "b").Reason != figure.OtherUnit {
		t.Errorf("two currencies give %s, %+v", text(&f), f.Claims)
	}
}

func TestParse(t *testing.T) {
	for in, want := range map[string]figure.Rule{"gawah": "gawah/1", "gawah/1": "gawah/1", "": "gawah/1", "ucdp": "ucdp/1", "ibc": "ibc/1"} {
		if got, err := figure.Parse(in); err != nil || got != want {
			t.Errorf("Parse(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	if _, err := figure.Parse("gawah/2"); err == nil || !strings.Contains(err.Error(), "gawah/1, ucdp/1, acled/1, gtd/1, ibc/1") {
		t.Errorf("Parse of a rule that does not exist says %v", err)
	}
	if len(figure.Rules()) != 5 || figure.Rules()[0] != figure.Default {
		t.Errorf("Rules() = %v", figure.Rules())
	}
}

func TestJSON(t *testing.T) {
	f := killed(say("a", "one", number(record.MoreThan, 100), asOf("2031-01-02")), say("b", "two", inWords("dozens")))
	got, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"low":24,"best":null,"high":101,"open":true,"approx":false,"origins":2,"status":"corroborated",` +
		`"rule":"gawah/1","measure":"killed","claims":[` +
		`{"id":"b","used":true,"reason":"used","origin":"name:two","low":24,"open":true,"word":"dozens ≥ 24 (gawah-words/1)"},` +
		`{"id":"a","used":true,"reason":"used","origin":"name:one","low":101,"open":true}]}`
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Errorf("JSON differs (-want +got):\n%s", d)
	}
}

func TestScopes(t *testing.T) {
	site, city := record.Scope{Area: record.AreaSite}, record.Scope{Area: record.AreaCity, Place: "example town"}
	women := record.Scope{Counted: record.CountedWomen}
	got := figure.Scopes(record.Killed, []figure.Said{
		say("a", "one", scope(city)), say("b", "one", scope(site)), say("c", "one"), say("d", "two", scope(city)),
		say("e", "two", scope(women)), say("f", "two", scope(record.Scope{Area: record.AreaWorld}), state(record.Suggested)),
		say("g", "two", scope(record.Scope{Area: record.AreaCountry}), measure(record.Injured)),
		{},
	})
	if d := cmp.Diff([]record.Scope{{}, women, site, city}, got); d != "" {
		t.Errorf("scopes differ (-want +got):\n%s", d)
	}
}

func TestMeasures(t *testing.T) {
	got := figure.Measures([]figure.Said{
		say("a", "one", measure(record.Injured)), say("b", "one"), say("c", "one", measure(record.Bodies), state(record.Suggested)),
		say("d", "one", measure(record.Missing), form(record.Aggregate)),
		{},
	})
	if d := cmp.Diff([]record.Measure{record.Killed, record.Injured}, got); d != "" {
		t.Errorf("measures differ (-want +got):\n%s", d)
	}
}

func TestIndependent(t *testing.T) {
	attribute := func(s *figure.Said) { s.Claim.Kind = record.KindAttribute }
	got := figure.Independent([]figure.Said{
		say("a", "one", attribute, quoting("court")), say("b", "two", attribute, quoting("Court")),
		say("c", "three", attribute), say("d", "four", attribute, from(record.KindClaim, "c")),
		say("e", "ds", attribute, role(record.CompiledSingle)),
	})
	if got != 2 {
		t.Errorf("%d independent origins, want the court and outlet three", got)
	}
}
