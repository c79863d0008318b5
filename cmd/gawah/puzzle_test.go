package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// openPetition puts an invented petition that takes signatures into a database, and
// makes the house ask for work.
func openPetition(t *testing.T, target, dir string) (s *store.Store, slug string, number int) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s, err := store.Open(ctx, target)
	must(err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	house := casework.New(casework.Config{Store: s, Dir: dir})
	ids := make([]string, 2)
	for i := range ids {
		ids[i], err = house.NewID()
		must(err)
	}
	p := &record.Petition{
		ID: record.PetitionID(ids[0]), Number: 1, Slug: "testfall", Title: record.Plain("en", "Protect Example Town"),
		Texts:       []record.PetitionText{{Lang: "en", Title: "Protect Example Town", Body: "We ask."}},
		Addressees:  []record.Addressee{{Key: "office", Office: record.Plain("en", "Office of Example Town")}},
		Demands:     []record.PetitionDemand{{Key: "protect", Text: record.Plain("en", "Protect it.")}},
		Publication: record.PetitionPublished, Collection: record.CollectOpen, Signers: record.SignPeople, Pace: record.PaceLive,
		Edition: 1, KeepDays: 30, Visibility: record.Public,
	}
	must(house.Do(ctx, access.House(), access.ActPetition, "make petition", "", func(w *casework.Work) error {
		if err := w.Create(p); err != nil {
			return err
		}
		e := &record.Edition{
			ID: record.EditionID(ids[1]), Petition: p.ID, Number: 1, Made: w.At(), Texts: []record.EditionText{{Lang: "en", Title: "Protect Example Town", Source: "We ask."}},
			Addressees: p.Addressees, Demands: p.Demands, Visibility: record.Public,
		}
		var err error
		if e.Hash, err = petition.Hash(e); err != nil {
			return err
		}
		return w.Create(e)
	}))
	must(s.Aside(ctx, func(tx *store.Tx) error {
		return signing.WriteHouseRules(ctx, tx, signing.HouseRules{Challenge: signing.ChallengeAlways, ChallengeBits: signing.MinPuzzleBits})
	}))
	return s, p.Slug, p.Number
}

// TestPuzzleOverServers hands each solution in to two servers on one PostgreSQL, at
// once and again: every signature is taken, and the mail of one with each solution
// leaves at once.
func TestPuzzleOverServers(t *testing.T) {
	target := testdb.Postgres(t)
	dir := t.TempDir()
	db, slug, number := openPetition(t, target, dir)
	// The test's own binary is the program when it has its name.
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "gawah")
	if err := os.Symlink(self, program); err != nil {
		t.Fatal(err)
	}
	var servers []*served
	for range 2 {
		servers = append(servers, start(t, program, "--data", dir, "--db", target))
	}
	if servers[0].cmd.Process.Pid == servers[1].cmd.Process.Pid || servers[0].address == servers[1].address {
		t.Fatal("two servers are one")
	}
	const puzzles, each = 8, 4
	sign := func(server *served, i int, work string) error {
		form := url.Values{
			"name": {"Testfall Signer"}, "email": {fmt.Sprintf("signer%d@mail%d.example", i, i)}, "country": {"PK"}, "city": {"Example Town"},
			"disclosure": {"count"}, "consent": {"yes"}, "work": {work},
		}
		res, err := http.PostForm(server.address+"/petitions/"+slug+"/sign", form)
		if err != nil {
			return err
		}
		if err := res.Body.Close(); err != nil {
			return err
		}
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("signing answers %d", res.StatusCode)
		}
		return nil
	}
	for i := range puzzles {
		code, body := get(t, servers[i%2].address+"/puzzle/"+strconv.Itoa(number))
		var given struct{ Puzzle string }
		if err := json.Unmarshal([]byte(body), &given); err != nil || code != http.StatusOK || given.Puzzle == "" {
			t.Fatalf("a puzzle answers %d %q: %v", code, body, err)
		}
		work := signing.SolvePuzzle(given.Puzzle)
		var wait sync.WaitGroup
		for k := range each {
			wait.Go(func() {
				if err := sign(servers[k%2], each*i+k, work); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
	}
	var rows []store.Signature
	if err := db.View(t.Context(), func(r *store.Reader) (err error) {
		rows, err = r.SignaturesWhere(t.Context(), store.SignatureWhere{Petition: number}, 0, 1000)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	soon, late := 0, 0
	for _, s := range rows {
		if s.Due <= time.Now().Unix()/60 {
			soon++
		} else {
			late++
		}
	}
	if soon != puzzles || late != puzzles*(each-1) {
		t.Errorf("the mails of %d signatures leave at once and of %d later, want %d and %d", soon, late, puzzles, puzzles*(each-1))
	}
}
