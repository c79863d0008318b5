package casework

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// struckOut stands where a name was.
const struckOut = "[…]"

// afterScrub is how long to wait for readers before emptying the log again.
func afterScrub() <-chan time.Time { return time.After(50 * time.Millisecond) }

// naming finds the names of one person in texts. A full name is one of at least
// two words, in any case and with white space or what stands for it in file names
// and addresses between them; a name of one
// word is too common to be struck out unseen and only counts for showing an
// editor what to look at.
type naming struct {
	full []*regexp.Regexp
	// rare is, for each full name, its longest word in lower case: what a text has
	// to contain to be worth a closer look.
	rare  [][]byte
	slugs []string
	// words are the folded words of each name, those of one word included.
	words [][]string
}

// namingOf gathers every name a person has or had.
func namingOf(ctx context.Context, r *store.Reader, id record.PersonID) (naming, error) {
	item, err := store.One[*record.Person](ctx, r, access.House(), id)
	if err != nil {
		return naming{}, err
	}
	all := item.Rec.Names
	past, err := r.History(ctx, access.House(), item.Rec.Ref())
	if err != nil {
		return naming{}, err
	}
	for _, p := range past {
		if p.Body == nil {
			continue
		}
		var old record.Person
		if err := json.Unmarshal(p.Body, &old); err != nil {
			return naming{}, fmt.Errorf("decode version %d of a person: %w", p.Rev, err)
		}
		all = append(all, old.Names...)
	}
	texts := make([]string, len(all))
	for i, n := range all {
		texts[i] = n.Text
	}
	return newNaming(texts), nil
}

func newNaming(texts []string) naming {
	var n naming
	seen := map[string]bool{}
	for _, text := range texts {
		words := strings.Fields(text)
		key := strings.ToLower(strings.Join(words, " "))
		if len(words) == 0 || seen[key] {
			continue
		}
		seen[key] = true
		n.words = append(n.words, names.TokenSet(text))
		if len(words) < 2 {
			continue
		}
		quoted := make([]string, len(words))
		longest := ""
		for i, w := range words {
			quoted[i] = regexp.QuoteMeta(w)
			if len(w) > len(longest) {
				longest = w
			}
		}
		n.full = append(n.full, regexp.MustCompile(`(?i)`+strings.Join(quoted, `(?:[\s\p{Zs}\x{200c}_+-]|%20|\\[nrt])+`)))
		n.rare = append(n.rare, []byte(strings.ToLower(longest)))
		if slug := slugged(text); strings.Contains(slug, "-") {
			n.slugs = append(n.slugs, slug)
		}
	}
	return n
}

// slugged is how a name stands in an address.
func slugged(s string) string {
	return strings.Trim(strings.Join(strings.FieldsFunc(names.Fold(s), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), "-"), "-")
}

// in reports whether a text holds a full name.
func (n naming) in(s string) bool {
	return slices.ContainsFunc(n.full, func(re *regexp.Regexp) bool { return re.MatchString(s) })
}

// inBytes is in for much text of which little holds a name.
func (n naming) inBytes(b []byte) bool {
	if len(n.full) == 0 {
		return false
	}
	lower := bytes.ToLower(b)
	for i, re := range n.full {
		if bytes.Contains(lower, n.rare[i]) && re.Match(b) {
			return true
		}
	}
	return false
}

func (n naming) inSlug(s string) bool {
	s = strings.ToLower(s)
	return slices.ContainsFunc(n.slugs, func(slug string) bool {
		return strings.Contains(s, slug) || strings.Contains(s, strings.ReplaceAll(slug, "-", "_")) ||
			strings.Contains(s, strings.ReplaceAll(slug, "-", "%20")) || strings.Contains(s, strings.ReplaceAll(slug, "-", "+"))
	})
}

// strike replaces every full name in a text.
func (n naming) strike(s string) string {
	for _, re := range n.full {
		s = re.ReplaceAllString(s, struckOut)
	}
	return s
}

// strikeSlug takes the name out of an address.
func (n naming) strikeSlug(s string) string {
	for _, slug := range n.slugs {
		s = strings.ReplaceAll(s, slug, "x")
	}
	return s
}

// loosely reports whether a text holds all the words of one of the names,
// folded, in any order.
func (n naming) loosely(tokens map[string]bool) bool {
	return slices.ContainsFunc(n.words, func(words []string) bool {
		return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !tokens[w] })
	})
}

// Mention is a record that names a person and is not about them: something an
// editor looks at before the person is erased.
type Mention struct {
	Ref  record.Ref
	Name SubjectName
	// Full says that a full name stands there, which erasing strikes out. Otherwise
	// the words of a name stand there and nothing is done without an editor.
	Full bool
	// Earlier says that only a version that was replaced holds it.
	Earlier bool
	// Words is the text around the name, at most 200 characters.
	Words string
}

// MentionsOf lists the records that name a person beside those that are erased
// with them.
func (h *House) MentionsOf(ctx context.Context, v access.Viewer, id record.PersonID) ([]Mention, error) {
	if err := require(v, access.ActErase); err != nil {
		return nil, err
	}
	var out []Mention
	err := h.view(ctx, func(r *store.Reader) error {
		e := &erasure{house: h, ref: record.Ref{Kind: record.KindPerson, ID: string(id)}, keep: map[record.Ref]bool{}}
		if err := e.plan(ctx, r); err != nil {
			return err
		}
		refs := make([]record.Ref, len(e.mentions))
		for i, m := range e.mentions {
			refs[i] = m.Ref
		}
		called, err := subjectNames(ctx, r, v, refs)
		if err != nil {
			return err
		}
		for _, m := range e.mentions {
			m.Name = called[m.Ref]
			out = append(out, m)
		}
		return nil
	})
	return out, err
}

// mentions searches every version there is.
func mentions(ctx context.Context, r *store.Reader, n naming, but map[record.Ref]bool) ([]Mention, error) {
	found := map[record.Ref]*Mention{}
	var rare [][]byte
	for _, words := range n.words {
		longest := slices.MaxFunc(words, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
		rare = append(rare, []byte(longest))
	}
	err := r.EachBody(ctx, func(b store.StoredBody) error {
		if but[b.Ref] {
			return nil
		}
		full := n.inBytes(b.Body) || slices.ContainsFunc(n.slugs, func(s string) bool { return bytes.Contains(b.Body, []byte(s)) })
		loose := false
		if !full && slices.ContainsFunc(rare, func(w []byte) bool { return bytes.Contains(bytes.ToLower(b.Body), w) }) {
			tokens := map[string]bool{}
			for _, t := range names.TokenSet(string(b.Body)) {
				tokens[t] = true
			}
			loose = n.loosely(tokens)
		}
		if !full && !loose {
			return nil
		}
		m := found[b.Ref]
		if m == nil {
			m = &Mention{Ref: b.Ref, Earlier: true}
			found[b.Ref] = m
		}
		m.Full = m.Full || full
		m.Earlier = m.Earlier && !b.Current
		if m.Words == "" {
			m.Words = n.around(b.Body)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]Mention, 0, len(found))
	for _, m := range found {
		out = append(out, *m)
	}
	slices.SortFunc(out, func(a, b Mention) int {
		return cmp.Or(later(!a.Full, !b.Full), cmp.Compare(a.Ref.Kind, b.Ref.Kind), cmp.Compare(a.Ref.ID, b.Ref.ID))
	})
	return out, nil
}

// around returns the string value of a version in which a name stands, cut to a
// readable length.
func (n naming) around(body []byte) string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return ""
	}
	var hit string
	var visit func(any)
	visit = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, x := range v {
				visit(x)
			}
		case []any:
			for _, x := range v {
				visit(x)
			}
		case string:
			if hit != "" {
				return
			}
			for _, re := range n.full {
				if at := re.FindStringIndex(v); at != nil {
					from := at[0]
					for range 80 {
						if from == 0 {
							break
						}
						_, size := utf8.DecodeLastRuneInString(v[:from])
						from -= size
					}
					hit = firstRunes(v[from:], 200)
					return
				}
			}
		}
	}
	visit(v)
	return hit
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
