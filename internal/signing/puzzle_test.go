package signing

import (
	"net/netip"
	"strings"
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

// TestPuzzlesHandedIn forgets what is too old, and helps nobody once it is full.
func TestPuzzlesHandedIn(t *testing.T) {
	var p puzzles
	if !p.spend([12]byte{1}, 100, 100) || p.spend([12]byte{1}, 100, 101) {
		t.Error("a puzzle is not good exactly once")
	}
	p.spend([12]byte{2}, 100+61, 100+61)
	if len(p.spent) != 1 {
		t.Errorf("%d are remembered", len(p.spent))
	}
}

// BenchmarkSolved measures looking at a solution: of a puzzle that was handed in
// before, so that every part is looked at.
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
