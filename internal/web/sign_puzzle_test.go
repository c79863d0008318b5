package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/testbrowser"
)

// askWork are rules that put off every mail whose signer's browser has not worked.
func askWork(r *signing.Rules) {
	r.Challenge = signing.Challenge{Mode: signing.ChallengeAlways, Bits: signing.MinPuzzleBits}
}

// leaves returns to whom mails may leave now; each is told once.
func (p *petitionSite) leaves() map[string]bool {
	p.t.Helper()
	due, err := p.engine.TakeDue(p.t.Context(), time.Now().Add(time.Hour), 1000)
	if err != nil {
		p.t.Fatal(err)
	}
	to := map[string]bool{}
	for _, d := range due {
		to[d.Address] = true
	}
	return to
}

// TestPuzzleOfForm works in a browser with scripts, with and without a worker, and
// waits for nobody else; all get the same answer.
func TestPuzzleOfForm(t *testing.T) {
	t.Parallel() // long, and waits in between
	p := newPetitionSite(t, nil, askWork)
	b := testbrowser.New(t)
	at := p.http.URL + "/petitions/" + p.slug + "/sign"
	plain := p.sign(formOf("plain@example.org")).status(http.StatusOK)
	for email, view := range map[string]testbrowser.View{"worker@example.org": {Width: testbrowser.Narrow}, "page@example.org": {}, "bare@example.org": {NoScripts: true}} {
		page := b.Open(t, at, view)
		if email == "page@example.org" {
			page.Do(chromedp.Evaluate[chromedp.Void](`window.Worker = undefined`))
		}
		page.Do(chromedp.Evaluate[chromedp.Void](`location.hash = '#who'`))
		page.Type("#f-name", "Testa Person")
		page.Type("#f-email", email)
		page.Do(chromedp.SetValue(chromedp.CSS(`[name="country"]`), "AU"))
		page.Do(chromedp.Evaluate[chromedp.Void](`document.querySelector('#f-consent').checked = true`))
		page.Screenshot("sign-with-work")
		page.Leave(chromedp.Evaluate[chromedp.Void](`document.querySelector('form.signing button.primary').click()`))
		if got := page.Text("h1"); got != word("sign.thanks") {
			t.Errorf("%s: %q", email, got)
		}
		for _, e := range page.Errors() {
			t.Errorf("%s: the browser complains: %s", email, e)
		}
		if other := page.Elsewhere(p.http.URL); len(other) > 0 {
			t.Errorf("%s: the page reaches for %v", email, other)
		}
		if now := p.leaves()[email]; now == view.NoScripts {
			t.Errorf("%s: the mail leaves at once: %v", email, now)
		}
	}
	with := formOf("another@example.org")
	var puzzle puzzleView
	if err := json.Unmarshal([]byte(p.get("/puzzle/"+itoa(p.number)).status(http.StatusOK).body), &puzzle); err != nil {
		t.Fatal(err)
	}
	with.Set("work", signing.SolvePuzzle(puzzle.Puzzle))
	if got := p.sign(with).status(http.StatusOK); got.body != plain.body {
		t.Error("the answer tells whether there was work")
	}
}

// TestPuzzleAddress gives nothing out where nothing is asked for, and no puzzle
// twice where it is.
func TestPuzzleAddress(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	form := p.get("/petitions/"+p.slug+"/sign").status(http.StatusOK).hasNot("data-puzzle", "sign.js")
	if got := form.Header.Get("Content-Security-Policy"); got != policy {
		t.Errorf("policy %q", got)
	}
	p.get("/puzzle/" + itoa(p.number)).status(http.StatusNoContent)
	p.get("/puzzle/x").status(http.StatusNotFound)
	p.get("/puzzle/0").status(http.StatusNotFound)

	askWork(&p.rules)
	p.engine.SetRules(p.rules)
	p.srv.front.empty()
	form = p.get("/petitions/"+p.slug+"/sign").status(http.StatusOK).has(`data-puzzle="/puzzle/`+itoa(p.number)+`"`, "sign.js")
	if got := form.Header.Get("Content-Security-Policy"); !strings.Contains(got, "connect-src 'self'") || !strings.HasPrefix(got, policy) {
		t.Errorf("policy %q", got)
	}
	p.get("/petitions/" + p.slug + "/sign?code").status(http.StatusOK).hasNot("data-puzzle")
	one, two := p.get("/puzzle/"+itoa(p.number)), p.get("/puzzle/"+itoa(p.number))
	if one.body == two.body {
		t.Error("two who ask get one puzzle")
	}
	if got := one.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("cached as %q", got)
	}
}

// TestChallengeAtDesk sets it, and refuses what is none.
func TestChallengeAtDesk(t *testing.T) {
	s := organisedSite(t)
	admin := s.signedIn(access.Admin)
	form := admin.get("/desk/house").status(http.StatusOK).whole().form("/desk/house")
	form.Set("do", "rules")
	for name, value := range map[string]string{"challenge": "sometimes", "challenge_for": "x", "challenge_bits": "99"} {
		admin.post("/desk/house", filled(form, name, value)).status(refused).whole().has(`aria-invalid="true"`)
		form.Del(name)
	}
	admin.post("/desk/house", filled(form, "challenge", "always", "challenge_for", "3, 4", "challenge_bits", "17")).status(http.StatusSeeOther)
	h, err := s.srv.organising.HouseRules(t.Context(), admin.viewer)
	if err != nil || h.Challenge != signing.ChallengeAlways || len(h.ChallengeFor) != 2 || h.ChallengeBits != 17 {
		t.Errorf("%+v %v", h, err)
	}
	again := admin.get("/desk/house").status(http.StatusOK).whole().form("/desk/house")
	if again.Get("challenge") != "always" || again.Get("challenge_for") != "3\n4" || again.Get("challenge_bits") != "17" {
		t.Errorf("the form says %v", again)
	}
}
