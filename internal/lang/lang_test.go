package lang

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

// holes returns the names of a text's placeholders, sorted and once each.
func holes(s string) []string {
	var names []string
	for _, m := range hole.FindAllStringSubmatch(s, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestCatalogues(t *testing.T) {
	en := catalogues()[0]
	for _, c := range catalogues() {
		for key, m := range c.messages {
			base, ok := en.messages[key]
			if !ok {
				t.Errorf("%s: %s is not in the English catalogue", c.tag, key)
				continue
			}
			want := holes(base.forms["other"])
			for form, s := range m.forms {
				if !slices.Contains(categories[:], form) {
					t.Errorf("%s: %s has a form %q that is no plural category", c.tag, key, form)
				}
				// "One thing" need not repeat its number.
				got := holes(s)
				if form == "one" && !slices.Contains(got, "n") && slices.Contains(want, "n") {
					got = append(got, "n")
					slices.Sort(got)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %s, form %s: holes %v, in English %v", c.tag, key, form, got, want)
				}
				if strings.ContainsAny(hole.ReplaceAllString(s, ""), "{}<>") {
					t.Errorf("%s: %s: %q has a brace or an angle bracket outside a hole", c.tag, key, s)
				}
				if strings.TrimSpace(s) != s || strings.Contains(s, "  ") {
					t.Errorf("%s: %s: %q has stray spaces", c.tag, key, s)
				}
			}
			if len(m.forms) > 1 && !slices.Contains(want, "n") {
				t.Errorf("%s: %s has plural forms and no {n}", c.tag, key)
			}
		}
	}
}

// Every key that the program's pages and messages name exists.
func TestKeysInUseExist(t *testing.T) {
	uses := Uses{Keys: map[string]string{}, Prefixes: map[string]string{}}
	for _, dir := range []string{"../web", "../casework", "../cli", "../mail", "../figure", "../record", "../access", "../petition"} {
		if _, err := os.Stat(dir); err != nil {
			continue
		}
		u, err := Scan(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		uses.Merge(u)
	}
	for _, m := range uses.Missing() {
		t.Errorf("not in locales/en.json: %s", m)
	}
}

// No key is kept that nothing can ask for.
func TestKeysAreUsed(t *testing.T) {
	list, err := unused(os.DirFS(".."), os.DirFS("../../bench"))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range list {
		t.Errorf("nothing uses %s", k)
	}
}

func TestScan(t *testing.T) {
	u, err := Scan(fstest.MapFS{
		"a.html": {Data: []byte("{{.L.T \"event.when\"}} {{t \"nav.home\"}}\n{{$.P.H (printf \"measure.%s\" .M)}}")},
		"b.go":   {Data: []byte("package b\n// p.T(\"not.this\")\nvar x = p.T(\"page.of\", \"page\", 1)\nvar y = p.T(\"role.\" + r)\nvar titleKey = \"home.title\"\nif s.Key == \"vcs.time\" {}")},
		"c.css":  {Data: []byte(`T("no.css")`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"event.when", "nav.home", "page.of", "home.title"} {
		if u.Keys[want] == "" {
			t.Errorf("%s was not found", want)
		}
	}
	for _, want := range []string{"measure.", "role."} {
		if u.Prefixes[want] == "" {
			t.Errorf("the prefix %s was not found", want)
		}
	}
	if len(u.Keys) != 4 || len(u.Prefixes) != 2 {
		t.Errorf("found %v and %v", u.Keys, u.Prefixes)
	}
}

func TestT(t *testing.T) {
	en, ur := For("en"), For("ur")
	for _, c := range []struct{ got, want string }{
		{en.T("event.claims", "n", 1), "1 claim"},
		{en.T("event.claims", "n", 0), "0 claims"},
		{en.T("event.claims", "n", int64(12345)), "12,345 claims"},
		{en.T("source.quoting", "whom", "{n} <b>"), "quoting {n} <b>"},
		{en.T("source.quoting", "whom", "مثال"), "quoting \u2068مثال\u2069"},
		{en.T("source.quoting", "whom", "\u202Eevil"), "quoting \u2068evil\u2069"},
		{en.T("coverage.of", "matched", 2), "2 of {all}"},
		{en.T("no.such.key"), "[no.such.key]"},
		{ur.T("nav.events"), "واقعات"},
		{ur.T("import.refused", "n", 2), "\u20662 refused\u2069"},
		{en.List([]string{"A"}), "A"},
		{en.List([]string{"A", "B"}), "A and B"},
		{en.List([]string{"A", "B", "{a}", "{b}"}), "A, B, {a} and {b}"},
		{en.List(nil), ""},
		{en.Number(-1234567), "−1,234,567"},
		{en.Range(81, 105), "81–105"},
		{ur.Range(81, 105), "\u206681–105\u2069"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if got := string(ur.H("import.refused", "n", 2)); got != `<span class="untranslated" lang="en" dir="ltr">2 refused</span>` {
		t.Errorf("a message given in English is not marked: %s", got)
	}
	if got := string(en.H("source.quoting", "whom", "<script>")); got != "quoting &lt;script&gt;" {
		t.Errorf("not escaped: %s", got)
	}
}

// A printer knows whether it gave English for want of its own words, and only then.
func TestFellBack(t *testing.T) {
	ur := For("ur")
	ur.T("nav.events")
	ur.H("event.claims", "n", 2)
	if ur.FellBack() {
		t.Error("a printer that had every message says that one was given in English")
	}
	ur.T("import.refused", "n", 2)
	if !ur.FellBack() || For("ur").FellBack() {
		t.Error("a message given in English is not told, or told of another printer")
	}
	en := English()
	en.T("import.refused", "n", 2)
	en.T("no.such.key")
	if en.FellBack() {
		t.Error("English falls back on nothing")
	}
}

func TestFor(t *testing.T) {
	for tag, want := range map[string]string{"": "en", "en-GB": "en", "ur-PK": "ur", "fa": "fa-AF", "fa-AF": "fa-AF", "xx": "en", "<": "en"} {
		if got := For(tag).Tag(); got != want {
			t.Errorf("For(%q) is %s, want %s", tag, got, want)
		}
	}
	for address, want := range map[string][2]string{
		"/": {"en", "/"}, "/events/x": {"en", "/events/x"}, "/ur": {"ur", "/"}, "/ur/events": {"ur", "/events"},
		"/urban": {"en", "/urban"}, "/fa/": {"fa-AF", "/"},
	} {
		p, rest := ForPath(address)
		if p.Tag() != want[0] || rest != want[1] {
			t.Errorf("ForPath(%q) is %s %s, want %v", address, p.Tag(), rest, want)
		}
	}
	if For("ur").Dir() != "rtl" || For("en").Dir() != "ltr" || For("ur").Reviewed() {
		t.Error("direction or review state is wrong")
	}
}

func TestDate(t *testing.T) {
	en, ur := For("en"), For("ur")
	for text, want := range map[string]string{
		"":                          "",
		"2013-01-10":                "10 January 2013",
		"2013-01":                   "January 2013",
		"2013-01-XX":                "January 2013",
		"2013":                      "2013",
		"2008~":                     "about 2008",
		"2013-01-10?":               "perhaps 10 January 2013",
		"2013%":                     "perhaps about 2013",
		"2003/2017":                 "2003–2017",
		"2013-01-10/2013-01-13":     "10–13 January 2013",
		"2013-01-30/2013-02-02":     "30 January 2013 to 2 February 2013",
		"2008~/2013":                "about 2008 to 2013",
		"../2013":                   "until 2013",
		"/2013":                     "by 2013, start not known",
		"2011/..":                   "since 2011",
		"2011/":                     "from 2011, end not known",
		"201X":                      "2010–2019",
		"20XX":                      "2000–2099",
		"2013-21":                   "spring 2013",
		"2013-24":                   "winter 2013",
		"-0043":                     "44 BC",
		"0000":                      "1 BC",
		"2013-01-10T20:50:00+05:00": "10 January 2013, 20:50:00 UTC+05:00",
		"2013-01-10T20:50":          "10 January 2013, 20:50",
		"2013-01-10T15:50Z":         "10 January 2013, 15:50 UTC",
		"last winter":               "last winter",
	} {
		if got := en.Date(text); got != want {
			t.Errorf("Date(%q) is %q, want %q", text, got, want)
		}
	}
	if got := ur.Date("2013-01-10"); got != "10 جنوری 2013" {
		t.Errorf("Urdu: %q", got)
	}
}

// Whatever is put into a message, the message's own words stay in order and
// no hole is filled twice.
func TestArgumentsAreText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		arg := rapid.String().Draw(t, "argument")
		got := English().T("strip.title", "measure", arg)
		if !strings.HasPrefix(got, "Who said how many: ") {
			t.Fatalf("%q", got)
		}
		if strings.Count(got, "\u2068") != strings.Count(got, "\u2069") && !strings.ContainsAny(arg, "\u2068\u2069") {
			t.Fatalf("isolates do not match in %q", got)
		}
	})
}
