package web

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// working runs the house's background work until the test ends.
func (s *site) working() {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.house.Work(ctx) }()
	s.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			s.t.Error(err)
		}
	})
}

// finished asks for a run's page until the work is over.
func (v *visitor) finished(path string) *answer {
	v.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		a := v.get(path).status(200).whole()
		if a.Header.Get("Refresh") == "" {
			return a
		}
		if time.Now().After(deadline) {
			v.t.Fatalf("%s: not over after 20 s\n%s", path, a.body)
		}
	}
}

const testTable = "id,what,day,killed,town\n" +
	"1,Testfall one,2013-01-10,12,Testfall\n" +
	"2,Testfall two,2013-31-10,13,Testfall\n" +
	"3,Testfall three,2013-01-14,40+,Example Town\n"

func TestImportTable(t *testing.T) {
	s := emptySite(t)
	s.working()
	v := s.signedIn(access.Editor)
	v.get("/desk/import").status(200).whole()
	v.upload("/desk/import", nil, "", nil).status(400).has(word("invalid.required"))
	a := v.upload("/desk/import", nil, "../../etc/attacks.csv", []byte(testTable)).status(303)
	preview := a.Header.Get("Location")
	if !strings.HasSuffix(preview, "name=attacks.csv") {
		t.Errorf("the name was kept with its path: %s", preview)
	}
	path, _, _ := strings.Cut(preview, "?")
	page := v.get(preview).status(200).whole().has("Testfall one", word("import.columns"))
	form := page.form(path)
	if form.Get("use.0") != "key" || form.Get("use.3") != "number" || form.Get("what.3") != "killed" {
		t.Errorf("the guess is %v", form)
	}
	v.post(path, filled(form, "do", "try", "dataset", "No Name")).status(400).whole().has("No Name")
	filled(form, "dataset", "testfall", "date_format", "iso", "terms", "free", "use.1", "title", "use.2", "date", "use.4", "town", "country_code", "PK")
	mapping := v.post(path, filled(form, "do", "mapping")).status(200).has(`"dataset": "testfall"`)
	if d := mapping.Header.Get("Content-Disposition"); !strings.Contains(d, "testfall.mapping.json") {
		t.Errorf("mapping is sent as %q", d)
	}

	// A trial writes nothing.
	run := v.post(path, filled(form, "do", "try")).status(303).Header.Get("Location")
	trial := v.finished(run).has(word("import.tried"), "2013-31-10")
	if got := trial.texts("ul.counts"); len(got) != 1 || !strings.Contains(got[0], "3 rows") {
		t.Errorf("trial: %v", got)
	}
	v.get("/desk/events?q=testfall").status(200).hasNot("Testfall one")

	v.post(path, filled(form, "do", "import")).status(400).has(word("invalid.required"))
	run = v.post(path, filled(form, "do", "import", "reason", "test data", "rows", "internal")).status(303).Header.Get("Location")
	done := v.finished(run).has(word("import.done"))
	v.get("/desk/events?q=testfall").status(200).has("Testfall one")
	var report string
	for _, n := range done.find("a") {
		if strings.HasPrefix(attr(n, "href"), "/desk/imports/") {
			report = attr(n, "href")
		}
	}
	v.get(report).status(200).whole().has("test data", "2013-31-10")
	if got := v.get(report + "/original").status(200); got.body != testTable {
		t.Errorf("the original came back as %q", got.body)
	}
	again := v.get(report + "/mapping").status(200).body

	// The same file with the mapping made before changes nothing.
	load := v.post(path, url.Values{"do": {"load"}, "format": {"csv"}, "name": {"attacks.csv"}, "mapping_file": {again}, "state": {"compiled"}, "rows": {"internal"}, "reason": {"again"}})
	form = load.status(200).whole().form(path)
	run = v.post(path, filled(form, "do", "import")).status(303).Header.Get("Location")
	if got := v.finished(run).texts("ul.counts"); !strings.Contains(got[0], "0 created") {
		t.Errorf("the second import: %v", got)
	}
	v.get("/desk/import").status(200).whole().has("attacks.csv")
	v.post(path, url.Values{"do": {"load"}, "format": {"csv"}, "name": {"a.csv"}, "mapping_file": {`{"no": 1}`}}).status(400).whole()
}

func TestImportOfAnotherKind(t *testing.T) {
	s := emptySite(t)
	s.working()
	v := s.signedIn(access.Editor)
	a := v.upload("/desk/import", nil, "picture.png", []byte("\x89PNG\r\n\x1a\n0000000000000000")).status(303)
	preview := a.Header.Get("Location")
	path, _, _ := strings.Cut(preview, "?")
	form := v.get(preview).status(200).whole().form(path)
	v.post(path, filled(form, "do", "try", "format", "")).status(400).has(word("invalid.choice"))
	run := v.post(path, filled(form, "do", "try", "format", "ucdp")).status(303).Header.Get("Location")
	v.finished(run).has(word("import.failed"), "picture.png").hasNot("/tmp/", "unpacked-")
	v.get("/desk/import/" + strings.Repeat("0", 64) + "?name=x.csv").status(404)
	v.get("/desk/import/..%2f..%2fetc%2fpasswd?name=x.csv").status(404)
	v.get("/desk/copies/..%2f..%2fgawah.db").status(404)
	v.get("/desk/copies/" + strings.Repeat("0", 64)).status(404)
}

func TestImportOfHeaderAlone(t *testing.T) {
	s := emptySite(t)
	s.working()
	v := s.signedIn(access.Editor)
	preview := v.upload("/desk/import", nil, "events.csv", []byte("id,type_of_violence,date_start,date_end,best,high,low,testfall\n")).status(303).Header.Get("Location")
	path, _, _ := strings.Cut(preview, "?")
	form := filled(v.get(preview).status(200).whole().form(path), "reason", "test")
	for _, do := range []string{"try", "import"} {
		run := v.post(path, filled(form, "do", do)).status(303).Header.Get("Location")
		v.finished(run).has(word("problem.no_rows"), word("problem.column_unknown"), "testfall")
		v.get("/ur" + run).status(200).has(lang.For("ur").T("problem.no_rows")).hasNot(word("problem.no_rows"))
	}
}

func TestImportOfCutFile(t *testing.T) {
	s := emptySite(t)
	s.working()
	v := s.signedIn(access.Editor)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte("id,type_of_violence,date_start,date_end,best,high,low\n")); err != nil {
		t.Fatal(err)
	}
	if err := z.Flush(); err != nil {
		t.Fatal(err)
	}
	preview := v.upload("/desk/import", nil, "events.csv.gz", b.Bytes()).status(303).Header.Get("Location")
	path, _, _ := strings.Cut(preview, "?")
	form := filled(v.get(preview).status(200).whole().form(path), "reason", "test", "format", "ucdp")
	run := v.post(path, filled(form, "do", "try")).status(303).Header.Get("Location")
	v.finished(run).has(word("import.failed"), lang.English().T("problem.file_cut", "n", 0))
	v.get("/ur" + run).status(200).has(lang.For("ur").T("problem.file_cut", "n", 0)).hasNot("cut short")
}

func TestOversizedUpload(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Contributor)
	var b bytes.Buffer
	part := "--x\r\nContent-Disposition: form-data; name=\"title.text\"\r\n\r\nKept title\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"big.txt\"\r\n\r\n"
	b.WriteString(part)
	b.Write(bytes.Repeat([]byte("x"), 2000))
	b.WriteString("\r\n--x--\r\n")
	r := v.request("POST", "/desk/sources/new", &b, "multipart/form-data; boundary=x")
	f, u, err := parseUpload(visitOf(r).lang, r, 1000, s.house.TempFile)
	if err != nil || u != nil || !f.Wrong("file") || f.Get("title.text") != "Kept title" {
		t.Errorf("form %v, file %v, %v", f, u, err)
	}
	// A form beyond its limit.
	v.post("/desk/events/new", url.Values{"note": {strings.Repeat("x", maxForm+1)}}).status(413)
	v.post("/desk/sign-in", url.Values{"email": {strings.Repeat("x", maxSignIn+1)}}).status(413)
	// A body that is no form.
	v.do("POST", "/desk/sources/new", "--x\r\nnothing", "Cookie", v.cookie, "Content-Type", "multipart/form-data; boundary=y").status(400)
}

func TestUploadedDocument(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Contributor)
	form := filled(v.get("/desk/sources/new").form("/desk/sources/new"), "title.text", "A page")
	id := v.upload("/desk/sources/new", form, `C:\secret\..\page.html`, []byte("<!doctype html><title>A page</title><p>Twelve were <b>killed</b> in Testfall.</p><script>alert(1)</script>")).id("/desk/sources/")
	v.get("/desk/sources/"+id).status(200).whole().has("Twelve were killed in Testfall.", "page.html").hasNot("secret", "alert(1)")
	v.upload("/desk/sources/"+id+"/copies", nil, "", nil).status(400).has(word("invalid.required"))
	// What cannot be read is kept all the same.
	v.follow(v.upload("/desk/sources/"+id+"/copies", nil, "program.exe", []byte("MZ\x00\x01\x02"))).has(word("done.copy_unread"))
	v.get("/desk/sources/" + id).status(200).whole().has("program.exe")
}

func TestEraseNeedsTheWord(t *testing.T) {
	s := emptySite(t)
	v := s.signedIn(access.Editor)
	path := "/desk/people/new"
	form := filled(v.get(path).form(path), "names.text", "Zarina Unwanted", "vital", "dead")
	id := v.post(path, form).id("/desk/people/")
	event := newEventOf(v, "Where Zarina Unwanted was", "2013")
	erase := "/desk/erase/person/" + id
	page := v.get(erase).status(200).whole().has("zarina-unwanted", "Where Zarina Unwanted was")
	form = page.form(erase)
	v.post(erase, filled(form, "confirm", "yes", "reason", "asked by the family")).status(400).has(word("invalid.confirm"), "asked by the family")
	v.post(erase, filled(form, "confirm", "zarina-unwanted", "reason", "Zarina Unwanted asked")).status(400).has(word("invalid.names_person"))
	v.post(erase, filled(form, "reason", "asked by the family")).status(303)
	v.get("/desk/people/" + id).status(410)
	v.get("/desk/events/" + event).status(200).hasNot("Zarina")
	v.get("/desk/people?q=zarina").status(200).hasNot("Unwanted")
	v.get("/desk/journal").status(200).has("asked by the family").hasNot("Unwanted")
}

func TestRequestsAreDecided(t *testing.T) {
	s := emptySite(t)
	ed, mod := s.signedIn(access.Editor), s.signedIn(access.Moderator)
	path := "/desk/people/new"
	form := filled(ed.get(path).form(path), "names.text", "Hidden Testperson", "vital", "dead")
	for name, value := range map[string]string{"purpose": "publish", "given": "yes", "basis": "already_public"} {
		form["consents."+name] = []string{value}
	}
	id := ed.post(path, form).id("/desk/people/")
	ed.get("/desk/publish?ref=person:"+id).status(200).whole().has("Hidden Testperson", word("consent.basis.already_public"))
	ed.post("/desk/publish", url.Values{"ref": {"person:" + id}, "reason": {"named by the family"}}).status(303)
	s.get("/people/hidden-testperson").status(200)
	code, err := s.house.Ask(context.Background(), record.AskHide, record.Ref{Kind: record.KindPerson, ID: id}, "/people/hidden-testperson", "Please hide my sister.", true)
	if err != nil {
		t.Fatal(err)
	}
	if a := s.get("/people/hidden-testperson"); a.StatusCode == 200 {
		t.Error("the person is not hidden at once")
	}
	list := mod.get("/desk/requests").status(200).whole().has("Please hide my sister.")
	var request string
	for _, n := range list.find("a") {
		if strings.HasPrefix(attr(n, "href"), "/desk/requests/") {
			request = attr(n, "href")
		}
	}
	stands := func(key string, not string) {
		t.Helper()
		s.post("/ask/status", url.Values{"code": {code}}.Encode()).status(200).has(word(key)).hasNot(word(not))
	}
	stands("correct.hidden_now", "correct.hidden_still")
	form = mod.get(request).status(200).whole().has(word("desk.relative")).form(request)
	mod.post(request, filled(form, "logged", "typed line")).status(400).has("typed line")
	mod.post(request, filled(form, "state", "declined", "reply", "")).status(400).has("typed line")
	mod.post(request, filled(form, "state", "accepted", "reply", "We have hidden her.")).status(303)
	stands("correct.hidden_still", "correct.hidden_now")
	mod.get("/desk/requests").status(200).hasNot("Please hide")
	mod.get("/desk/requests?all=1").status(200).whole().has("Please hide")
	st, err := s.house.RequestByCode(context.Background(), code)
	if err != nil || st.Reply != "We have hidden her." {
		t.Errorf("the sender reads %+v, %v", st, err)
	}
	s.get("/corrections").status(200).has("typed line")
}

// askedToHide publishes a person with a claim about others that gives the name in its
// words, has a relative ask to hide the person, and returns the path of the request
// at the desk and the identifier of the claim.
func askedToHide(t *testing.T, s *site, ed, second *visitor) (request, claim string) {
	t.Helper()
	path := "/desk/people/new"
	form := filled(ed.get(path).form(path), "names.text", "Sister Testperson", "vital", "dead")
	for name, value := range map[string]string{"purpose": "publish", "given": "yes", "basis": "already_public"} {
		form["consents."+name] = []string{value}
	}
	person := ed.post(path, form).id("/desk/people/")
	const words = "Two were killed, among them Sister Testperson"
	source, event := newSource(ed, "Shots in Testtown", words+"."), newEventOf(ed, "Shots in Testtown", "2013-03-04")
	newClaim(ed, source, event, words, "exact", "2")
	claim = string(claimsOf(t, s, source)[0].ID)
	second.post("/desk/review/"+claim, url.Values{"rev": {"1"}, "state": {"accepted"}, "reason": {"it says so"}}).status(303)
	publish := url.Values{"ref": {"person:" + person, "source:" + source, "event:" + event, "claim:" + claim}, "reason": {"named by the family"}}
	ed.post("/desk/publish", publish).status(303)
	if _, err := s.house.Ask(t.Context(), record.AskHide, record.Ref{Kind: record.KindPerson, ID: person}, "/people/sister-testperson", "Please hide my sister.", true); err != nil {
		t.Fatal(err)
	}
	for _, n := range ed.get("/desk/requests").status(200).find("a") {
		if strings.HasPrefix(attr(n, "href"), "/desk/requests/") {
			request = attr(n, "href")
		}
	}
	return request, claim
}

// TestWordsTakenBack lists what was taken back with a person, and leads to publishing
// it again once somebody has decided to show them.
func TestWordsTakenBack(t *testing.T) {
	s := emptySite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	request, claim := askedToHide(t, s, ed, second)
	event := "/events/shots-in-testtown-2013-03-04"
	s.get(event).status(200).hasNot("Sister Testperson")
	page := ed.get(request).status(200).whole().has(word("desk.taken_back"), claim).hasNot(word("desk.publish_again"))
	page = ed.post(request, filled(page.form(request), "state", "declined", "reply", "She is named in public.", "show", "1"))
	decided := ed.get(page.status(303).Header.Get("Location")).status(200).whole().has(word("done.decided"))
	s.get(event).status(200).hasNot("Sister Testperson")
	again := leadsTo(t, decided, word("desk.publish_again"))
	ed.post("/desk/publish", filled(ed.get(again).status(200).whole().form("/desk/publish"), "do", "publish", "reason", "decided")).status(303)
	s.get(event).status(200).has("Sister Testperson")
	ed.get(request).status(200).whole().hasNot(word("desk.taken_back"))
}

func TestSameEvents(t *testing.T) {
	s := emptySite(t)
	ed, second := s.signedIn(access.Editor), s.signedIn(access.Admin)
	a, b := newEventOf(ed, "Testfall blasts", "2013-01-10"), newEventOf(ed, "Testfall explosions", "2013-01-10")
	path := "/desk/same"
	form := ed.get(path + "?a=" + a).status(200).whole().has("Testfall blasts").form(path)
	ed.post(path, filled(form, "b", "")).status(400).has(word("invalid.required"))
	page := ed.post(path, filled(form, "b.q", "explosions")).status(200).has("Testfall explosions")
	form = filled(page.form(path), "b", "event:"+b, "reason", "both at the same hour")
	id := ed.post(path, form).id("/desk/same/")
	one := path + "/" + id
	form = ed.get(one).status(200).whole().has("Testfall blasts", "Testfall explosions").form(one)
	ed.post(one, filled(form, "state", "accepted", "reason", "kept words")).status(403).has("kept words", word("invalid.own_work"))
	second.post(one, filled(form, "state", "refused", "reason", "")).status(400).has(word("invalid.required"))
	second.post(one, filled(form, "state", "accepted", "reason", "yes")).status(303)
	form = second.get(one).status(200).whole().has(word("same.accepted")).form(one)
	second.post(one, filled(form, "state", "undone", "reason", "no, after all")).status(303)
	second.get(one).status(200).has(word("same.undone"))
	ed.post(path+"/match", nil).status(303)
}

func TestAccounts(t *testing.T) {
	s := emptySite(t)
	admin := s.signedIn(access.Admin)
	form := admin.get("/desk/accounts").status(200).whole().form("/desk/accounts")
	admin.post("/desk/accounts", filled(form, "email", "not an address")).status(400).has("not an address")
	a := admin.post("/desk/accounts", filled(form, "email", "new@example.org", "name", "New Person", "role", "contributor")).status(200).whole().has("/desk/setup?code=")
	link := a.texts("code")[0]
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{site: s}
	v.get(u.RequestURI()).status(200).has("new@example.org")
	admin.post("/desk/accounts", filled(form, "email", "new@example.org")).status(400).has(word("account.taken"))
	accounts, err := s.house.Accounts(context.Background(), admin.viewer)
	if err != nil {
		t.Fatal(err)
	}
	id := ""
	for _, acc := range accounts {
		if acc.Email == "new@example.org" {
			id = string(acc.ID)
		}
	}
	admin.post("/desk/accounts/"+id, url.Values{"role": {"editor"}}).status(303)
	admin.post("/desk/accounts/"+id, url.Values{"do": {"reset"}, "email": {"new@example.org"}}).status(200).has("/desk/setup?code=")
	v.get(u.RequestURI()).status(404) // the earlier link no longer works
	admin.post("/desk/accounts/"+id, url.Values{"role": {"editor"}, "closed": {"1"}}).status(303)
	admin.get("/desk/accounts").has(word("account.closed"))
	if a := admin.post("/desk/accounts/"+string(admin.viewer.User), url.Values{"role": {"reader"}}); a.StatusCode < 400 {
		t.Errorf("the last administrator stepped down: %d", a.StatusCode)
	}
}

func TestReleasesAndExports(t *testing.T) {
	s := exampleSite(t)
	ed := s.signedIn(access.Editor)
	ed.get("/desk/releases").status(200).whole()
	a := ed.follow(ed.post("/desk/releases", url.Values{"note": {"the first"}})).whole().has("the first")
	for _, n := range a.find("a") {
		if strings.HasSuffix(attr(n, "href"), "/download") {
			body := ed.get(attr(n, "href")).status(200).body
			if _, err := zip.NewReader(strings.NewReader(body), int64(len(body))); err != nil {
				t.Error(err)
			}
		}
	}
	for _, format := range exportFormats {
		if a := ed.get("/desk/export?format=" + format).status(200); len(a.body) < 500 {
			t.Errorf("%s: %d bytes", format, len(a.body))
		}
	}
	ed.get("/desk/export?format=../x").status(400)
}

func TestImportCasefileAndDocuments(t *testing.T) {
	from := exampleSite(t)
	ed := from.signedIn(access.Editor)
	casefile := ed.get("/desk/export?format=casefile").status(200).body

	s := emptySite(t)
	s.working()
	v := s.signedIn(access.Editor)
	take := func(name, content, format string) *answer {
		t.Helper()
		preview := v.upload("/desk/import", nil, name, []byte(content)).status(303).Header.Get("Location")
		path, _, _ := strings.Cut(preview, "?")
		form := v.get(preview).status(200).whole().form(path)
		if form.Get("format") != format {
			t.Errorf("%s is taken for %q, want %q", name, form.Get("format"), format)
		}
		run := v.post(path, filled(form, "do", "import", "reason", "test")).status(303).Header.Get("Location")
		return v.finished(run).has(word("import.done"))
	}
	if a := take("example.zip", casefile, "casefile"); strings.Contains(a.texts("ul.counts")[0], " 0 rows") {
		t.Errorf("casefile: %v", a.texts("ul.counts"))
	}
	v.get("/desk/events").status(200).has("Alamdar")

	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{"a.txt": "Twelve were killed in Testfall.", "sub/b.html": "<p>Thirteen were killed.</p>"} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if a := take("papers.zip", b.String(), "documents"); !strings.Contains(a.texts("ul.counts")[0], "2 created") {
		t.Errorf("documents: %v", a.texts("ul.counts"))
	}
	// One document alone, and once more.
	for _, want := range []string{"1 created", "1 unchanged"} {
		if a := take("note.txt", "In Testfall, fourteen were killed, one paper says.", "documents"); !strings.Contains(a.texts("ul.counts")[0], want) {
			t.Errorf("one document, want %s: %v", want, a.texts("ul.counts"))
		}
	}
}
