package fetch

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// shut are networks that are not the open internet, besides those that
// net/netip knows by name.
var shut = prefixes(
	"0.0.0.0/8",        // this network
	"100.64.0.0/10",    // shared by a provider's customers (RFC 6598)
	"192.0.0.0/24",     // protocol assignments
	"192.0.2.0/24",     // documentation
	"192.88.99.0/24",   // 6to4 relays
	"198.18.0.0/15",    // benchmarks
	"198.51.100.0/24",  // documentation
	"203.0.113.0/24",   // documentation
	"240.0.0.0/4",      // reserved, and the broadcast address
	"2001::/23",        // Teredo and other protocol assignments
	"2001:db8::/32",    // documentation
	"2002::/16",        // 6to4, which hides an IPv4 address
	"3fff::/20",        // documentation
	"168.63.129.16/32", // a cloud's own agent
)

var (
	// unicast is the part of IPv6 that is handed out.
	unicast = netip.MustParsePrefix("2000::/3")
	// nat64 stands for an IPv4 address, which is its last four bytes.
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// open reports whether an address is one of the open internet.
func open(a netip.Addr) bool {
	a = a.Unmap()
	if nat64.Contains(a) {
		b := a.As16()
		return open(netip.AddrFrom4([4]byte(b[12:])))
	}
	if !a.IsValid() || a.Zone() != "" || !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsLoopback() {
		return false
	}
	if a.Is6() && !unicast.Contains(a) {
		return false
	}
	for _, p := range shut {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// maxURL bounds an address; longer ones are no feed's.
const maxURL = 2048

// parse reads an address and refuses what no feed has: another scheme, a name
// and password, a port of another service.
func (c *Client) parse(address string) (*url.URL, error) {
	if len(address) > maxURL {
		return nil, &Error{Code: Address, Detail: "longer than " + strconv.Itoa(maxURL) + " characters"}
	}
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil:
		return nil, &Error{Code: Address, Detail: "not an address"}
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, &Error{Code: Address, Detail: "only http and https are fetched"}
	case u.User != nil:
		return nil, &Error{Code: Address, Detail: "it holds a user name"}
	case u.Hostname() == "":
		return nil, &Error{Code: Address, Detail: "it names no host"}
	}
	if p := u.Port(); p != "" && !c.private {
		// Ports below 1024 belong to services that might understand a request
		// meant for them to be something else.
		if n, err := strconv.Atoi(p); err != nil || n < 1024 && n != 80 && n != 443 || n > 65535 {
			return nil, &Error{Code: Address, Detail: "port " + p + " is no web server's"}
		}
	}
	u.Fragment, u.RawFragment = "", ""
	u.RawQuery = escaped(u.RawQuery)
	return u, nil
}

// escaped writes the bytes of a query that are not ASCII as an address has them: hosts
// put any bytes into the address they lead to.
func escaped(query string) string {
	var b strings.Builder
	for i := range len(query) {
		if c := query[i]; c < 0x80 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
