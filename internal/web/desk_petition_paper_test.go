package web

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// openPetition makes a petition that takes signatures.
func openPetition(v *visitor, title string) string {
	v.t.Helper()
	id := readyPetition(v, title)
	base := "/desk/petitions/" + id
	v.act(base+"/check", base+"/approve", "proof", "letter of 3 May").status(303)
	form := v.get(base + "/check").form(base + "/publish")
	v.post(base+"/publish", filled(form, "publish_reason.text", "It is a test.", "publish_reason.lang", "en")).status(303)
	v.act(base, base+"/run", "do", "open").status(303)
	return id
}

func TestPaper(t *testing.T) {
	s := organisedSite(t)
	v, mod, ed := s.signedIn(access.Organiser), s.signedIn(access.Moderator), s.signedIn(access.Editor)
	id := openPetition(v, "Answer for Testfall")
	base := "/desk/petitions/" + id + "/paper"
	form := v.get(base).status(200).whole().form(base)
	v.post(base, filled(form, "collector", "")).status(400).whole().has(word("invalid.required"))
	v.post(base, filled(form, "collector", "C 7", "received", "yesterday", "town", "Example Town")).status(400).whole().has("yesterday", "Example Town", "C 7")
	a := v.post(base, filled(form, "received", "2026-05-03", "country", "pk")).status(303)
	batch := strings.Split(a.Header.Get("Location"), "?")[0]

	// Ten lines at a time: what is wrong with one keeps it in its place.
	lines := v.get(batch).status(200).whole().form(batch + "/lines")
	v.post(batch+"/lines", lines).status(400).whole().has(word("desk.paper.no_lines"))
	lines["name"] = []string{signerName, "http://spam.example", "", "Bashir Testsigner", "", "", "", "", "", ""}
	lines["show"][0] = "name"
	lines.Set("illegible", "2")
	a = v.post(batch+"/lines", lines).status(200).whole().has("http://spam.example").hasNot(signerName)
	if got := a.form(batch + "/lines")["name"]; len(got) != 10 || got[1] != "http://spam.example" || got[0] != "" || got[3] != "" {
		t.Errorf("lines left are %q", got)
	}
	counts := func() []string { return v.get(batch).texts("ul.counts") }
	if got := counts(); len(got) != 1 || !strings.HasPrefix(got[0], "3 lines2 legible") || strings.Contains(got[0], "counted") {
		t.Errorf("counts are %v", got)
	}

	// A file is looked at before it is taken.
	file := []byte("Full name;Town;Country\nDavud Testsigner;Example Town;PK\n=cmd|calc;Example Town;PK\n")
	a = v.upload(batch+"/csv", nil, "lines.csv", file).status(200).whole().has("Davud Testsigner", word("desk.paper.take"))
	take := a.form(batch + "/csv")
	if take.Get("map.name") != "Full name" || take.Get("map.town") != "Town" {
		t.Errorf("columns are guessed as %v", take)
	}
	if got := counts(); !strings.HasPrefix(got[0], "3 lines") {
		t.Error("looking at a file has taken it")
	}
	if take.Get("sheet") != "1" {
		t.Errorf("the first sheet is proposed as %q", take.Get("sheet"))
	}
	v.post(batch+"/csv", filled(take, "do", "take", "sheet", "")).status(400).whole().has(word("invalid.sheet_number"), "Davud Testsigner")
	v.post(batch+"/csv", filled(take, "sheet", "1")).status(200).whole().has(lang.English().T("desk.paper.fault", "n", 3, "fault", word("invalid.person_name")))
	// The same sheet with a line put right: the other is recognised.
	file = []byte("Full name;Town;Country\nDavud Testsignee;Example Town;PK\nCalim Testsigner;Example Town;PK\n")
	take = v.upload(batch+"/csv", nil, "lines.csv", file).status(200).form(batch + "/csv")
	if take.Get("sheet") != "" {
		t.Errorf("a later sheet is proposed as %q", take.Get("sheet"))
	}
	v.post(batch+"/csv", filled(take, "do", "take", "sheet", "one")).status(400).whole().has(word("invalid.number"))
	v.post(batch+"/csv", filled(take, "do", "take", "sheet", "1")).status(200).whole().has(lang.English().T("desk.paper.again", "lines", "2"))
	// Typed lines with their places: sent twice, they are taken once.
	lines = v.get(batch).form(batch + "/lines")
	lines["name"] = []string{"Ehsan Testsigner", "", "", "", "", "", "", "", "", ""}
	lines.Set("sheet", "2")
	for _, want := range []string{"6 lines", "6 lines"} {
		a = v.post(batch+"/lines", lines).status(200).whole()
		if got := a.form(batch + "/lines"); got.Get("sheet") != "2" || got.Get("line") != "11" {
			t.Errorf("the next lines are of sheet %q from %q", got.Get("sheet"), got.Get("line"))
		}
		if got := counts(); !strings.HasPrefix(got[0], want) {
			t.Errorf("counts are %v", got)
		}
	}
	v.post(batch+"/lines", filled(lines, "sheet", "-1")).status(400).whole().has(word("invalid.number"), "Ehsan Testsigner")
	v.upload(batch+"/csv", nil, "lines.csv", []byte("\x00\x01")).status(400).whole().has(word("desk.paper.not_a_table"))
	v.upload(batch+"/csv", nil, "", nil).status(400).whole()

	v.upload(batch+"/scans", nil, "sheet.pdf", []byte("%PDF-1.4 sheet")).status(303)
	v.upload(batch+"/scans", nil, "sheet.exe", []byte("MZ")).status(400).whole()
	scan := ""
	for _, n := range v.get(batch).find("a") {
		if strings.Contains(attr(n, "href"), "/scans/") {
			scan = attr(n, "href")
		}
	}
	if got := v.get(scan).status(200); got.body != "%PDF-1.4 sheet" || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("scan is %q", got.body)
	}
	work := v.get(batch).form(batch + "/work")
	v.post(batch+"/work", filled(work, "do", "draw", "sample", "many")).status(400).whole().has("many")
	v.post(batch+"/work", filled(work, "do", "draw", "sample", "2")).status(303)
	v.act(batch, batch+"/work", "do", "record", "sampled", "2", "valid", "2").status(303)
	v.act(batch, batch+"/work", "do", "close").status(303)

	// Codes are shown once.
	sheet := v.act(base, strings.TrimSuffix(base, "/paper")+"/codes", "code_collector", "C 8", "codes", "3").status(200).whole()
	// Who is given the sheet reads in their own language where a code signs.
	sheet.has(word("desk.paper.codes_once"))
	for _, l := range lang.All() {
		sheet.has(l.Path()+"/petitions/", `<p lang="`+l.Tag()+`" dir="`+l.Dir()+`">`)
	}
	codes := sheet.texts("code")
	if len(codes) != 3 || len(codes[0]) != 14 {
		t.Fatalf("codes are %v", codes)
	}
	v.get(base).status(200).whole().hasNot(codes[0]).has("C 8")
	v.act(base, strings.TrimSuffix(base, "/paper")+"/codes", "code_collector", "", "codes", "3").status(400).whole()
	v.act(base, strings.TrimSuffix(base, "/paper")+"/codes", "code_collector", "C 9", "codes", "1000000").status(400).whole().has("C 9")
	v.act(base, strings.TrimSuffix(base, "/paper")+"/codes/revoke").status(303)

	// A moderator counts paper and does not read it; an editor does neither.
	mod.get(base).status(200).whole().hasNot(signerName)
	mod.get(batch).status(403)
	mod.get(scan).status(403)
	ed.get(base).status(403)
	ed.get(batch).status(403)
}

func TestInvalidation(t *testing.T) {
	s := organisedSite(t)
	v, mod, admin, ed := s.signedIn(access.Organiser), s.signedIn(access.Moderator), s.signedIn(access.Admin), s.signedIn(access.Editor)
	id := openPetition(v, "Answer for Testfall")
	paper := "/desk/petitions/" + id + "/paper"
	batch := strings.Split(v.act(paper, paper, "collector", "C 7", "country", "PK").status(303).Header.Get("Location"), "?")[0]
	lines := v.get(batch).form(batch + "/lines")
	lines["name"] = []string{signerName, "Bashir Testsigner", "", "", "", "", "", "", "", ""}
	v.post(batch+"/lines", lines).status(200)

	base := "/desk/petitions/" + id + "/voids"
	ed.get(base).status(403)
	form := mod.get(base).status(200).whole().hasNot(signerName).form(base)
	mod.post(base, filled(form, "do", "preview")).status(400).whole().has(word("invalid.required"))
	mod.post(base, filled(form, "country", "PK", "from", "some day")).status(400).whole().has("some day")
	form.Set("from", "")
	a := mod.post(base, filled(form, "do", "preview")).status(200).whole()
	form = a.form(base)
	mod.post(base, filled(form, "do", "propose", "void_reason", "fake_names")).status(400).whole().has(word("invalid.required"), "PK")
	mod.post(base, filled(form, "do", "propose", "void_summary.text", "Invented names", "void_summary.lang", "en")).status(303)
	list, err := s.srv.organising.Invalidations(t.Context(), mod.viewer, record.PetitionID(id))
	if err != nil || len(list) != 1 {
		t.Fatal(err, len(list))
	}
	post := base + "/" + string(list[0].Rec.ID)
	// Whoever proposed it does not agree with it.
	own := mod.get(base).status(200).whole().has("Invented names", "moderator and admin", word("desk.void.take_back")).hasNot(`value="agree"`)
	mod.post(post, filled(own.form(post), "do", "agree")).status(403).whole().has(word("desk.void.own")).hasNot(`value="agree"`)
	v.get(base).status(200).whole().has("moderator and admin").hasNot(`value="agree"`, `value="refuse"`)
	admin.post(post, filled(admin.get(base).has(`value="agree"`).hasNot("moderator and admin").form(post), "do", "agree")).status(303)
	// With paper the desk shows what the public sees, so that entering a line tells nothing.
	count := func(want int64) {
		t.Helper()
		exact, err := s.srv.signing.(*engine).of.Exact(t.Context(), 1)
		if err != nil || exact.Paper != want {
			t.Errorf("%d on paper, %v; want %d", exact.Paper, err, want)
		}
	}
	count(0)
	admin.post(post, filled(admin.get(base).form(post), "do", "undo", "reason", "")).status(400).whole()
	admin.post(post, filled(admin.get(base).form(post), "do", "undo", "reason", "they are real")).status(303)
	count(2)
}

// TestPetitionForbidden asks for the pages of an open petition as everybody: what
// is for its owners, for those who judge, and for nobody else.
func TestPetitionForbidden(t *testing.T) {
	s := organisedSite(t)
	v := s.signedIn(access.Organiser)
	id := openPetition(v, "Answer for Testfall")
	who := map[access.Role]*visitor{access.Organiser: v}
	for _, role := range []access.Role{access.Reader, access.Contributor, access.Editor, access.Moderator, access.Admin} {
		who[role] = s.signedIn(role)
	}
	inside := []access.Role{access.Organiser, access.Editor, access.Moderator, access.Admin}
	owners := []access.Role{access.Organiser, access.Admin}
	write := []access.Role{access.Organiser, access.Editor, access.Admin}
	abuse := []access.Role{access.Organiser, access.Moderator, access.Admin}
	for path, may := range map[string][]access.Role{
		"": access.Roles(), "/check": {access.Contributor, access.Organiser, access.Editor, access.Moderator, access.Admin}, "/log": inside,
		"/signers": inside, "/organisations": inside, "/signers/names": owners, "/signers.csv": owners, "/sealed.jsonl": owners, "/paper": abuse, "/voids": abuse,
		"/text": write, "/edit/demands": write, "/delivery": write, "/letter": write, "/cite": write,
	} {
		for role, u := range who {
			want := 403
			if slices.Contains(may, role) {
				want = 200
			}
			if got := u.get("/desk/petitions/" + id + path); got.StatusCode != want {
				t.Errorf("%s as %s: %d, want %d", path, role, got.StatusCode, want)
			}
		}
	}
	// Somebody who runs petitions changes only their own.
	base := "/desk/petitions/" + id
	for path, form := range map[string]url.Values{
		"/run": {"rev": {"1"}, "do": {"pause"}}, "/publish": {"rev": {"1"}, "publish_reason.lang": {"en"}, "publish_reason.text": {"x"}, "substance": {"no"}},
		"/packs": {"audience": {"press"}},
	} {
		if got := who[access.Editor].post(base+path, form); got.StatusCode != 403 && got.StatusCode != 409 {
			t.Errorf("an editor who is no owner: POST %s: %d", path, got.StatusCode)
		}
	}
	if p := petitionOf(t, s, id); p.Collection != record.CollectOpen || p.Edition != 1 {
		t.Errorf("petition is %+v", p)
	}
}

func TestOrganisationsAtTheDesk(t *testing.T) {
	s := organisedSite(t)
	v, mod := s.signedIn(access.Organiser), s.signedIn(access.Moderator)
	id := openPetition(v, "Answer for Testfall")
	_, err := s.srv.organising.Endorse(t.Context(), record.PetitionID(id), petitions.EndorseForm{
		Names: []record.Name{{Text: "Example Relief", Lang: "en", Kind: record.NamePrimary}}, Country: "AU", Site: "https://relief.example.org",
		Representative: signerName, Position: "director", Email: "director@relief.example.org", Edition: 1, Lang: "en", Consent: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	path := "/desk/petitions/" + id + "/organisations"
	// An owner sees the organisation; who signed for it is for moderators.
	v.get(path).status(200).whole().has("Example Relief").hasNot(signerName)
	form := mod.get(path).status(200).whole().has("Example Relief", signerName).form(path)
	mod.post(path, filled(form, "do", "check")).status(400).whole().has(word("invalid.required"))
	mod.post(path, filled(form, "do", "void", "reason", "")).status(400).whole()
	mod.post(path, filled(form, "do", "check", "words", "by telephone with its office")).status(303)
	v.get(path).status(200).whole().has("by telephone with its office", word("desk.org.state.confirmed"))
	mod.post(path, filled(form, "do", "role", "role", "endorser")).status(400).has(word("error.conflict_again"))
	form = mod.get(path).form(path)
	mod.post(path, filled(form, "do", "role", "role", "endorser")).status(303)
	form = mod.get(path).form(path)
	mod.post(path, filled(form, "do", "void", "reason", "it does not exist")).status(303)
	mod.get(path).status(200).whole().has(word("desk.org.state.voided"))
	v.post(path, form).status(403)
}

// TestOriginalSignatoriesAtTheDesk shows who signed the text that a petition re-creates as what
// they are: nothing of theirs waits for a proof.
func TestOriginalSignatoriesAtTheDesk(t *testing.T) {
	s, _, _ := followerSite(t)
	mod := s.signedIn(access.Moderator)
	found := regexp.MustCompile(`href="(/desk/petitions/[0-9a-f-]{36})"[^>]*>[^<]*(?:<[^>]*>)*Protect the Hazaras`).FindStringSubmatch(mod.get("/desk/petitions").status(200).body)
	if found == nil {
		t.Fatal("the example has no petition at the desk")
	}
	mod.get(found[1]+"/organisations").status(200).whole().has(word("petition.body_role.original")).hasNot(word("desk.org.state.pending"), "· </p>")
}

// TestPublishSaysWhatIsMissing publishes a petition that asks nobody for anything, and is told
// what has to be written where.
func TestPublishSaysWhatIsMissing(t *testing.T) {
	s := organisedSite(t)
	v := s.signedIn(access.Organiser)
	base := "/desk/petitions/" + newPetition(v, "Answer for Testfall")
	for _, at := range []string{"", "/ur", "/fa"} {
		l, _ := lang.ForPath(at + "/")
		v.post(at+base+"/publish", v.get(base+"/check").form(base+"/publish")).status(400).whole().has(l.T("invalid.no_addressee"), l.T("invalid.no_demand")).hasNot(l.T("invalid.required"))
	}
}
