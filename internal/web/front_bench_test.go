package web

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// caller is one connection that asks and reads as little as it can: what is
// measured is the server.
type caller struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(tb testing.TB, addr string) *caller {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close() })
	return &caller{c, bufio.NewReaderSize(c, 64<<10)}
}

// ask sends a request and reads the answer, whose status it returns.
func (c *caller) ask(request []byte) (int, error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	status, err := strconv.Atoi(string(line[9:12]))
	if err != nil {
		return 0, err
	}
	length := 0
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		if after, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length, err = strconv.Atoi(string(bytes.TrimSpace(after)))
			if err != nil {
				return 0, err
			}
		}
	}
	_, err = io.CopyN(io.Discard, c.in, int64(length))
	return status, err
}

// together runs b.N requests over several connections. request makes the n-th.
func together(b *testing.B, addr string, connections int, request func(n int64) []byte) {
	var next atomic.Int64
	var wait sync.WaitGroup
	callers := make([]*caller, connections)
	for i := range callers {
		callers[i] = dial(b, addr)
	}
	b.ResetTimer()
	for _, c := range callers {
		wait.Go(func() {
			for {
				n := next.Add(1)
				if n > int64(b.N) {
					return
				}
				status, err := c.ask(request(n))
				if err != nil || status != http.StatusOK && status != http.StatusNotModified {
					b.Errorf("status %d, %v", status, err)
					return
				}
			}
		})
	}
	wait.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

// BenchmarkFront is reading under load over real connections, with the asking
// side on the same processors.
func BenchmarkFront(b *testing.B) {
	p := newPetitionSite(b, nil, nil)
	addr := strings.TrimPrefix(p.http.URL, "http://")
	for _, test := range []struct{ name, path, header string }{
		{"count", "/petitions/" + p.slug + "/count.json", ""},
		{"page", "/petitions/" + p.slug, "Accept-Encoding: gzip\r\n"},
		{"page-plain", "/petitions/" + p.slug, ""},
		{"page-urdu", "/ur/petitions/" + p.slug, "Accept-Encoding: gzip\r\n"},
		{"integrity", "/petitions/" + p.slug + "/integrity.json", ""},
		{"form", "/petitions/" + p.slug + "/sign", "Accept-Encoding: gzip\r\n"},
	} {
		b.Run(test.name, func(b *testing.B) {
			request := []byte("GET " + test.path + " HTTP/1.1\r\nHost: " + addr + "\r\n" + test.header + "\r\n")
			b.ReportAllocs()
			together(b, addr, 64, func(int64) []byte { return request })
		})
	}
	bare := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = []string{"application/json"}
		_, _ = w.Write([]byte(`{"signature_count":1}`))
	})}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go func() { _ = bare.Serve(listener) }()
	b.Cleanup(func() { _ = bare.Close() })
	b.Run("bare", func(b *testing.B) {
		request := []byte("GET / HTTP/1.1\r\nHost: " + listener.Addr().String() + "\r\n\r\n")
		b.ReportAllocs()
		together(b, listener.Addr().String(), 64, func(int64) []byte { return request })
	})
}

// BenchmarkSign is signing, end to end: form, checks, commit, answer.
func BenchmarkSign(b *testing.B) {
	p := newPetitionSite(b, nil, func(r *rulesOfTest) { r.Soft, r.Hard = endless, endless })
	addr := strings.TrimPrefix(p.http.URL, "http://")
	b.ReportAllocs()
	together(b, addr, 64, func(n int64) []byte {
		form := "name=Testa+Person&email=testa" + strconv.FormatInt(n, 10) + "%40example.org&country=PK&city=Example&disclosure_public=count&disclosure_organiser=name&disclosure_addressee=count&consent=yes"
		return fmt.Appendf(nil, "POST /petitions/%s/sign HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\nAccept-Encoding: gzip\r\n\r\n%s", p.slug, addr, len(form), form)
	})
}

// nowhere takes an answer and keeps nothing of it.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) WriteHeader(int)             {}
func (n *nowhere) Write(b []byte) (int, error) { return len(b), nil }

// BenchmarkFrontAlone is what the front itself costs, without net/http.
func BenchmarkFrontAlone(b *testing.B) {
	p := newPetitionSite(b, nil, nil)
	for _, path := range []string{"/petitions/" + p.slug + "/count.json", "/petitions/" + p.slug} {
		b.Run(path[len("/petitions/"):], func(b *testing.B) {
			r, err := http.NewRequest("GET", p.http.URL+path, nil)
			if err != nil {
				b.Fatal(err)
			}
			r.RemoteAddr = "203.0.113.7:1234"
			r.Header.Set("Accept-Encoding", "gzip")
			b.ReportAllocs()
			for b.Loop() {
				p.srv.front.ServeHTTP(&nowhere{http.Header{}}, r)
			}
		})
	}
}
