package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"
)

// client is one that may reach this machine and does not wait for its turn.
func client(t *testing.T, change func(*Config)) *Client {
	t.Helper()
	conf := Config{
		Agent: "Gawah test (+https://example.org/)", Private: true, Timeout: 20 * time.Second,
		Wait: func(context.Context, time.Duration) error { return nil },
	}
	if change != nil {
		change(&conf)
	}
	return New(conf)
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// want checks the code of an error.
func want(t *testing.T, err error, code Code) *Error {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Code != code {
		t.Fatalf("error %v, want %s", err, code)
	}
	return e
}

func TestGetAsksPolitelyAndOnlyForChanges(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("User-Agent") != "Gawah test (+https://example.org/)" || r.Header.Get("Cookie") != "" || r.Header.Get("Accept") != "text/plain" {
			t.Errorf("asked with %v", r.Header)
		}
		if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") == "Thu, 10 Jan 2013 00:00:00 GMT" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Thu, 10 Jan 2013 00:00:00 GMT")
		w.Header().Set("Set-Cookie", "who=you")
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, "text")
	})
	c := client(t, nil)
	q := Request{URL: s.URL + "/x#part", Accept: "text/plain", Types: []string{"text/plain"}}
	a, err := c.Get(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if string(a.Body) != "text" || a.ETag != `"v1"` || a.Unchanged || a.URL != s.URL+"/x" || a.Moved != "" {
		t.Fatalf("answer %+v", a)
	}
	q.ETag, q.Modified = a.ETag, a.Modified
	b, err := c.Get(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if !b.Unchanged || len(b.Body) != 0 || b.ETag != a.ETag || b.Modified != a.Modified {
		t.Fatalf("second answer %+v", b)
	}
}

func packed(t *testing.T, r io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.Copy(z, r); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// zeros is an endless text of zeros.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestSizesAreBoundedPackedAndUnpacked(t *testing.T) {
	bomb := packed(t, io.LimitReader(zeros{}, 64<<20))
	small := packed(t, strings.NewReader("small"))
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/endless":
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 4096)); err != nil {
					return
				}
			}
		case "/said":
			w.Header().Set("Content-Length", fmt.Sprint(1<<40))
			w.WriteHeader(http.StatusOK)
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb)
		case "/small":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(small)
		case "/damaged":
			w.Header().Set("Content-Encoding", "gzip")
			d := bytes.Clone(small)
			d[len(d)-6] ^= 0xff
			w.Write(d)
		case "/plain":
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, "not packed at all")
		case "/other":
			w.Header().Set("Content-Encoding", "br")
			io.WriteString(w, "?")
		case "/header":
			w.Header().Set("X-Long", strings.Repeat("x", 1<<20))
		}
	})
	c := client(t, func(c *Config) { c.Wire, c.Body = 1<<20, 1<<20 })
	for path, code := range map[string]Code{
		"/endless": Large, "/said": Large, "/bomb": Large, "/damaged": Packed, "/plain": Packed, "/other": Packed, "/header": Connect,
	} {
		t.Run(path, func(t *testing.T) {
			_, err := c.Get(t.Context(), Request{URL: s.URL + path})
			want(t, err, code)
		})
	}
	a, err := c.Get(t.Context(), Request{URL: s.URL + "/small"})
	if err != nil || string(a.Body) != "small" {
		t.Fatalf("packed answer %v %v", a, err)
	}
}

func TestSlowAnswersEnd(t *testing.T) {
	done := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			// One byte now and then keeps a naive reader busy for ever.
			for {
				if _, err := io.WriteString(w, "x"); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				select {
				case <-r.Context().Done():
					return
				case <-done:
					return
				case <-time.After(5 * time.Millisecond):
				}
			}
		}
		select {
		case <-r.Context().Done():
		case <-done:
		}
	})
	t.Cleanup(func() { close(done) })
	c := client(t, func(c *Config) { c.Timeout = 150 * time.Millisecond })
	for _, path := range []string{"/body", "/header"} {
		_, err := c.Get(t.Context(), Request{URL: s.URL + path})
		want(t, err, Slow)
	}
	// Whoever stops gets their own reason back.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Get(ctx, Request{URL: s.URL}); !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped: %v", err)
	}
}

func TestRedirects(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var n int
		switch {
		case r.URL.Path == "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case r.URL.Path == "/nowhere":
			w.WriteHeader(http.StatusFound)
		case r.URL.Path == "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		case r.URL.Path == "/user":
			w.Header().Set("Location", "http://name:secret@"+r.Host+"/end")
			w.WriteHeader(http.StatusFound)
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/moved2", http.StatusMovedPermanently)
		case r.URL.Path == "/moved2":
			http.Redirect(w, r, "/end", http.StatusTemporaryRedirect)
		case strings.HasPrefix(r.URL.Path, "/n/"):
			fmt.Sscan(r.URL.Path[3:], &n)
			if n > 0 {
				http.Redirect(w, r, fmt.Sprintf("/n/%d", n-1), http.StatusPermanentRedirect)
				return
			}
			io.WriteString(w, "end")
		default:
			io.WriteString(w, "end")
		}
	})
	c := client(t, nil)
	for path, code := range map[string]Code{"/loop": Redirects, "/nowhere": Redirects, "/n/6": Redirects, "/file": Address, "/user": Address} {
		_, err := c.Get(t.Context(), Request{URL: s.URL + path})
		want(t, err, code)
	}
	a, err := c.Get(t.Context(), Request{URL: s.URL + "/n/5"})
	if err != nil || a.Moved != s.URL+"/n/0" {
		t.Fatalf("five permanent redirects: %+v %v", a, err)
	}
	// A move for good that leads on for now is good up to there.
	a, err = c.Get(t.Context(), Request{URL: s.URL + "/moved"})
	if err != nil || a.Moved != s.URL+"/moved2" || a.URL != s.URL+"/end" {
		t.Fatalf("moved: %+v %v", a, err)
	}
}

// What an answer says of itself is kept in the database, which takes text only.
func TestWhatIsKeptOfAnAnswerIsText(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			w.Header().Set("Location", "/caf\xe9?q=caf\xe9&r=\xff")
			w.WriteHeader(http.StatusMovedPermanently)
			return
		}
		w.Header().Set("ETag", "\"caf\xe9\"")
		w.Header().Set("Last-Modified", "gestern \xff")
		io.WriteString(w, "text")
	})
	a, err := client(t, nil).Get(t.Context(), Request{URL: s.URL + "/moved"})
	if err != nil {
		t.Fatal(err)
	}
	for name, kept := range map[string]string{"ETag": a.ETag, "Modified": a.Modified, "URL": a.URL, "Moved": a.Moved} {
		if !utf8.ValidString(kept) {
			t.Errorf("%s is no text: %q", name, kept)
		}
	}
	if a.Moved != s.URL+"/caf%E9?q=caf%E9&r=%FF" {
		t.Errorf("it moved to %s", a.Moved)
	}
}

// only lets a client reach one address of this machine.
func only(c *Client, a string) {
	c.allow = func(b netip.Addr) bool { return b.Unmap() == netip.MustParseAddr(a) }
}

func TestPrivateNetworksAreOutOfReach(t *testing.T) {
	var reached atomic.Int64
	inner, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skip("this machine has one loopback address only")
	}
	hidden := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	hidden.Listener.Close()
	hidden.Listener = inner
	hidden.Start()
	t.Cleanup(hidden.Close)
	_, port, _ := net.SplitHostPort(inner.Addr().String())

	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.2:"+port+"/", http.StatusFound)
	})
	c := client(t, nil)
	only(c, "127.0.0.1")
	_, err = c.Get(t.Context(), Request{URL: s.URL})
	want(t, err, Private)

	// A name that resolves to a good address when it is looked at and to another
	// one when it is connected to: there is only one look.
	var asked atomic.Int64
	c = client(t, func(c *Config) {
		c.Lookup = func(context.Context, string) ([]netip.Addr, error) {
			if asked.Add(1) == 1 {
				return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
			}
			return []netip.Addr{netip.MustParseAddr("127.0.0.2")}, nil
		}
	})
	only(c, "127.0.0.1")
	_, sport, _ := net.SplitHostPort(strings.TrimPrefix(s.URL, "http://"))
	_, err = c.Get(t.Context(), Request{URL: "http://rebinding.example:" + sport + "/"})
	want(t, err, Private) // it is redirected to the hidden one
	_, err = c.Get(t.Context(), Request{URL: "http://rebinding.example:" + port + "/"})
	want(t, err, Private)
	if asked.Load() != 2 || reached.Load() != 0 {
		t.Fatalf("looked up %d times, reached the hidden server %d times", asked.Load(), reached.Load())
	}
}

func TestAddressesOfTheOpenInternet(t *testing.T) {
	for s, ok := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true, "64:ff9b::5db8:d822": true, "::ffff:93.184.216.34": true,
		"127.0.0.1": false, "127.9.9.9": false, "10.0.0.1": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "100.127.255.255": false, "0.0.0.0": false, "255.255.255.255": false, "224.0.0.1": false, "198.18.0.1": false,
		"192.0.2.1": false, "168.63.129.16": false, "::1": false, "::": false, "fe80::1": false, "fc00::1": false, "fd00:ec2::254": false,
		"ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b::7f00:1": false,
		"2002:7f00:1::": false, "2001::1": false, "2001:db8::1": false, "::7f00:1": false, "fec0::1": false,
	} {
		if got := open(netip.MustParseAddr(s)); got != ok {
			t.Errorf("%s: open is %v", s, got)
		}
	}
	none := func(context.Context, string) ([]netip.Addr, error) { return nil, errors.New("no such host") }
	c := New(Config{Lookup: none})
	for _, s := range []string{
		"ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "http://", "http:///x", "//example.org", "example.org",
		"http://user@example.org/", "http://example.org:22/", "http://example.org:0/",
		"http://example.org:999999/", "http://exa mple.org/", "http://example.org/" + strings.Repeat("x", 3000), "javascript:alert(1)", "",
	} {
		if _, err := c.Get(t.Context(), Request{URL: s}); err == nil || err.(*Error).Code != Address {
			t.Errorf("%.40q: %v", s, err)
		}
	}
	for _, s := range []string{"http://127.0.0.1/", "http://[::1]:8080/", "http://169.254.169.254/latest/meta-data", "http://[::ffff:10.0.0.1]/"} {
		_, err := c.Get(t.Context(), Request{URL: s})
		want(t, err, Private)
	}
	// Numbers that some resolvers take for an address are names to this one.
	for _, s := range []string{"http://2130706433/", "http://0x7f.1/", "http://127.1/"} {
		_, err := c.Get(t.Context(), Request{URL: s})
		want(t, err, Resolve)
	}
}

func TestStatusAndType(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var n int
		fmt.Sscan(r.URL.Path[1:], &n)
		switch n {
		case http.StatusTooManyRequests:
			w.Header().Set("Retry-After", "120")
		case http.StatusServiceUnavailable:
			w.Header().Set("Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		case http.StatusInternalServerError:
			w.Header().Set("Retry-After", "99999999999999")
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(n)
	})
	c := client(t, nil)
	for status, code := range map[int]Code{410: Gone, 404: Missing, 403: Denied, 451: Denied, 429: Busy, 503: Busy, 500: Status, 206: Status, 304: Status, 200: Type} {
		_, err := c.Get(t.Context(), Request{URL: fmt.Sprintf("%s/%d", s.URL, status), Types: []string{"application/rss+xml"}})
		e := want(t, err, code)
		switch status {
		case 429:
			if e.After != 2*time.Minute {
				t.Errorf("429 asks for %s", e.After)
			}
		case 503:
			if e.After < 50*time.Minute || e.After > time.Hour {
				t.Errorf("503 asks for %s", e.After)
			}
		case 500:
			if e.After != MaxAfter {
				t.Errorf("500 asks for %s", e.After)
			}
		}
	}
}

func TestTLSIsVerified(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/down" {
			http.Redirect(w, r, "http://"+r.Host+"/", http.StatusMovedPermanently)
			return
		}
		io.WriteString(w, "safe")
	}))
	s.Config.ErrorLog = nil
	t.Cleanup(s.Close)
	_, err := client(t, nil).Get(t.Context(), Request{URL: s.URL})
	want(t, err, TLS)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	c := client(t, func(c *Config) { c.Roots = pool })
	if a, err := c.Get(t.Context(), Request{URL: s.URL}); err != nil || string(a.Body) != "safe" {
		t.Fatalf("trusted: %v %v", a, err)
	}
	_, err = c.Get(t.Context(), Request{URL: s.URL + "/down"})
	want(t, err, Downgrade)
}

func TestHostsAreGivenTime(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "x") })
	var waited []time.Duration
	now := time.Unix(1_800_000_000, 0)
	c := client(t, func(c *Config) {
		c.Interval = 7 * time.Second
		c.Now = func() time.Time { return now }
		c.Wait = func(_ context.Context, d time.Duration) error {
			waited = append(waited, d)
			now = now.Add(d)
			return nil
		}
	})
	for range 3 {
		if _, err := c.Get(t.Context(), Request{URL: s.URL}); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(time.Minute)
	if _, err := c.Get(t.Context(), Request{URL: s.URL}); err != nil {
		t.Fatal(err)
	}
	if len(waited) != 2 || waited[0] != 7*time.Second || waited[1] != 7*time.Second {
		t.Fatalf("waited %v", waited)
	}
}

func TestErrorsHoldNoAddress(t *testing.T) {
	c := New(Config{Timeout: time.Second, Lookup: func(context.Context, string) ([]netip.Addr, error) { return nil, errors.New("lookup secret.example") }})
	_, err := c.Get(t.Context(), Request{URL: "https://secret.example/token=1"})
	if e := want(t, err, Resolve); strings.Contains(e.Error(), "secret") {
		t.Fatalf("the error names the host: %s", e)
	}
}
