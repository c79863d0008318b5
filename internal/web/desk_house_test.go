package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"filippo.io/age"

	"github.com/gawah-project/gawah/internal/access"
)

// TestHouseIsTheAdmins sets the rules and the recipients of backups as everybody.
func TestHouseIsTheAdmins(t *testing.T) {
	s := organisedSite(t)
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	key := identity.Recipient().String()
	for _, role := range access.Roles() {
		v := s.signedIn(role)
		if role == access.Admin {
			continue
		}
		v.get("/desk").status(http.StatusOK).hasNot("/desk/house")
		v.get("/desk/house").status(http.StatusForbidden)
		v.post("/desk/house", url.Values{"do": {"rules"}, "blocked": {"example.net"}}).status(http.StatusForbidden)
		v.post("/desk/house", url.Values{"do": {"recipients"}, "recipients": {key}}).status(http.StatusForbidden)
	}
	s.post("/desk/house", "do=rules").status(http.StatusUnauthorized)
}

func TestHouseSettings(t *testing.T) {
	s := organisedSite(t)
	admin := s.signedIn(access.Admin)
	ctx := t.Context()
	admin.get("/desk").has("/desk/house")
	form := admin.get("/desk/house").status(http.StatusOK).whole().form("/desk/house")
	form.Set("do", "rules")
	for name, value := range map[string]string{
		"allow": "somewhere", "blocked": "nothing", "soft_burst": "many", "hard_hour": "9", "mails_per_address": "-1",
	} {
		wrong := filled(maps.Clone(form), name, value)
		admin.post("/desk/house", wrong).status(refused).whole().has(`aria-invalid="true"`, value)
	}
	if h, err := s.srv.organising.HouseRules(ctx, admin.viewer); err != nil || len(h.Allow)+len(h.Blocked) != 0 || h.Soft != nil {
		t.Fatalf("refused rules were set: %+v %v", h, err)
	}

	good := filled(form, "allow", "203.0.113.0/24\r\n2001:db8::1, 198.51.100.7", "blocked", "throwaway.example", "hard_burst", "3000", "hard_hour", "4000", "mails_per_address", "7")
	admin.post("/desk/house", good).status(http.StatusSeeOther)
	h, err := s.srv.organising.HouseRules(ctx, admin.viewer)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(h.Allow, []string{"203.0.113.0/24", "2001:db8::1", "198.51.100.7"}) || !slices.Equal(h.Blocked, []string{"throwaway.example"}) ||
		h.Soft != nil || h.Hard == nil || h.Hard.Burst != 3000 || h.Hard.PerHour != 4000 || h.MailsPerAddress != 7 {
		t.Errorf("the rules are %+v", h)
	}
	admin.get("/desk/house?done=saved").status(http.StatusOK).whole().has("203.0.113.0/24", "throwaway.example", "3000", word("done.saved"))

	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	// The secret half opens every backup, and is not sent back into the page.
	admin.post("/desk/house", url.Values{"do": {"recipients"}, "recipients": {identity.String()}}).status(refused).whole().
		has(word("invalid.recipient"), "throwaway.example").hasNot(identity.String())
	admin.post("/desk/house", url.Values{"do": {"recipients"}, "recipients": {identity.Recipient().String()}}).status(http.StatusSeeOther)
	list, err := s.house.BackupRecipients(ctx)
	if err != nil || !slices.Equal(list, []string{identity.Recipient().String()}) {
		t.Errorf("the recipients are %v: %v", list, err)
	}
	// One form leaves what the other sets as it is.
	if again, err := s.srv.organising.HouseRules(ctx, admin.viewer); err != nil || again.MailsPerAddress != 7 {
		t.Errorf("%+v %v", again, err)
	}
	admin.post("/desk/house", url.Values{"do": {"recipients"}}).status(http.StatusSeeOther)
	if list, err := s.house.BackupRecipients(ctx); err != nil || len(list) != 0 {
		t.Errorf("the recipients are %v: %v", list, err)
	}
	admin.post("/desk/house", url.Values{"do": {"else"}}).status(http.StatusBadRequest)
}
