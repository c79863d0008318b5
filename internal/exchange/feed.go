package exchange

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// FeedCode says why a document cannot be read as a feed. Pages look it up in the
// catalogue under "feed.problem.".
type FeedCode string

// Why a document is not read.
const (
	FeedNone     FeedCode = "not_feed"  // it is something else, such as a web page
	FeedBroken   FeedCode = "malformed" // no item came before it broke
	FeedEntities FeedCode = "entities"  // it declares entities of its own
	FeedLarge    FeedCode = "large"
	FeedEncoding FeedCode = "encoding" // in an encoding nobody knows
)

// FeedError is why a document cannot be read as a feed.
type FeedError struct {
	Code   FeedCode
	Line   int
	Reason string
}

func (e *FeedError) Error() string {
	s := "feed: " + string(e.Code)
	if e.Line > 0 {
		s += fmt.Sprintf(", line %d", e.Line)
	}
	if e.Reason != "" {
		s += ": " + e.Reason
	}
	return s
}

// Limits of a feed.
const (
	MaxFeed      = 16 << 20 // bytes
	maxFeedItems = 5_000
	maxFeedDepth = 100
	maxFeedText  = 64 << 10 // bytes of one element's text that are read
	maxFeedTitle = 500      // characters of a title that are kept
	maxFeedBrief = 2_000    // characters of a summary that are kept
	maxFeedTags  = 50       // of an item
	maxFeedURL   = 2048
)

// FeedItem is one item of a feed.
type FeedItem struct {
	// Identity tells it from every other item of any feed, and is the same when the
	// feed is read again.
	Identity string
	Title    string // plain text
	// Summary is what the item says of itself, plain text, cut; Tags are its categories.
	Summary string
	Tags    []string
	URL     string // http or https, or ""
	// At is when it was published, UTC. Dated is false where the feed does not say so
	// in a way that can be read; At is then when it was read.
	At    time.Time
	Dated bool
}

// Feed is what a document says.
type Feed struct {
	Kind  string // "rss", "rdf", "atom" or "json"
	Title string
	Items []FeedItem
	// Problems lists what was odd; Line is the line of the document. What is listed
	// was read as well as it could be.
	Problems []Problem
}

// FeedOptions is what is known of a document besides its bytes.
type FeedOptions struct {
	Type string    // the Content-Type it came with
	URL  string    // where it was found, against which addresses in it are read
	Now  time.Time // when
}

// ReadFeed reads RSS 0.9x to 2.0, RSS 1.0 (RDF), Atom and JSON Feed. Entities
// that a document declares are never expanded: such a document is refused. A
// document that breaks off keeps the items before the break, with a problem. The
// error is a [*FeedError].
func ReadFeed(data []byte, o FeedOptions) (*Feed, error) {
	if len(data) > MaxFeed {
		return nil, &FeedError{Code: FeedLarge, Reason: fmt.Sprintf("more than %d MB", MaxFeed>>20)}
	}
	f := &feedReader{feed: &Feed{}, now: o.Now.UTC(), seen: map[string]bool{}}
	f.base, _ = url.Parse(o.URL)
	text, err := f.decode(data, o.Type)
	if err != nil {
		return nil, err
	}
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	switch {
	case len(trimmed) == 0:
		return nil, &FeedError{Code: FeedNone, Reason: "the document is empty"}
	case trimmed[0] == '{':
		err = f.json(trimmed)
	case trimmed[0] == '<':
		err = f.xml(trimmed)
	default:
		err = &FeedError{Code: FeedNone, Reason: "it is neither XML nor JSON"}
	}
	if err != nil {
		return nil, err
	}
	return f.feed, nil
}

type feedReader struct {
	feed *Feed
	base *url.URL
	now  time.Time
	seen map[string]bool
}

func (f *feedReader) note(line int, column, format string, args ...any) {
	// A feed of five thousand faulty items says the same five thousand times.
	if len(f.feed.Problems) < 100 {
		f.feed.Problems = append(f.feed.Problems, Problem{Line: line, Column: column, Reason: fmt.Sprintf(format, args...)})
	}
}

// decode turns a document into UTF-8 without characters that XML does not allow.
// A byte order mark decides, then the document's own declaration, then what it
// came with, then UTF-8.
func (f *feedReader) decode(data []byte, contentType string) ([]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		out, _, err := transform.Bytes(unicode.BOMOverride(unicode.UTF8.NewDecoder()), data)
		if err != nil {
			return nil, &FeedError{Code: FeedEncoding, Reason: "its UTF-16 is damaged"}
		}
		data = out
	default:
		label := declared(data)
		if label == "" {
			if _, params, err := mime.ParseMediaType(contentType); err == nil {
				label = params["charset"]
			}
		}
		if utf8.Valid(data) {
			// Whatever it claims, bytes that are UTF-8 are.
			break
		}
		if label == "" || isUTF8(label) {
			break
		}
		enc, _ := charset.Lookup(label)
		if enc == nil {
			return nil, &FeedError{Code: FeedEncoding, Line: 1, Reason: fmt.Sprintf("nobody knows the encoding %.40q", label)}
		}
		out, err := io.ReadAll(io.LimitReader(transform.NewReader(bytes.NewReader(data), enc.NewDecoder()), 4*MaxFeed))
		if err != nil {
			return nil, &FeedError{Code: FeedEncoding, Reason: "it is not in the encoding that it names"}
		}
		data = out
	}
	if !utf8.Valid(data) {
		f.note(0, "", "some bytes are not in its encoding and became U+FFFD")
		data = bytes.ToValidUTF8(data, []byte("\uFFFD"))
	}
	bad := 0
	data = bytes.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r != 0xFFFE && r != 0xFFFF && (r < 0x7f || r > 0x9f || r == 0x85) {
			return r
		}
		bad++
		return ' '
	}, data)
	if bad > 0 {
		f.note(0, "", "%d control characters became spaces", bad)
	}
	return data, nil
}

func isUTF8(label string) bool {
	l := strings.ToLower(strings.TrimSpace(label))
	return l == "utf-8" || l == "utf8"
}

// declared is the encoding that an XML declaration names.
func declared(data []byte) string {
	data = bytes.TrimLeft(data, " \t\r\n")
	if !bytes.HasPrefix(data, []byte("<?xml")) {
		return ""
	}
	end := bytes.Index(data, []byte("?>"))
	if end < 0 || end > 400 {
		return ""
	}
	_, rest, ok := strings.Cut(string(data[:end]), "encoding")
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(strings.TrimLeft(rest, " \t\r\n"), "=")
	rest = strings.TrimLeft(rest, " \t\r\n")
	if rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	label, _, ok := strings.Cut(rest[1:], rest[:1])
	if !ok {
		return ""
	}
	return label
}

// The namespaces whose elements are read. Others (media:title, itunes:…) are
// passed over.
const (
	nsAtom   = "http://www.w3.org/2005/Atom"
	nsAtom03 = "http://purl.org/atom/ns#"
	nsRSS1   = "http://purl.org/rss/1.0/"
	nsRSS09  = "http://my.netscape.com/rdf/simple/0.9/"
	nsRSS2   = "http://backend.userland.com/rss2"
	nsRDF    = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsDC     = "http://purl.org/dc/elements/1.1/"
)

// feedName gives an element the name under which it is read, "" for those that
// are not.
func feedName(n xml.Name) string {
	local := strings.ToLower(n.Local)
	switch n.Space {
	case "", nsAtom, nsAtom03, nsRSS1, nsRSS09, nsRSS2, nsRDF:
		return local
	case nsDC, "dc":
		switch local {
		case "date", "identifier", "subject", "description":
			return "dc:" + local
		}
	}
	return ""
}

// rawItem is an item as its elements say it.
type rawItem struct {
	line                  int
	title, titleType      string
	summary, summaryType  string
	content, contentType  string
	tag                   string
	tags                  []string
	link, guid, permalink string
	date, updated         string
}

func (f *feedReader) xml(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	// Real feeds forget to close elements and to escape ampersands.
	d.Strict = false
	d.Entity = xml.HTMLEntity
	// The text is UTF-8 by now, whatever its declaration says.
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var (
		path []string
		item *rawItem
		text strings.Builder
		into *string // what the text is for
		deep int     // the depth at which that began
	)
	line := func() int { n, _ := d.InputPos(); return n }
	broken := func(reason string) error {
		if f.feed.Kind == "" {
			return &FeedError{Code: FeedNone, Line: line(), Reason: reason}
		}
		if item != nil {
			f.add(item)
		}
		if len(f.feed.Items) == 0 {
			return &FeedError{Code: FeedBroken, Line: line(), Reason: reason}
		}
		f.note(line(), "", "%s; the %d items before it were read", reason, len(f.feed.Items))
		return nil
	}
	var channel rawItem
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return broken(xmlReason(err))
		}
		switch t := token.(type) {
		case xml.Directive:
			if bytes.Contains(t, []byte("[")) || bytes.Contains(bytes.ToUpper(t), []byte("ENTITY")) {
				return &FeedError{Code: FeedEntities, Line: line(), Reason: "it declares entities of its own, which are not expanded"}
			}
		case xml.StartElement:
			name := feedName(t.Name)
			path = append(path, name)
			if len(path) > maxFeedDepth {
				return broken(fmt.Sprintf("it is nested more than %d deep", maxFeedDepth))
			}
			if len(path) == 1 {
				if f.feed.Kind = feedKind(t.Name); f.feed.Kind == "" {
					return &FeedError{Code: FeedNone, Line: line(), Reason: fmt.Sprintf("its root is %.40q", t.Name.Local)}
				}
				continue
			}
			if into != nil {
				if item != nil && (into == &item.summary || into == &item.content) {
					text.WriteByte(' ') // paragraphs are apart
				}
				continue // markup inside a title
			}
			if item == nil && (name == "item" || name == "entry") {
				if len(f.feed.Items) >= maxFeedItems {
					f.note(line(), "", "items beyond the first %d were not read", maxFeedItems)
					return nil
				}
				item = &rawItem{line: line()}
				if about := attribute(t, nsRDF, "about"); about != "" {
					item.guid = about
				}
				continue
			}
			target := item
			if target == nil {
				if len(path) > 3 || len(path) == 3 && path[1] != "channel" {
					continue
				}
				target = &channel
			} else if p := path[len(path)-2]; p != "item" && p != "entry" {
				continue
			}
			switch name {
			case "title":
				target.titleType = attribute(t, "", "type")
				into = &target.title
			case "link":
				if href := attribute(t, "", "href"); href != "" {
					rel := attribute(t, "", "rel")
					if target.link == "" && (rel == "" || rel == "alternate") {
						target.link = href
					}
				} else {
					into = &target.link
				}
			case "guid":
				target.permalink = attribute(t, "", "isPermaLink")
				into = &target.guid
			case "id", "dc:identifier":
				into = &target.guid
			case "pubdate", "published", "issued", "dc:date":
				into = &target.date
			case "updated", "modified":
				into = &target.updated
			case "description", "summary", "dc:description":
				target.summaryType = attribute(t, "", "type")
				into = &target.summary
			case "content":
				target.contentType = attribute(t, "", "type")
				into = &target.content
			case "category", "dc:subject":
				target.tag = ""
				into = &target.tag
				target.tagged(attribute(t, "", "term"))
				target.tagged(attribute(t, "", "label"))
			}
			if into != nil {
				text.Reset()
				deep = len(path)
			}
		case xml.EndElement:
			if len(path) == 0 {
				continue
			}
			if into != nil && len(path) == deep {
				if *into == "" {
					*into = strings.TrimSpace(text.String())
				}
				if item != nil && into == &item.tag {
					item.tagged(item.tag)
				}
				into = nil
			}
			name := path[len(path)-1]
			path = path[:len(path)-1]
			if item != nil && into == nil && (name == "item" || name == "entry") {
				f.add(item)
				item = nil
			}
		case xml.CharData:
			if into != nil && text.Len() < maxFeedText {
				text.Write(t[:min(len(t), maxFeedText-text.Len())])
			}
		}
	}
	if f.feed.Kind == "" {
		return &FeedError{Code: FeedNone, Reason: "it has no root"}
	}
	if len(path) > 0 {
		return broken("it breaks off")
	}
	f.feed.Title = plainTitle(channel.title, channel.titleType)
	return nil
}

// xmlReason says what is wrong with XML without repeating it.
func xmlReason(err error) string {
	if e, ok := errors.AsType[*xml.SyntaxError](err); ok {
		msg := e.Msg
		if len(msg) > 100 {
			msg = strings.ToValidUTF8(msg[:100], "")
		}
		return "it is not well-formed: " + msg
	}
	return "it is not well-formed"
}

func feedKind(n xml.Name) string {
	switch strings.ToLower(n.Local) {
	case "rss":
		return "rss"
	case "rdf":
		return "rdf"
	case "feed":
		return "atom"
	}
	return ""
}

func attribute(t xml.StartElement, space, local string) string {
	for _, a := range t.Attr {
		if a.Name.Local == local && (a.Name.Space == space || space == "" && a.Name.Space == "") {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// tagged adds a category, of those that an item has room for.
func (r *rawItem) tagged(s string) {
	if s = plainTitle(s, ""); s != "" && len(r.tags) < maxFeedTags && !slices.Contains(r.tags, s) {
		r.tags = append(r.tags, s)
	}
}

// add keeps an item.
func (f *feedReader) add(r *rawItem) {
	i := FeedItem{Title: plainTitle(r.title, r.titleType), Summary: plainText(r.summary, r.summaryType, maxFeedBrief), Tags: r.tags, URL: f.address(r.link)}
	if i.Summary == "" {
		i.Summary = plainText(r.content, r.contentType, maxFeedBrief)
	}
	if i.URL == "" && r.permalink != "false" {
		i.URL = f.address(r.guid)
	}
	if i.Title == "" && i.URL == "" {
		f.note(r.line, "", "the item has neither a title nor an address and was left out")
		return
	}
	date := r.date
	if date == "" {
		date = r.updated
	}
	switch at, zoned, ok := feedTime(date); {
	case !ok && strings.TrimSpace(date) == "":
		i.At = f.now
		f.note(r.line, "date", "the item has no date; it counts on the day it was read")
	case !ok:
		i.At = f.now
		f.note(r.line, "date", "%.40q cannot be read as a date; the item counts on the day it was read", date)
	case !f.now.IsZero() && at.After(f.now.Add(24*time.Hour)):
		i.At = f.now
		f.note(r.line, "date", "%s lies in the future; the item counts on the day it was read", at.Format(time.DateOnly))
	case at.Year() < 1990:
		i.At = f.now
		f.note(r.line, "date", "%s is before there was a web; the item counts on the day it was read", at.Format(time.DateOnly))
	default:
		i.At, i.Dated = at, true
		if !zoned {
			f.note(r.line, "date", "the date has no zone and was read as UTC")
		}
	}
	i.Identity = f.identity(r, i)
	if f.seen[i.Identity] {
		f.note(r.line, "", "the same item stands in the feed twice")
		return
	}
	f.seen[i.Identity] = true
	f.feed.Items = append(f.feed.Items, i)
}

// identity tells an item from all others. A bare number is only unique in its own
// site.
func (f *feedReader) identity(r *rawItem, i FeedItem) string {
	host := ""
	if f.base != nil {
		host = f.base.Hostname()
	}
	if u, err := url.Parse(i.URL); err == nil && u.Host != "" {
		host = u.Hostname()
	}
	switch guid := strings.TrimSpace(r.guid); {
	case strings.Contains(guid, "://"), strings.HasPrefix(guid, "tag:"), strings.HasPrefix(guid, "urn:"):
		return guid
	case guid != "":
		return host + "\n" + guid
	case i.URL != "":
		return i.URL
	}
	return host + "\n" + i.Title + "\n" + i.At.Format(time.DateOnly)
}

// address reads a link, which may be relative to the feed.
func (f *feedReader) address(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxFeedURL || strings.ContainsAny(s, "\n\t ") {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	if f.base != nil && !u.IsAbs() {
		u = f.base.ResolveReference(u)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}

// jsonFeed is what is read of a JSON Feed.
type jsonFeed struct {
	Version string `json:"version"`
	Title   string `json:"title"`
	Items   []struct {
		ID        any    `json:"id"`
		URL       string `json:"url"`
		External  string `json:"external_url"`
		Title     string `json:"title"`
		Text      string `json:"content_text"`
		HTML      string `json:"content_html"`
		Summary   string `json:"summary"`
		Tags      any    `json:"tags"`
		Published string `json:"date_published"`
		Modified  string `json:"date_modified"`
	} `json:"items"`
}

func (f *feedReader) json(data []byte) error {
	var j jsonFeed
	if err := json.Unmarshal(data, &j); err != nil {
		return &FeedError{Code: FeedNone, Reason: "it is JSON, but no JSON Feed"}
	}
	if !strings.Contains(j.Version, "jsonfeed.org/version/") {
		return &FeedError{Code: FeedNone, Reason: "it is JSON without the version of a JSON Feed"}
	}
	f.feed.Kind, f.feed.Title = "json", plainTitle(j.Title, "text")
	for n, i := range j.Items {
		if n == maxFeedItems {
			f.note(n, "", "items beyond the first %d were not read", maxFeedItems)
			break
		}
		r := &rawItem{line: n + 1, title: i.Title, titleType: "text", link: i.URL, date: i.Published, updated: i.Modified, permalink: "false"}
		if i.ID != nil {
			r.guid = fmt.Sprint(i.ID)
		}
		if r.link == "" {
			r.link = i.External
		}
		if r.title == "" {
			r.title = i.Text
		}
		r.summary, r.summaryType = i.Summary, "text"
		if r.content, r.contentType = i.Text, "text"; r.content == "" {
			r.content, r.contentType = i.HTML, "html"
		}
		// Some write one tag as a string, or something else altogether.
		switch tags := i.Tags.(type) {
		case string:
			r.tagged(tags)
		case []any:
			for _, t := range tags {
				if s, ok := t.(string); ok {
					r.tagged(s)
				}
			}
		}
		f.add(r)
	}
	return nil
}
