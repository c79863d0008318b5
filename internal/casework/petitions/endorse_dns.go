package petitions

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Resolver looks up DNS records; [net.Resolver] is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// RecordHost is the part of the record's name that stands before the domain. Many
// providers want only that.
const RecordHost = "_gawah"

// recordName is the DNS record that proves who speaks for a domain.
func recordName(domain string) string { return RecordHost + "." + domain }

// recordValue is what that record holds.
func recordValue(code string) string { return "gawah=" + code }

// dnsWait bounds how long a look for a record takes, and dnsTries how often one
// is looked for. The first dnsSoon looks may follow each other after dnsPause,
// for who mistyped something; the later ones after dnsLater, because a name server
// keeps for about so long that there is no record.
const (
	dnsWait  = 8 * time.Second
	dnsTries = 100
	dnsSoon  = 10
	dnsPause = time.Minute
	dnsLater = time.Hour
)

// What of another record is shown, so that a mistake in it can be seen.
const (
	maxSeen     = 5
	maxSeenText = 120 // characters
)

// What a look for a record finds.
const (
	FoundNothing    = store.FoundNothing
	FoundOther      = store.FoundOther
	FoundUnanswered = store.FoundUnanswered
)

// Looking is what an organisation is told of the DNS record that proves its
// signature. It names nobody: whoever reads the record has the code.
type Looking struct {
	Petition int // its number
	// Record is the name of the record, Host its part before the domain, and Value
	// what it has to hold.
	Record, Host, Value string
	// Looked is when it was last looked for, in microseconds UTC, 0 never; Found what
	// that look found, and Seen what stood there instead, as far as it was looked for now.
	Looked int64
	Found  store.Found
	Seen   []string
	// Next is from when it can be looked for again, in microseconds UTC; 0 when it was
	// looked for as often as it may be. Early says that somebody asked before that, and
	// that nothing was looked for.
	Next  int64
	Early bool
	// Until is when a signature that was not proved is dropped, in microseconds UTC.
	Until int64
	// Proved says that the signature is proved, and Waits that somebody of the house
	// has to look at it nevertheless before it is listed.
	Proved, Waits bool
}

// nextLook is when a mandate's record can be looked for again, 0 for never.
func nextLook(m *store.Mandate) int64 {
	switch {
	case m.Tries >= dnsTries:
		return 0
	case m.Looked == 0:
		return 1
	case m.Tries < dnsSoon:
		return m.Looked + dnsPause.Microseconds()
	}
	return m.Looked + dnsLater.Microseconds()
}

func lookingOf(m *store.Mandate, code string) Looking {
	return Looking{
		Petition: m.Petition, Record: recordName(m.Domain), Host: RecordHost, Value: recordValue(code), Looked: m.Looked, Found: m.Found, Next: nextLook(m),
		Until: m.Expires * time.Hour.Microseconds(), Proved: m.Expires == 0,
	}
}

// LookingOf returns what is known of the record that an organisation was given the
// code for. It looks for nothing.
func (d *Desk) LookingOf(ctx context.Context, code string) (out Looking, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		m, err := r.MandateByDNS(ctx, hashSecret(code))
		if errors.Is(err, record.ErrNotFound) || err == nil && m.Domain == "" {
			return errMandate
		}
		if err != nil {
			return err
		}
		out = lookingOf(&m, code)
		return waiting(ctx, r, m.Endorsement, &out)
	})
	return out, err
}

// waiting says of a proved signature whether somebody has to look at it.
func waiting(ctx context.Context, r *store.Reader, id record.EndorsementID, out *Looking) error {
	if !out.Proved {
		return nil
	}
	e, err := store.One[*record.Endorsement](ctx, r, access.House(), id)
	if err == nil {
		out.Waits = e.Rec.State == record.EndorsementPending
	}
	return err
}

// ProveByDNS looks for the DNS record that an organisation was given the code for,
// and confirms its signature when it is there. It says what the look found; that
// there is no record is no error. Who asks too soon is told when to ask again.
func (d *Desk) ProveByDNS(ctx context.Context, code string) (Looking, error) {
	var m store.Mandate
	early := false // two at once look once
	// Counted before it is looked for: every look asks the servers of a domain that
	// a stranger has named.
	err := d.store.Aside(ctx, func(tx *store.Tx) (err error) {
		m, err = tx.MandateByDNS(ctx, hashSecret(code))
		if errors.Is(err, record.ErrNotFound) || err == nil && m.Domain == "" {
			return errMandate
		}
		if err != nil || m.Expires == 0 {
			return err
		}
		now := d.micros()
		if next := nextLook(&m); next == 0 || next > now {
			early = true
			return nil
		}
		begun, err := tx.BeginLook(ctx, &m, now)
		early = !begun
		return err
	})
	if err != nil {
		return Looking{}, err
	}
	if m.Expires == 0 {
		return d.LookingOf(ctx, code)
	}
	if early {
		out, err := d.LookingOf(ctx, code)
		out.Early = !out.Proved
		return out, err
	}
	found, seen := d.look(ctx, m)
	if found == store.FoundRecord {
		err := d.prove(ctx, record.ProofDNS, func(ctx context.Context, r *store.Reader) (store.Mandate, error) { return r.MandateByDNS(ctx, m.DNS) })
		if err != nil {
			return Looking{}, err
		}
	}
	err = d.store.Aside(ctx, func(tx *store.Tx) error { return tx.EndLook(ctx, m.Endorsement, m.Looked, found) })
	if err != nil {
		return Looking{}, err
	}
	out, err := d.LookingOf(ctx, code)
	out.Seen = seen
	return out, err
}

// look asks for a domain's record, and returns what was found and what stands there
// instead. The domain is in the mandate and never what somebody asks for now.
func (d *Desk) look(ctx context.Context, m store.Mandate) (found store.Found, seen []string) {
	ctx, cancel := context.WithTimeout(ctx, dnsWait)
	defer cancel()
	// The dot at the end keeps search domains of this machine out.
	texts, err := d.resolver.LookupTXT(ctx, recordName(m.Domain)+".")
	if err != nil {
		if e, ok := errors.AsType[*net.DNSError](err); ok && e.IsNotFound {
			return store.FoundNothing, nil
		}
		d.log.Info("a DNS record could not be looked up", "error", lookFault(err))
		return store.FoundUnanswered, nil
	}
	if len(texts) == 0 {
		return store.FoundNothing, nil
	}
	for _, t := range texts {
		// Some providers keep the quotation marks that their examples show.
		if code, ok := strings.CutPrefix(strings.Trim(t, "\" \t"), "gawah="); ok && hashSecret(strings.TrimSpace(code)) == m.DNS {
			return store.FoundRecord, nil
		}
		if len(seen) < maxSeen {
			seen = append(seen, shownText(t))
		}
	}
	return store.FoundOther, seen
}

// lookFault says why a look failed without the name that was looked up: an organisation
// that has not been listed yet is nobody's business who reads the log.
func lookFault(err error) string {
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		bare := *e
		bare.Name = "…"
		return bare.Error()
	}
	return fmt.Sprintf("%T", err)
}

// shownText is what somebody's DNS record holds, as it can stand on a page: short,
// and with nothing in it that cannot be seen.
func shownText(s string) string {
	s = strings.Map(func(c rune) rune {
		if c == utf8.RuneError || !unicode.IsPrint(c) {
			return '\ufffd'
		}
		return c
	}, strings.ToValidUTF8(s, "\ufffd"))
	if utf8.RuneCountInString(s) > maxSeenText {
		return string([]rune(s)[:maxSeenText]) + "…"
	}
	return s
}
