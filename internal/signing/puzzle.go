package signing

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"time"
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

// puzzles are the puzzles that were handed in, until they would be too old anyway.
// Nothing of whoever handed them in is kept. Each process has its own: with several
// one puzzle is good once in each.
type puzzles struct {
	mu    sync.Mutex
	spent map[[12]byte]int64 // the minute a puzzle was made in
	swept int64
}

// maxSpent bounds the memory of puzzles handed in. Beyond it no solution helps
// any more until the oldest are too old, as if there were no challenge.
const maxSpent = 500_000

// solved reports whether work is a puzzle of the petition with its solution,
// separated by a dot, and takes it: it is good once.
func (e *Engine) solved(work string, petition int, now time.Time) bool {
	puzzle, solution, ok := strings.Cut(work, ".")
	if !ok || len(puzzle) != base64.RawURLEncoding.EncodedLen(puzzleSize) || len(solution) != base64.RawURLEncoding.EncodedLen(4*PuzzleParts) {
		return false
	}
	var b [puzzleSize + 1 + 4]byte
	var n [4 * PuzzleParts]byte
	if _, err := base64.RawURLEncoding.Strict().Decode(b[:puzzleSize], []byte(puzzle)); err != nil {
		return false
	}
	if _, err := base64.RawURLEncoding.Strict().Decode(n[:], []byte(solution)); err != nil {
		return false
	}
	made, minute := int64(binary.BigEndian.Uint32(b[5:9])), now.Unix()/60
	// One that was made before the house asked for more work is good for what was asked.
	zeros := int(b[9])
	if b[0] != 1 || int(binary.BigEndian.Uint32(b[1:5])) != petition || zeros < MinPuzzleBits ||
		made > minute+1 || minute-made >= int64(PuzzleLife/time.Minute) || !hmac.Equal(b[puzzleBody:puzzleSize], e.puzzleMark(b[:puzzleBody])) {
		return false
	}
	for i := range PuzzleParts {
		b[puzzleSize] = byte(i)
		copy(b[puzzleSize+1:], n[4*i:4*i+4])
		sum := sha256.Sum256(b[:])
		if bits.LeadingZeros32(binary.BigEndian.Uint32(sum[:4])) < zeros {
			return false
		}
	}
	return e.puzzles.spend([12]byte(b[10:puzzleBody]), made, minute)
}

// spend notes that a puzzle was handed in, and reports whether it is the first
// time.
func (p *puzzles) spend(id [12]byte, made, minute int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.spent == nil {
		p.spent = map[[12]byte]int64{}
	}
	if p.swept != minute {
		p.swept = minute
		for k, m := range p.spent {
			if minute-m > int64(PuzzleLife/time.Minute) {
				delete(p.spent, k)
			}
		}
	}
	if _, again := p.spent[id]; again || len(p.spent) >= maxSpent {
		return false
	}
	p.spent[id] = made
	return true
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
