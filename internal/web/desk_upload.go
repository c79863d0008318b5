package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"syscall"

	"github.com/gawah-project/gawah/internal/casework"
)

// The sizes of uploads in bytes: a copy of a source, and a dataset.
const (
	maxCopy    = 256 << 20
	maxDataset = 4 << 30
)

// upload is a file that came with a form, on disk until the request is over.
type upload struct {
	Name  string // without directories
	Media string
	Size  int64
	file  *os.File
}

// close removes the file.
func (u *upload) close() {
	if u == nil {
		return
	}
	_ = u.file.Close() // it is thrown away
	_ = os.Remove(u.file.Name())
}

// parseUpload reads a posted form with at most one file, which is streamed to
// a file of temp and never held in memory. A file above limit is left, and noted beside the
// field: what was typed before it is kept.
func parseUpload(l localiser, r *http.Request, limit int64, temp func() (*os.File, error)) (Form, *upload, error) {
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		f, err := parseForm(r)
		return f, nil, err
	}
	f := Form{Values: url.Values{}}
	r.PostForm = f.Values // as for other forms, for whoever keeps what was typed
	var u *upload
	fail := func(err error) (Form, *upload, error) {
		u.close()
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) || errors.Is(err, casework.ErrFull) {
			return f, nil, err
		}
		return f, nil, errBad
	}
	m := multipart.NewReader(r.Body, params["boundary"])
	left := int64(maxKept)
	for range maxKeptFields {
		part, err := m.NextPart()
		if errors.Is(err, io.EOF) {
			return f, u, nil
		}
		if err != nil {
			return fail(err)
		}
		if part.FileName() != "" || part.FormName() == "file" {
			if part.FileName() == "" || u != nil {
				continue
			}
			if u, err = receive(part, limit, temp); err != nil {
				return fail(err)
			}
			if u == nil {
				f.Faults = append(f.Faults, FormFault{Field: part.FormName(), Message: l.T("error.too_large", "limit", bytesText(limit))})
				return f, nil, nil
			}
			continue
		}
		b, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return fail(err)
		}
		if left -= int64(len(b)); left < 0 {
			return fail(&http.MaxBytesError{Limit: maxKept})
		}
		f.Values.Add(part.FormName(), string(b))
	}
	return fail(errBad)
}

// localiser writes messages.
type localiser interface {
	T(key string, args ...any) string
}

// receive streams a part to a file of temp; nil means that it is larger than
// limit.
func receive(part *multipart.Part, limit int64, temp func() (*os.File, error)) (*upload, error) {
	file, err := temp()
	if err != nil {
		return nil, fmt.Errorf("keep an upload: %w", full(err))
	}
	u := &upload{Name: baseName(part.FileName()), Media: part.Header.Get("Content-Type"), file: file}
	if u.Size, err = io.Copy(file, io.LimitReader(part, limit+1)); err != nil {
		u.close()
		return nil, fmt.Errorf("keep an upload: %w", full(err))
	}
	if u.Size > limit {
		u.close()
		return nil, nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		u.close()
		return nil, fmt.Errorf("keep an upload: %w", err)
	}
	return u, nil
}

// full tells a full disk from other faults.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("%w: %w", casework.ErrFull, err)
	}
	return err
}

// baseName keeps the last part of a file's name, of either kind of path.
func baseName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if name == "." || name == ".." || name == "/" {
		return "file"
	}
	return name
}

// bytesText writes a size for a person.
func bytesText(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%d GB", n>>30)
	case n >= 1<<20:
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d kB", n>>10)
}
