package petitions

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Resolver looks up DNS records; [net.Resolver] is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// recordName is the DNS record that proves who speaks for a domain.
func recordName(domain string) string { return "_gawah." + domain }

// recordValue is what that record holds.
func recordValue(code string) string { return "gawah=" + code }

// dnsWait bounds how long a look for a record takes, and dnsTries how often one
// is looked for.
const (
	dnsWait  = 8 * time.Second
	dnsTries = 100
)

// ErrNoRecord means that the DNS record was not found, or holds something else.
// Records take up to a day to be seen everywhere.
var ErrNoRecord = errors.New("the DNS record was not found yet; it may take some hours until it is seen")

// ProveByDNS looks for the DNS record that an organisation was given the value
// of, and confirms its signature when it is there.
func (d *Desk) ProveByDNS(ctx context.Context, code string) error {
	var m store.Mandate
	// Counted before it is looked for: every look asks the servers of a domain that
	// a stranger has named.
	err := d.store.Aside(ctx, func(tx *store.Tx) (err error) {
		m, err = tx.MandateByDNS(ctx, hashSecret(code))
		if errors.Is(err, record.ErrNotFound) || err == nil && (m.Domain == "" || m.Tries >= dnsTries) {
			return errMandate
		}
		if err != nil || m.Expires == 0 {
			return err
		}
		m.Tries++
		return tx.PutMandate(ctx, m)
	})
	if err != nil || m.Expires == 0 {
		return err
	}
	there, err := d.holds(ctx, m)
	if err != nil {
		return err
	}
	if !there {
		return ErrNoRecord
	}
	return d.prove(ctx, record.ProofDNS, func(ctx context.Context, r *store.Reader) (store.Mandate, error) { return r.MandateByDNS(ctx, m.DNS) })
}

// holds reports whether a domain's record holds what it has to. The domain is in
// the mandate and never what somebody asks for now.
func (d *Desk) holds(ctx context.Context, m store.Mandate) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, dnsWait)
	defer cancel()
	// The dot at the end keeps search domains of this machine out.
	texts, err := d.resolver.LookupTXT(ctx, recordName(m.Domain)+".")
	if err != nil {
		if e, ok := errors.AsType[*net.DNSError](err); !ok || !e.IsNotFound {
			d.log.Info("a DNS record could not be looked up", "error", err)
		}
		return false, nil
	}
	for _, t := range texts {
		if code, ok := strings.CutPrefix(strings.TrimSpace(t), "gawah="); ok && hashSecret(code) == m.DNS {
			return true, nil
		}
	}
	return false, nil
}
