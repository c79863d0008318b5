package casework

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
)

func TestDiff(t *testing.T) {
	for _, test := range []struct {
		name, old, fresh string
		want             []Change
	}{
		{"nothing", `{"a":1}`, `{"a":1}`, nil},
		{"a number", `{"low":10}`, `{"low":12}`, []Change{{"low", "10", "12"}}},
		{"a large number stays exact", `{"low":999999999999}`, `{"low":1000000000000}`, []Change{{"low", "999999999999", "1000000000000"}}},
		{"something new", `{}`, `{"unit":"PKR"}`, []Change{{"unit", "", "PKR"}}},
		{"something gone", `{"unit":"PKR"}`, `{}`, []Change{{"unit", "PKR", ""}}},
		{
			"deeper", `{"where":{"town":"A","point":{"lat":1,"lon":2}}}`, `{"where":{"town":"B","point":{"lat":1,"lon":3}}}`,
			[]Change{{"where.point.lon", "2", "3"}, {"where.town", "A", "B"}},
		},
		{
			"a text in one of its languages", `{"title":[{"lang":"en","text":"One"},{"lang":"ur","text":"ایک"}]}`,
			`{"title":[{"lang":"ur","text":"ایک"},{"lang":"en","text":"Two"}]}`,
			[]Change{{"title.en", "One", "Two"}},
		},
		{"a list", `{"claims":["x","y"]}`, `{"claims":["y","z"]}`, []Change{{"claims", "x", "z"}}},
		{"a list twice the same", `{"claims":["x","x"]}`, `{"claims":["x"]}`, []Change{{"claims", "x", ""}}},
		{"another order", `{"claims":["x","y"]}`, `{"claims":["y","x"]}`, []Change{{"claims", "x; y", "y; x"}}},
		{
			"names", `{"names":[{"text":"A","lang":"en","kind":"primary"}]}`, `{"names":[{"text":"B","lang":"en","kind":"primary"}]}`,
			[]Change{{"names", "A (kind: primary, lang: en)", "B (kind: primary, lang: en)"}},
		},
		{"null and nothing are the same", `{"a":null}`, `{}`, nil},
		{"no and nothing are not", `{"open":true}`, `{"open":false}`, []Change{{"open", "true", "false"}}},
	} {
		got, err := diff([]byte(test.old), []byte(test.fresh))
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%s: %s", test.name, d)
		}
	}
	if _, err := diff([]byte("{"), []byte("{}")); err == nil {
		t.Error("damaged bytes have a difference")
	}
}

// TestPublicFieldsExist holds the list of public fields against the records: a
// field that was renamed must not silently vanish from public histories.
func TestPublicFieldsExist(t *testing.T) {
	for kind, fields := range publicFields {
		rec, ok := record.New(kind)
		if !ok {
			t.Fatalf("no kind %q", kind)
		}
		known := jsonFields(rec)
		for _, f := range fields {
			if !known[f] {
				t.Errorf("%s has no field %q", kind, f)
			}
		}
		for _, secret := range []string{"note", "consents", "hidden", "made_by", "scope_read_by", "review.by", "review.reason", "review.at", "by"} {
			// Whose judgement, promise or demand it is, is what these are about.
			said := secret == "by" && (kind == record.KindDemand || kind == record.KindCommitment || kind == record.KindAssessment)
			if kind != record.KindRelease && !said && publicField(kind, secret) {
				t.Errorf("%s shows %q to the public", kind, secret)
			}
		}
	}
}

func FuzzDiff(f *testing.F) {
	f.Add([]byte(`{"a":[{"lang":"en","text":"x"}]}`), []byte(`{"a":[1,null,{"b":[]}]}`))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		if !json.Valid(a) || !json.Valid(b) {
			return
		}
		same, err := diff(a, a)
		if err != nil || len(same) > 0 {
			t.Errorf("a version differs from itself: %v, %v", same, err)
		}
		forth, err := diff(a, b)
		if err != nil {
			t.Fatal(err)
		}
		back, err := diff(b, a)
		if err != nil {
			t.Fatal(err)
		}
		if len(forth) != len(back) {
			t.Fatalf("%d changes one way and %d the other", len(forth), len(back))
		}
		for i := range forth {
			if forth[i].Field != back[i].Field || forth[i].Old != back[i].New || forth[i].New != back[i].Old {
				t.Errorf("%+v against %+v", forth[i], back[i])
			}
		}
	})
}

func TestRedacted(t *testing.T) {
	n := newNaming([]string{"Victim Testfall", "وکٹم ٹیسٹ فال", "Vee"})
	for in, want := range map[string]string{
		"Victim Testfall was there":                    "[…] was there",
		"VICTIM  testfall":                             "[…]",
		"a victim of Testfall":                         "a victim of Testfall",
		"Vee alone is too common":                      "Vee alone is too common",
		"victim_testfall.pdf":                          "[…].pdf",
		"وکٹم ٹیسٹ فال":                                "[…]",
		"Victim\u00a0Testfall, twice: victim testfall": "[…], twice: […]",
	} {
		if got := n.strike(in); got != want {
			t.Errorf("%q becomes %q", in, got)
		}
	}
	if got := n.strikeSlug("killing-of-victim-testfall-2013"); got != "killing-of-x-2013" {
		t.Errorf("the address becomes %q", got)
	}
	body, err := ledger.Canonical(map[string]string{"a": "a \"quoted\" Victim\nTestfall"})
	if err != nil || !n.inBytes(body) {
		t.Errorf("a name over a line end is not found in %s", body)
	}
}
