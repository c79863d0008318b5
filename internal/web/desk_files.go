package web

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"time"

	"github.com/gawah-project/gawah/internal/record"
)

// attach sets the headers of a download. What is sent is somebody's file: it is
// never shown in a page of ours, whatever it holds.
func attach(w http.ResponseWriter, name, kind string) {
	h := w.Header()
	if kind == "" {
		kind = "application/octet-stream"
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "no-store")
}

// sendCopy sends a preserved copy to somebody who may see it.
func (s *Server) sendCopy(w http.ResponseWriter, r *http.Request) error {
	o, err := s.house.OpenOriginal(r.Context(), visitOf(r).viewer, r.PathValue("hash"))
	if err != nil {
		return err
	}
	defer o.File.Close()
	name := o.Capture.Name
	if name == "" {
		name = "copy-" + o.Capture.Hash[:12]
	}
	attach(w, baseName(name), "")
	http.ServeContent(w, r, "", time.Time{}, o.File)
	return nil
}

// releasesPage lists releases and offers exports.
type releasesPage struct {
	deskPage
	Releases []*record.Release
	Formats  []string
}

// exportFormats are the formats an export can have, in the order offered.
var exportFormats = []string{"ucdp", "uwazi", "geojson", "json", "csv", "casefile"}

func (s *Server) showReleases(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	p := &releasesPage{deskPage: s.desk(r, v.lang.T("desk.releases"), "desk-releases"), Formats: exportFormats}
	var err error
	if p.Releases, err = s.house.ReleaseList(r.Context(), v.viewer); err != nil {
		return err
	}
	return s.render(w, r, "desk_releases", p)
}

// makeRelease freezes the public record.
func (s *Server) makeRelease(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	if _, err := s.house.MakeRelease(r.Context(), v.viewer, record.Plain(v.lang.Tag(), f.Get("note"))); err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/releases?done=released")
}

// sendRelease sends a release's archive to anybody who may see the release.
func (s *Server) sendRelease(w http.ResponseWriter, r *http.Request) error {
	rel, f, err := s.house.OpenRelease(r.Context(), visitOf(r).viewer, record.ReleaseID(r.PathValue("id")))
	if err != nil {
		return err
	}
	defer f.Close()
	attach(w, fmt.Sprintf("gawah-release-%d.zip", rel.Number), "application/zip")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// endings are the file endings of exports.
var endings = map[string]string{"ucdp": ".csv", "uwazi": ".csv", "geojson": ".geojson", "json": ".json", "csv": ".zip", "casefile": ".zip"}

// sendExport sends everything the viewer may export in one format.
func (s *Server) sendExport(w http.ResponseWriter, r *http.Request) error {
	format := r.URL.Query().Get("format")
	if !slices.Contains(exportFormats, format) {
		return errBad
	}
	// Written to memory only as far as the first bytes: an error before them is a
	// page, later ones break the download off.
	out := &lateWriter{w: w, begin: func() { attach(w, "gawah-"+format+endings[format], "") }}
	var err error
	if format == "casefile" {
		err = s.house.ExportCasefile(r.Context(), visitOf(r).viewer, "gawah", out)
	} else {
		_, err = s.house.Export(r.Context(), visitOf(r).viewer, format, out)
	}
	if err == nil {
		err = out.flush()
	}
	if err != nil && out.began {
		panic(http.ErrAbortHandler) // the reader's download fails instead of looking whole
	}
	return err
}

// lateWriter holds back the first bytes of an answer.
type lateWriter struct {
	w     http.ResponseWriter
	begin func()
	held  bytes.Buffer
	began bool
}

func (l *lateWriter) Write(b []byte) (int, error) {
	if l.began {
		return l.w.Write(b)
	}
	l.held.Write(b)
	if l.held.Len() > 1<<20 {
		return len(b), l.flush()
	}
	return len(b), nil
}

func (l *lateWriter) flush() error {
	if l.began {
		return nil
	}
	l.began = true
	l.begin()
	_, err := l.w.Write(l.held.Bytes())
	return err
}
