package petitions

import (
	"testing"

	"github.com/gawah-project/gawah/internal/signature"
)

func TestCleanSite(t *testing.T) {
	for _, test := range []struct{ in, site, domain string }{
		{"https://www.testfall-rights.org/about?x=1#top", "https://www.testfall-rights.org/about?x=1", "testfall-rights.org"},
		{" testfall.org.uk ", "https://testfall.org.uk", "testfall.org.uk"},
		{"http://Legal.Testfall.com.pk/", "http://legal.testfall.com.pk/", "testfall.com.pk"},
		{"https://bücher-testfall.de", "https://xn--bcher-testfall-gsb.de", "xn--bcher-testfall-gsb.de"},
		{"https://testfall.blogspot.com", "https://testfall.blogspot.com", "testfall.blogspot.com"},
		{"https://www.facebook.com/testfall", "https://www.facebook.com/testfall", ""},
		{"https://sites.google.com/view/testfall", "https://sites.google.com/view/testfall", ""},
		{"https://gmail.com/", "https://gmail.com/", ""},
		{"https://co.uk", "", ""},
		{"https://localhost", "", ""},
		{"https://192.0.2.1/", "", ""},
		{"https://[2001:db8::1]/", "", ""},
		{"https://testfall.internal/", "", ""},
		{"https://testfall.org:8443/", "", ""},
		{"javascript://testfall.org/%0aalert(1)", "", ""},
		{"ftp://testfall.org", "", ""},
		{"https://me:secret@testfall.org", "", ""},
		{"", "", ""},
	} {
		site, domain, ok := cleanSite(test.in)
		if site != test.site || domain != test.domain || ok != (test.site != "") {
			t.Errorf("%q is %q under %q (%v), want %q under %q", test.in, site, domain, ok, test.site, test.domain)
		}
	}
}

func TestProvesBy(t *testing.T) {
	for _, test := range []struct {
		address, site, domain string
		want                  bool
	}{
		{"office@testfall.org.uk", "https://www.testfall.org.uk", "testfall.org.uk", true},
		{"office@mail.testfall.org.uk", "https://testfall.org.uk/about", "testfall.org.uk", false},
		{"someone@students.testfall.org.uk", "https://www.testfall.org.uk", "testfall.org.uk", false},
		{"office@law.testfall.org.uk", "https://law.testfall.org.uk/", "testfall.org.uk", true},
		{"OFFICE@TESTFALL.ORG.UK", "https://testfall.org.uk/", "testfall.org.uk", true},
		{"office@testfall.org", "https://testfall.org.uk/", "testfall.org.uk", false},
		{"office@example.org.uk", "https://testfall.org.uk/", "testfall.org.uk", false},
		{"testfall@gmail.com", "https://testfall.org.uk/", "testfall.org.uk", false},
		{"testfall@gmail.com", "https://gmail.com/", "gmail.com", false},
		{"testfall@googlemail.com", "https://gmail.com/", "gmail.com", false},
		{"office@testfall.blogspot.com", "https://other.blogspot.com/", "other.blogspot.com", false},
		{"office@facebook.com", "https:///", "", false},
	} {
		a, err := signature.ParseAddress(test.address, signature.DefaultRules())
		if err != nil {
			t.Fatal(err)
		}
		if got := provesBy(a, test.site, test.domain); got != test.want {
			t.Errorf("%s for %q: %v", test.address, test.domain, got)
		}
	}
}

func FuzzCleanSite(f *testing.F) {
	f.Add("https://www.testfall.org")
	f.Add("//x")
	f.Fuzz(func(t *testing.T, s string) {
		site, _, ok := cleanSite(s)
		if !ok {
			return
		}
		again, _, ok := cleanSite(site)
		if !ok || again != site {
			t.Errorf("%q became %q and then %q", s, site, again)
		}
	})
}
