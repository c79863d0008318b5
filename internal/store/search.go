package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// rank orders search results: a document's number starts with its kind's rank,
// so reading in the order of numbers reads events before claims.
var rank = map[record.Kind]int64{
	record.KindEvent: 1, record.KindPerson: 2, record.KindParty: 3, record.KindTotal: 4, record.KindSource: 5, record.KindClaim: 6,
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

func (t *Tx) putDoc(ctx context.Context, number int64, ref record.Ref, level access.Level, tokens []string) error {
	if t.dialect == sqlite {
		text := strings.Join(tokens, " ")
		if err := t.put(ctx, "doc", []string{"number", "kind", "id", "seen", "tokens"}, number, string(ref.Kind), ref.ID, int(level), text); err != nil {
			return err
		}
		return t.put(ctx, "doc_tokens", []string{"rowid", "tokens"}, number, text)
	}
	return t.put(ctx, "doc", []string{"number", "kind", "id", "seen", "tokens"}, number, string(ref.Kind), ref.ID, int(level), vector(tokens))
}

// unindex removes a record's search document, tokens included.
func (t *Tx) unindex(ctx context.Context, id string) error {
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

// vector writes a tsvector literal. Tokens hold letters and digits only, so
// quoting them is enough.
func vector(tokens []string) string {
	var b strings.Builder
	for i, tok := range tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte('\'')
		b.WriteString(strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(tok))
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
// skipping offset, and the number of matches counted up to SearchLimit+1. The
// last token also matches as the beginning of a word when it has at least three
// characters.
func (r *Reader) Search(ctx context.Context, v access.Viewer, tokens []string, kinds []record.Kind, offset, limit int) ([]Hit, int, error) {
	if len(tokens) == 0 {
		return nil, 0, nil
	}
	from, args := r.matching(v, tokens, kinds)
	var total int
	if _, err := r.one(ctx, []any{&total}, fmt.Sprintf("select count(*) from (select 1 as x %s limit %d) as c", from, SearchLimit+1), args...); err != nil {
		return nil, 0, fmt.Errorf("count what was found: %w", err)
	}
	if offset >= total || limit <= 0 {
		return nil, total, nil
	}
	rows, err := r.query(ctx, fmt.Sprintf("select d.kind, d.id %s order by d.number limit %d offset %d", from, limit, offset), args...)
	if err != nil {
		return nil, 0, fmt.Errorf("search: %w", err)
	}
	defer rows.Close()
	var hits []Hit
	for rows.Next() {
		var h Hit
		if err := rows.Scan(&h.Ref.Kind, &h.Ref.ID); err != nil {
			return nil, 0, r.dialect.fault(err)
		}
		hits = append(hits, h)
	}
	return hits, total, r.dialect.fault(rows.Err())
}

// matching writes the from and where of a search.
func (r *Reader) matching(v access.Viewer, tokens []string, kinds []record.Kind) (string, []any) {
	var args []any
	var from string
	if r.dialect == sqlite {
		from = "from doc_tokens f cross join doc d on d.number = f.rowid where f.tokens match $1"
	} else {
		from = "from doc d where d.tokens @@ cast($1 as tsquery)"
	}
	args = append(args, r.matchText(tokens))
	seen, args := r.sees(v, "d", "", args)
	from += " and " + seen
	if len(kinds) > 0 {
		var in string
		in, args = list(args, kinds)
		from += " and d.kind in (" + in + ")"
	}
	return from, args
}

func (r *Reader) matchText(tokens []string) string {
	var b strings.Builder
	for i, tok := range tokens {
		last := i == len(tokens)-1 && len(tok) >= 3
		if r.dialect == sqlite {
			if i > 0 {
				b.WriteString(" AND ")
			}
			b.WriteString(`"` + strings.ReplaceAll(tok, `"`, "") + `"`)
			if last {
				b.WriteString("*")
			}
			continue
		}
		if i > 0 {
			b.WriteString(" & ")
		}
		b.WriteString(vector([]string{tok}))
		if last {
			b.WriteString(":*")
		}
	}
	return b.String()
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
