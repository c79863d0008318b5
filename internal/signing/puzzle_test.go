package signing

import (
	"encoding/base64"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/store"
)

// challenged is a house whose rules ask for work, little of it.
func challenged(t testing.TB, target string, mode ChallengeMode) *house {
	h := open(t, target)
	rules := h.Rules()
	rules.Challenge = Challenge{Mode: mode, Bits: MinPuzzleBits}
	rules.Soft = Rate{Burst: 2, PerHour: 60}
	h.SetRules(rules)
	return h
}

// wait takes a form and returns for how many minutes its mail is put off.
func (h *house) wait(f Form) int64 {
	h.t.Helper()
	n := h.take(f).N
	var due int64
	err := h.store.View(h.t.Context(), func(r *store.Reader) error {
		rows, err := r.Signatures(h.t.Context(), n)
		due = rows[n].Due
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return due - h.minute()
}

// TestChallenge lets mails leave at once for whoever handed in a solution, once,
// in its time and for its petition, and later for everybody else.
func TestChallenge(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h = challenged(t, h.target, ChallengeAlways)
		outside := netip.MustParseAddr("203.0.113.9")
		from := func(i int, work string) Form {
			f := form(i)
			f.Net, f.Work = outside, work
			return f
		}
		later := int64(ChallengeDelay / time.Minute)
		fresh := func() string {
			puzzle, bits := h.Puzzle(petition)
			if bits != MinPuzzleBits {
				t.Fatalf("%d bits", bits)
			}
			return puzzle
		}
		good := SolvePuzzle(fresh())
		if got := h.wait(from(1, good)); got != 0 {
			t.Errorf("with a solution the mail waits %d minutes", got)
		}
		old := SolvePuzzle(fresh())
		other := strings.Replace(SolvePuzzle(fresh()), ".", "A.", 1)
		unsolved := fresh() + "." + strings.Repeat("A", 86)
		swapped := fresh() + "." + strings.SplitN(good, ".", 2)[1]
		for name, work := range map[string]string{
			"nothing": "", "words": "Testfall", "handed in before": good, "changed": other, "unsolved": unsolved, "another's solution": swapped, "too long": strings.Repeat("A", 10_000),
		} {
			if got := h.wait(from(2, work)); got < later {
				t.Errorf("%s: the mail waits %d minutes", name, got)
			}
		}
		h.clock.add(PuzzleLife)
		if got := h.wait(from(3, old)); got < later {
			t.Errorf("too old: the mail waits %d minutes", got)
		}
		x := terms()
		x.Number = petition + 1
		h.registry.Put(x)
		f := from(4, SolvePuzzle(fresh()))
		f.Petition = petition + 1
		if got := h.wait(f); got < later {
			t.Errorf("of another petition: the mail waits %d minutes", got)
		}
		// Networks without a limit are without this one too.
		if got := h.wait(form(5)); got != 0 {
			t.Errorf("of a network without a limit: the mail waits %d minutes", got)
		}
		h.consistent()
	})
}

// TestChallengeOfCrowdedNetworks spares those the wait of their network who have
// worked, and asks nobody else.
func TestChallengeOfCrowdedNetworks(t *testing.T) {
	h := challenged(t, t.TempDir()+"/gawah.db", ChallengeCrowded)
	from := func(i int, work string) Form {
		f := form(i)
		f.Net, f.Work = netip.MustParseAddr("203.0.113.9"), work
		return f
	}
	for i := range 2 {
		if got := h.wait(from(i, "")); got != 0 {
			t.Errorf("signature %d waits %d minutes", i, got)
		}
	}
	for range 20 {
		h.take(from(3, ""))
	}
	if got := h.wait(from(4, "")); got < 5 {
		t.Errorf("of a crowded network: the mail waits %d minutes", got)
	}
	puzzle, _ := h.Puzzle(petition)
	if got := h.wait(from(5, SolvePuzzle(puzzle))); got != 0 {
		t.Errorf("of a crowded network, with a solution: the mail waits %d minutes", got)
	}
}

// TestChallengeOfSomePetitions gives out puzzles for those it is set for, and takes
// no note of solutions elsewhere.
func TestChallengeOfSomePetitions(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	set := func(r HouseRules) error {
		return h.store.Aside(t.Context(), func(tx *store.Tx) error { return WriteHouseRules(t.Context(), tx, r) })
	}
	if puzzle, _ := h.Puzzle(petition); puzzle != "" {
		t.Error("a puzzle with no challenge set")
	}
	if err := set(HouseRules{Challenge: ChallengeAlways, ChallengeFor: []int{petition}, ChallengeBits: 9}); err != nil {
		t.Fatal(err)
	}
	if err := h.takeRules(t.Context()); err != nil {
		t.Fatal(err)
	}
	if puzzle, bits := h.Puzzle(petition); puzzle == "" || bits != 9 {
		t.Errorf("puzzle %q of %d bits", puzzle, bits)
	}
	if puzzle, _ := h.Puzzle(petition + 1); puzzle != "" {
		t.Error("a puzzle for another petition")
	}
	for _, bad := range []HouseRules{{Challenge: "sometimes"}, {Challenge: ChallengeAlways, ChallengeBits: 40}, {Challenge: ChallengeAlways, ChallengeFor: []int{0}}} {
		if set(bad) == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

// TestRulesFromTheStart has the house's rules in force when an engine takes its first
// signature.
func TestRulesFromTheStart(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	rules := HouseRules{Challenge: ChallengeAlways, ChallengeBits: MinPuzzleBits, Blocked: []string{"throwaway.example"}}
	if err := h.store.Aside(t.Context(), func(tx *store.Tx) error { return WriteHouseRules(t.Context(), tx, rules) }); err != nil {
		t.Fatal(err)
	}
	e := h.another()
	if puzzle, _ := e.Puzzle(petition); puzzle == "" || !e.Rules().Blocked["throwaway.example"] {
		t.Error("the house's rules are not in force")
	}
}

// TestPuzzleIsGoodOnce hands each puzzle in to two processes at once, and to one of
// them again in the same group: one mail of each leaves at once.
func TestPuzzleIsGoodOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h = challenged(t, h.target, ChallengeAlways)
		there := h.another()
		there.SetRules(h.Rules())
		const puzzles = 40
		var rows []int64
		var all []string
		var mu sync.Mutex
		var wait sync.WaitGroup
		for i := range puzzles {
			puzzle, _ := h.Puzzle(petition)
			work := SolvePuzzle(puzzle)
			all = append(all, puzzle)
			for k, e := range []*Engine{h.Engine, there, there} {
				wait.Go(func() {
					f := form(3*i + k)
					// One network for each, so that none is crowded.
					f.Net, f.Work = netip.AddrFrom4([4]byte{203, 0, byte(113 + k), byte(i)}), work
					got, err := e.Accept(t.Context(), f)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					rows = append(rows, got.N)
				})
			}
		}
		wait.Wait()
		soon := 0
		if err := h.store.View(t.Context(), func(r *store.Reader) error {
			found, err := r.Signatures(t.Context(), rows...)
			for _, s := range found {
				if s.Due == h.minute() {
					soon++
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if soon != puzzles || len(rows) != 3*puzzles {
			t.Errorf("of %d signatures with %d puzzles %d mails leave at once", len(rows), puzzles, soon)
		}
		if n := h.noted(all); n != puzzles {
			t.Errorf("%d puzzles are noted, want %d", n, puzzles)
		}
		if err := there.ForgetPuzzles(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := h.noted(all); n != puzzles {
			t.Errorf("%d puzzles are noted while they are good, want %d", n, puzzles)
		}
		h.clock.add(2 * PuzzleLife)
		if err := there.ForgetPuzzles(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := h.noted(all); n != 0 {
			t.Errorf("%d puzzles are remembered when they are too old", n)
		}
		h.consistent()
	})
}

// TestPuzzleStaysGood keeps a puzzle good whose signature could not be written.
func TestPuzzleStaysGood(t *testing.T) {
	h := challenged(t, t.TempDir()+"/gawah.db", ChallengeAlways)
	puzzle, _ := h.Puzzle(petition)
	work := SolvePuzzle(puzzle)
	f := form(1)
	f.Net, f.Work, f.Email = netip.MustParseAddr("203.0.113.9"), work, "not an address"
	if _, err := h.Accept(t.Context(), f); err == nil {
		t.Fatal("a form without an address was taken")
	}
	if n := h.noted([]string{puzzle}); n != 0 {
		t.Error("the puzzle is noted")
	}
	f.Email = "testfall@mail.example"
	if got := h.wait(f); got != 0 {
		t.Errorf("the mail waits %d minutes", got)
	}
}

// noted counts those of some puzzles that were handed in and are remembered.
func (h *house) noted(puzzles []string) int {
	h.t.Helper()
	var ids []store.Puzzle
	for _, p := range puzzles {
		b, err := base64.RawURLEncoding.DecodeString(p)
		if err != nil {
			h.t.Fatal(err)
		}
		ids = append(ids, store.Puzzle{ID: b[10:puzzleBody]})
	}
	fresh := 0
	onlyLooked := errors.New("only looked")
	err := h.store.Aside(h.t.Context(), func(tx *store.Tx) error {
		m, err := tx.SpendPuzzles(h.t.Context(), ids)
		if fresh = len(m); err != nil {
			return err
		}
		return onlyLooked
	})
	if !errors.Is(err, onlyLooked) {
		h.t.Fatal(err)
	}
	return len(puzzles) - fresh
}

// BenchmarkSolved measures looking at a solution.
func BenchmarkSolved(b *testing.B) {
	h := challenged(b, b.TempDir()+"/gawah.db", ChallengeAlways)
	puzzle, _ := h.Puzzle(petition)
	work := SolvePuzzle(puzzle)
	now := h.clock.now()
	for b.Loop() {
		h.solved(work, petition, now)
	}
}

// BenchmarkPuzzle measures making one.
func BenchmarkPuzzle(b *testing.B) {
	h := challenged(b, b.TempDir()+"/gawah.db", ChallengeAlways)
	for b.Loop() {
		h.Puzzle(petition)
	}
}
