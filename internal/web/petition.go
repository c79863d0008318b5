package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
)

// petitionRoom is what the public pages ask about petitions. Everything it
// returns is the public's view, and must not be changed.
type petitionRoom interface {
	PetitionPage(ctx context.Context, v access.Viewer, key string) (*petitions.Page, error)
	ListPage(ctx context.Context, v access.Viewer, q petitions.Query) (petitions.Listed, error)
}

// tallies is where the numbers come from that are shown of petitions.
type tallies interface {
	// Snapshot returns the numbers shown at present, from memory.
	Snapshot(ctx context.Context, number int) (*signature.Snapshot, error)
	// Changes returns a number that grows whenever a shown number has moved.
	Changes(ctx context.Context) (int64, error)
	// Listed is a part of the public list of signers.
	Listed(ctx context.Context, number, offset, limit int) (signing.Listed, error)
}

// petitionData is what the public may see of a petition.
type petitionData struct{ *petitions.Page }

// edition is the one in force, or nil.
func (d *petitionData) edition() *record.Edition { return d.Edition() }

// numbered returns an edition by its number, or nil.
func (d *petitionData) numbered(n int) *record.Edition { return d.Numbered(n) }

// textIn is an edition's text in a language, or its original when it has none.
func textIn(e *record.Edition, tag string) (record.EditionText, bool) {
	for _, t := range e.Texts {
		if primary(t.Lang) == primary(tag) {
			return t, true
		}
	}
	if len(e.Texts) == 0 {
		return record.EditionText{}, false
	}
	return e.Texts[0], false
}

// title is a petition's name in a language: of the edition in force, because the
// draft may have gone on.
func (d *petitionData) title(tag string) record.LangText {
	if e := d.edition(); e != nil {
		if t, _ := textIn(e, tag); t.Title != "" {
			return record.LangText{Lang: t.Lang, Text: t.Title}
		}
	}
	return d.Petition.Title.In(tag)
}

// hidden reports whether not even the title is shown.
func (d *petitionData) hidden() bool {
	p := d.Petition
	return p.Rejection != nil && p.Rejection.Code.Hides() && (p.Publication == record.PetitionRejected || p.Publication == record.PetitionStopped)
}

// addressee returns one of the edition's addressees.
func addressee(e *record.Edition, key string) (record.Addressee, bool) {
	for _, a := range e.Addressees {
		if a.Key == key {
			return a, true
		}
	}
	return record.Addressee{}, false
}

// petitionPath is a petition's address without language.
func petitionPath(p *record.Petition) string { return "/petitions/" + p.Slug }

// petitionOf finds the petition of an address. A number, or a slug it no longer
// has, leads to where it is now; then done is true and the answer is written.
func (s *Server) petitionOf(w http.ResponseWriter, r *http.Request) (d *petitionData, done bool, err error) {
	if s.petitions == nil {
		return nil, false, record.ErrNotFound
	}
	key := r.PathValue("slug")
	d, err = s.petitionPage(r.Context(), key)
	if err != nil {
		return nil, false, err
	}
	if d.Petition.Slug == key || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return d, false, nil
	}
	rest := strings.TrimPrefix(visitOf(r).path, "/petitions/"+key)
	query := ""
	if r.URL.RawQuery != "" {
		query = "?" + r.URL.RawQuery
	}
	return d, true, s.moved(w, r, petitionPath(d.Petition)+rest+query)
}

// petitionJSON splits "12.json" into "12" and true.
func petitionJSON(key string) (string, bool) { return strings.CutSuffix(key, ".json") }

// isNumber reports whether an address names a petition by its number.
func isNumber(key string) (int, bool) {
	n, err := strconv.Atoi(key)
	return n, err == nil && n > 0 && strconv.Itoa(n) == key
}

// clockTime is an instant to the minute, in words of the page's language.
func clockTime(l *lang.Printer, micros int64) string {
	if micros == 0 {
		return ""
	}
	at := time.UnixMicro(micros).UTC()
	return l.T("date.at", "date", l.Date(at.Format(time.DateOnly)), "time", "\u2066"+at.Format("15:04")+" UTC\u2069")
}

// petitionShelf holds what was read of petitions, of one state of the database.
// A petition's text and its footnotes are the same for every reader, and only
// its numbers move with every signature.
type petitionShelf struct {
	mu    sync.Mutex // guards what follows
	state [2]int64
	pages map[string]*petitionData
}

// shelfMost bounds the petitions held.
const shelfMost = 512

// petitionPage returns the public's view of a petition, by slug or number, as it
// was at most [frontMost] ago.
func (s *Server) petitionPage(ctx context.Context, key string) (*petitionData, error) {
	if s.petitions == nil {
		return nil, record.ErrNotFound
	}
	var at [2]int64
	if state := s.front.state(ctx, time.Now().UnixNano()); state != nil {
		at = [2]int64{state.hard, state.held}
	}
	b := &s.shelf
	b.mu.Lock()
	if b.state != at || len(b.pages) > shelfMost {
		b.state, b.pages = at, map[string]*petitionData{}
	}
	d := b.pages[key]
	b.mu.Unlock()
	if d != nil {
		return d, nil
	}
	page, err := s.petitions.PetitionPage(ctx, access.Anyone(), key)
	if err != nil {
		return nil, err
	}
	d = &petitionData{foreignText(page)}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state == at && at != [2]int64{} {
		b.pages[key] = d
	}
	return d, nil
}

// foreignText gives another site's petition, which has no edition of ours, one
// to be read by: its text as it came.
func foreignText(p *petitions.Page) *petitions.Page {
	k := p.Petition
	if k.Foreign == nil || p.Edition() != nil || len(k.Texts) == 0 {
		return p
	}
	out := *p
	e := &record.Edition{Petition: k.ID, Number: k.Edition, Made: k.Opens, Addressees: k.Addressees, Tags: k.Tags}
	for _, t := range k.Texts {
		x := record.EditionText{Lang: t.Lang, Title: t.Title, Summary: t.Summary, Source: t.Body}
		for words := range strings.SplitSeq(strings.ReplaceAll(t.Body, "\r\n", "\n"), "\n\n") {
			if words = strings.TrimSpace(words); words != "" {
				x.Blocks = append(x.Blocks, record.Block{Kind: record.BlockParagraph, Spans: []record.Span{{Text: words}}})
			}
		}
		e.Texts = append(e.Texts, x)
	}
	out.Editions = []*record.Edition{e}
	return &out
}

// shownNumbers are a petition's numbers as they are shown now; empty ones where
// nothing was ever signed here.
func (s *Server) shownNumbers(ctx context.Context, p *record.Petition) (*signature.Snapshot, error) {
	if p.Foreign != nil || s.tallies == nil {
		return &signature.Snapshot{Petition: p.Number}, nil
	}
	t, err := s.tallies.Snapshot(ctx, p.Number)
	if errors.Is(err, record.ErrNotFound) {
		return &signature.Snapshot{Petition: p.Number}, nil
	}
	return t, err
}
