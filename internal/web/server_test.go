package web

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

// The sender writes what it likes before the proxy's word; only that counts.
func TestNetworkIsTheProxysWord(t *testing.T) {
	s := &Server{trustProxy: true, trustNet: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	for _, test := range []struct {
		lines   []string
		network string
		trusted bool
	}{
		{[]string{"10.1.1.1", "203.0.113.9"}, "203.0.113.9", false},
		{[]string{"10.1.1.1, 203.0.113.9"}, "203.0.113.9", false},
		{[]string{"10.1.1.1", "10.2.2.2, 203.0.113.9"}, "203.0.113.9", false},
		{[]string{"203.0.113.9", "10.1.1.1"}, "10.1.1.1", true},
		{[]string{"10.1.1.1", ""}, "unknown", false},
		{nil, "192.0.2.1", false}, // the connection's own
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["X-Forwarded-For"] = test.lines
		if network, trusted := s.network(r); network != test.network || trusted != test.trusted {
			t.Errorf("%q: %s, trusted %v; want %s, %v", test.lines, network, trusted, test.network, test.trusted)
		}
	}
	s.trustProxy = false
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("X-Forwarded-For", "10.1.1.1")
	if network, trusted := s.network(r); network != "192.0.2.1" || trusted {
		t.Errorf("without a proxy: %s, trusted %v", network, trusted)
	}
}
