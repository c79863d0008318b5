package web

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
)

// addingRows reads as a dataset of which every row brings an event.
type addingRows struct{ left int }

func (a *addingRows) Info() exchange.Info {
	return exchange.Info{Format: "test", Dataset: "added", Title: "Added for testing", Publisher: "Test Archive", Terms: record.TermsFree, Encoding: "UTF-8"}
}

func (a *addingRows) Close() error { return nil }

func (a *addingRows) Notes() []exchange.Problem { return nil }

func (a *addingRows) Next() (*exchange.Row, error) {
	if a.left == 0 {
		return nil, io.EOF
	}
	a.left--
	key := fmt.Sprint("row-", a.left)
	return &exchange.Row{
		Number: a.left + 1, Line: a.left + 1, Key: key, Hash: sha256.Sum256([]byte(key)),
		Source: record.Source{Type: record.TypeArticle, Title: record.Plain("en", "Report testfall "+key), Published: record.On("2014-02-03")},
		Event: &record.Event{
			Slug: key, Title: record.Plain("en", "Added at Testfall "+key), Type: record.TypeAttack, Status: record.Held,
			When: record.On("2014-02-02"), Where: record.Place{Town: "Testfall", Country: "PK"},
		},
	}, nil
}

// While an import adds rows, every answer is one that was right at some moment
// since the last commit which did more than add; after such a commit, made at
// random in the middle of the import, it is the one that would be made afresh.
func TestKeptPagesBesideAnImport(t *testing.T) {
	p := planted(t, "plainword")
	ctx := context.Background()
	afresh := newServer(Config{House: p.house, Following: p.srv.following, Example: p.srv.example, Version: p.srv.version})
	for i := range afresh.list {
		afresh.list[i].keep = false
	}
	fresh := afresh.handler()
	var paths []string
	for _, path := range p.addresses() {
		if !strings.HasPrefix(path, "/ask") {
			paths = append(paths, path)
		}
	}
	ask := func(h http.Handler, path string) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != http.StatusOK {
			return fmt.Sprint(w.Code) // the page of an error has a number of its own
		}
		return w.Body.String()
	}
	kept := p.srv.handler()
	good := map[string][]string{} // what was right since the last commit that did more
	r := rand.New(rand.NewPCG(4, 2))
	revs := map[record.Ref]int{}
	change := func(rec record.Record) {
		t.Helper()
		revs[rec.Ref()]++
		if err := p.house.Save(ctx, access.House(), rec, revs[rec.Ref()], "test"); err != nil {
			t.Fatal(err)
		}
		clear(good)
	}
	toggled := func(v record.Visibility) record.Visibility {
		if v == record.Public {
			return record.Internal
		}
		return record.Public
	}
	batches, lagged := 0, 0
	_, err := p.house.Import(ctx, access.House(), &addingRows{left: 5000}, casework.ImportOptions{
		Name: "added", Hash: strings.Repeat("0", 64), State: record.Accepted, Rows: record.Public, Reason: "test",
		Progress: func(int, int64) {
			// A slow machine writes the rows in many more transactions.
			if batches++; batches > 12 {
				return
			}
			switch r.IntN(6) {
			case 0:
				p.person.Visibility = toggled(p.person.Visibility)
				change(p.person)
			case 1:
				p.event.Summary = record.Plain("en", fmt.Sprint("Summary ", batches))
				change(p.event)
			case 2:
				p.source.Visibility = toggled(p.source.Visibility)
				change(p.source)
			}
			for _, path := range paths {
				// What was right is noted of every address: an answer made later may be
				// read from the snapshot that another one left open now.
				now := ask(fresh, path)
				good[path] = append(good[path], now)
				if r.IntN(3) == 0 {
					continue
				}
				got := ask(kept, path)
				if !slices.Contains(good[path], got) {
					t.Fatalf("batch %d: %s is none of the %d answers that were right since the last change", batches, path, len(good[path]))
				}
				if got != now {
					lagged++
				}
				if p.person.Visibility != record.Public && strings.Contains(got, "Test Person") {
					t.Fatalf("batch %d: %s shows somebody who was taken back", batches, path)
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if batches < 8 || lagged == 0 {
		t.Errorf("%d batches, %d answers behind: the test tests nothing", batches, lagged)
	}
	// The import's end is a commit of the other kind: nothing is behind any more.
	for _, path := range paths {
		if ask(kept, path) != ask(fresh, path) {
			t.Errorf("%s is behind after the import", path)
		}
	}
}

// An answer is good for a while beside additions, for as long as nothing is
// committed, and not after any other commit.
func TestKeepTurns(t *testing.T) {
	k := newKeep(10_000)
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	page := &kept{body: make([]byte, 1000), of: casework.Moment{Change: 1, Size: 5}, at: start}
	at := func(change, size int64, after time.Duration) bool {
		return k.get(casework.Moment{Change: change, Size: size, Reach: size}, start.Add(after), "a", false, false) != nil
	}
	at(1, 5, 0)
	k.put("a", page, false)
	if !at(1, 5, time.Hour) {
		t.Error("it is gone though nothing happened")
	}
	if !at(1, 6, keepLag) || at(1, 6, keepLag+1) {
		t.Error("beside additions it is not good for keepLag")
	}
	single := func(reach int64) bool {
		return k.get(casework.Moment{Change: 1, Size: 9, Reach: reach}, start.Add(time.Hour), "a", true, false) != nil
	}
	if !single(0) || single(1) {
		t.Error("the page of one event does not live as long as nothing is added to events")
	}
	if at(2, 6, 0) {
		t.Error("it outlived a change")
	}
	k.put("a", page, false)
	if at(2, 6, 0) {
		t.Error("an answer from before the change was kept after it")
	}
	for i := range 100 {
		k.put(fmt.Sprint(i), &kept{body: make([]byte, 1000), of: casework.Moment{Change: 2, Size: 6}, at: start}, false)
		if n := onShelf(k.pages); n > 6 { // of 1512 bytes
			t.Fatalf("%d answers are kept", n)
		}
	}
	if onShelf(k.pages) == 0 {
		t.Error("nothing is kept any more")
	}
}

// onShelf counts what is kept.
func onShelf[V any](s *shelf[V]) int { return len(s.young) + len(s.old) }

// An answer that shows nothing of what is followed up is good while nothing else is
// written, and not a moment longer.
func TestKeepStill(t *testing.T) {
	k := newKeep(100_000)
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(change, register int64, still bool) bool {
		return k.get(casework.Moment{Change: change, Size: change, Register: register}, start.Add(time.Hour), "a", false, still) != nil
	}
	at(1, 1, true)
	k.put("a", &kept{body: make([]byte, 1000), of: casework.Moment{Change: 1, Size: 1, Register: 1}, at: start}, true)
	if !at(2, 1, true) {
		t.Error("it is gone after something was judged")
	}
	if at(2, 1, false) {
		t.Error("an answer that may show what was judged is given after it was")
	}
	if at(3, 2, true) || at(2, 1, true) {
		t.Error("it outlived a change of the register")
	}
	k.put("a", &kept{body: make([]byte, 1000), of: casework.Moment{Change: 3, Size: 3, Register: 2}, at: start}, true)
	if at(4, 3, true) {
		t.Error("it was kept from before a change")
	}
}
