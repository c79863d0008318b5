package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// rank orders search results: a document's number starts with its kind's rank,
// so reading in the order of numbers reads events before claims.
var rank = map[record.Kind]int64{
	record.KindPetition: 0, record.KindEdition: 0,
	record.KindEvent: 1, record.KindPerson: 2, record.KindParty: 3, record.KindTotal: 4, record.KindSource: 5, record.KindClaim: 6,
	record.KindEndorsement: 7, record.KindDemand: 8, record.KindCommitment: 9, record.KindProceeding: 10,
}

// rankShift leaves room for 2^44 documents of each kind.
const rankShift = 44

// index makes, replaces or removes a record's search document.
func (t *Tx) index(ctx context.Context, ref record.Ref, level access.Level, tokens []string, replace bool) error {
	if _, ok := rank[ref.Kind]; !ok {
		return nil
	}
	if replace {
		if err := t.unindex(ctx, ref.ID); err != nil {
			return err
		}
	}
	if len(tokens) == 0 {
		return nil
	}
	t.Head.Docs++
	return t.putDoc(ctx, rank[ref.Kind]<<rankShift+t.Head.Docs, ref, level, tokens)
}

// Marks are tokens that the store adds to a document: its level where that is
// public, and its kind. A search for the public or for one kind then reads no
// document that it will throw away. No folded text holds the sign, and what a
// viewer sees never rests on marks: the "seen" column decides.
const publicMark = "§0"

func kindMark(k record.Kind) string { return "§" + string(k) }

func marked(tokens []string, kind record.Kind, level access.Level) []string {
	out := append(make([]string, 0, len(tokens)+2), tokens...)
	if level == access.LevelPublic {
		out = append(out, publicMark)
	}
	return append(out, kindMark(kind))
}

var docColumns = []string{"number", "kind", "id", "seen", "tokens"}

func (t *Tx) putDoc(ctx context.Context, number int64, ref record.Ref, level access.Level, tokens []string) error {
	tokens = marked(tokens, ref.Kind, level)
	if t.dialect == postgres {
		return t.put(ctx, "doc", docColumns, number, string(ref.Kind), ref.ID, int(level), vector(tokens))
	}
	text := strings.Join(tokens, " ")
	if err := t.put(ctx, "doc", docColumns, number, string(ref.Kind), ref.ID, int(level), text); err != nil {
		return err
	}
	t.putText(number, text)
	return nil
}

// docLevel is a search document with the level it is to have.
type docLevel struct {
	ref   record.Ref
	level access.Level
}

// relevelLater makes relevel happen when the transaction ends.
func (t *Tx) relevelLater(ref record.Ref, level access.Level) {
	if _, ok := rank[ref.Kind]; !ok {
		return
	}
	if t.levels == nil {
		t.levels = map[string]docLevel{}
	}
	t.levels[ref.ID] = docLevel{ref, level}
}

// settle makes the changes that relevelLater put off, in the order of
// identifiers.
func (t *Tx) settle(ctx context.Context) error {
	todo := t.levels
	t.levels = nil
	for _, id := range slices.Sorted(maps.Keys(todo)) {
		if err := t.relevel(ctx, todo[id].ref, todo[id].level); err != nil {
			return fmt.Errorf("change who finds %s: %w", todo[id].ref, err)
		}
	}
	return nil
}

// relevel changes who finds a record.
func (t *Tx) relevel(ctx context.Context, ref record.Ref, level access.Level) error {
	defer t.within(ref.Kind)()
	if t.dialect == postgres {
		mark := ""
		if level == access.LevelPublic {
			mark = vector([]string{publicMark})
		}
		return t.exec(ctx, "update doc set seen = $1, tokens = ts_delete(tokens, $2) || cast($3 as tsvector) where id = $4", int(level), publicMark, mark, ref.ID)
	}
	var number int64
	var text string
	var was access.Level
	ok, err := t.one(ctx, []any{&number, &text, &was}, "select number, tokens, seen from doc where id = $1", ref.ID)
	if err != nil || !ok || was == level {
		return err
	}
	if (was == access.LevelPublic) == (level == access.LevelPublic) {
		// The words stay as they are: only the mark of what is public is among them.
		return t.exec(ctx, "update doc set seen = $1 where id = $2", int(level), ref.ID)
	}
	if err := t.unindex(ctx, ref.ID); err != nil {
		return err
	}
	return t.putDoc(ctx, number, ref, level, unmarked(text))
}

// unmarked returns the tokens of a document's text as they were given.
func unmarked(text string) []string {
	return slices.DeleteFunc(strings.Fields(text), func(s string) bool { return strings.HasPrefix(s, "§") })
}

// unindex removes a record's search document, tokens included.
func (t *Tx) unindex(ctx context.Context, id string) error {
	delete(t.levels, id)
	if t.dialect == sqlite {
		var number int64
		var text string
		ok, err := t.one(ctx, []any{&number, &text}, "select number, tokens from doc where id = $1", id)
		if err != nil || !ok {
			return err
		}
		if err := t.exec(ctx, "insert into doc_tokens (doc_tokens, rowid, tokens) values ('delete', $1, $2)", number, text); err != nil {
			return err
		}
	}
	return t.exec(ctx, "delete from doc where id = $1", id)
}

// quoted writes a token into a tsvector or tsquery literal.
var quoted = strings.NewReplacer(`\`, `\\`, `'`, `''`)

// vector writes a tsvector literal. Tokens hold letters and digits only, so
// quoting them is enough.
func vector(tokens []string) string {
	var b strings.Builder
	for i, tok := range tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte('\'')
		b.WriteString(quoted.Replace(tok))
		b.WriteByte('\'')
	}
	return b.String()
}

// Hit is one search result.
type Hit struct {
	Ref record.Ref
}

// SearchLimit is how many matches a search counts to; beyond it the answer is
// "over a thousand".
const SearchLimit = 1000

// Search returns the records that hold all of the tokens, at most limit after
// skipping offset, and the number of matches counted up to SearchLimit+1. Where
// no record holds the tokens as they are, the last one is taken as the beginning
// of a word, if it has at least prefixRunes characters.
func (r *Reader) Search(ctx context.Context, v access.Viewer, tokens []string, kinds []record.Kind, offset, limit int) ([]Hit, int, error) {
	if len(tokens) == 0 {
		return nil, 0, nil
	}
	q, total, err := r.asked(ctx, v, tokens, kinds)
	if err != nil {
		return nil, 0, err
	}
	if offset >= total || limit <= 0 {
		return nil, total, nil
	}
	hits, err := r.hits(ctx, v, q, kinds, offset, limit)
	return hits, total, err
}

// hits reads some of what is searched for.
func (r *Reader) hits(ctx context.Context, v access.Viewer, q asking, kinds []record.Kind, offset, limit int) ([]Hit, error) {
	from, order, args := r.matching(v, q, kinds)
	rows, err := r.query(ctx, fmt.Sprintf("select d.kind, d.id %s order by %s limit %d offset %d", from, order, limit, offset), args...)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	var hits []Hit
	err = scan(rows, func() error {
		hits = append(hits, Hit{})
		h := &hits[len(hits)-1]
		return rows.Scan(&h.Ref.Kind, &h.Ref.ID)
	})
	return hits, r.dialect.fault(err)
}

// prefixRunes is how long the last word must be to be taken as the beginning of
// one. That is tried last: all records with a word of that beginning have to be
// read, while of whole words only as many are as a page needs.
const prefixRunes = 3

// asking is what is searched for.
type asking struct {
	tokens    []string
	beginning bool // the last token is the beginning of a word
	// sift looks for the last token in the documents that hold the others, where
	// these are few.
	sift bool
	mark bool // with the mark of what is public
}

// asked decides how the last token is read and counts the matches up to
// SearchLimit+1.
func (r *Reader) asked(ctx context.Context, v access.Viewer, tokens []string, kinds []record.Kind) (asking, int, error) {
	key := wordsKey(v, tokens, kinds)
	if c, ok := r.frequent.get(key); ok {
		return c.asking, SearchLimit + 1, nil
	}
	q, n, err := r.askedAfresh(ctx, v, tokens, kinds)
	if err == nil && n > SearchLimit {
		r.frequent.put(key, frequentWords{asking: q})
	}
	return q, n, err
}

func (r *Reader) askedAfresh(ctx context.Context, v access.Viewer, tokens []string, kinds []record.Kind) (asking, int, error) {
	q, n, err := r.countHits(ctx, v, asking{tokens: tokens}, kinds)
	last := len(tokens) - 1
	if err != nil || n > 0 || utf8.RuneCountInString(tokens[last]) < prefixRunes {
		return q, n, err
	}
	q = asking{tokens: tokens, beginning: true}
	if last > 0 && r.dialect == sqlite {
		_, others, err := r.countHits(ctx, access.House(), asking{tokens: tokens[:last]}, kinds) // whoever sees them
		if err != nil {
			return q, 0, err
		}
		q.sift = others <= SearchLimit
	}
	return r.countHits(ctx, v, q, kinds)
}

// countHits counts up to SearchLimit+1. For the public it looks at that many
// matches first: the mark of what is public has to be read along only where
// there are more and some of them are not for the public, else it would cost more
// than the words themselves.
func (r *Reader) countHits(ctx context.Context, v access.Viewer, q asking, kinds []record.Kind) (asking, int, error) {
	var n int
	if v.Sees() == access.LevelPublic {
		from, _, args := r.matching(access.House(), q, kinds)
		from = r.bySeen(from, q)
		var all int
		if _, err := r.one(ctx, []any{&all, &n}, fmt.Sprintf("select count(*), coalesce(sum(case when c.seen <= %d then 1 else 0 end), 0) from (select d.seen %s limit %d) as c",
			access.LevelPublic, from, SearchLimit+1), args...); err != nil {
			return q, 0, fmt.Errorf("count what was found: %w", err)
		}
		if all <= SearchLimit || n > SearchLimit {
			return q, n, nil
		}
		q.mark = true
	}
	from, _, args := r.matching(v, q, kinds)
	from = r.bySeen(from, q)
	if _, err := r.one(ctx, []any{&n}, fmt.Sprintf("select count(*) from (select 1 as x %s limit %d) as c", from, SearchLimit+1), args...); err != nil {
		return q, 0, fmt.Errorf("count what was found: %w", err)
	}
	return q, n, nil
}

// matching writes the from and where of a search, and the column that orders it.
func (r *Reader) matching(v access.Viewer, q asking, kinds []record.Kind) (from, order string, args []any) {
	between := ""
	if r.dialect == sqlite {
		between, kinds = numbered(kinds)
	}
	seen, args := r.sees(v, "d", "", []any{r.matchText(q, kinds)})
	if q.sift && r.dialect == postgres {
		// Fenced off: the index would gather every document with a word of the
		// beginning before it looks at the other words.
		args = append(args, vector(q.tokens[len(q.tokens)-1:])+":*")
		return fmt.Sprintf("from (select * from doc d where d.tokens @@ cast($1 as tsquery) and %s offset 0) d where d.tokens @@ cast($%d as tsquery)",
			seen, len(args)), "d.number", args
	}
	if r.dialect == sqlite {
		// FTS5 gives its rows in the order of their numbers, if asked for them
		// by its own name.
		if q.sift {
			args = append(args, " "+q.tokens[len(q.tokens)-1])
			seen += fmt.Sprintf(" and instr(' ' || d.tokens, $%d) > 0", len(args))
		}
		return "from doc_tokens cross join doc d on d.number = doc_tokens.rowid where doc_tokens match $1 and " + between + seen, "doc_tokens.rowid", args
	}
	return "from doc d where d.tokens @@ cast($1 as tsquery) and " + seen, "d.number", args
}

// numbered writes the condition that documents are of some kinds by their numbers,
// which FTS5 goes to at once, while it would read the mark of a kind along with the
// words for every document that has it. Kinds of which others stand between, or
// which share their numbers with another, are returned to be asked for by their
// marks as well.
func numbered(kinds []record.Kind) (between string, byMark []record.Kind) {
	if len(kinds) == 0 {
		return "", nil
	}
	low, high := rank[kinds[0]], rank[kinds[0]]
	for _, k := range kinds {
		low, high = min(low, rank[k]), max(high, rank[k])
	}
	for k, n := range rank {
		if low <= n && n <= high && !slices.Contains(kinds, k) {
			byMark = kinds
		}
	}
	return fmt.Sprintf("doc_tokens.rowid between %d and %d and ", low<<rankShift, (high+1)<<rankShift-1), byMark
}

// bySeen makes what matching writes read who sees a document from an index that
// holds no words. It is for reading nothing but number, id and seen of documents:
// the words would be read from the disk along with them, thirty times as much.
func (r *Reader) bySeen(from string, q asking) string {
	if r.dialect != sqlite || q.sift {
		return from
	}
	return strings.Replace(from, " doc d on ", " doc d indexed by doc_seen on ", 1)
}

// matchText writes what the search engine is asked for.
func (r *Reader) matchText(q asking, kinds []record.Kind) string {
	and, or, quote, prefix := " AND ", " OR ", func(s string) string { return `"` + strings.ReplaceAll(s, `"`, "") + `"` }, "*"
	if r.dialect == postgres {
		and, or, quote, prefix = " & ", " | ", func(s string) string { return vector([]string{s}) }, ":*"
	}
	var b strings.Builder
	tokens := q.tokens
	if q.sift {
		tokens = tokens[:len(tokens)-1]
	}
	for i, tok := range tokens {
		if i > 0 {
			b.WriteString(and)
		}
		b.WriteString(quote(tok))
		if q.beginning && i == len(q.tokens)-1 {
			b.WriteString(prefix)
		}
	}
	if q.mark {
		b.WriteString(and + quote(publicMark))
	}
	if len(kinds) > 0 {
		b.WriteString(and + "(")
		for i, k := range kinds {
			if i > 0 {
				b.WriteString(or)
			}
			b.WriteString(quote(kindMark(k)))
		}
		b.WriteString(")")
	}
	return b.String()
}

// holding writes the from and where that ask of one document whether it holds
// the tokens, without the index.
func (r *Reader) holding(v access.Viewer, q asking) (string, []any) {
	if r.dialect == postgres {
		from, _, args := r.matching(v, q, nil)
		return from, args
	}
	seen, args := r.sees(v, "d", "", nil)
	from := "from doc d where " + seen
	for i, tok := range q.tokens {
		end := " "
		if q.beginning && i == len(q.tokens)-1 {
			end = ""
		}
		args = append(args, " "+tok+end)
		from += fmt.Sprintf(" and instr(' ' || d.tokens || ' ', $%d) > 0", len(args))
	}
	return from, args
}

// sees writes the condition under which a viewer sees a row. author is the
// column with the row's author, "" where the table has none.
func (r *Reader) sees(v access.Viewer, alias, author string, args []any) (string, []any) {
	if alias != "" {
		alias += "."
	}
	level := v.Sees()
	if level >= access.LevelDraft {
		return "1 = 1", args
	}
	cond := fmt.Sprintf("%sseen <= %d", alias, level)
	if level == access.LevelInternal && author != "" && v.User != "" {
		args = append(args, string(v.User))
		cond = fmt.Sprintf("(%s or %s%s = $%d)", cond, alias, author, len(args))
	}
	return cond, args
}
