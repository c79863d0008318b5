package signing

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

func TestOneSignature(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		f := form(1)
		f.Name, f.Email, f.Town = "  Anna   Testfall ", "Anna.Test+x@gmail.com", "Example Town"
		got := h.take(f)
		own, token := Own{}, h.OwnToken(petition, got.N)
		own, err := h.Show(ctx, petition, token)
		if err != nil {
			t.Fatal(err)
		}
		if own.Name != "Anna Testfall" || own.Town != "Example Town" || own.State != signature.Pending || own.Sealed {
			t.Errorf("shown as %+v", own)
		}
		if i := h.consistent(); i.Confirmed != 0 || i.Unconfirmed != 1 {
			t.Errorf("%+v", i)
		}
		name := "Anna Example"
		own, err = h.Confirm(ctx, petition, token, Change{Name: &name})
		if err != nil || own.State != signature.Confirmed || own.Name != name {
			t.Fatalf("confirmed as %+v, %v", own, err)
		}
		// Again, and by showing it: nothing changes.
		if own, err = h.Confirm(ctx, petition, token, Change{}); err != nil || own.State != signature.Confirmed {
			t.Errorf("again: %+v, %v", own, err)
		}
		if i := h.consistent(); i.Confirmed != 1 || i.Received != 1 {
			t.Errorf("%+v", i)
		}
		rows := h.rows()
		if rows[0].Mail != nil {
			t.Error("the address was kept though no updates were asked for")
		}
		if err := h.Withdraw(ctx, petition, token); err != nil {
			t.Fatal(err)
		}
		if err := h.Withdraw(ctx, petition, token); err != nil {
			t.Errorf("withdrawing again: %v", err)
		}
		if i := h.consistent(); i.Confirmed != 0 || i.Withdrawn != 1 || i.Received != 1 {
			t.Errorf("%+v", i)
		}
		s := h.rows()[0]
		if s.Addr != nil || s.Who != nil || s.Box != nil || s.Mail != nil || s.Host != nil || s.Net != nil {
			t.Errorf("something of a withdrawn signature is left: %+v", s)
		}
		if _, err := h.Confirm(ctx, petition, token, Change{}); !errors.Is(err, ErrGone) {
			t.Errorf("confirming what was withdrawn: %v", err)
		}
		lines := 0
		if _, err := h.list.Each(0, func(l departed.Line) error {
			lines++
			if l.What != departed.Withdrawn || l.Petition != petition || len(l.Rows) != 1 || l.Rows[0] != got.N {
				t.Errorf("listed as %+v", l)
			}
			return nil
		}); err != nil || lines != 1 {
			t.Errorf("%d lines, %v", lines, err)
		}
	})
}

func (h *house) rows() []store.Signature {
	h.t.Helper()
	var out []store.Signature
	err := h.store.View(context.Background(), func(r *store.Reader) (err error) {
		out, err = r.SignaturesWhere(context.Background(), store.SignatureWhere{}, 0, 100_000)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

// TestRepeats walks through who counts at one address.
func TestRepeats(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		at := func(name, email, town string) signature.State {
			f := form(0)
			f.Name, f.Email, f.Town = name, email, town
			return h.confirm(h.take(f).N).State
		}
		// A stranger's unconfirmed entry under a false name reserves nothing.
		f := form(0)
		f.Name, f.Email = "False Name", "anna.test@gmail.com"
		h.take(f)
		for _, c := range []struct {
			name, email, town string
			want              signature.State
		}{
			{"Anna Testfall", "annatest@gmail.com", "Example Town", signature.Confirmed},
			{"Anna Testfall", "ANNA.TEST+2@googlemail.com", "Example Town", signature.Repeated},
			{"anna  testfall", "annatest@gmail.com", "Example Town", signature.Repeated},
			{"Bahram Testfall", "annatest@gmail.com", "Other Town", signature.Repeated},
			{"Bahram Testfall", "annatest@gmail.com", "example town", signature.Confirmed},
			{"Dara Testfall", "annatest@gmail.com", "Example Town", signature.Repeated},
		} {
			if got := at(c.name, c.email, c.town); got != c.want {
				t.Errorf("%s at %s from %s: %v, want %v", c.name, c.email, c.town, got, c.want)
			}
		}
		i := h.consistent()
		if i.Confirmed != 2 || i.Second != 1 || i.Repeated != 4 || i.Unconfirmed != 1 {
			t.Errorf("%+v", i)
		}
		for _, s := range h.rows() {
			if s.State == signature.Repeated && (s.Addr != nil || s.Box != nil || s.Mail != nil) {
				t.Error("something personal of a repetition was kept")
			}
		}
	})
}

func TestTokens(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	ctx := t.Context()
	n := h.take(form(1)).N
	h.registry.Put(Terms{Number: 8, Edition: 1, Collecting: true})
	for name, token := range map[string]string{
		"for mail":      h.MailToken(petition, n),
		"of another":    h.OwnToken(8, n),
		"of no row":     h.OwnToken(petition, n+1_000_000),
		"empty":         "",
		"longer":        h.OwnToken(petition, n) + "A",
		"changed":       "A" + h.OwnToken(petition, n)[1:],
		"not base64":    strings.Repeat("*", 22),
		"padded alike":  strings.Repeat("A", 22),
		"trailing bits": h.OwnToken(petition, n)[:21] + "_",
	} {
		if token == h.OwnToken(petition, n) {
			continue
		}
		if _, err := h.Show(ctx, petition, token); !errors.Is(err, seal.ErrToken) {
			t.Errorf("%s: shown: %v", name, err)
		}
		if _, err := h.Confirm(ctx, petition, token, Change{}); !errors.Is(err, seal.ErrToken) {
			t.Errorf("%s: confirmed: %v", name, err)
		}
		if err := h.Withdraw(ctx, petition, token); !errors.Is(err, seal.ErrToken) {
			t.Errorf("%s: withdrawn: %v", name, err)
		}
	}
	if err := h.Unsubscribe(ctx, petition, h.OwnToken(petition, n)); !errors.Is(err, seal.ErrToken) {
		t.Errorf("the own token ends mails: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	ctx := t.Context()
	for field, change := range map[string]func(*Form){
		"name":    func(f *Form) { f.Name = "=HYPERLINK(1)" },
		"email":   func(f *Form) { f.Email = "nobody" },
		"country": func(f *Form) { f.Country = "XX" },
		"city":    func(f *Form) { f.Town = "http://x.example" },
		"lang":    func(f *Form) { f.Lang = "<en>" },
	} {
		f := form(1)
		change(&f)
		_, err := h.Accept(ctx, f)
		bad, ok := errors.AsType[*record.Invalid](err)
		if !ok || !bad.Has(field) || len(bad.Fields) != 1 {
			t.Errorf("%s: %v", field, err)
		}
		if strings.Contains(err.Error(), "HYPERLINK") || strings.Contains(err.Error(), "nobody") {
			t.Errorf("the error repeats what was typed: %v", err)
		}
	}
	if rows := h.rows(); len(rows) != 0 {
		t.Errorf("%d rows were written", len(rows))
	}
	f := form(1)
	f.Edition = 2
	if _, err := h.Accept(ctx, f); !errors.Is(err, ErrEdition) {
		t.Errorf("an edition to come: %v", err)
	}
	f = form(1)
	f.Petition = 99
	if _, err := h.Accept(ctx, f); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("no petition: %v", err)
	}
	now := h.clock.now()
	for name, terms := range map[string]Terms{
		"not open":  {Number: petition, Edition: 1},
		"not yet":   {Number: petition, Edition: 1, Collecting: true, Opens: now.Add(time.Hour).UnixMicro()},
		"no longer": {Number: petition, Edition: 1, Collecting: true, Closes: now.UnixMicro()},
	} {
		h.registry.Put(terms)
		if _, err := h.Accept(ctx, form(1)); !errors.Is(err, ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSilent looks at what becomes of entries whose answer was the same.
func TestSilent(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	rules := h.Rules()
	rules.Soft, rules.Hard = Rate{2, 60}, Rate{4, 60}
	h.SetRules(rules)
	f := form(1)
	f.Email = "a@sub.blocked.example"
	if got := h.take(f); got.State != signature.Refused {
		t.Errorf("a refused domain: %v", got.State)
	}
	var dues []int64
	for i := range 6 {
		f := form(10 + i)
		f.Net = netip.MustParseAddr("203.0.113.7")
		h.take(f)
	}
	f = form(30)
	f.Net = netip.MustParseAddr("203.0.114.7") // another network
	h.take(f)
	var states []signature.State
	for _, s := range h.rows()[1:] {
		states = append(states, s.State)
		if s.Due > 0 {
			dues = append(dues, s.Due-h.minute())
		}
	}
	p, x := signature.Pending, signature.Throttled
	for i, want := range []signature.State{p, p, p, p, x, x, p} {
		if states[i] != want {
			t.Errorf("number %d is %v, want %v", i, states[i], want)
		}
	}
	for i, want := range []int64{0, 0, 1, 2, 0} {
		if dues[i] != want {
			t.Errorf("mail %d is put off by %d minutes, want %d", i, dues[i], want)
		}
	}
	h.clock.add(time.Hour)
	f = form(40)
	f.Net = netip.MustParseAddr("203.0.113.9")
	if got := h.take(f); got.State != signature.Pending {
		t.Errorf("after an hour: %v", got.State)
	}
	// The clock goes back by a day: nobody is let through or held up by it.
	h.clock.add(-24 * time.Hour)
	if got := h.take(f); got.State != signature.Pending {
		t.Errorf("after the clock was set back: %v", got.State)
	}
	if i := h.consistent(); i.Refused != 1 || i.Throttled != 2 || i.Received != 10 {
		t.Errorf("%+v", i)
	}
}

func TestDisclosureKeepsLittle(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	ctx := t.Context()
	count := form(1)
	count.Show = signature.Disclosure{}
	initials := form(2)
	initials.Name, initials.Show = "Anna Testfall", signature.Disclosure{Public: signature.Initials}
	a, b := h.take(count), h.take(initials)
	own, err := h.Show(ctx, petition, h.OwnToken(petition, a.N))
	if err != nil || !own.Sealed || own.Name != "" {
		t.Errorf("count only: %+v, %v", own, err)
	}
	if h.rows()[0].Box != nil {
		t.Error("a name was kept that nobody may see")
	}
	if own, err = h.Show(ctx, petition, h.OwnToken(petition, b.N)); err != nil || own.Name != "A. T." || own.Town != "" {
		t.Errorf("initials only: %+v, %v", own, err)
	}
	// More may be shown only of a name that is given again.
	all := signature.Disclosure{Public: signature.Name}
	if _, err := h.Correct(ctx, petition, h.OwnToken(petition, b.N), Change{Show: &all}); err == nil {
		t.Error("initials became a name")
	}
	name := "Anna Testfall"
	if own, err = h.Correct(ctx, petition, h.OwnToken(petition, b.N), Change{Show: &all, Name: &name}); err != nil || own.Name != name {
		t.Errorf("%+v, %v", own, err)
	}
	// Less at once.
	none := signature.Disclosure{}
	if own, err = h.Correct(ctx, petition, h.OwnToken(petition, b.N), Change{Show: &none}); err != nil || !own.Sealed {
		t.Errorf("%+v, %v", own, err)
	}
	if h.rows()[1].Box != nil {
		t.Error("the name was kept")
	}
	h.consistent()
}

func TestVoid(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		for i := range 60 {
			f := form(i)
			if i%2 == 0 {
				f.Email = strings.Replace(f.Email, "@", "@throwaway.", 1)
				f.Email = f.Email[:strings.IndexByte(f.Email, '@')] + "@throwaway.example"
			}
			n := h.take(f).N
			if i%3 == 0 {
				h.confirm(n)
			}
		}
		w := Where{Domain: "Throwaway.example"}
		m, err := h.Matching(ctx, petition, w)
		if err != nil || m[signature.Pending] != 20 || m[signature.Confirmed] != 10 {
			t.Fatalf("%v, %v", m, err)
		}
		before := h.consistent()
		if n, err := h.Void(ctx, petition, w, "inv-1"); err != nil || n != 30 {
			t.Fatalf("%d, %v", n, err)
		}
		if n, err := h.Void(ctx, petition, w, "inv-1"); err != nil || n != 0 {
			t.Fatalf("again: %d, %v", n, err)
		}
		i := h.consistent()
		if i.Invalidated != 30 || i.Confirmed != 10 || len(i.Reasons) != 1 || i.Reasons[0].Code != string(record.VoidOther) {
			t.Errorf("%+v", i)
		}
		// One of those signs again and confirms while it is out of the count.
		again := form(0)
		again.Email = "signer0@throwaway.example"
		h.confirm(h.take(again).N)
		if n, err := h.Unvoid(ctx, petition, "inv-1"); err != nil || n != 30 {
			t.Fatalf("undone %d, %v", n, err)
		}
		after := h.consistent()
		if after.Confirmed != before.Confirmed || after.Repeated != 1 || after.Invalidated != 0 {
			t.Errorf("%+v, then %+v", before, after)
		}
		heaps, err := h.Hosts(ctx, petition, 0, 2)
		if err != nil || len(heaps) == 0 || heaps[0].Count != 30 {
			t.Errorf("%+v, %v", heaps, err)
		}
		hash, err := h.HostHash(petition, "throwaway.example")
		if err != nil || string(heaps[0].Hash) != string(hash) {
			t.Errorf("the domain is not found: %v", err)
		}
	})
}

func TestExpireAndDestroy(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		kept := h.take(form(1)).N
		h.confirm(kept)
		h.take(form(2))
		bad := form(3)
		bad.Email = "a@blocked.example"
		h.take(bad)
		h.clock.add(15 * 24 * time.Hour)
		h.take(form(4))
		if n, err := h.Expire(ctx, 14*24*time.Hour); err != nil || n != 2 {
			t.Errorf("%d, %v", n, err)
		}
		i := h.consistent()
		if i.Expired != 1 || i.Unconfirmed != 1 || i.Refused != 1 || i.Confirmed != 1 {
			t.Errorf("%+v", i)
		}
		if err := h.Destroy(ctx, petition); err != nil {
			t.Fatal(err)
		}
		after := h.consistent()
		if after.Confirmed != 1 || after.Received != 4 {
			t.Errorf("%+v", after)
		}
		for _, s := range h.rows() {
			if s.Addr != nil || s.Who != nil || s.Host != nil || s.Net != nil || s.Box != nil || s.Mail != nil || s.Updates {
				t.Errorf("left: %+v", s)
			}
		}
		if _, err := h.Accept(ctx, form(9)); !errors.Is(err, seal.ErrDestroyed) {
			t.Errorf("signing after the key is gone: %v", err)
		}
		if err := h.Destroy(ctx, petition); err != nil {
			t.Errorf("again: %v", err)
		}
	})
}

func TestPaperAndCodes(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.confirm(h.take(form(1)).N)
		taken, errs := h.Enter(ctx, []Sheet{
			{Petition: petition, Edition: 1, Lang: "en", Batch: 1, Name: "Anna Testfall", Country: "PK"},
			{Petition: petition, Edition: 1, Lang: "en", Batch: 1, Name: form(1).Name, Email: form(1).Email, Country: form(1).Country, Town: "Example Town"},
			{Petition: petition, Edition: 1, Lang: "en", Batch: 1, Name: "=1"},
			{Petition: petition, Edition: 1, Lang: "en", Batch: 1},
		})
		for i, want := range []signature.State{signature.Confirmed, signature.Repeated, signature.Pending, signature.Confirmed} {
			if i == 2 {
				if errs[i] == nil {
					t.Error("a formula was taken for a name")
				}
				continue
			}
			if errs[i] != nil || taken[i].State != want {
				t.Errorf("line %d: %v, %v", i, taken[i], errs[i])
			}
		}
		err := h.store.Aside(ctx, func(tx *store.Tx) error { return tx.AddCodes(ctx, petition, "K1", 1, []string{"c1", "c2"}) })
		if err != nil {
			t.Fatal(err)
		}
		f := form(5)
		f.Email, f.Code = "", "c1"
		if got := h.take(f); got.State != signature.Confirmed {
			t.Errorf("a code: %v", got.State)
		}
		for _, code := range []string{"c1", "c3"} { // again, and one that is none
			f.Code = code
			_, err := h.Accept(ctx, f)
			if bad, ok := errors.AsType[*record.Invalid](err); !ok || bad.Fields[0].Field != "code" || bad.Fields[0].Key != "invalid.code_used" {
				t.Errorf("code %s: %v", code, err)
			}
		}
		i := h.consistent()
		if i.Online != 1 || i.Paper != 2 || i.Codes != 1 || i.Confirmed != 4 || i.Repeated != 1 || i.Refused != 0 {
			t.Errorf("%+v", i)
		}
	})
}

func TestAgreeAgain(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	ctx := t.Context()
	n := h.take(form(1)).N
	h.confirm(n)
	x := terms()
	x.Edition, x.Reconsent = 2, 2
	h.registry.Put(x)
	if i := h.consistent(); i.Confirmed != 0 || i.Earlier != 1 {
		t.Errorf("%+v", i)
	}
	own, err := h.Show(ctx, petition, h.OwnToken(petition, n))
	if err != nil || !own.Agree {
		t.Errorf("%+v, %v", own, err)
	}
	f := form(2)
	f.Edition = 1
	if _, err := h.Accept(ctx, f); !errors.Is(err, ErrEdition) {
		t.Errorf("the text of before: %v", err)
	}
	two := 2
	if own, err = h.Correct(ctx, petition, h.OwnToken(petition, n), Change{Edition: &two}); err != nil || own.Agree {
		t.Errorf("%+v, %v", own, err)
	}
	if i := h.consistent(); i.Confirmed != 1 || i.Earlier != 0 {
		t.Errorf("%+v", i)
	}
}

func TestShown(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		look := func() *signature.Snapshot {
			t.Helper()
			if err := h.publish(ctx, petition); err != nil {
				t.Fatal(err)
			}
			s, err := h.Snapshot(ctx, petition)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		x := terms()
		x.Live = false
		h.registry.Put(x)
		if s := look(); s.Count != 0 || s.Live {
			t.Errorf("%+v", s)
		}
		for i := range 19 {
			h.confirm(h.take(form(i)).N)
		}
		h.clock.add(time.Hour)
		if s := look(); s.Count != 0 {
			t.Errorf("%d after an hour and nineteen", s.Count)
		}
		h.confirm(h.take(form(19)).N)
		s := look()
		if s.Count != 20 || s.When() != h.clock.now() || s.Next == 0 {
			t.Errorf("%+v after an hour and twenty", s)
		}
		for i := range 30 {
			h.confirm(h.take(form(100 + i)).N)
		}
		if s := look(); s.Count != 20 {
			t.Errorf("%d before the hour", s.Count)
		}
		// Another process, and this one after a restart, show the same.
		other, err := h.another().Snapshot(ctx, petition)
		if err != nil || other.Count != 20 || other.At != s.At || other.Change != s.Change {
			t.Errorf("elsewhere %+v, %v", other, err)
		}
		x.Live = true
		h.registry.Put(x)
		if s := look(); s.Count != 50 || !s.Live {
			t.Errorf("%+v live", s)
		}
		change := look().Change
		if s := look(); s.Change != change {
			t.Errorf("the snapshot changed with nothing new")
		}
		if s := look(); s.Countries.Sum() != 50 || len(s.Countries.Cells) != 5 {
			t.Errorf("%+v", s.Countries)
		}
	})
}
