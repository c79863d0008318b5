package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

// petitionStateOf is the state that a reader sees: open, paused, waiting, closed,
// rejected, stopped, or foreign for another site's.
func petitionStateOf(p *record.Petition, loop bool, now time.Time) string {
	open, why := petition.CollectsAt(p, now.UnixMicro(), loop)
	switch {
	case open:
		return "open"
	case p.Foreign != nil:
		return "foreign"
	}
	switch why {
	case petition.WhyRejected:
		return "rejected"
	case petition.WhyStopped:
		return "stopped"
	case petition.WhyPaused:
		return "paused"
	case petition.WhyNotOpen, petition.WhyScheduled, petition.WhyDraft:
		return "waiting"
	}
	return "closed"
}

// petitionTurns is the next moment at which the clock alone changes what
// petitionStateOf says, in microseconds; 0 when none is coming.
func petitionTurns(p *record.Petition, now time.Time) int64 {
	if p.Collection != record.CollectOpen {
		return 0
	}
	at := now.UnixMicro()
	if p.Opens > at {
		return p.Opens
	}
	if closes := petition.ExtendedClose(p, at); closes > at {
		return closes
	}
	return 0
}

// byLoopback reports whether a request comes from the very machine that it
// reaches, by a loopback address and name, with nobody in between. A proxy on
// the same machine also comes by loopback: one that says so is not believed to
// be the reader, and a house that trusts a proxy has one.
func (s *Server) byLoopback(r *http.Request) bool {
	if s.trustProxy || !loopHost(r.Host) || !loopAddress(r.RemoteAddr) {
		return false
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok || !local.IP.IsLoopback() {
		return false
	}
	for _, name := range proxyHeaders {
		if len(r.Header[name]) > 0 {
			return false
		}
	}
	return true
}

// proxyHeaders are what proxies add, in canonical form.
var proxyHeaders = []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via"}

// loopHost reports whether a Host header names this very machine.
func loopHost(host string) bool {
	name := host
	if i := strings.LastIndexByte(name, ':'); i >= 0 && !strings.HasSuffix(name, "]") {
		name = name[:i]
	}
	if name == "localhost" || name == "127.0.0.1" {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && ip.Unmap().IsLoopback()
}

// loopAddress reports whether an address with a port is of the loopback.
func loopAddress(addr string) bool {
	if strings.HasPrefix(addr, "127.0.0.1:") {
		return true
	}
	ap, err := netip.ParseAddrPort(addr)
	return err == nil && ap.Addr().Unmap().IsLoopback()
}
