package web

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

const testPassword = "a sentence nobody guesses"

// visitor is somebody with a browser: their cookies are sent along.
type visitor struct {
	*site
	cookie string
	viewer access.Viewer
}

// signedIn makes an account of a role and signs it in.
func (s *site) signedIn(role access.Role) *visitor {
	s.t.Helper()
	ctx := context.Background()
	email := string(role) + "@example.org"
	secret, err := s.house.AddAccount(ctx, access.House(), email, "Test "+string(role), role)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.house.SetUp(ctx, secret, email, "Test "+string(role), testPassword); err != nil {
		s.t.Fatal(err)
	}
	token, _, err := s.house.SignIn(ctx, email, testPassword, "")
	if err != nil {
		s.t.Fatal(err)
	}
	viewer, _, err := s.house.SessionOf(ctx, token)
	if err != nil {
		s.t.Fatal(err)
	}
	return &visitor{site: s, cookie: "gawah_session=" + token, viewer: viewer}
}

func (v *visitor) get(path string) *answer {
	v.t.Helper()
	return v.site.get(path, "Cookie", v.cookie)
}

func (v *visitor) post(path string, form url.Values) *answer {
	v.t.Helper()
	return v.site.post(path, form.Encode(), "Cookie", v.cookie)
}

// follow goes where an answer redirects to.
func (v *visitor) follow(a *answer) *answer {
	v.t.Helper()
	a.status(303)
	return v.get(a.Header.Get("Location"))
}

// upload sends a form with a file.
func (v *visitor) upload(path string, form url.Values, name string, content []byte) *answer {
	v.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for field, values := range form {
		for _, value := range values {
			if err := m.WriteField(field, value); err != nil {
				v.t.Fatal(err)
			}
		}
	}
	if name != "" {
		w, err := m.CreateFormFile("file", name)
		if err != nil {
			v.t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			v.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		v.t.Fatal(err)
	}
	return v.do("POST", path, b.String(), "Content-Type", m.FormDataContentType(), "Cookie", v.cookie)
}

// form reads the fields of the form that posts to an address as a browser
// without scripts would send them. What the form's address asks beside its path
// need not be given.
func (a *answer) form(action string) url.Values {
	a.t.Helper()
	for _, f := range a.find("form") {
		at := strings.TrimSuffix(attr(f, "action"), "/")
		if path, _, _ := strings.Cut(at, "?"); at != action && (attr(f, "method") != "post" || path != action) {
			continue
		}
		values := url.Values{}
		for n := range f.Descendants() {
			if n.Type != html.ElementNode || attr(n, "name") == "" {
				continue
			}
			name := attr(n, "name")
			switch n.Data {
			case "input":
				switch attr(n, "type") {
				case "checkbox", "radio":
					if has(n, "checked") {
						values.Add(name, attr(n, "value"))
					}
				case "submit", "file":
				default:
					values.Add(name, attr(n, "value"))
				}
			case "textarea":
				values.Add(name, textOf(n))
			case "select":
				chosen := ""
				first := true
				for o := range n.Descendants() {
					if o.Type == html.ElementNode && o.Data == "option" && (first || has(o, "selected")) {
						chosen, first = attr(o, "value"), false
					}
				}
				values.Add(name, chosen)
			}
		}
		return values
	}
	a.t.Fatalf("%s: no form that posts to %s\n%.400s", a.Request.URL, action, a.body)
	return nil
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// whole fails when the page shows a message that the catalogue lacks, which is
// printed in brackets.
func (a *answer) whole() *answer {
	a.t.Helper()
	for _, prefix := range []string{"desk.", "field.", "hint.", "group.", "import.", "account.", "done.", "publish.", "invalid.", "same.", "request.", "visibility.", "measure.", "operator.", "scope."} {
		if i := strings.Index(a.body, "["+prefix); i >= 0 {
			a.t.Errorf("%s: a message is missing: %.60s", a.Request.URL, a.body[i:])
		}
	}
	if strings.Contains(a.body, "no value&gt;") || strings.Contains(a.body, "<no value>") || strings.Contains(a.body, "%!") {
		a.t.Errorf("%s: shows a value that is not there", a.Request.URL)
	}
	return a
}

// id returns the identifier at the end of the address an answer redirects to.
func (a *answer) id(prefix string) string {
	a.t.Helper()
	a.status(303)
	u, err := url.Parse(a.Header.Get("Location"))
	if err != nil {
		a.t.Fatal(err)
	}
	rest, ok := strings.CutPrefix(u.Path, prefix)
	if !ok || !record.ValidID(rest) {
		a.t.Fatalf("redirected to %s, want %sID", u, prefix)
	}
	return rest
}

// filled returns the form with some fields set.
func filled(form url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// standing reads a record as the house has it.
func standingOf[T record.Record](t *testing.T, s *site, kind record.Kind, id string) (T, int) {
	t.Helper()
	st, err := s.house.Standing(context.Background(), access.House(), record.Ref{Kind: kind, ID: id})
	if err != nil {
		t.Fatal(err)
	}
	return st.Rec.(T), st.Rev
}

// request makes a request as it is when a handler gets it.
func (v *visitor) request(method, path string, body io.Reader, kind string) *http.Request {
	v.t.Helper()
	r := httptest.NewRequest(method, path, body)
	r.Header.Set("Content-Type", kind)
	return withVisit(r, &visit{lang: lang.English(), path: path, viewer: v.viewer})
}
