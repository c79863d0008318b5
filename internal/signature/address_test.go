package signature

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseAddress(t *testing.T) {
	rules := DefaultRules()
	rules["strict.example"] = Rule{}
	rules["*.uni.example"] = Rule{Extension: "-"}
	rules["lists.uni.example"] = Rule{Extension: "+", Strip: "._"}
	rules["old.example"] = Rule{Alias: "lists.uni.example"}
	for _, c := range []struct{ typed, want string }{
		// Providers that document it.
		{"First.Last@gmail.com", "firstlast@gmail.com"},
		{"f.i.r.s.t.last+petitions@GMAIL.com", "firstlast@gmail.com"},
		{"firstlast@googlemail.com", "firstlast@gmail.com"},
		{"First.Last+x@GoogleMail.Com", "firstlast@gmail.com"},
		{"a.b@proton.me", "ab@proton.me"},
		{"a_b-c@protonmail.com", "abc@proton.me"},
		{"a.b+c@pm.me", "ab@proton.me"},
		{"somebody-shop@yahoo.com", "somebody@yahoo.com"},
		{"some.body@yahoo.com", "some.body@yahoo.com"},
		{"some.body+x@yahoo.com", "some.body+x@yahoo.com"},
		{"a.b+c@outlook.com", "a.b@outlook.com"},
		{"a.b@hotmail.com", "a.b@hotmail.com"},
		{"x+y@me.com", "x@icloud.com"},
		{"x@mac.com", "x@icloud.com"},
		{"x@ya.ru", "x@yandex.ru"},
		// The rule for all: dots mean something, what follows a plus does not.
		{"First.Last@example.org", "first.last@example.org"},
		{"first.last+tag@example.org", "first.last@example.org"},
		{"FIRST@EXAMPLE.ORG", "first@example.org"},
		{"a+b+c@example.org", "a@example.org"},
		{"+tag@example.org", "+tag@example.org"},
		{"  spaced@example.org\t", "spaced@example.org"},
		// The most specific rule.
		{"a+b@strict.example", "a+b@strict.example"},
		{"a.b@strict.example", "a.b@strict.example"},
		{"a-b@chem.uni.example", "a@chem.uni.example"},
		{"a+b@chem.uni.example", "a+b@chem.uni.example"},
		{"a-b@deep.chem.uni.example", "a@deep.chem.uni.example"},
		{"a-b@uni.example", "a-b@uni.example"},
		{"a.b_c+d@lists.uni.example", "abc@lists.uni.example"},
		{"a.b@old.example", "ab@lists.uni.example"},
		{"a.b@sub.gmail.com", "a.b@sub.gmail.com"},
		// Other scripts.
		{"user@bücher.example", "user@xn--bcher-kva.example"},
		{"user@BÜCHER.example", "user@xn--bcher-kva.example"},
		{"user@xn--bcher-kva.example", "user@xn--bcher-kva.example"},
		{"user@مثال.example", "user@xn--mgbh0fb.example"},
		{"کاربر@example.org", "کاربر@example.org"},
		{"ÜSER@example.org", "üser@example.org"},
		{"u\u0308ser@example.org", "üser@example.org"},
		{"user@mail。example", "user@mail.example"}, // an ideographic full stop
		{"o'neil@example.org", "o'neil@example.org"},
		{"a@b.co", "a@b.co"},
	} {
		got, err := ParseAddress(c.typed, rules)
		if err != nil || got.Canonical != c.want {
			t.Errorf("%q: %q, %v, want %q", c.typed, got.Canonical, err, c.want)
			continue
		}
		if got.Typed != strings.TrimSpace(c.typed) {
			t.Errorf("%q: mail goes to %q", c.typed, got.Typed)
		}
		if got.Domain != got.Canonical[strings.LastIndexByte(got.Canonical, '@')+1:] {
			t.Errorf("%q: domain %q of %q", c.typed, got.Domain, got.Canonical)
		}
	}
	for _, typed := range []string{
		"", "@", "a@", "@example.org", "a", "a@b", "a@example", "a b@example.org", "a@exam ple.org", "a..b@example.org", ".a@example.org", "a.@example.org",
		"a@example..org", "a@-example.org", "a@example.1", "a@192.0.2.1", "a@[192.0.2.1]", "\"a b\"@example.org", "a,b@example.org", "a@example.org,b@example.org",
		"a\u200b@example.org", "a\u202eb@example.org", "a\x00@example.org", "a\n@example.org", "a@example.org\nBcc: b@example.org", "a<b@example.org", "a@exam_ple.org",
		strings.Repeat("a", 65) + "@example.org", "a@" + strings.Repeat("a", 64) + ".example", "a@" + strings.Repeat("abcdefgh.", 30) + "example", "a\xff@example.org",
	} {
		if got, err := ParseAddress(typed, rules); err == nil {
			t.Errorf("%q was taken as %+v", typed, got)
		}
	}
}

func TestParseAddressTwice(t *testing.T) {
	rules := DefaultRules()
	rapid.Check(t, func(t *rapid.T) {
		local := rapid.StringMatching(`[a-zA-Z0-9]([a-zA-Z0-9._+-]{0,20}[a-zA-Z0-9])?`).Draw(t, "local")
		domain := rapid.SampledFrom([]string{"gmail.com", "googlemail.com", "example.org", "yahoo.com", "pm.me", "bücher.example"}).Draw(t, "domain")
		a, err := ParseAddress(local+"@"+domain, rules)
		if err != nil {
			return
		}
		b, err := ParseAddress(a.Canonical, rules)
		if err != nil {
			t.Fatalf("the canonical form %q of %q is no address: %v", a.Canonical, local+"@"+domain, err)
		}
		if b.Domain != a.Domain {
			t.Errorf("%q: domain %q, then %q", a.Typed, a.Domain, b.Domain)
		}
	})
}

func TestDomainHit(t *testing.T) {
	list := map[string]bool{"bad.example": true}
	for domain, want := range map[string]bool{"bad.example": true, "a.b.bad.example": true, "notbad.example": false, "example": false, "": false} {
		if DomainHit(domain, list) != want {
			t.Errorf("%q: %v", domain, !want)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"a@example.org", "a@bücher.example", "\u202ea@b.c", "a@b@c.d", "a+b-c@yahoo.com"} {
		f.Add(s)
	}
	rules := DefaultRules()
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAddress(s, rules)
		if err != nil {
			return
		}
		if strings.ContainsAny(a.Typed+a.Canonical, "\r\n\x00 <>,;:\"") {
			t.Errorf("%q was taken", s)
		}
	})
}
