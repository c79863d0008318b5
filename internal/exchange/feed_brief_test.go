package exchange

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFeedSummaries reads what items say of themselves beside their title, in each kind of
// feed, as plain text.
func TestFeedSummaries(t *testing.T) {
	for name, c := range map[string]struct {
		in      string
		summary string
		tags    []string
	}{
		"rss": {
			item("<title>x</title><description>&lt;p&gt;Two blasts&lt;/p&gt;&lt;p&gt;in Testfall &amp;amp; beyond&lt;/p&gt;</description><category domain=\"d\">Example Town</category><category>Example Town</category><category><![CDATA[ سانحہ ]]></category>"),
			"Two blasts in Testfall & beyond",
			[]string{"Example Town", "سانحہ"},
		},
		"atom": {
			`<feed xmlns="http://www.w3.org/2005/Atom"><subtitle>Elsewhere</subtitle><entry><id>tag:a</id><title>x</title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One</p><p>Two</p></div></content><category term="t1" label="Testfall"/></entry></feed>`,
			"One Two",
			[]string{"t1", "Testfall"},
		},
		"atom with both": {
			`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:a</id><title>x</title><content type="html">long</content><summary>brief</summary></entry></feed>`,
			"brief", nil,
		},
		"rdf": {
			`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>c</title></channel><item><title>x</title><dc:description>Said</dc:description><dc:subject>Testfall</dc:subject></item></rdf:RDF>`,
			"Said",
			[]string{"Testfall"},
		},
		"json": {
			`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"title":"x","content_html":"<p>A</p><script>no()</script><p>B</p>","tags":["Testfall",7,"دھماکہ"]}]}`,
			"A B",
			[]string{"Testfall", "دھماکہ"},
		},
		"json with one tag": {`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"title":"x","summary":"S","tags":"Testfall"}]}`, "S", []string{"Testfall"}},
	} {
		f, err := readFeed(c.in)
		if err != nil || len(f.Items) != 1 {
			t.Errorf("%s: %+v %v", name, f, err)
			continue
		}
		if diff := cmp.Diff([]any{c.summary, c.tags}, []any{f.Items[0].Summary, f.Items[0].Tags}); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	long, err := readFeed(item("<title>x</title><description>" + strings.Repeat("word ", 20_000) + "</description>" + strings.Repeat("<category>"+strings.Repeat("t", 9)+"</category><category>u</category>", 500)))
	if err != nil || len([]rune(long.Items[0].Summary)) > maxFeedBrief+2 || len(long.Items[0].Tags) != 2 {
		t.Errorf("of a long item %d characters and %d tags are kept (%v)", len([]rune(long.Items[0].Summary)), len(long.Items[0].Tags), err)
	}
}
