package exchange

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var feedNow = time.Date(2031, 1, 12, 9, 0, 0, 0, time.UTC)

func readFeed(in string) (*Feed, error) {
	return ReadFeed([]byte(in), FeedOptions{URL: "https://news.example/feeds/main.xml", Now: feedNow})
}

func at(day, hour int) time.Time { return time.Date(2031, 1, day, hour, 0, 0, 0, time.UTC) }

func TestReadFeed(t *testing.T) {
	const rss = `<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Example News</title><link>https://news.example/</link>
<image><title>logo</title><url>https://news.example/l.png</url></image>
<item><title>Blast &amp; fire in Example Town</title><link>/a/1</link><guid isPermaLink="false">71</guid><pubDate>Fri, 10 Jan 2031 20:00:00 +0500</pubDate><media:content><media:title>picture</media:title></media:content></item>
<item><title><![CDATA[<b>Testfall</b>&nbsp;speaks]]></title><guid>https://news.example/a/2</guid><dc:date>2031-01-11T01:00:00+05:00</dc:date></item>
</channel></rss>`
	const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>Example</title><entry><id>tag:news.example,2031:1</id>
<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <em>quiet</em> day</div></title><link rel="self" href="https://news.example/self"/><link href="https://news.example/b/1"/>
<updated>2031-01-11T09:00:00Z</updated><published>2031-01-10T09:00:00Z</published><source><title>Elsewhere</title></source></entry></feed>`
	const rdf = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://news.example/"><title>Old style</title></channel><item rdf:about="https://news.example/c/1"><title>One</title><link>https://news.example/c/1</link><dc:date>2031-01-10</dc:date></item></rdf:RDF>`
	const js = `{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":5,"url":"https://news.example/d/5","title":"Five < six","date_published":"2031-01-10T09:00:00Z"}]}`
	for name, c := range map[string]struct {
		in, kind, title string
		items           []FeedItem
	}{
		"rss": {rss, "rss", "Example News", []FeedItem{
			{Identity: "news.example\n71", Title: "Blast & fire in Example Town", URL: "https://news.example/a/1", At: at(10, 15), Dated: true},
			{Identity: "https://news.example/a/2", Title: "Testfall speaks", URL: "https://news.example/a/2", At: at(10, 20), Dated: true},
		}},
		"atom": {atom, "atom", "Example", []FeedItem{{Identity: "tag:news.example,2031:1", Title: "A quiet day", URL: "https://news.example/b/1", At: at(10, 9), Dated: true}}},
		"rdf":  {rdf, "rdf", "Old style", []FeedItem{{Identity: "https://news.example/c/1", Title: "One", URL: "https://news.example/c/1", At: at(10, 0), Dated: true}}},
		"json": {js, "json", "J", []FeedItem{{Identity: "news.example\n5", Title: "Five < six", URL: "https://news.example/d/5", At: at(10, 9), Dated: true}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readFeed(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if got.Kind != c.kind || got.Title != c.title {
				t.Errorf("kind %s, title %q", got.Kind, got.Title)
			}
			if diff := cmp.Diff(c.items, got.Items); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func item(parts ...string) string {
	return "<rss><channel><item>" + strings.Join(parts, "") + "</item></channel></rss>"
}

func TestFeedDates(t *testing.T) {
	for in, want := range map[string]time.Time{
		"Fri, 10 Jan 2031 09:00:00 GMT": at(10, 9), "10 Jan 31 09:00:00 +0000": at(10, 9), "Friday, 10 Jan 2031 14:00:00 PKT": at(10, 9),
		"Sun, 10 Jan 2031 13:30:00 +0430": at(10, 9), "2031-01-10T04:00:00-05:00": at(10, 9), "2031-01-10 09:00:00": at(10, 9), // wrong weekday; no zone
		"Fri, 10 Jan 2031 04:00:00 EST": at(10, 9), "10 Jan 2031 09:00:00 XYZT": at(10, 9), "2031-01-10": at(10, 0), "January 10, 2031": at(10, 0),
	} {
		f, err := readFeed(item("<title>x</title><pubDate>" + in + "</pubDate>"))
		if err != nil || len(f.Items) != 1 || !f.Items[0].Dated || !f.Items[0].At.Equal(want) {
			t.Errorf("%q: %+v %v", in, f, err)
		}
	}
	for _, in := range []string{"", "gestern", "Fri, 40 Jan 2031", "2035-01-10", "1970-01-01T00:00:00Z", strings.Repeat("9", 200)} {
		f, err := readFeed(item("<title>x</title><pubDate>" + in + "</pubDate>"))
		if err != nil || len(f.Items) != 1 || f.Items[0].Dated || !f.Items[0].At.Equal(feedNow) || len(f.Problems) != 1 {
			t.Errorf("%.20q: %+v %v", in, f, err)
		}
	}
}

func TestHostileFeeds(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>`
	outside := `<!DOCTYPE foo [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>`
	for name, c := range map[string]struct {
		in   string
		code FeedCode
	}{
		"entities": {bomb, FeedEntities}, "external entity": {outside, FeedEntities}, "empty": {"", FeedNone}, "spaces": {" \n", FeedNone},
		"web page": {"<!doctype html><html><head><title>x</title></head></html>", FeedNone}, "text": {"hello", FeedNone}, "other JSON": {`{"a":1}`, FeedNone},
		"JSON that ends": {`{"version":"https://jsonfeed.org/version/1","items":[`, FeedNone}, "svg": {`<svg xmlns="http://www.w3.org/2000/svg"/>`, FeedNone},
		"deep": {"<rss>" + strings.Repeat("<a>", 200_000), FeedBroken}, "ends at once": {"<rss><channel>", FeedBroken},
		"unknown encoding": {"<?xml version=\"1.0\" encoding=\"x-nobody\"?><rss><channel><item><title>\xff</title></item></channel></rss>", FeedEncoding},
		"binary":           {"\x00\x01\x02", FeedNone},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := readFeed(c.in)
			e, ok := errors.AsType[*FeedError](err)
			if !ok || e.Code != c.code {
				t.Fatalf("%+v, %v, want %s", f, err, c.code)
			}
		})
	}
	if _, err := ReadFeed(make([]byte, MaxFeed+1), FeedOptions{}); err == nil {
		t.Error("a feed of more than the limit was read")
	}
}

func TestDamagedFeedsLoseNothing(t *testing.T) {
	one := "<item><title>One</title><link>https://news.example/1</link><pubDate>2031-01-10</pubDate></item>"
	for name, c := range map[string]struct {
		in     string
		titles []string
	}{
		"breaks off":            {"<rss><channel>" + one + "<item><title>Two</title><li", []string{"One", "Two"}},
		"bare ampersand":        {"<rss><channel>" + strings.ReplaceAll(one, "One", "Salt & pepper") + "</channel></rss>", []string{"Salt & pepper"}},
		"html entity":           {"<rss><channel>" + strings.ReplaceAll(one, "One", "One&nbsp;two&hellip;") + "</channel></rss>", []string{"One two…"}},
		"control characters":    {"<rss><channel>" + strings.ReplaceAll(one, "One", "One\x01two\x00") + "</channel></rss>", []string{"One two"}},
		"latin-1 as declared":   {"<?xml version='1.0' encoding='ISO-8859-1'?><rss><channel>" + strings.ReplaceAll(one, "One", "Caf\xe9") + "</channel></rss>", []string{"Café"}},
		"utf-8 declared latin":  {"<?xml version='1.0' encoding='ISO-8859-1'?><rss><channel>" + strings.ReplaceAll(one, "One", "کوئٹہ") + "</channel></rss>", []string{"کوئٹہ"}},
		"latin-1 not declared":  {"<rss><channel>" + strings.ReplaceAll(one, "One", "Caf\xe9") + "</channel></rss>", []string{"Caf\uFFFD"}},
		"utf-16":                {"\xff\xfe" + wide("<rss><channel>"+one+"</channel></rss>"), []string{"One"}},
		"turning marks":         {"<rss><channel>" + strings.ReplaceAll(one, "One", "\u202eOne\u2066") + "</channel></rss>", []string{"One"}},
		"script in a title":     {"<rss><channel>" + strings.ReplaceAll(one, "One", "&lt;script&gt;alert(1)&lt;/script&gt;One") + "</channel></rss>", []string{"One"}},
		"the same twice":        {"<rss><channel>" + one + one + "</channel></rss>", []string{"One"}},
		"nothing in an item":    {"<rss><channel><item><description>x</description></item>" + one + "</channel></rss>", []string{"One"}},
		"unclosed item":         {"<rss><channel><item><title>One</title></channel></rss>", []string{"One"}},
		"address that runs":     {item("<title>One</title><link>javascript:alert(1)</link>"), []string{"One"}},
		"two titles in one":     {item("<title>One</title><title>Two</title>"), []string{"One"}},
		"upper case":            {"<RSS><CHANNEL><ITEM><TITLE>One</TITLE></ITEM></CHANNEL></RSS>", []string{"One"}},
		"title of an item long": {item("<title>" + strings.Repeat("x", 200_000) + "</title>"), []string{strings.Repeat("x", 500) + "…"}},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := readFeed(c.in)
			if err != nil {
				t.Fatal(err)
			}
			var titles []string
			for _, i := range f.Items {
				titles = append(titles, i.Title)
				if strings.HasPrefix(i.URL, "javascript") {
					t.Errorf("kept %q", i.URL)
				}
			}
			if diff := cmp.Diff(c.titles, titles); diff != "" {
				t.Error(diff)
			}
		})
	}
	many := "<rss><channel>"
	for i := range maxFeedItems + 10 {
		many += fmt.Sprintf("<item><guid>%d</guid><title>x</title></item>", i)
	}
	f, err := readFeed(many + "</channel></rss>")
	if err != nil || len(f.Items) != maxFeedItems || len(f.Problems) > 101 {
		t.Fatalf("%d items, %v", len(f.Items), err)
	}
}

func wide(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

func FuzzReadFeed(f *testing.F) {
	f.Add([]byte(item("<title>x</title><pubDate>Fri, 10 Jan 2031 09:00:00 GMT</pubDate>")), "application/rss+xml")
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id><title type="xhtml"><div>x</div></title></entry></feed>`), "")
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"title":"x"}]}`), "application/feed+json")
	f.Add([]byte("\xff\xfe<\x00r\x00"), "text/xml; charset=utf-16")
	f.Fuzz(func(t *testing.T, in []byte, kind string) {
		got, err := ReadFeed(in, FeedOptions{Type: kind, URL: "https://news.example/feed", Now: feedNow})
		if err != nil {
			if _, ok := errors.AsType[*FeedError](err); !ok {
				t.Fatal(err)
			}
			return
		}
		for _, i := range got.Items {
			if i.Identity == "" || !utf8.ValidString(i.Title) || strings.ContainsAny(i.Title, "\x00\n\u202e") || i.At.IsZero() ||
				i.URL != "" && !strings.HasPrefix(i.URL, "http://") && !strings.HasPrefix(i.URL, "https://") {
				t.Fatalf("%+v", i)
			}
		}
	})
}
