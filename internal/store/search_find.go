package store

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// MayBegin reports whether the last token is taken as the beginning of a word by
// [Reader.Find]. A letter or two on its own would be the beginning of too much.
func MayBegin(tokens []string) bool {
	return len(tokens) > 1 || len(tokens) == 1 && utf8.RuneCountInString(tokens[0]) >= prefixRunes
}

// Find returns records to choose from, at most limit in all: whole holds those
// with all of the tokens, begun those with the last token as the beginning of a
// word only. Unlike [Reader.Search] it looks for beginnings also where words are
// found as they are. A beginning shorter than prefixRunes is
// looked for only beside other tokens which few records hold.
func (r *Reader) Find(ctx context.Context, v access.Viewer, tokens []string, kinds []record.Kind, limit int) (whole, begun []Hit, err error) {
	if len(tokens) == 0 || limit <= 0 {
		return nil, nil, nil
	}
	read := func(q asking) ([]Hit, error) {
		if v.Sees() == access.LevelPublic {
			// Only this tells whether to read the mark of what is public along.
			if q, _, err = r.countHits(ctx, v, q, kinds); err != nil {
				return nil, err
			}
		}
		return r.hits(ctx, v, q, kinds, 0, limit)
	}
	whole, err = read(asking{tokens: tokens})
	if err != nil || len(whole) >= limit || !MayBegin(tokens) {
		return whole, nil, err
	}
	q := asking{tokens: tokens, beginning: true}
	last := len(tokens) - 1
	if last > 0 {
		// Whoever sees them: it is about how much would have to be read.
		_, others, err := r.countHits(ctx, access.House(), asking{tokens: tokens[:last]}, kinds)
		if err != nil {
			return nil, nil, err
		}
		q.sift = others <= SearchLimit
	}
	if !q.sift && utf8.RuneCountInString(tokens[last]) < prefixRunes {
		return whole, nil, nil
	}
	// Among them are those with the whole word, fewer than limit of them.
	begun, err = read(q)
	begun = slices.DeleteFunc(begun, func(h Hit) bool { return slices.Contains(whole, h) })
	return whole, begun[:min(len(begun), limit-len(whole))], err
}
