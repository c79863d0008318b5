package casework

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
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
// two words. It is found however it is spelled: in either case, with signs nobody
// sees, lengthened or marked letters, in any of the forms of a letter, with any
// kind of space or what stands for one between its words, and cut by the border
// of two pieces of one text. A name of one word is too common to be struck out
// unseen and only counts for showing an editor what to look at.
type naming struct {
	full  []fullName
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
		words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' })
		key := strings.ToLower(strings.Join(words, " "))
		if len(words) == 0 || seen[key] {
			continue
		}
		seen[key] = true
		n.words = append(n.words, names.TokenSet(text))
		if len(words) < 2 {
			continue
		}
		full := fullNameOf(text)
		if !slices.Contains(full.starts, true) {
			continue
		}
		n.full = append(n.full, full)
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

func (n naming) inSlug(s string) bool {
	s = strings.ToLower(s)
	return slices.ContainsFunc(n.slugs, func(slug string) bool {
		return strings.Contains(s, slug) || strings.Contains(s, strings.ReplaceAll(slug, "-", "_")) ||
			strings.Contains(s, strings.ReplaceAll(slug, "-", "%20")) || strings.Contains(s, strings.ReplaceAll(slug, "-", "+"))
	})
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

// among reports whether all the words of a name of several words are among some, of which
// the order is not known.
func (n naming) among(tokens []string) bool {
	return slices.ContainsFunc(n.words, func(words []string) bool {
		return len(words) > 1 && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(tokens, w) })
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
	// Whole says that it is the copy of a source, which is removed with its text.
	Whole bool
	// Words is the text around the name, at most 200 characters; for a copy, the title
	// of its source.
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
		copies, err := e.copies(ctx, r)
		if err != nil {
			return err
		}
		all := slices.Clone(copies)
		for _, m := range e.mentions {
			if !slices.ContainsFunc(copies, func(c Mention) bool { return c.Ref == m.Ref }) {
				all = append(all, m)
			}
		}
		refs := make([]record.Ref, len(all))
		for i, m := range all {
			refs[i] = m.Ref
		}
		called, err := subjectNames(ctx, r, v, refs)
		if err != nil {
			return err
		}
		for _, m := range all {
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
			for k, x := range v {
				visit(x)
				if fields, list := pieced[k], asList(x); fields != nil && list != nil && hit == "" {
					hit = n.aroundPieces(list, fields)
				}
			}
		case []any:
			for _, x := range v {
				visit(x)
			}
		case string:
			if hit != "" {
				return
			}
			s := spelling{placed: true}
			s.add([]byte(v), 0)
			found := n.spans(&s)
			if len(found) == 0 {
				return
			}
			from := s.from[found[0].from]
			for range 80 {
				if from == 0 {
					break
				}
				_, size := utf8.DecodeLastRuneInString(v[:from])
				from -= size
			}
			hit = firstRunes(v[from:], 200)
		}
	}
	visit(v)
	return hit
}

// aroundPieces returns the pieces of a text of which one cuts a name, "" where
// none does.
func (n naming) aroundPieces(list []any, fields []string) string {
	for _, pieces := range streams(list, fields) {
		s := spelling{}
		s.addPieces(pieces)
		if !n.held(&s) {
			continue
		}
		texts := make([]string, len(pieces))
		for i, p := range pieces {
			texts[i] = p.text
		}
		return firstRunes(strings.Join(texts, " … "), 200)
	}
	return ""
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
