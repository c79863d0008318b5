package seal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"sync"
	"time"
)

// NetworkSize is the size in bytes of a network's keyed hash.
const NetworkSize = 8

// Networks hashes networks under a key that is made every day and kept in
// memory only: the hashes of one day say nothing about those of another, and
// after the day nobody can tell which network one was. Processes have keys of
// their own.
type Networks struct {
	mu  sync.Mutex
	day int64
	key [32]byte
}

// Hash returns the keyed hash of the network of an address for one petition: the
// first 24 bits of an IPv4 address, the first 48 of an IPv6 one.
func (n *Networks) Hash(a netip.Addr, petition int, now time.Time) [NetworkSize]byte {
	a = a.Unmap().WithZone("")
	bits := 48
	if a.Is4() {
		bits = 24
	}
	prefix, _ := a.Prefix(bits) // of the zero address: the zero prefix
	n.mu.Lock()
	if day := now.Unix() / 86400; day != n.day || n.key == ([32]byte{}) {
		n.day = day
		rand.Read(n.key[:])
	}
	key := n.key
	n.mu.Unlock()
	var b [20]byte
	ip := prefix.Addr().As16()
	copy(b[:16], ip[:])
	binary.BigEndian.PutUint32(b[16:], uint32(petition))
	h := hmac.New(sha256.New, key[:])
	_, _ = h.Write(b[:])
	var out [NetworkSize]byte
	copy(out[:], h.Sum(nil))
	return out
}
