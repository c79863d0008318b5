package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
)

// TestOutboxSaysWhyMailWaits: a mail without a solved puzzle is listed as put off, with the
// minute that it is due; without a server, and while mail is held, that is said instead.
func TestOutboxSaysWhyMailWaits(t *testing.T) {
	p := newPetitionSite(t, func(k *record.Petition) { k.Practice = false }, askWork)
	p.sign(formOf("plain@example.org")).status(http.StatusOK)
	now := petitions.MailStatus{}
	p.srv.sending = func() petitions.MailStatus { return now }
	l := lang.English()
	v := p.signedIn(access.Admin)
	before, _, _ := strings.Cut(l.T("mail.wait.due", "at", "|"), "|")
	v.get("/desk/outbox").status(http.StatusOK).whole().has("plain@example.org", word("mail.wait.no_server"), before)
	now.Configured = true
	page := v.get("/desk/outbox").status(http.StatusOK).whole().hasNot(word("mail.wait.no_server"))
	found := false
	for m := range 20 {
		// The minute depends on the clock of whoever runs this.
		at := clock(time.Now().UTC().Truncate(time.Minute).Add(time.Duration(m) * time.Minute))
		found = found || strings.Contains(page.body, l.T("mail.wait.later", "at", at))
	}
	if !found {
		t.Errorf("the outbox does not say until when it waits:\n%s", strings.Join(page.texts("article.letter"), "\n"))
	}
	for _, w := range mail.Waits() {
		if key := "mail.wait." + string(w); l.T(key, "at", "") == key {
			t.Errorf("no words for %s", w)
		}
	}
	for _, c := range mail.Classes() {
		if key := "mail.class." + string(c); l.T(key, "code", "") == key {
			t.Errorf("no words for %s", c)
		}
	}
}
