// Package testdns is a name server for tests: it answers questions for TXT records
// over UDP on the loopback. Only tests import it.
package testdns

import (
	"context"
	"encoding/binary"
	"net"
	"strings"
	"sync"
	"testing"
)

// Zone is what a name server knows.
type Zone struct {
	at net.Addr

	mu    sync.Mutex // guards what follows
	texts map[string][]string
	fails string // the name that it cannot answer for
	asked int
}

// Serve begins a name server that knows nothing and ends with the test.
func Serve(t testing.TB) *Zone {
	t.Helper()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	z := &Zone{at: pc.LocalAddr()}
	go z.serve(pc)
	return z
}

// Resolver asks this server and no other.
func (z *Zone) Resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", z.at.String())
	}}
}

// Set makes these texts the only ones that the server knows.
func (z *Zone) Set(name string, texts ...string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.texts, z.fails = map[string][]string{name: texts}, ""
}

// Fail makes the server say that it failed when it is asked for a name (RFC 1035,
// section 4.1.1, RCODE 2).
func (z *Zone) Fail(name string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.texts, z.fails = nil, name
}

// Asked returns how many questions came.
func (z *Zone) Asked() int {
	z.mu.Lock()
	defer z.mu.Unlock()
	return z.asked
}

func (z *Zone) serve(pc net.PacketConn) {
	buf := make([]byte, 1500)
	for {
		n, from, err := pc.ReadFrom(buf)
		if err != nil {
			return
		}
		if answer := z.answer(buf[:n]); answer != nil {
			if _, err := pc.WriteTo(answer, from); err != nil {
				return
			}
		}
	}
}

// The first bytes of a message's flags in an answer, by RCODE.
const (
	found    = 0x80
	failed   = 0x82
	notThere = 0x83
)

// answer makes the answer to a question (RFC 1035, section 4), nil to what is none.
func (z *Zone) answer(q []byte) []byte {
	var labels []string
	i := 12
	for i < len(q) && q[i] != 0 {
		end := i + 1 + int(q[i])
		if end > len(q) {
			return nil
		}
		labels = append(labels, string(q[i+1:end]))
		i = end
	}
	if i+5 > len(q) {
		return nil
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	z.asked++
	name := strings.Join(labels, ".")
	texts := z.texts[name]
	out := append([]byte{q[0], q[1], 0x81, found, 0, 1, 0, byte(len(texts)), 0, 0, 0, 0}, q[12:i+5]...)
	switch {
	case z.fails == name:
		out[3] = failed
	case len(texts) == 0:
		out[3] = notThere
	}
	for _, text := range texts {
		out = append(out, 0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60)
		out = binary.BigEndian.AppendUint16(out, uint16(len(text)+1))
		out = append(append(out, byte(len(text))), text...)
	}
	return out
}
