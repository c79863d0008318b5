package petitions

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// The most signatures of organisations that one network enters for one petition
// in a day: those of which anybody could be the author, and those whose link goes
// to an address of the organisation's domain. One kind does not use up the other.
const (
	bodiesUnmailed = 10
	bodiesMailed   = 30
	bodyNetworks   = 100_000 // beyond it all are forgotten
)

// bodyThrottle counts the signatures of organisations by network and petition, by
// keyed hash, in memory only and for a day.
type bodyThrottle struct {
	networks seal.Networks

	mu    sync.Mutex // guards what follows
	day   int64
	count map[[seal.NetworkSize]byte]*[2]int
}

// take counts one and reports whether it is within the bound.
func (t *bodyThrottle) take(net netip.Addr, petition int, mailed bool, now time.Time, rules *signing.Rules) bool {
	if !net.IsValid() || rules != nil && rules.Allows(net) {
		return true
	}
	key := t.networks.Hash(net, petition, now)
	t.mu.Lock()
	defer t.mu.Unlock()
	if day := now.Unix() / 86400; day != t.day || t.count == nil || len(t.count) >= bodyNetworks {
		t.day, t.count = day, map[[seal.NetworkSize]byte]*[2]int{}
	}
	n := t.count[key]
	if n == nil {
		n = new([2]int)
		t.count[key] = n
	}
	kind, most := 0, bodiesUnmailed
	if mailed {
		kind, most = 1, bodiesMailed
	}
	n[kind]++
	return n[kind] <= most
}

// rules returns the rules against abuse as they are now, nil without signing.
func (d *Desk) rules() *signing.Rules {
	if d.signing == nil {
		return nil
	}
	r := d.signing.Rules()
	return &r
}

// provedBy returns the domain of the address that a mandate's link went to, which
// is what the link proves; it may be the host of a site below the domain that is
// registered.
func (d *Desk) provedBy(petition int, m store.Mandate) (string, error) {
	rep, err := d.unbox(petition, m.Box)
	if err != nil {
		return "", err
	}
	a, err := signature.ParseAddress(rep.Email, signature.DefaultRules())
	return a.Domain, err
}

// original reports whether an organisation has a name in common with a signatory
// of the original text that a petition re-creates.
func original(all []store.Item[*record.Endorsement], e *record.Endorsement) bool {
	for _, o := range all {
		if o.Rec.Role == record.RoleOriginal && o.Rec.State != record.EndorsementVoided && sameName(o.Rec.Names, e.Names) {
			return true
		}
	}
	return false
}

// inRegister reports whether an organisation has a name in common with a party
// that the public sees in the register. Those it does not see are not compared,
// or the answer would tell of them.
func (d *Desk) inRegister(ctx context.Context, find finder) (known bool, err error) {
	const page = 200
	err = d.view(ctx, func(r *store.Reader) error {
		_, item, err := mandated(ctx, r, find)
		if err != nil || item.Rec.State != record.EndorsementPending || item.Rec.Proof != nil {
			return err
		}
		for offset := 0; ; offset += page {
			parties, err := r.Parties(ctx, access.Anyone(), "", offset, page)
			if err != nil {
				return err
			}
			for _, p := range parties {
				if sameName(p.Rec.Names, item.Rec.Names) {
					known = true
					return nil
				}
			}
			if len(parties) < page {
				return nil
			}
		}
	})
	return known, err
}
