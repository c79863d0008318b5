package signing

import (
	"net/netip"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
)

// Rate is a number of signatures at once and then as many an hour.
type Rate struct {
	Burst   float64
	PerHour float64
}

// Rules are how abuse is met. They may be replaced while running.
type Rules struct {
	// Soft is from where on mails to one network's signers of one petition are put
	// off, Hard from where on they do not count. Both are wide: people behind one
	// carrier, in one mosque or one community centre are the normal case.
	Soft, Hard Rate
	// MaxDelay bounds how long a mail is put off.
	MaxDelay time.Duration
	// Allow are networks without a limit: shared ones that are known, Tor exits, a
	// load test.
	Allow []netip.Prefix
	// Blocked are mail domains, in lower case and ASCII, from which signatures do
	// not count, with all below them.
	Blocked map[string]bool
	// Domains are the rules by which addresses are compared.
	Domains signature.Rules
	// MailsPerDay and MailsPerAddress are how many entries one address is mailed about
	// one petition on one day, and in all, before it has confirmed. Further ones of a
	// day wait for the next, the newest first, so that whoever types another's address
	// cannot use up its mails at once. 0 is no limit.
	MailsPerDay     int
	MailsPerAddress int
	// Challenge is what a browser can do for its mail not to wait.
	Challenge Challenge
}

// DefaultRules returns the rules of a house that has set none. They are in the
// open; a house under attack sets its own.
func DefaultRules() Rules {
	return Rules{
		Soft: Rate{Burst: 100, PerHour: 600}, Hard: Rate{Burst: 2000, PerHour: 2000},
		MaxDelay: 15 * time.Minute, Domains: signature.DefaultRules(), MailsPerDay: 3, MailsPerAddress: 10,
	}
}

// Allows reports whether an address is of a network without a limit.
func (r *Rules) Allows(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, p := range r.Allow {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// throttle counts signatures by network and petition, by keyed hash and in
// memory only.
type throttle struct {
	mu      sync.Mutex
	buckets map[[seal.NetworkSize]byte]*bucket
	swept   time.Time
}

// bucket is what a network may still do.
type bucket struct {
	soft, hard float64
	at         time.Time
}

// maxBuckets bounds the memory of a flood from everywhere at once: beyond it the
// networks that were quiet longest are forgotten.
const maxBuckets = 200_000

// take counts one signature. delay is how long its mail is put off; hard says
// that it does not count.
func (t *throttle) take(net [seal.NetworkSize]byte, r *Rules, now time.Time) (delay time.Duration, hard bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.buckets == nil {
		t.buckets = map[[seal.NetworkSize]byte]*bucket{}
	}
	b := t.buckets[net]
	if b == nil {
		t.sweep(now)
		b = &bucket{soft: r.Soft.Burst, hard: r.Hard.Burst, at: now}
		t.buckets[net] = b
	}
	// A clock that was set back gives nothing and takes nothing.
	hours := max(0, now.Sub(b.at).Hours())
	b.at = now
	b.soft = min(b.soft+hours*r.Soft.PerHour, r.Soft.Burst) - 1
	b.hard = min(b.hard+hours*r.Hard.PerHour, r.Hard.Burst)
	if b.hard < 1 {
		b.soft = max(b.soft, -r.Soft.PerHour)
		return 0, true
	}
	b.hard--
	if b.soft < 0 {
		b.soft = max(b.soft, -r.Soft.PerHour)
		delay = r.MaxDelay
		if r.Soft.PerHour > 0 {
			delay = min(delay, time.Duration(-b.soft/r.Soft.PerHour*float64(time.Hour)))
		}
	}
	return delay, false
}

// sweep forgets networks that are as if they had never been seen. The caller
// holds the lock.
func (t *throttle) sweep(now time.Time) {
	if len(t.buckets) < maxBuckets && now.Sub(t.swept) < 10*time.Minute && !now.Before(t.swept) {
		return
	}
	t.swept = now
	quiet := time.Hour
	for {
		for k, b := range t.buckets {
			if d := now.Sub(b.at); d > quiet || d < -quiet {
				delete(t.buckets, k)
			}
		}
		if len(t.buckets) < maxBuckets || quiet < time.Second {
			break
		}
		quiet /= 4
	}
	if len(t.buckets) >= maxBuckets {
		clear(t.buckets)
	}
}
