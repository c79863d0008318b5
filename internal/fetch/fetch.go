package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"
)

// Code says what went wrong. Pages look it up in the catalogue under "fetch.".
type Code string

// What can go wrong.
const (
	Address   Code = "address"   // the address cannot be fetched from
	Private   Code = "private"   // it leads into a private network
	Resolve   Code = "resolve"   // its host is not known
	Connect   Code = "connect"   // nothing answers, or it broke off
	TLS       Code = "tls"       // the certificate is not to be trusted
	Slow      Code = "slow"      // it took too long
	Large     Code = "large"     // it is too large, packed or unpacked
	Redirects Code = "redirects" // it leads on and on, or back to itself
	Downgrade Code = "downgrade" // it leads from https to http
	Type      Code = "type"      // it is something else than what was asked for
	Gone      Code = "gone"      // 410: it will not come back
	Missing   Code = "missing"   // 404
	Denied    Code = "denied"    // 401, 402, 403, 451
	Busy      Code = "busy"      // 429 and 503: come back later
	Status    Code = "status"    // any other answer
	Packed    Code = "packed"    // it is packed in a way that cannot be unpacked
)

// Error is why nothing was fetched. Its text holds no address, which may be
// somebody's secret.
type Error struct {
	Code   Code
	Detail string
	Status int // of the answer, 0 when there was none
	// After is how long the host asks to be left alone, 0 when it does not say.
	After time.Duration
	err   error
}

func (e *Error) Error() string {
	s := "fetch: " + string(e.Code)
	if e.Status != 0 {
		s += " (" + strconv.Itoa(e.Status) + ")"
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

func (e *Error) Unwrap() error { return e.err }

// Limits of a [Client] that its [Config] leaves at zero.
const (
	DefaultTimeout  = 30 * time.Second
	DefaultWire     = 8 << 20
	DefaultBody     = 16 << 20
	DefaultInterval = 5 * time.Second
	MaxRedirects    = 5
	// MaxAfter bounds how far in the future a host can put the next request.
	MaxAfter = 7 * 24 * time.Hour
)

// Config is how a [Client] behaves. The zero value is right but for Agent.
type Config struct {
	// Agent is the User-Agent: what asks, and an address at which its owner says who
	// they are.
	Agent string
	// Private lets it reach private networks and any port: for tests, and for a
	// house whose feeds are in its own network.
	Private bool
	// Timeout bounds one Get with all its redirects, and the waiting for its turn.
	Timeout time.Duration
	// Wire and Body bound an answer in bytes, as sent and unpacked.
	Wire, Body int64
	// Interval is the least time between two requests to one host.
	Interval time.Duration
	// Lookup resolves a name; nil is the system's resolver.
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	// Roots are the authorities trusted for TLS; nil is the system's.
	Roots *x509.CertPool
	// Now is the clock; nil means time.Now. It must have a monotonic reading for
	// Interval to hold through changes of the clock.
	Now func() time.Time
	// Wait waits, or ends with the context; nil uses a timer.
	Wait func(ctx context.Context, d time.Duration) error
}

// Client fetches. It is safe for use by several goroutines.
type Client struct {
	agent    string
	private  bool
	allow    func(netip.Addr) bool // whether an address may be connected to
	timeout  time.Duration
	wire     int64
	body     int64
	interval time.Duration
	lookup   func(ctx context.Context, host string) ([]netip.Addr, error)
	now      func() time.Time
	wait     func(ctx context.Context, d time.Duration) error
	http     *http.Transport

	mu   sync.Mutex
	next map[string]time.Time // when a host may be asked again
}

// New makes a client.
func New(c Config) *Client {
	f := &Client{
		agent: c.Agent, private: c.Private, timeout: c.Timeout, wire: c.Wire, body: c.Body, interval: c.Interval,
		lookup: c.Lookup, now: c.Now, wait: c.Wait, next: map[string]time.Time{},
	}
	if f.agent == "" {
		f.agent = "Gawah"
	}
	f.allow = open
	if f.private {
		f.allow = netip.Addr.IsValid
	}
	if f.timeout <= 0 {
		f.timeout = DefaultTimeout
	}
	if f.wire <= 0 {
		f.wire = DefaultWire
	}
	if f.body <= 0 {
		f.body = DefaultBody
	}
	if f.interval <= 0 {
		f.interval = DefaultInterval
	}
	if f.lookup == nil {
		f.lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	if f.now == nil {
		f.now = time.Now
	}
	if f.wait == nil {
		f.wait = wait
	}
	f.http = &http.Transport{
		// A proxy would resolve and connect in our place, unchecked.
		Proxy:                  nil,
		DialContext:            f.dial,
		TLSClientConfig:        &tls.Config{RootCAs: c.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  f.timeout,
		MaxResponseHeaderBytes: 64 << 10,
		// What is sent packed is unpacked here, where both sizes are counted.
		DisableCompression: true,
		// Feeds are polled hours apart.
		DisableKeepAlives: true,
		ForceAttemptHTTP2: true,
	}
	return f
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Request is what to get.
type Request struct {
	URL string
	// ETag and Modified are from the last answer, to be told only of changes.
	ETag, Modified string
	// Accept is sent, and Types are the media types to be taken; none takes all.
	// An answer without a type is taken.
	Accept string
	Types  []string
}

// Answer is what came.
type Answer struct {
	// Unchanged says that nothing has changed since ETag and Modified; there is no
	// Body then.
	Unchanged bool
	Body      []byte
	// Type is the media type with its parameters, "" where none was given.
	Type string
	// ETag and Modified are for the next request.
	ETag, Modified string
	// URL is where it was found. Moved is the address to use from now on, "" unless
	// the host said that it has moved for good.
	URL, Moved string
	// Wire is how many bytes came.
	Wire int64
}

// Get gets an address. The error is an [*Error], or the context's when that
// ended first.
func (c *Client) Get(ctx context.Context, q Request) (*Answer, error) {
	within, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	a, err := c.get(within, q)
	switch {
	case err == nil:
		return a, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case within.Err() != nil:
		return nil, &Error{Code: Slow, Detail: fmt.Sprintf("no whole answer within %s", c.timeout), err: err}
	}
	return nil, err
}

func (c *Client) get(ctx context.Context, q Request) (*Answer, error) {
	u, err := c.parse(q.URL)
	if err != nil {
		return nil, err
	}
	moved, forGood := "", true
	seen := map[string]bool{}
	for range MaxRedirects + 1 {
		if seen[u.String()] {
			return nil, &Error{Code: Redirects, Detail: "it leads back to itself"}
		}
		seen[u.String()] = true
		if err := c.turn(ctx, u.Hostname()); err != nil {
			return nil, err
		}
		res, err := c.ask(ctx, u, q)
		if err != nil {
			return nil, fault(err)
		}
		next, permanent, leads := redirect(res)
		if !leads {
			a, err := c.take(res, q)
			res.Body.Close()
			if err != nil {
				return nil, err
			}
			a.URL, a.Moved = u.String(), moved
			return a, nil
		}
		// What an answer that leads on says besides is not read.
		res.Body.Close()
		to, err := u.Parse(next)
		if err != nil || next == "" {
			return nil, &Error{Code: Redirects, Detail: "it leads to no address", Status: res.StatusCode}
		}
		was := u
		if u, err = c.parse(to.String()); err != nil {
			return nil, err
		}
		if was.Scheme == "https" && u.Scheme == "http" {
			return nil, &Error{Code: Downgrade, Status: res.StatusCode}
		}
		// Only an unbroken chain of permanent moves says where it is now.
		if forGood = forGood && permanent; forGood {
			moved = u.String()
		}
	}
	return nil, &Error{Code: Redirects, Detail: fmt.Sprintf("more than %d of them", MaxRedirects)}
}

// maxHosts bounds what is remembered of hosts.
const maxHosts = 10_000

// turn waits until a host may be asked again.
func (c *Client) turn(ctx context.Context, host string) error {
	host = strings.ToLower(host)
	c.mu.Lock()
	now := c.now()
	if len(c.next) >= maxHosts {
		for h, at := range c.next {
			if at.Before(now) {
				delete(c.next, h)
			}
		}
	}
	at := now
	if t, ok := c.next[host]; ok && t.After(now) {
		at = t
	}
	c.next[host] = at.Add(c.interval)
	c.mu.Unlock()
	if d := at.Sub(now); d > 0 {
		return c.wait(ctx, d)
	}
	return nil
}

func (c *Client) ask(ctx context.Context, u *url.URL, q Request) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &Error{Code: Address, Detail: "not an address"}
	}
	h := req.Header
	h.Set("User-Agent", c.agent)
	h.Set("Accept-Encoding", "gzip")
	if q.Accept != "" {
		h.Set("Accept", q.Accept)
	}
	if q.ETag != "" {
		h.Set("If-None-Match", q.ETag)
	}
	if q.Modified != "" {
		h.Set("If-Modified-Since", q.Modified)
	}
	return c.http.RoundTrip(req)
}

// redirect reports whether an answer leads on, where to, and whether for good.
func redirect(res *http.Response) (to string, permanent, leads bool) {
	switch res.StatusCode {
	case http.StatusMovedPermanently, http.StatusPermanentRedirect:
		return res.Header.Get("Location"), true, true
	case http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect:
		return res.Header.Get("Location"), false, true
	}
	return "", false, false
}

// maxTag bounds what is kept of a host's own words for its versions.
const maxTag = 512

// take reads an answer that leads nowhere else.
func (c *Client) take(res *http.Response, q Request) (*Answer, error) {
	a := &Answer{Type: res.Header.Get("Content-Type"), ETag: short(res.Header.Get("ETag")), Modified: short(res.Header.Get("Last-Modified"))}
	fail := func(code Code) error {
		return &Error{Code: code, Status: res.StatusCode, After: c.after(res.Header.Get("Retry-After"))}
	}
	switch s := res.StatusCode; {
	case s == http.StatusNotModified && (q.ETag != "" || q.Modified != ""):
		a.Unchanged = true
		if a.ETag == "" {
			a.ETag = q.ETag
		}
		if a.Modified == "" {
			a.Modified = q.Modified
		}
		return a, nil
	case s == http.StatusGone:
		return nil, fail(Gone)
	case s == http.StatusNotFound:
		return nil, fail(Missing)
	case s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable:
		return nil, fail(Busy)
	case s == http.StatusUnauthorized, s == http.StatusPaymentRequired, s == http.StatusForbidden, s == http.StatusUnavailableForLegalReasons:
		return nil, fail(Denied)
	case s != http.StatusOK:
		return nil, fail(Status)
	}
	if err := taken(a.Type, q.Types); err != nil {
		return nil, err
	}
	if res.ContentLength > c.wire {
		return nil, &Error{Code: Large, Detail: fmt.Sprintf("%d bytes, more than %d", res.ContentLength, c.wire)}
	}
	counted := &counter{r: res.Body, limit: c.wire}
	var body io.Reader = counted
	switch enc := strings.ToLower(strings.TrimSpace(res.Header.Get("Content-Encoding"))); enc {
	case "", "identity":
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(counted)
		if err != nil {
			if counted.over {
				return nil, &Error{Code: Large, Detail: fmt.Sprintf("more than %d bytes", c.wire)}
			}
			return nil, &Error{Code: Packed, Detail: "not gzip", err: err}
		}
		body = z
	default:
		return nil, &Error{Code: Packed, Detail: "packed in a way that was not asked for"}
	}
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(body, c.body+1))
	a.Wire = counted.n
	switch {
	case counted.over:
		return nil, &Error{Code: Large, Detail: fmt.Sprintf("more than %d bytes", c.wire)}
	case n > c.body:
		return nil, &Error{Code: Large, Detail: fmt.Sprintf("more than %d bytes when unpacked", c.body)}
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return nil, &Error{Code: Packed, Detail: "its gzip is damaged", err: err}
	case err != nil:
		return nil, fault(err)
	}
	a.Body = out.Bytes()
	return a, nil
}

// counter counts what came and stops at a limit.
type counter struct {
	r        io.Reader
	n, limit int64
	over     bool
}

var errOver = errors.New("over the limit")

func (c *counter) Read(p []byte) (int, error) {
	if c.n > c.limit {
		c.over = true
		return 0, errOver
	}
	if room := c.limit + 1 - c.n; int64(len(p)) > room {
		p = p[:room]
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.n > c.limit {
		c.over = true
		return n, errOver
	}
	return n, err
}

func taken(header string, types []string) error {
	if len(types) == 0 || strings.TrimSpace(header) == "" {
		return nil
	}
	kind, _, err := mime.ParseMediaType(header)
	if kind == "" || err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return &Error{Code: Type, Detail: "its type cannot be read"}
	}
	if !slices.Contains(types, kind) {
		return &Error{Code: Type, Detail: "it is " + kind}
	}
	return nil
}

// short keeps a header to be sent back, or drops one that is too long to be worth it
// or that is no text: a store may refuse to keep bytes that are none.
func short(s string) string {
	if len(s) > maxTag || !utf8.ValidString(s) {
		return ""
	}
	return s
}

// after reads Retry-After, in seconds or as a date.
func (c *Client) after(s string) time.Duration {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0
	}
	var d time.Duration
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		d = time.Duration(min(n, int64(MaxAfter/time.Second))) * time.Second
	} else if t, err := http.ParseTime(s); err == nil {
		d = t.Sub(c.now())
	}
	return min(max(d, 0), MaxAfter)
}

// dial resolves a name, checks every address, and connects to one that passed.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, &Error{Code: Address, Detail: "not an address", err: err}
	}
	var found []netip.Addr
	if a, err := netip.ParseAddr(host); err == nil {
		found = []netip.Addr{a}
	} else if found, err = c.lookup(ctx, host); err != nil || len(found) == 0 {
		return nil, &Error{Code: Resolve, err: err}
	}
	var last error = &Error{Code: Private}
	for _, a := range found {
		if !c.allow(a) {
			continue
		}
		d := net.Dialer{Timeout: 10 * time.Second, Control: c.control}
		conn, err := d.DialContext(ctx, network, net.JoinHostPort(a.Unmap().String(), port))
		if err == nil {
			return conn, nil
		}
		last = err
	}
	return nil, last
}

// control looks once more at what is really connected to.
func (c *Client) control(_, address string, _ syscall.RawConn) error {
	p, err := netip.ParseAddrPort(address)
	if err != nil || !c.allow(p.Addr()) {
		return &Error{Code: Private}
	}
	return nil
}

// fault says what an error of the network is, without the address it holds.
func fault(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	var timeout net.Error
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	_, hostname := errors.AsType[x509.HostnameError](err)
	_, invalid := errors.AsType[x509.CertificateInvalidError](err)
	_, verify := errors.AsType[*tls.CertificateVerificationError](err)
	_, record := errors.AsType[tls.RecordHeaderError](err)
	switch {
	case unknown || hostname || invalid || verify || record:
		return &Error{Code: TLS, err: err}
	case errors.As(err, &timeout) && timeout.Timeout():
		return &Error{Code: Slow, err: err}
	}
	return &Error{Code: Connect, err: err}
}
