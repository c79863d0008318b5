package mail

import "time"

// rates limits how fast messages go to each mail domain. It belongs to one
// process; several share a domain's patience.
type rates struct {
	perMinute int
	buckets   map[string]*bucket
}

// bucket holds how many messages may go at once, in messages; it fills up by
// perMinute in a minute to what goes in burst.
type bucket struct {
	level float64
	at    time.Time
}

// burst is how much of a minute's messages may go at once.
const burst = 6 * time.Second

// maxBuckets bounds the memory for domains. A full bucket is like none at all.
const maxBuckets = 10_000

func newRates(perMinute int) *rates {
	return &rates{perMinute: perMinute, buckets: map[string]*bucket{}}
}

func (r *rates) size() float64 {
	return max(2, float64(r.perMinute)*burst.Minutes())
}

func (r *rates) bucket(host string, now time.Time) *bucket {
	b := r.buckets[host]
	if b == nil {
		if len(r.buckets) >= maxBuckets {
			r.sweep(now)
		}
		b = &bucket{level: r.size(), at: now}
		r.buckets[host] = b
	}
	if past := now.Sub(b.at); past > 0 {
		b.level = min(r.size(), b.level+past.Minutes()*float64(r.perMinute))
	}
	b.at = now // also when the clock has gone back
	return b
}

func (r *rates) sweep(now time.Time) {
	for host := range r.buckets {
		if b := r.bucket(host, now); b.level >= r.size() {
			delete(r.buckets, host)
		}
	}
	if len(r.buckets) >= maxBuckets {
		clear(r.buckets)
	}
}

// take reports whether a message may go to the host now, and counts it if so.
// The upper half of a bucket is for newsletters too, the lower one is kept for
// whoever waits.
func (r *rates) take(host string, lane Lane, now time.Time) bool {
	b := r.bucket(host, now)
	if b.level < r.least(lane) {
		return false
	}
	b.level--
	return true
}

func (r *rates) least(lane Lane) float64 {
	if lane >= LaneUpdate {
		return max(1, r.size()/2+1)
	}
	return 1
}

// free is when a message may go to the host, now if it may.
func (r *rates) free(host string, lane Lane, now time.Time) time.Time {
	short := r.least(lane) - r.bucket(host, now).level
	if short <= 0 {
		return now
	}
	return now.Add(time.Duration(short / float64(r.perMinute) * float64(time.Minute)))
}

// full reports whether the host has to wait even for a confirmation.
func (r *rates) full(host string, now time.Time) bool { return r.bucket(host, now).level < 1 }
