package store

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testdb"
	"github.com/gawah-project/gawah/names"
)

// onBoth runs a test on a fresh database of each engine.
func onBoth(t *testing.T, test func(t *testing.T, f *fixture)) {
	t.Helper()
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			test(t, open(t, engine.New(t)))
		})
	}
}

// fixture is an open store and a source of identifiers that are the same in
// every run.
type fixture struct {
	*Store
	t      testing.TB
	target string
	next   int
}

func open(t testing.TB, target string) *fixture {
	t.Helper()
	s, err := Open(t.Context(), target)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return &fixture{Store: s, t: t, target: target}
}

// id makes an identifier that sorts after those made before.
func (f *fixture) id() string {
	f.next++
	return testID(f.next)
}

func testID(n int) string {
	return fmt.Sprintf("019b%04x-%04x-7000-8000-%012x", n>>16&0xffff, n&0xffff, n)
}

func (f *fixture) write(fn func(ctx context.Context, t *Tx) error) {
	f.t.Helper()
	ctx := f.t.Context()
	if err := f.Write(ctx, func(t *Tx) error { return fn(ctx, t) }); err != nil {
		f.t.Fatalf("write: %v", err)
	}
}

func (f *fixture) view(fn func(ctx context.Context, r *Reader) error) {
	f.t.Helper()
	ctx := f.t.Context()
	if err := f.View(ctx, func(r *Reader) error { return fn(ctx, r) }); err != nil {
		f.t.Fatalf("view: %v", err)
	}
}

// insert writes the records' first versions, each with a journal entry.
func (f *fixture) insert(recs ...record.Record) {
	f.t.Helper()
	f.write(func(ctx context.Context, t *Tx) error {
		for _, r := range recs {
			if err := t.Insert(ctx, version(t, r, 1, "")); err != nil {
				return err
			}
			if err := journal(ctx, t, "enter", r.Ref(), "entered "+r.Ref().ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// add is insert by an import that only adds.
func (f *fixture) add(recs ...record.Record) {
	f.t.Helper()
	f.write(func(ctx context.Context, t *Tx) error {
		t.Adding()
		for _, r := range recs {
			if err := t.Insert(ctx, version(t, r, 1, "")); err != nil {
				return err
			}
			if err := journal(ctx, t, "import row", r.Ref(), ""); err != nil {
				return err
			}
		}
		return nil
	})
}

// update writes revision rev of a record.
func (f *fixture) update(r record.Record, rev int) error {
	ctx := f.t.Context()
	return f.Write(ctx, func(t *Tx) error {
		if err := t.Update(ctx, version(t, r, rev, "")); err != nil {
			return err
		}
		return journal(ctx, t, "change", r.Ref(), "changed "+r.Ref().ID)
	})
}

// version makes what a transaction writes of a record.
func version(t *Tx, r record.Record, rev int, author record.UserID) *Version {
	body, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	return &Version{
		Record: r, Rev: rev, Level: access.Of(r), Author: author, Entry: t.Head.Size, At: 1_700_000_000_000_000 + int64(rev),
		Role: "editor", Salt: []byte("salt of " + r.Ref().ID), Body: body, Tokens: tokens(r),
	}
}

func tokens(r record.Record) []string {
	var text string
	switch r := r.(type) {
	case *record.Event:
		text = all(r.Title) + " " + r.Where.Town
	case *record.Person:
		for _, n := range r.Names {
			text += " " + n.Text
		}
	case *record.Party:
		for _, n := range r.Names {
			text += " " + n.Text
		}
	case *record.Source:
		text = all(r.Title)
	case *record.Claim:
		text = r.Passage.Quote() + " " + r.Words
	}
	return names.TokenSet(text)
}

func all(t record.Text) string {
	s := ""
	for _, l := range t {
		s += l.Text + " "
	}
	return s
}

func journal(ctx context.Context, t *Tx, action string, ref record.Ref, note string) error {
	e := &Entry{
		Seq: t.Head.Size, At: 1_700_000_000_000_000 + t.Head.Size, Actor: testUser, Role: "editor", Action: action, Subject: ref,
		Leaf: []byte("leaf"), Hashes: []byte("hash"), Note: note, NoteSalt: []byte("note salt"),
	}
	t.Head.Size++
	return t.Append(ctx, e)
}

const (
	testUser  record.UserID = "019b0000-0000-7000-8000-00000000aaaa"
	otherUser record.UserID = "019b0000-0000-7000-8000-00000000bbbb"
)

func (f *fixture) event(title string, v record.Visibility) *record.Event {
	id := f.id()
	return &record.Event{
		ID: record.EventID(id), Slug: "event-" + id[24:], Title: record.Text{{Lang: "en", Text: title}}, Type: record.TypeAttack,
		Status: record.Held, When: record.On("2021-01-03"), Where: record.Place{Town: "Example Town", Country: "PK"}, Visibility: v,
	}
}

func (f *fixture) source(title string, v record.Visibility) *record.Source {
	return &record.Source{
		ID: record.SourceID(f.id()), Type: record.TypeArticle, Title: record.Text{{Lang: "en", Text: title}}, Publisher: "The Testfall Post",
		Sensitivity: record.Open, Terms: record.TermsFree, Published: record.On("2021-01-04"), Visibility: v,
	}
}

func (f *fixture) claim(source record.SourceID, subject record.Ref, quote string, v record.Visibility) *record.Claim {
	n := int64(11)
	return &record.Claim{
		ID: record.ClaimID(f.id()), Source: source, Subject: subject, Kind: record.KindMeasure, Measure: record.Killed, Form: record.Incident,
		Operator: record.Exact, Low: &n, High: &n, Role: record.Reported, Words: "eleven",
		Passage: record.Passage{Locator: "p. 1", Segments: []record.Segment{{Exact: quote}}},
		Review:  record.Review{State: record.Suggested}, Visibility: v,
	}
}

func (f *fixture) person(name string, v record.Visibility) *record.Person {
	id := f.id()
	return &record.Person{
		ID: record.PersonID(id), Slug: "person-" + id[24:], Names: []record.Name{{Text: name, Lang: "en", Kind: record.NamePrimary}},
		Vital: record.Dead, Visibility: v,
	}
}

func (f *fixture) party(name string, v record.Visibility) *record.Party {
	id := f.id()
	return &record.Party{
		ID: record.PartyID(id), Slug: "party-" + id[24:], Names: []record.Name{{Text: name, Lang: "en", Kind: record.NamePrimary}},
		Kind: record.ArmedGroup, Visibility: v,
	}
}

// The viewers of the tests, from the public to the house.
var (
	reader      = access.Viewer{User: otherUser, Role: access.Reader}
	contributor = access.Viewer{User: testUser, Role: access.Contributor}
	editor      = access.Viewer{User: otherUser, Role: access.Editor}
)
