package casework

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"
)

// HashCost is what hashing one password with argon2id takes: KiB of memory, and
// passes over it. The zero value stands for the house's own cost; a lower one is
// for tests, which sign in hundreds of times.
type HashCost struct {
	Memory, Passes uint32
}

// houseCost, 64 MiB and two passes, is above the OWASP minimum (19 MiB, two
// passes) and takes about 0.1 s on a small server. A stored hash names its own
// parameters, so raising these leaves old ones valid.
var houseCost = HashCost{Memory: 64 << 10, Passes: 2}

const (
	argonThreads = 1
	argonKey     = 32
	argonSalt    = 16
	// argonAtOnce bounds the memory that sign-ins can take together.
	argonAtOnce = 2
)

// The throttles. After freeTries failures in a row an account waits, twice as
// long each time, up to maxDelay, so that guessing goes on at four tries an hour.
// While an account waits the right password is refused as well: it would tell
// the guesser that it is right. Whoever knows an address and keeps failing can
// thus keep its owner out; a new set-up link from an admin ends the wait, and
// what is signed in stays so. A network has netTries failures and gets one back
// every netRefill.
const (
	freeTries  = 5
	firstDelay = 5 * time.Second
	maxDelay   = 15 * time.Minute
	netTries   = 30
	netRefill  = 30 * time.Second
	// netQueue is how many sign-ins of a network wait for their turn at most, so
	// that one cannot hold up everybody else's.
	netQueue = 8
	// maxTraces bounds the memory for failures; beyond it those that no longer
	// hold anybody back are dropped.
	maxTraces = 50_000
)

// ErrThrottled means that too many sign-ins failed and how long to wait.
type ErrThrottled struct{ RetryAfter time.Duration }

func (e ErrThrottled) Error() string {
	return fmt.Sprintf("too many sign-ins have failed; try again in %s", e.RetryAfter.Round(time.Second))
}

// delayAfter is how long an account waits after so many failures in a row.
func delayAfter(failed int) time.Duration {
	if failed < freeTries {
		return 0
	}
	d := firstDelay
	for range failed - freeTries {
		if d *= 2; d >= maxDelay {
			return maxDelay
		}
	}
	return d
}

// doors guards signing in: what must not be kept on a disk lives here, under a
// key that is thrown away every day, so that no address can be read out of it.
type doors struct {
	mu     sync.Mutex
	key    [32]byte
	day    int64
	traces map[[32]byte]trace
	// waiting counts the sign-ins of a network that are under way.
	waiting map[string]int

	cost  HashCost
	once  sync.Once
	slots chan struct{}
	dummy string
}

// trace is what is remembered of a network or of an address without an account.
type trace struct {
	failed int
	last   time.Time
}

// trace keys a network or address for today.
func (d *doors) id(now time.Time, kind, what string) [32]byte {
	if day := now.Unix() / 86400; d.traces == nil || day != d.day {
		_, _ = rand.Read(d.key[:]) // never fails on the supported systems: it would end the program
		d.day, d.traces = day, map[[32]byte]trace{}
	}
	m := hmac.New(sha256.New, d.key[:])
	m.Write([]byte(kind))
	m.Write([]byte{0})
	m.Write([]byte(what))
	return [32]byte(m.Sum(nil))
}

// refilled is the failures that still count against a network.
func (t trace) refilled(now time.Time) int {
	return max(0, t.failed-int(now.Sub(t.last)/netRefill))
}

// mayTry refuses a network or an address that has failed too often. Addresses
// without an account are treated here as accounts are in the store, so that the
// delays do not tell them apart.
func (d *doors) mayTry(now time.Time, network, email string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if network != "" {
		t := d.traces[d.id(now, "network", network)]
		if n := t.refilled(now); n >= netTries {
			return ErrThrottled{time.Duration(n-netTries+1) * netRefill}
		}
	}
	t := d.traces[d.id(now, "address", email)]
	if wait := t.last.Add(delayAfter(t.failed)).Sub(now); t.failed > 0 && wait > 0 {
		return ErrThrottled{wait}
	}
	return nil
}

// failed counts a failure. known says that the address has an account, whose
// failures are counted in the store.
func (d *doors) failed(now time.Time, network, email string, known bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if network != "" {
		id := d.id(now, "network", network)
		d.traces[id] = trace{d.traces[id].refilled(now) + 1, now}
	}
	if !known {
		id := d.id(now, "address", email)
		d.traces[id] = trace{d.traces[id].failed + 1, now}
	}
	if len(d.traces) > maxTraces {
		for id, t := range d.traces {
			if now.Sub(t.last) > maxDelay {
				delete(d.traces, id)
			}
		}
		if len(d.traces) > maxTraces {
			clear(d.traces) // an attack from everywhere at once: memory comes first
		}
	}
}

// queue lets a sign-in wait for its turn. What it returns is called when the
// sign-in is over.
func (d *doors) queue(network string) (leave func(), err error) {
	if network == "" {
		return func() {}, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.waiting[network] >= netQueue {
		return nil, ErrThrottled{firstDelay}
	}
	if d.waiting == nil {
		d.waiting = map[string]int{}
	}
	d.waiting[network]++
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.waiting[network]--; d.waiting[network] == 0 {
			delete(d.waiting, network)
		}
	}, nil
}

func (d *doors) begin() {
	d.once.Do(func() {
		d.slots = make(chan struct{}, argonAtOnce)
		salt := make([]byte, argonSalt)
		key := make([]byte, argonKey)
		_, _ = rand.Read(salt)
		_, _ = rand.Read(key)
		d.dummy = d.phc(salt, key)
	})
}

func (d *doors) slot(ctx context.Context) (func(), error) {
	d.begin()
	select {
	case d.slots <- struct{}{}:
		return func() { <-d.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// phc writes a hash in the PHC string format.
func (d *doors) phc(salt, key []byte) string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, d.cost.Memory, d.cost.Passes, argonThreads,
		b.EncodeToString(salt), b.EncodeToString(key))
}

// hash returns a password's argon2id hash in the PHC string format.
func (d *doors) hash(ctx context.Context, password string) (string, error) {
	done, err := d.slot(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := make([]byte, argonSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	return d.phc(salt, argon2.IDKey([]byte(password), salt, d.cost.Passes, d.cost.Memory, argonThreads, argonKey)), nil
}

// verify waits for a turn and reports whether a password has the hash.
func (d *doors) verify(ctx context.Context, hash, password string) (bool, error) {
	done, err := d.slot(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	return d.matches(hash, password)
}

// matches reports whether a password has the hash, for whoever holds a slot. An
// empty hash, of an account that does not exist or is not set up, costs as much
// as any other and is never right.
func (d *doors) matches(hash, password string) (bool, error) {
	none := hash == ""
	if none {
		hash = d.dummy
	}
	if len(password) > maxPassword {
		password, none = password[:maxPassword], true
	}
	salt, key, memory, passes, threads, err := parsePHC(hash)
	if err != nil {
		return false, err
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, threads, uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1 && !none, nil
}

// parsePHC reads a hash and bounds its cost: the database is not trusted to ask
// for all the memory there is.
func parsePHC(s string) (salt, key []byte, memory, passes uint32, threads uint8, err error) {
	var version int
	var rest string
	bad := fmt.Errorf("a password's hash is damaged; reset the account")
	n, err := fmt.Sscanf(s, "$argon2id$v=%d$m=%d,t=%d,p=%d$%s", &version, &memory, &passes, &threads, &rest)
	if err != nil || n != 5 || version != argon2.Version || memory < 8 || memory > 1<<20 || passes < 1 || passes > 16 || threads < 1 {
		return nil, nil, 0, 0, 0, bad
	}
	for i := range len(rest) {
		if rest[i] != '$' {
			continue
		}
		salt, err = base64.RawStdEncoding.DecodeString(rest[:i])
		if err == nil {
			key, err = base64.RawStdEncoding.DecodeString(rest[i+1:])
		}
		break
	}
	if err != nil || len(salt) < 8 || len(key) < 16 || len(key) > 64 {
		return nil, nil, 0, 0, 0, bad
	}
	return salt, key, memory, passes, threads, nil
}
