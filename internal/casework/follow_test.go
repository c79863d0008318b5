package casework_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// put writes records as their own desks would.
func (w *world) put(recs ...record.Record) {
	w.t.Helper()
	w.must(w.h.Do(w.ctx, access.House(), access.ActEdit, "test", "", func(k *casework.Work) error {
		for _, r := range recs {
			if err := k.Create(r); err != nil {
				return err
			}
		}
		return nil
	}))
}

// followed is one attack with everything that is followed on its account.
type followed struct {
	office     *record.Party
	attack     *record.Event
	person     *record.Person
	demand     *record.Demand
	promise    *record.Commitment
	judgement  *record.Assessment
	proceeding *record.Proceeding
}

// follow enters one of each about an attack, with a name where one can stand.
func (w *world) follow(name string, v record.Visibility) *followed {
	w.t.Helper()
	f := &followed{
		office: &record.Party{ID: record.PartyID(w.id()), Slug: "office", Kind: record.Office, Visibility: v, Names: []record.Name{{Lang: "en", Text: "Office of Examples", Kind: record.NamePrimary}}},
		attack: w.event("attack", func(e *record.Event) { e.Visibility = v }),
		person: w.person("zz-planted", name),
	}
	src := w.source("Testfall", func(s *record.Source) { s.Visibility = v })
	c := &record.Claim{
		ID: record.ClaimID(w.id()), Source: src.ID, Subject: f.attack.Ref(), Kind: record.KindStatement, Topic: "justice", Stance: record.Asserts,
		Statement: record.Plain("en", "It was said."), Role: record.Reported, Review: record.Review{State: record.Accepted}, Visibility: v,
	}
	f.promise = &record.Commitment{
		ID: record.CommitmentID(w.id()), Slug: "promise", Text: record.Plain("en", "Promised by "+name), Attack: f.attack.ID, Claims: []record.ClaimID{c.ID},
		By: []record.Promiser{{Party: f.office.ID, Holder: record.Plain("en", name)}}, Visibility: v,
	}
	f.demand = &record.Demand{
		ID: record.DemandID(w.id()), Slug: "demand", Text: record.Plain("en", "That "+name+" apologises"), Of: f.attack.Ref(), Attack: f.attack.ID,
		Addressees: []record.DemandAddressee{{Key: "office", Party: f.office.ID, Holder: record.Plain("en", name)}}, Visibility: v,
	}
	f.judgement = &record.Assessment{
		ID: record.AssessmentID(w.id()), Of: f.demand.Ref(), Axis: record.AxisResponse, By: record.ByOrganisation, Response: record.Refused, On: "2020-01-01",
		Reason: record.Plain("en", name+" refused."), Claims: []record.ClaimID{c.ID}, Review: record.Review{State: record.Accepted}, Visibility: v,
	}
	f.proceeding = &record.Proceeding{
		ID: record.ProceedingID(w.id()), Slug: "case", Title: record.Plain("en", "The case of "+name), Events: []record.EventID{f.attack.ID}, Person: f.person.ID,
		Steps: []record.ChainStep{{Kind: record.StepArrest, Detail: record.Plain("en", name), Claims: []record.ClaimID{c.ID}}}, Visibility: record.Internal,
	}
	w.put(f.office, c, f.promise, f.demand, f.judgement, f.proceeding)
	return f
}

// TestFollowedLevels keeps what is followed as hidden as what it hangs on.
func TestFollowedLevels(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		f := w.follow("Zzplanted Followed", record.Public)
		public := func(want bool, refs ...record.Ref) {
			t.Helper()
			for _, ref := range refs {
				if got := w.sees(access.Anyone(), ref); got != want {
					t.Errorf("the public sees the %s: %v, want %v", ref.Kind, got, want)
				}
			}
		}
		public(true, f.demand.Ref(), f.promise.Ref(), f.judgement.Ref())
		w.must(w.h.Unpublish(w.ctx, w.editor, []record.Ref{f.demand.Ref()}, "back"))
		public(false, f.demand.Ref(), f.judgement.Ref())
		w.must(w.h.Publish(w.ctx, w.editor, []record.Ref{f.demand.Ref()}, "again"))
		public(true, f.demand.Ref(), f.judgement.Ref())
		w.must(w.h.Unpublish(w.ctx, w.editor, []record.Ref{f.office.Ref()}, "back"))
		public(false, f.demand.Ref(), f.promise.Ref(), f.judgement.Ref())
		w.must(w.h.Publish(w.ctx, w.editor, []record.Ref{f.office.Ref()}, "again"))
		w.must(w.h.Unpublish(w.ctx, w.editor, []record.Ref{f.attack.Ref()}, "back"))
		public(false, f.demand.Ref(), f.promise.Ref(), f.judgement.Ref())
		w.sound()
	})
}

// TestProceedingGround names nobody as accused without ground, and takes a case back
// when its ground goes.
func TestProceedingGround(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		f := w.follow("Zzplanted Accused", record.Public)
		w.must(w.h.Publish(w.ctx, w.editor, []record.Ref{f.person.Ref()}, "consent"))
		if err := w.h.Publish(w.ctx, w.editor, []record.Ref{f.proceeding.Ref()}, "name"); err == nil {
			t.Fatal("one origin was enough to name an accused")
		}
		second := w.source("Second paper", func(s *record.Source) { s.Publisher, s.Visibility = "Another Paper", record.Public })
		c := &record.Claim{
			ID: record.ClaimID(w.id()), Source: second.ID, Subject: f.person.Ref(), Kind: record.KindStatement, Topic: "justice", Stance: record.Asserts,
			Statement: record.Plain("en", "Was arrested."), Role: record.Reported, Review: record.Review{State: record.Accepted}, Visibility: record.Public,
		}
		w.put(c)
		next := *standing[*record.Proceeding](w, f.proceeding.ID).Rec
		next.Claims = []record.ClaimID{c.ID}
		w.must(w.h.Do(w.ctx, w.editor, access.ActEdit, "test", "", func(k *casework.Work) error { return k.Change(&next, 1) }))
		w.must(w.h.Publish(w.ctx, w.editor, []record.Ref{f.proceeding.Ref()}, "two origins"))
		if !w.sees(access.Anyone(), f.proceeding.Ref()) {
			t.Fatal("two origins were not enough")
		}
		w.must(w.h.Review(w.ctx, w.editor2, c.ID, 1, record.Retracted, "withdrawn"))
		if w.sees(access.Anyone(), f.proceeding.Ref()) {
			t.Error("the case stays public without its ground")
		}
		w.sound()
	})
}

// TestEraseFollowed leaves no trace of an erased person in what is followed.
func TestEraseFollowed(t *testing.T) {
	const name = "Zzplanted Erased"
	w := newWorld(t)
	f := w.follow(name, record.Internal)
	w.must(w.store.Write(w.ctx, func(tx *store.Tx) error {
		return tx.PutSetting(w.ctx, "unrelated", []byte("x"))
	}))
	if len(w.grep(name)) == 0 {
		t.Fatal("the name was planted nowhere")
	}
	w.must(w.h.Erase(w.ctx, w.editor, f.person.Ref(), "asked"))
	if files := w.grep(name); len(files) > 0 {
		t.Errorf("the name is still in %v", files)
	}
	if w.sees(access.House(), f.proceeding.Ref()) {
		t.Error("the case of the erased is still there")
	}
	if !w.sees(access.House(), f.demand.Ref()) {
		t.Error("the demand went with the name in it")
	}
	w.must(w.h.Erase(w.ctx, w.editor, f.attack.Ref(), "a duplicate"))
	for _, ref := range []record.Ref{f.demand.Ref(), f.judgement.Ref()} {
		if w.sees(access.House(), ref) {
			t.Errorf("the %s of the erased event is still there", ref.Kind)
		}
	}
	w.must(w.h.Save(w.ctx, w.editor, f.office, 1, "the promise stands without the attack"))
	w.sound()
}

// TestCasefileFollowed takes what is followed to another house and back.
func TestCasefileFollowed(t *testing.T) {
	w := newWorld(t)
	f := w.follow("Zzplanted Traveller", record.Public)
	var b bytes.Buffer
	w.must(w.h.ExportCasefile(w.ctx, w.editor, "test", &b))
	file := filepath.Join(t.TempDir(), "casefile.zip")
	w.must(os.WriteFile(file, b.Bytes(), 0o600))
	c, problems, err := exchange.OpenCasefile(file)
	w.must(err)
	if len(problems) > 0 {
		t.Fatalf("problems %v", problems)
	}
	other := newWorld(t)
	report, err := other.h.ImportCasefile(other.ctx, other.editor, c, casework.CasefileOptions{})
	other.must(err)
	if report.Refused > 0 {
		t.Errorf("refused %+v", report.Problems)
	}
	for _, ref := range []record.Ref{f.demand.Ref(), f.promise.Ref(), f.judgement.Ref(), f.proceeding.Ref()} {
		if !other.sees(access.House(), ref) {
			t.Errorf("the %s did not arrive", ref.Kind)
		}
	}
	again, err := other.h.ImportCasefile(other.ctx, other.editor, c, casework.CasefileOptions{})
	other.must(err)
	if again.Created+again.Updated+again.Refused != 0 {
		t.Errorf("again: %+v", again)
	}
	other.must(c.Close())
	other.sound()
}
