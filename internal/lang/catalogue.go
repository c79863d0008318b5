package lang

import (
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
)

//go:embed locales/*.json
var locales embed.FS

// message is one entry: its forms by CLDR plural category, or only "other".
type message struct {
	forms map[string]string
}

// catalogue is one language's messages.
type catalogue struct {
	tag      language.Tag
	name     string
	dir      string
	path     string
	reviewed bool
	messages map[string]message
}

// file is the shape of locales/TAG.json.
type file struct {
	// Tag is the BCP 47 tag that pages carry.
	Tag string `json:"tag"`
	// Name is the language's name in itself.
	Name string `json:"name"`
	// Dir is "ltr" or "rtl".
	Dir string `json:"dir"`
	// Path is put before public addresses: "" for English, "/ur".
	Path string `json:"path"`
	// Review is "reviewed" or "unreviewed".
	Review   string                     `json:"review"`
	Messages map[string]json.RawMessage `json:"messages"`
}

// catalogues returns every language, English first, the others by tag. They are
// read when first asked for: most processes are short ones, such as those that take
// the text out of one document, and say nothing to anybody.
var catalogues = sync.OnceValue(mustLoad)

// english is the language that has every message.
const english = "en"

func mustLoad() []*catalogue {
	all, err := load()
	if err != nil {
		panic("lang: " + err.Error()) // the files are part of the program and tested with it
	}
	return all
}

func load() ([]*catalogue, error) {
	entries, err := locales.ReadDir("locales")
	if err != nil {
		return nil, err
	}
	var all []*catalogue
	for _, e := range entries {
		data, err := locales.ReadFile("locales/" + e.Name())
		if err != nil {
			return nil, err
		}
		c, err := parse(data)
		if err != nil {
			return nil, fmt.Errorf("locales/%s: %w", e.Name(), err)
		}
		if want := c.tag.String() + ".json"; want != e.Name() {
			return nil, fmt.Errorf("locales/%s: its tag says it should be named %s", e.Name(), want)
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *catalogue) int {
		if first := a.tag.String() == english; first != (b.tag.String() == english) {
			if first {
				return -1
			}
			return 1
		}
		return strings.Compare(a.tag.String(), b.tag.String())
	})
	if len(all) == 0 || all[0].tag.String() != english {
		return nil, fmt.Errorf("there is no catalogue for %s", english)
	}
	return all, nil
}

// parse reads one catalogue file.
func parse(data []byte) (*catalogue, error) {
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	tag, err := language.Parse(f.Tag)
	if err != nil {
		return nil, fmt.Errorf("tag %q: %w", f.Tag, err)
	}
	if f.Dir != "ltr" && f.Dir != "rtl" {
		return nil, fmt.Errorf("dir is %q, want ltr or rtl", f.Dir)
	}
	c := &catalogue{tag: tag, name: f.Name, dir: f.Dir, path: f.Path, reviewed: f.Review == "reviewed", messages: map[string]message{}}
	for key, raw := range f.Messages {
		var m message
		var s string
		text := raw[0] == '"' // a decoder leaves no space before a value
		into := any(&m.forms)
		if text {
			into = &s
		}
		if err := json.Unmarshal(raw, into); err != nil {
			return nil, fmt.Errorf("message %s is neither text nor a set of plural forms", key)
		}
		if text {
			m.forms = map[string]string{"other": s}
		}
		if m.forms["other"] == "" {
			return nil, fmt.Errorf("message %s has no form \"other\"", key)
		}
		c.messages[key] = m
	}
	return c, nil
}

var hole = regexp.MustCompile(`\{([a-z][a-z_]*)\}`)

// Keys returns the keys of every message, sorted.
func Keys() []string {
	keys := make([]string, 0, len(catalogues()[0].messages))
	for k := range catalogues()[0].messages {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
