package web

import (
	"bytes"
	"compress/gzip"
	"math"
	"net/http"
	"strconv"
)

// capture takes an answer instead of a connection.
type capture struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (c *capture) Header() http.Header { return c.header }

func (c *capture) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
}

func (c *capture) Write(b []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	return c.body.Write(b)
}

// ready is a finished answer, as it goes out: nothing is made or copied for a
// reader but what net/http itself does.
type ready struct {
	status int
	keep   bool
	// hard and turn are the state it was made from; until is when the clock makes
	// it old, in nanoseconds since 1970.
	hard, turn, until int64

	header []headerLine
	kind   []string // Content-Type
	tag    string
	body   []byte
	length []string
	packed []byte // nil where compressing does not pay
	packs  []string
}

// headerLine is one line of a header in the form in which net/http keeps it. The
// slices are shared by all answers and never changed.
type headerLine struct {
	name   string
	values []string
}

// gzipValue is the one value of Content-Encoding.
var gzipValue = []string{"gzip"}

// newReady makes an answer of a captured one. Only such as succeeded, belong to
// everybody and say so are kept.
func newReady(c *capture, state *frontNow, making *frontMaking) *ready {
	p := &ready{status: c.status, hard: state.hard, turn: state.turn, until: math.MaxInt64, body: c.body.Bytes()}
	if p.status == 0 {
		p.status = http.StatusOK
	}
	p.keep = making.keep && p.status == http.StatusOK && len(c.header["Set-Cookie"]) == 0
	if making.until != 0 {
		p.until = making.until * 1000
	}
	data := len(c.header["Content-Type"]) == 1 && c.header["Content-Type"][0] == typeJSON
	for name, values := range c.header {
		switch name {
		case "Content-Length", "Content-Encoding", "X-Request-Id", "Date":
		case "Vary", "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy", "Referrer-Policy":
			// They say how a page is to be treated. A number is no page, is the same for
			// everybody and too short to be compressed.
			if !data || len(c.body.Bytes()) >= packFrom {
				p.header = append(p.header, headerLine{name, values})
			}
		case "Content-Type":
			p.kind = values
		default:
			if name == "Etag" && len(values) > 0 {
				p.tag = values[0]
			}
			p.header = append(p.header, headerLine{name, values})
		}
	}
	p.length = []string{strconv.Itoa(len(p.body))}
	if p.keep && len(p.body) >= packFrom {
		var b bytes.Buffer
		// Made once and sent often: the best level pays here.
		z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err == nil {
			_, _ = z.Write(p.body) // a buffer does not fail
			_ = z.Close()
			p.packed, p.packs = b.Bytes(), []string{strconv.Itoa(b.Len())}
		}
	}
	return p
}

// write answers a request.
func (p *ready) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for i := range p.header {
		h[p.header[i].name] = p.header[i].values
	}
	if known := r.Header["If-None-Match"]; len(known) > 0 && p.tag != "" && p.status == http.StatusOK && r.Method != http.MethodPost && matches(known[0], p.tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if p.kind != nil {
		h["Content-Type"] = p.kind
	}
	body := p.body
	if p.packed != nil && acceptsGzip(r) {
		body = p.packed
		h["Content-Encoding"] = gzipValue
		h["Content-Length"] = p.packs
	} else {
		h["Content-Length"] = p.length
	}
	if p.status != http.StatusOK || r.Method == http.MethodHead {
		w.WriteHeader(p.status)
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader who has left is no fault
	}
}
