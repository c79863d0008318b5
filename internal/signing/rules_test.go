package signing

import (
	"context"
	"errors"
	"net/netip"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

func TestHouseRules(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	ctx := t.Context()
	rules := h.Rules()
	rules.Hard = Rate{Burst: 1}
	rules.Soft = Rate{Burst: 1}
	h.SetRules(rules)
	from := func(i int, email string) signature.State {
		f := form(i)
		f.Net = netip.MustParseAddr("203.0.113.7")
		if email != "" {
			f.Email = email
		}
		return h.take(f).State
	}
	from(1, "")
	if got := from(2, ""); got != signature.Throttled {
		t.Fatalf("without rules of the house: %v", got)
	}
	err := h.store.Aside(ctx, func(tx *store.Tx) error {
		return WriteHouseRules(ctx, tx, HouseRules{Allow: []string{"203.0.113.0/24", "2001:db8::1"}, Blocked: []string{"@Throwaway.example", "bücher.example"}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.takeRules(ctx); err != nil {
		t.Fatal(err)
	}
	for email, want := range map[string]signature.State{
		"a@example.org": signature.Pending, "a@sub.throwaway.example": signature.Refused, "a@xn--bcher-kva.example": signature.Refused,
		"a@blocked.example": signature.Refused, // as the process was started with
	} {
		if got := from(3, email); got != want {
			t.Errorf("%s: %v, want %v", email, got, want)
		}
	}
	for name, bad := range map[string]HouseRules{
		"network": {Allow: []string{"somewhere"}}, "domain": {Blocked: []string{"nothing"}},
		"rate": {Soft: &Rate{}}, "order": {Soft: &Rate{100, 1}, Hard: &Rate{1, 1}}, "mails": {MailsPerAddress: -1},
	} {
		err := h.store.Aside(ctx, func(tx *store.Tx) error { return WriteHouseRules(context.Background(), tx, bad) })
		if _, ok := errors.AsType[*record.Invalid](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
