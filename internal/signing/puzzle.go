package signing

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/store"
)

// ChallengeMode says when a mail waits for those whose browser has not worked for
// it.
type ChallengeMode string

const (
	// ChallengeOff gives out no puzzles; crowded networks wait.
	ChallengeOff ChallengeMode = ""
	// ChallengeCrowded spares those the wait of a crowded network ([Rules].Soft)
	// whose browser has solved a puzzle. Every form gives one out, because a form
	// that did so to crowded networks only would tell their users of each other.
	ChallengeCrowded ChallengeMode = "crowded"
	// ChallengeAlways lets every mail wait for [Challenge].Delay without a solution.
	ChallengeAlways ChallengeMode = "always"
)

// Challenge is the work that a browser can do for its mail to leave at once. It
// never decides whether a signature counts: who has no scripts has the mail later.
type Challenge struct {
	Mode ChallengeMode
	// Petitions are the numbers of those it is for; empty for all.
	Petitions []int
	// Bits is how hard each of the [PuzzleParts] is: 2 to the power of Bits hashes on
	// average. 0 is [PuzzleBits].
	Bits int
	// Delay is how long a mail waits without a solution under [ChallengeAlways]; 0 is
	// [ChallengeDelay].
	Delay time.Duration
}

const (
	// PuzzleParts is how many numbers a solution has. Many small parts take nearly
	// the same time everywhere, where one large one would leave some to wait long.
	PuzzleParts = 16
	// PuzzleBits is how hard a part is where nothing is set: 16 times 32,768 hashes on
	// average, seconds on a cheap telephone, while its owner reads and types.
	PuzzleBits = 15
	// MinPuzzleBits and MaxPuzzleBits are the bounds of what a house may set.
	MinPuzzleBits, MaxPuzzleBits = 8, 22
	// PuzzleLife is how long a puzzle can be handed in.
	PuzzleLife = time.Hour
	// ChallengeDelay is how long a mail waits without a solution where nothing is set.
	ChallengeDelay = 10 * time.Minute
)

// Of returns how the challenge stands for a petition.
func (c Challenge) Of(petition int) ChallengeMode {
	if len(c.Petitions) > 0 && !slices.Contains(c.Petitions, petition) {
		return ChallengeOff
	}
	return c.Mode
}

func (c Challenge) bits() int {
	if c.Bits == 0 {
		return PuzzleBits
	}
	return c.Bits
}

func (c Challenge) delay() time.Duration {
	if c.Delay == 0 {
		return ChallengeDelay
	}
	return c.Delay
}

// A puzzle is puzzleBody bytes: 1, the petition, the minute it was made in, the
// bits, and 12 random bytes; and after them 16 bytes of a keyed hash of these. The
// house keeps nothing of it until a solution comes.
const (
	puzzleBody = 1 + 4 + 4 + 1 + 12
	puzzleSize = puzzleBody + 16
)

// Puzzle makes a puzzle for a petition; "" where none is asked for. Part i of its
// solution is a number of four bytes so that the SHA-256 of the puzzle, the byte i
// and the number, highest byte first, begins with bits zeros.
func (e *Engine) Puzzle(petition int) (puzzle string, bits int) {
	c := e.rules.Load().Challenge
	if c.Of(petition) == ChallengeOff {
		return "", 0
	}
	var b [puzzleSize]byte
	b[0] = 1
	binary.BigEndian.PutUint32(b[1:5], uint32(petition))
	binary.BigEndian.PutUint32(b[5:9], uint32(e.minute()))
	b[9] = byte(c.bits())
	_, _ = rand.Read(b[10:puzzleBody]) // never fails
	copy(b[puzzleBody:], e.puzzleMark(b[:puzzleBody]))
	return base64.RawURLEncoding.EncodeToString(b[:]), c.bits()
}

func (e *Engine) puzzleMark(body []byte) []byte {
	return e.keys.House().Tag("puzzle", body)[:puzzleSize-puzzleBody]
}

// solved returns the puzzle of the petition that work holds with its solution,
// separated by a dot; nil for anything else. Whether it was handed in before is
// seen in the transaction that writes the signature ([group.spend]).
func (e *Engine) solved(work string, petition int, now time.Time) *store.Puzzle {
	puzzle, solution, ok := strings.Cut(work, ".")
	if !ok || len(puzzle) != base64.RawURLEncoding.EncodedLen(puzzleSize) || len(solution) != base64.RawURLEncoding.EncodedLen(4*PuzzleParts) {
		return nil
	}
	var b [puzzleSize + 1 + 4]byte
	var n [4 * PuzzleParts]byte
	if _, err := base64.RawURLEncoding.Strict().Decode(b[:puzzleSize], []byte(puzzle)); err != nil {
		return nil
	}
	if _, err := base64.RawURLEncoding.Strict().Decode(n[:], []byte(solution)); err != nil {
		return nil
	}
	made, minute := int64(binary.BigEndian.Uint32(b[5:9])), now.Unix()/60
	// One that was made before the house asked for more work is good for what was asked.
	zeros := int(b[9])
	if b[0] != 1 || int(binary.BigEndian.Uint32(b[1:5])) != petition || zeros < MinPuzzleBits ||
		made > minute+1 || minute-made >= int64(PuzzleLife/time.Minute) || !hmac.Equal(b[puzzleBody:puzzleSize], e.puzzleMark(b[:puzzleBody])) {
		return nil
	}
	for i := range PuzzleParts {
		b[puzzleSize] = byte(i)
		copy(b[puzzleSize+1:], n[4*i:4*i+4])
		sum := sha256.Sum256(b[:])
		if bits.LeadingZeros32(binary.BigEndian.Uint32(sum[:4])) < zeros {
			return nil
		}
	}
	// Hours, so that nothing finer is kept.
	return &store.Puzzle{ID: slices.Clone(b[10:puzzleBody]), Ends: (made*60 + int64(PuzzleLife/time.Second)) / 3600}
}

// spend notes the puzzles that requests hand in, and returns those of the requests
// that are the first to do so. A group without any writes nothing.
func (g *group) spend(ctx context.Context, batch []*request) (map[*request]bool, error) {
	var all []store.Puzzle
	for _, r := range batch {
		if r.puzzle != nil {
			all = append(all, *r.puzzle)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	fresh, err := g.tx.SpendPuzzles(ctx, all)
	if err != nil {
		return nil, err
	}
	first := map[*request]bool{}
	for _, r := range batch {
		if r.puzzle != nil && fresh[string(r.puzzle.ID)] {
			first[r] = true
			delete(fresh, string(r.puzzle.ID))
		}
	}
	return first, nil
}

// ForgetPuzzles forgets the puzzles handed in that would be too old by now.
func (e *Engine) ForgetPuzzles(ctx context.Context) error {
	return e.store.Aside(ctx, func(tx *store.Tx) error { return tx.DropPuzzles(ctx, e.hour()) })
}

// wait is how long the mail of a signature is put off: soft is for how long its
// network is, solved says that a puzzle was handed in.
func (c Challenge) wait(petition int, soft time.Duration, solved bool) time.Duration {
	switch c.Of(petition) {
	case ChallengeAlways:
		if solved {
			return 0
		}
		return max(soft, c.delay())
	case ChallengeCrowded:
		if solved {
			return 0
		}
	}
	return soft
}

// SolvePuzzle finds the solution of a puzzle, as a browser does, and returns what
// a form carries; "" for what is no puzzle. It takes many hashes, and is for tests
// and for programs that sign.
func SolvePuzzle(puzzle string) string {
	var b [puzzleSize + 1 + 4]byte
	if n, err := base64.RawURLEncoding.Decode(b[:puzzleSize], []byte(puzzle)); err != nil || n != puzzleSize {
		return ""
	}
	zeros := int(b[9])
	solution := make([]byte, 0, 4*PuzzleParts)
	for i := range PuzzleParts {
		b[puzzleSize] = byte(i)
		for n := uint32(0); ; n++ {
			binary.BigEndian.PutUint32(b[puzzleSize+1:], n)
			sum := sha256.Sum256(b[:])
			if bits.LeadingZeros32(binary.BigEndian.Uint32(sum[:4])) >= zeros {
				solution = append(solution, b[puzzleSize+1:]...)
				break
			}
		}
	}
	return puzzle + "." + base64.RawURLEncoding.EncodeToString(solution)
}
