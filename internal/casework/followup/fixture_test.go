package followup

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// stand is a desk with people in every role and a clock that stands still until it
// is moved.
type stand struct {
	t     testing.TB
	ctx   context.Context
	house *casework.House
	store *store.Store
	desk  *Desk
	box   *mail.Outbox
	clock time.Time
	dir   string

	admin, editor, editor2, organiser, moderator, contributor, reader access.Viewer
}

func newStand(t testing.TB, target string) *stand {
	t.Helper()
	s := &stand{t: t, ctx: context.Background(), dir: t.TempDir(), clock: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	if target == "" {
		target = testdb.SQLiteIn(t, s.dir)
	}
	var err error
	s.store, err = store.Open(s.ctx, target)
	s.must(err)
	t.Cleanup(func() {
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	blobs, err := blob.Open(filepath.Join(s.dir, "originals"))
	s.must(err)
	keys, err := seal.Open(filepath.Join(s.dir, "keys"))
	s.must(err)
	now := func() time.Time { return s.clock }
	s.house = casework.New(casework.Config{Store: s.store, Blobs: blobs, Dir: s.dir, Now: now})
	s.box = mail.NewOutbox(mail.OutboxConfig{Store: s.store, Key: keys.House(), Now: now})
	s.desk = New(Config{House: s.house, Store: s.store, Blobs: blobs, Keys: keys, Departed: departed.Open(s.dir), Outbox: s.box, URL: "https://record.example", Now: now})
	for _, p := range []struct {
		v    *access.Viewer
		role access.Role
		name string
	}{
		{&s.admin, access.Admin, "admin"},
		{&s.editor, access.Editor, "editor"},
		{&s.editor2, access.Editor, "editor2"},
		{&s.organiser, access.Organiser, "organiser"},
		{&s.moderator, access.Moderator, "moderator"},
		{&s.contributor, access.Contributor, "contributor"},
		{&s.reader, access.Reader, "reader"},
	} {
		*p.v = access.Viewer{User: record.UserID(s.id()), Role: p.role}
		s.must(s.store.Write(s.ctx, func(tx *store.Tx) error {
			return tx.PutAccount(s.ctx, store.Account{
				ID: p.v.User, Email: p.name + "@example.org", Name: p.name, Role: string(p.role), Password: "not a hash", Made: 1,
			})
		}))
	}
	return s
}

func onBoth(t *testing.T, fn func(*testing.T, *stand)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, newStand(t, "")) })
	t.Run("postgres", func(t *testing.T) { fn(t, newStand(t, testdb.Postgres(t))) })
}

func (s *stand) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// refused fails unless an error is about a field.
func (s *stand) refused(err error, field, key string) {
	s.t.Helper()
	e, ok := errors.AsType[*record.Invalid](err)
	if !ok {
		s.t.Errorf("error %v, want one about %s", err, field)
		return
	}
	for _, f := range e.Fields {
		if f.Field == field && f.Key == "invalid."+key {
			return
		}
	}
	s.t.Errorf("error %v, want invalid.%s of %s", err, key, field)
}

func (s *stand) forbidden(err error, what string) {
	s.t.Helper()
	if !errors.Is(err, record.ErrForbidden) {
		s.t.Errorf("%s: %v, want forbidden", what, err)
	}
}

func (s *stand) id() string {
	s.t.Helper()
	id, err := s.house.NewID()
	s.must(err)
	return id
}

// put writes a record as the house.
func (s *stand) put(recs ...record.Record) {
	s.t.Helper()
	s.must(s.house.Do(s.ctx, access.House(), access.ActEdit, "test", "", func(w *casework.Work) error {
		for _, r := range recs {
			if err := w.Create(r); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (s *stand) party(slug string, change ...func(*record.Party)) *record.Party {
	s.t.Helper()
	p := &record.Party{
		ID: record.PartyID(s.id()), Slug: slug, Kind: record.Office, Visibility: record.Public,
		Names: []record.Name{{Lang: "en", Text: "Office " + slug, Kind: record.NamePrimary}},
	}
	for _, f := range change {
		f(p)
	}
	s.put(p)
	return p
}

func (s *stand) event(slug, day string, kind record.EventType, change ...func(*record.Event)) *record.Event {
	s.t.Helper()
	e := &record.Event{
		ID: record.EventID(s.id()), Slug: slug, Title: record.Plain("en", "Event "+slug), Type: kind, Status: record.Held, Visibility: record.Public,
		When: record.On(day), Where: record.Place{Town: "Example Town", Country: "PK"},
	}
	for _, f := range change {
		f(e)
	}
	s.put(e)
	return e
}

func (s *stand) source(publisher string) *record.Source {
	s.t.Helper()
	src := &record.Source{
		ID: record.SourceID(s.id()), Type: record.TypeArticle, Title: record.Plain("en", "Testfall report"), Publisher: publisher, Language: "en",
		Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Public, URL: "https://example.org/report",
	}
	s.put(src)
	return src
}

// claim enters a public, accepted statement about a record.
func (s *stand) claim(src *record.Source, about record.Ref, change ...func(*record.Claim)) *record.Claim {
	s.t.Helper()
	c := &record.Claim{
		ID: record.ClaimID(s.id()), Source: src.ID, Subject: about, Kind: record.KindStatement, Topic: "justice", Statement: record.Plain("en", "It was said."),
		Stance: record.Asserts, Role: record.Reported, Language: "en", Review: record.Review{State: record.Accepted}, Visibility: record.Public,
		AsOf: record.On("2025-01-10"),
	}
	for _, f := range change {
		f(c)
	}
	s.put(c)
	return c
}

// petition enters a published petition with two demands of an office.
func (s *stand) petition(office *record.Party, attack *record.Event) *record.Petition {
	s.t.Helper()
	p := &record.Petition{
		ID: record.PetitionID(s.id()), Slug: "petition", Number: 1, Title: record.Plain("en", "For Example Town"), Publication: record.PetitionPublished,
		Collection: record.CollectOpen, Signers: record.SignBoth, Pace: record.PaceSteps, KeepDays: 180, Visibility: record.Public,
		Texts:   []record.PetitionText{{Lang: "en", Title: "For Example Town", Body: "Protect the town."}},
		Subject: []record.Ref{attack.Ref()}, Owners: []record.UserID{s.organiser.User},
		Addressees: []record.Addressee{{Key: "office", Party: office.ID, Office: record.Plain("en", "Office of Examples"), Country: "PK", Lang: "ur"}},
		Demands: []record.PetitionDemand{
			{Key: "safety", Text: record.Plain("en", "Protect the town."), Addressee: []string{"office"}},
			{Key: "justice", Text: record.Plain("en", "Try the accused."), Addressee: []string{"office"}},
		},
		Opens: time.Date(2025, 1, 20, 0, 0, 0, 0, time.UTC).UnixMicro(), Edition: 1,
	}
	e := &record.Edition{
		ID: record.EditionID(s.id()), Petition: p.ID, Number: 1, Made: p.Opens, Texts: []record.EditionText{{Lang: "en", Title: "For Example Town", Source: "Protect the town."}},
		Addressees: p.Addressees, Demands: p.Demands, Visibility: record.Public,
	}
	hash, err := petition.Hash(e)
	s.must(err)
	e.Hash = hash
	s.put(p, e)
	return p
}

// assess enters an accepted public assessment by the house.
func (s *stand) assess(a *record.Assessment) *record.Assessment {
	s.t.Helper()
	next := *a
	next.ID, next.Review, next.Visibility = record.AssessmentID(s.id()), record.Review{State: record.Accepted}, record.Public
	if next.Reason.IsZero() {
		next.Reason = record.Plain("en", "As sources say.")
	}
	s.put(&next)
	return &next
}

// publish makes records public.
func (s *stand) publish(refs ...record.Ref) {
	s.t.Helper()
	s.must(s.house.Publish(s.ctx, access.House(), refs, "test"))
}

// sound fails when the house's own check finds a fault.
func (s *stand) sound() {
	s.t.Helper()
	r, err := s.house.Check(s.ctx, nil)
	s.must(err)
	for _, f := range r.Faults {
		s.t.Errorf("check: %s", f)
	}
}
