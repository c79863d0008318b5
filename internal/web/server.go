package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/signing"
)

// Config is what the site is made of. Only House is required.
type Config struct {
	House *casework.House
	// Petitions is where petitions are worked on. Without it there are none.
	Petitions *petitions.Desk
	// Following is where demands are followed up. Without it none are.
	Following *followup.Desk
	// Signing takes signatures. Without it nothing is signed.
	Signing *signing.Engine
	// Mail says how sending goes in this process; nil where nothing is sent.
	Mail func() petitions.MailStatus
	// URL is the public address, such as https://record.example.org, used where a
	// page, a feed or a cookie has to name it. Without it addresses are those of
	// the request.
	URL string
	// TrustProxy believes the X-Forwarded-For and X-Forwarded-Proto headers. Set
	// it only behind a proxy that overwrites both: otherwise anybody can pretend
	// to be anywhere.
	TrustProxy bool
	// TrustNet names networks that are not throttled.
	TrustNet []netip.Prefix
	// Example says that the record is the bundled example, which pages mention.
	Example bool
	Log     *slog.Logger
	Version string
}

// Server answers requests. It is safe for use by several goroutines; its fields
// do not change after New.
type Server struct {
	house      *casework.House
	organising *petitions.Desk // nil without petitions
	following  *followup.Desk  // nil where nothing is followed up
	petitions  petitionRoom    // the same
	answering  replyDesk       // the same
	bodies     bodyDesk        // the same
	tallies    tallies         // nil where nothing is signed
	signing    signatory       // the same
	shelf      petitionShelf
	front      *front
	outbox     outboxDesk                  // the same
	sending    func() petitions.MailStatus // nil where nothing is sent
	url        *url.URL                    // nil when not configured
	trustProxy bool
	trustNet   []netip.Prefix
	counted    countedPages
	example    bool
	log        *slog.Logger
	version    string
	started    time.Time

	views   views
	list    []route
	origins *http.CrossOriginProtection
	kept    *keep
	made    *made
	asks    *throttle
	follows *throttle
}

// New returns the site. It panics on a fault in the list of routes, the
// templates or the configured address, so that these show at the start.
func New(c Config) http.Handler { return newServer(c).handler() }

func newServer(c Config) *Server {
	s := &Server{
		house: c.House, trustProxy: c.TrustProxy, trustNet: c.TrustNet, example: c.Example, log: c.Log, version: c.Version,
		organising: c.Petitions, following: c.Following,
		started: time.Now(), views: parseViews(), origins: http.NewCrossOriginProtection(), kept: newKeep(keepBytes), made: newMade(madeBytes, 10*time.Minute),
		asks: newThrottle(20, 10*time.Minute), follows: newThrottle(20, 10*time.Minute),
	}
	if c.Signing != nil {
		e := newEngine(c.Signing)
		s.signing, s.tallies = e, e
	}
	if c.Petitions != nil {
		s.petitions, s.answering, s.bodies = c.Petitions, c.Petitions, c.Petitions
		s.outbox, s.sending = c.Petitions, c.Mail
		c.Petitions.SetPrinter(letters{s.views}, chromium{})
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if c.URL != "" {
		u, err := url.Parse(strings.TrimRight(c.URL, "/"))
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			panic(fmt.Sprintf("web: %q is not a public address", c.URL))
		}
		s.url = u
		if err := s.origins.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			panic(fmt.Sprintf("web: trust the public address: %v", err))
		}
	}
	s.list = s.routes()
	return s
}

// handler assembles the layers, the outermost last.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	for _, rt := range s.list {
		mux.Handle(rt.pattern, s.serve(rt))
	}
	mux.Handle("/", s.serve(route{pattern: "/", need: anyone, do: s.showNothing}))
	s.front = newFront(s, s.outer(mux))
	return s.front
}

// https reports whether the reader reached us over TLS.
func (s *Server) https(r *http.Request) bool {
	if s.url != nil {
		return s.url.Scheme == "https"
	}
	return r.TLS != nil || s.trustProxy && r.Header.Get("X-Forwarded-Proto") == "https"
}

// address makes an absolute address of a path on this site.
func (s *Server) address(r *http.Request, path string) string {
	if s.url != nil {
		return s.url.String() + path
	}
	scheme := "http"
	if s.https(r) {
		scheme = "https"
	}
	return scheme + "://" + r.Host + path
}

// network is where a request comes from, for throttling: the address of the
// sender, IPv6 cut to its /64 because one subscriber has that many. trusted says
// that it is not to be throttled.
func (s *Server) network(r *http.Request) (name string, trusted bool) {
	host := r.RemoteAddr
	if s.trustProxy {
		// The proxy's own word is the last one: it may add to the sender's header
		// or put a line of its own below it.
		if lines := r.Header.Values("X-Forwarded-For"); len(lines) > 0 {
			last := lines[len(lines)-1]
			host = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
		}
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		ap, err := netip.ParseAddrPort(host)
		if err != nil {
			return "unknown", false
		}
		ip = ap.Addr()
	}
	ip = ip.Unmap()
	for _, p := range s.trustNet {
		if p.Contains(ip) {
			return ip.String(), true
		}
	}
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String(), false
		}
	}
	return ip.String(), false
}
