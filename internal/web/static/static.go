package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Prefix is the path under which Handler expects to be mounted and which
// URL puts before every address.
const Prefix = "/static/"

// FS holds the files as they were written, before the addresses inside the
// style sheet are given their hashes. Licences lie beside the fonts.
//
//go:embed gawah.css desk.js sign.js fonts
var FS embed.FS

// asset is one file as it is served.
type asset struct {
	name   string
	hash   string
	mime   string
	body   []byte
	packed []byte // gzip of body; nil where compression does not pay
}

// assets maps a file's name below FS to what is served for it. It is made when
// first asked for, since most processes serve nothing.
var assets = sync.OnceValue(load)

// load reads every file once. Fonts come before the style sheet because the
// sheet's own hash has to cover the hashes of the fonts it names.
func load() map[string]asset {
	all := map[string]asset{}
	var names []string
	err := fs.WalkDir(FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, p)
		}
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("static: walk embedded files: %v", err))
	}
	slices.SortFunc(names, func(a, b string) int {
		if sheet := strings.HasSuffix(a, ".css"); sheet != strings.HasSuffix(b, ".css") {
			if sheet {
				return 1
			}
			return -1
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		body, err := FS.ReadFile(name)
		if err != nil {
			panic(fmt.Sprintf("static: read embedded %s: %v", name, err))
		}
		if strings.HasSuffix(name, ".css") {
			for other, a := range all {
				body = bytes.ReplaceAll(body, []byte("url("+other+")"), []byte("url("+Prefix+a.hash+"/"+other+")"))
			}
		}
		sum := sha256.Sum256(body)
		a := asset{name: name, hash: hex.EncodeToString(sum[:6]), mime: contentType(name), body: body}
		if strings.HasPrefix(a.mime, "text/") {
			a.packed = pack(body)
		}
		all[name] = a
	}
	return all
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

func pack(body []byte) []byte {
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant of the package
	}
	if _, err := z.Write(body); err != nil {
		panic(err) // a bytes.Buffer does not fail
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

// URL returns the address of the named file, such as
// "/static/0f3a…/gawah.css". It panics on a name that is not embedded, so
// that a misspelt name fails in the first test that renders the page.
func URL(name string) string {
	a, ok := assets()[name]
	if !ok {
		panic("static: no file named " + strconv.Quote(name))
	}
	return Prefix + a.hash + "/" + a.name
}

// Size returns the number of bytes a browser downloads for the named file:
// compressed where it is served compressed. It returns 0 for a name that is
// not embedded.
func Size(name string) int {
	a := assets()[name]
	if a.packed != nil {
		return len(a.packed)
	}
	return len(a.body)
}

// Handler serves the files under Prefix. An address with the current hash
// may be kept for ever; one with another hash (a page from before an
// upgrade, or from another process) is answered with the current file, to be
// asked for again next time.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD are served here", http.StatusMethodNotAllowed)
			return
		}
		hash, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, Prefix), "/")
		a, ok := assets()[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.mime)
		h.Set("X-Content-Type-Options", "nosniff")
		tag := `"` + a.hash + `"`
		if hash == a.hash {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			h.Set("Cache-Control", "public, no-cache")
		}
		body := a.body
		if a.packed != nil {
			h.Set("Vary", "Accept-Encoding")
			if acceptsGzip(r.Header.Get("Accept-Encoding")) {
				h.Set("Content-Encoding", "gzip")
				tag = `"` + a.hash + `-gz"`
				body = a.packed
			}
		}
		h.Set("ETag", tag)
		if match := r.Header.Get("If-None-Match"); match != "" && strings.Contains(match, tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method == http.MethodHead {
			return
		}
		// The reader may be gone; there is nobody left to tell.
		_, _ = w.Write(body)
	})
}

// acceptsGzip reports whether an Accept-Encoding header names gzip without
// refusing it by a quality of zero.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(coding) != "gzip" {
			continue
		}
		q, found := strings.CutPrefix(strings.TrimSpace(params), "q=")
		if !found {
			return true
		}
		v, err := strconv.ParseFloat(q, 64)
		return err == nil && v > 0
	}
	return false
}
