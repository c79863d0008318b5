package signing

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// RulesSetting is the name of the setting that holds a house's [HouseRules] as
// JSON. Every process takes it up within seconds.
const RulesSetting = "signing.rules"

// HouseRules are the rules against abuse that a house sets for itself, in
// addition to those that a process was started with. What is zero leaves those as
// they are.
type HouseRules struct {
	// Allow are networks without a limit, as addresses or in CIDR form: community
	// centres, the shared networks of carriers, Tor exits.
	Allow []string `json:"allow,omitempty"`
	// Blocked are mail domains from which signatures do not count.
	Blocked []string `json:"blocked,omitempty"`
	// Soft and Hard are numbers of signatures of one network for one petition.
	Soft *Rate `json:"soft,omitempty"`
	Hard *Rate `json:"hard,omitempty"`
	// MailsPerAddress is how many mails an address gets before it has confirmed.
	MailsPerAddress int `json:"mails_per_address,omitempty"`
	// Challenge, for which petitions (none for all) and how hard it is.
	Challenge     ChallengeMode `json:"challenge,omitempty"`
	ChallengeFor  []int         `json:"challenge_for,omitempty"`
	ChallengeBits int           `json:"challenge_bits,omitempty"`
}

// Over lays the house's rules over others. Everything that cannot be read comes
// back in one *record.Invalid.
func (h HouseRules) Over(base Rules) (Rules, error) {
	var bad record.Invalid
	wrong := func(field, key, value string) {
		bad.Fields = append(bad.Fields, record.FieldError{Field: field, Key: "invalid." + key, Args: map[string]string{"value": value}})
	}
	out := base
	out.Allow = append([]netip.Prefix(nil), base.Allow...)
	for _, text := range h.Allow {
		text = strings.TrimSpace(text)
		p, err := netip.ParsePrefix(text)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(text); err == nil {
				p = netip.PrefixFrom(a, a.BitLen())
			}
		}
		if err != nil || !p.Addr().Unmap().IsValid() {
			wrong("allow", "network", text)
			continue
		}
		out.Allow = append(out.Allow, p.Masked())
	}
	out.Blocked = map[string]bool{}
	for d := range base.Blocked {
		out.Blocked[d] = true
	}
	for _, text := range h.Blocked {
		a, err := signature.ParseAddress("a@"+strings.TrimPrefix(strings.TrimSpace(text), "@"), nil)
		if err != nil {
			wrong("blocked", "domain", text)
			continue
		}
		out.Blocked[a.Domain] = true
	}
	for _, r := range []struct {
		field string
		from  *Rate
		to    *Rate
	}{{"soft", h.Soft, &out.Soft}, {"hard", h.Hard, &out.Hard}} {
		switch {
		case r.from == nil:
		case r.from.Burst < 1 || r.from.PerHour < 1:
			wrong(r.field, "number", "")
		default:
			*r.to = *r.from
		}
	}
	if out.Hard.Burst < out.Soft.Burst {
		wrong("hard", "order", "")
	}
	switch {
	case h.MailsPerAddress < 0:
		wrong("mails_per_address", "negative", "")
	case h.MailsPerAddress > 0:
		out.MailsPerAddress = h.MailsPerAddress
	}
	switch h.Challenge {
	case ChallengeOff:
	case ChallengeCrowded, ChallengeAlways:
		out.Challenge = Challenge{Mode: h.Challenge, Petitions: h.ChallengeFor, Bits: h.ChallengeBits, Delay: base.Challenge.Delay}
	default:
		wrong("challenge", "choice", string(h.Challenge))
	}
	for _, n := range h.ChallengeFor {
		if n < 1 {
			wrong("challenge_for", "number", "")
		}
	}
	if h.ChallengeBits != 0 && (h.ChallengeBits < MinPuzzleBits || h.ChallengeBits > MaxPuzzleBits) {
		wrong("challenge_bits", "number", "")
	}
	if len(bad.Fields) > 0 {
		return base, &bad
	}
	return out, nil
}

// ReadHouseRules returns the rules that the house has set.
func ReadHouseRules(ctx context.Context, r *store.Reader) (h HouseRules, err error) {
	b, err := r.Setting(ctx, RulesSetting)
	if err != nil || len(b) == 0 {
		return h, err
	}
	if err := json.Unmarshal(b, &h); err != nil {
		return h, fmt.Errorf("read the rules against abuse: %w", err)
	}
	return h, nil
}

// WriteHouseRules sets the house's rules, in the transaction of the use case that
// changes them.
func WriteHouseRules(ctx context.Context, tx *store.Tx, h HouseRules) error {
	if _, err := h.Over(DefaultRules()); err != nil {
		return err
	}
	b, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("write the rules against abuse: %w", err)
	}
	return tx.PutSetting(ctx, RulesSetting, b)
}

// takeRules takes up the rules that the house has set, if they have changed.
func (e *Engine) takeRules(ctx context.Context) error {
	return e.store.View(ctx, func(r *store.Reader) error {
		b, err := r.Setting(ctx, RulesSetting)
		if err != nil {
			return err
		}
		e.rulesMu.Lock()
		defer e.rulesMu.Unlock()
		if bytes.Equal(b, e.houseRules) {
			return nil
		}
		h, err := ReadHouseRules(ctx, r)
		if err != nil {
			return err
		}
		rules, err := h.Over(e.base)
		if err != nil {
			return fmt.Errorf("take up the rules against abuse: %w", err)
		}
		e.house, e.houseRules = h, b
		e.rules.Store(&rules)
		return nil
	})
}
