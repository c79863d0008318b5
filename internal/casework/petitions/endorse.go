package petitions

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/store"
)

// The bounds on what waits to be proved. What is beyond them is answered like
// everything else and not kept: whoever floods a petition learns nothing by it.
// There is none by domain, or strangers could use up another's.
const (
	maxPending = 500
	// maxPendingBare is for those whose site proves nothing.
	maxPendingBare = 200
	// MandateDays is how long an organisation has to prove who speaks for it once a
	// link was mailed to an address of its own, and unmailedDays without one:
	// anybody can enter those.
	MandateDays  = 30
	unmailedDays = 3
)

// Endorsed is the answer to an organisation's signature. It depends on nothing
// but what was entered: whether the organisation has signed already, or too many
// have been entered, cannot be told from it.
type Endorsed struct {
	// Mailed says that a link went to the address given, which is one of the
	// organisation's own domain.
	Mailed bool
	// Record is the name of a DNS record, and Value what it has to hold, that
	// proves it as well; empty where the site proves nothing. Code is what the page
	// that looks for the record is told.
	Record, Value, Code string
}

// Endorse takes an organisation's signature, which is listed and counted once it
// is proved that its representative speaks for it.
func (d *Desk) Endorse(ctx context.Context, id record.PetitionID, f EndorseForm) (Endorsed, error) {
	e, err := f.check(d.rules())
	if err != nil {
		return Endorsed{}, err
	}
	p, err := d.ByID(ctx, access.Anyone(), id)
	if err != nil {
		return Endorsed{}, err
	}
	if err := endorsable(p.Rec, d.micros()); err != nil {
		return Endorsed{}, err
	}
	if e.Edition < 1 || e.Edition > p.Rec.Edition || e.Edition < p.Rec.Reconsent {
		return Endorsed{}, wrong("edition", "edition")
	}
	// Everything that costs time is done whatever becomes of it.
	link, code := newSecret(), newSecret()
	answer := Endorsed{Mailed: e.mailed, Code: code}
	if e.domain != "" {
		answer.Record, answer.Value = recordName(e.domain), recordValue(code)
	}
	box, err := d.box(p.Rec.Number, Representative{Name: e.Representative, Position: e.Position, Email: e.address.Typed})
	if err != nil {
		return Endorsed{}, err
	}
	rid, err := d.house.NewID()
	if err != nil {
		return Endorsed{}, err
	}
	letter := d.mandateLetter(p.Rec, &e, record.EndorsementID(rid), link)
	room := d.bodies.take(e.Net, p.Rec.Number, e.mailed, d.now(), d.rules())
	err = d.do(ctx, access.Anyone(), access.ActSign, "endorse", "", func(w *casework.Work) error {
		tx := w.Tx()
		if !room {
			return errUnkept
		}
		if err := d.makeRoom(ctx, w, p.Rec.Number, &e); err != nil {
			return err
		}
		now := &record.Endorsement{
			ID: record.EndorsementID(rid), Petition: id, Edition: e.Edition, Lang: e.Lang, Names: e.Names, Country: e.Country, Site: e.Site,
			Capacity: e.Capacity, Role: record.RoleEndorser, State: record.EndorsementPending, Made: w.At(), Visibility: record.Internal,
		}
		if err := w.Create(now); err != nil {
			return err
		}
		m := store.Mandate{
			Endorsement: now.ID, Petition: p.Rec.Number, Box: box, DNS: hashSecret(code), Domain: e.domain, Expires: hourOf(w.At()) + unmailedDays*24,
			Lang: e.Lang,
		}
		if e.Updates {
			m.Updates = store.UpdatesAsked
		}
		if e.mailed {
			m.Code, m.Expires = hashSecret(link), hourOf(w.At())+MandateDays*24
			if err := d.post(ctx, tx, "mandate "+rid, letter); err != nil {
				return err
			}
		}
		return tx.PutMandate(ctx, m)
	})
	switch {
	case errors.Is(err, errUnkept):
		d.log.Warn("an organisation's signature was not kept: too many wait to be proved", "petition", p.Rec.Number)
	case err != nil:
		return Endorsed{}, err
	}
	if d.outbox != nil {
		d.outbox.Wake()
	}
	return answer, nil
}

// errUnkept takes a transaction back without being an error to anybody.
var errUnkept = errors.New("not kept")

// makeRoom sees to it that one more may wait. One whose link goes to an address of
// its own domain always may: for it the oldest is dropped that anybody could have
// entered, or the oldest of all where there is none.
func (d *Desk) makeRoom(ctx context.Context, w *casework.Work, petition int, e *endorsing) error {
	all, bare, err := w.Tx().PendingMandates(ctx, petition)
	if err != nil {
		return err
	}
	if !e.mailed && (all >= maxPending || e.domain == "" && bare >= maxPendingBare) {
		return errUnkept
	}
	if all < maxPending {
		return nil
	}
	oldest, err := w.Tx().OldestMandate(ctx, petition)
	if err != nil {
		return err
	}
	item, err := store.One[*record.Endorsement](ctx, &w.Tx().Reader, access.House(), oldest)
	if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
		return d.forgetMandate(ctx, w.Tx(), oldest)
	}
	if err != nil {
		return err
	}
	return d.end(ctx, w, item, record.EndorsementVoided)
}

// endorsable reports why organisations cannot sign a petition now, which anybody
// can see on its page.
func endorsable(p *record.Petition, now int64) error {
	switch {
	case p.Foreign != nil:
		return errForeign
	case p.Signers == record.SignPeople:
		return wrong("signers", "petition_people")
	case p.Publication != record.PetitionPublished, p.Collection != record.CollectOpen, p.Opens > now, p.Destroyed != 0:
		return wrong("collection", "petition_state")
	case closed(p, now):
		return wrong("collection", "petition_over")
	}
	return nil
}

// newSecret returns 160 random bits in letters and digits that survive being read
// out.
func newSecret() string {
	b := make([]byte, 20)
	rand.Read(b) // never fails
	return strings.ToLower(base32.StdEncoding.EncodeToString(b))
}

func hashSecret(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func hourOf(micros int64) int64 { return micros / 3_600_000_000 }

// Mandated is an organisation's signature as its representative sees it by the
// mailed link.
type Mandated struct {
	Petition     Petition
	Organisation record.Endorsement
	// Informed says that updates go to the representative.
	Informed bool
}

// errMandate says that a link leads to nothing.
var errMandate = fmt.Errorf("this link is not valid any more: %w", record.ErrNotFound)

// MandateOf returns what a mailed link is about. It changes nothing: programs
// that look at links before people do must not sign.
func (d *Desk) MandateOf(ctx context.Context, secret string) (m Mandated, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		link, item, err := mandated(ctx, r, byCode(secret))
		if err != nil {
			return err
		}
		m.Organisation, m.Informed = *item.Rec, link.Informed()
		m.Petition, err = store.One[*record.Petition](ctx, r, access.House(), item.Rec.Petition)
		return err
	})
	return m, err
}

// finder looks up a mandate by what proves it.
type finder func(context.Context, *store.Reader) (store.Mandate, error)

func byCode(secret string) finder {
	return func(ctx context.Context, r *store.Reader) (store.Mandate, error) {
		return r.MandateByCode(ctx, hashSecret(secret))
	}
}

// mandated finds a mandate and the signature it is of.
func mandated(ctx context.Context, r *store.Reader, find finder) (store.Mandate, store.Item[*record.Endorsement], error) {
	var item store.Item[*record.Endorsement]
	m, err := find(ctx, r)
	if errors.Is(err, record.ErrNotFound) {
		err = errMandate
	}
	if err == nil {
		item, err = store.One[*record.Endorsement](ctx, r, access.House(), m.Endorsement)
	}
	return m, item, err
}

// ProveByMail confirms an organisation's signature by the link that went to an
// address of its own domain.
func (d *Desk) ProveByMail(ctx context.Context, secret string) error {
	return d.prove(ctx, record.ProofMail, byCode(secret))
}

// prove confirms a signature whose mandate is found. Where another organisation
// of that domain or name is listed already, or the name is that of a party in the
// register or of a signatory of the original text, the proof is kept and a
// moderator decides: one organisation is counted once, and a domain proves no
// name.
func (d *Desk) prove(ctx context.Context, kind record.ProofKind, find finder) error {
	known, err := d.inRegister(ctx, find)
	if err != nil {
		return err
	}
	return d.do(ctx, access.Anyone(), access.ActSign, "prove endorsement", "", func(w *casework.Work) error {
		tx := w.Tx()
		m, item, err := mandated(ctx, &tx.Reader, find)
		if err != nil {
			return err
		}
		if item.Rec.State != record.EndorsementPending || item.Rec.Proof != nil {
			// Pressed again, or proved otherwise before: then the press shows whose address it is.
			if kind == record.ProofMail && m.Updates == store.UpdatesAsked {
				d.inform(&m, w.At())
				return tx.PutMandate(ctx, m)
			}
			return nil
		}
		p, err := store.One[*record.Petition](ctx, &tx.Reader, access.House(), item.Rec.Petition)
		if err != nil {
			return err
		}
		if err := endorsable(p.Rec, w.At()); err != nil {
			return err
		}
		others, err := tx.EndorsementsOf(ctx, access.House(), item.Rec.Petition)
		if err != nil {
			return err
		}
		now := *item.Rec
		now.Proof = &record.Proof{Kind: kind, Domain: m.Domain, At: w.At()}
		if kind == record.ProofMail {
			if now.Proof.Domain, err = d.provedBy(p.Rec.Number, m); err != nil {
				return err
			}
		}
		if !known && !original(others, item.Rec) && len(alike(others, item.Rec, true)) == 0 {
			now.State, now.Visibility = record.EndorsementConfirmed, record.Public
		}
		if err := w.Change(&now, item.Rev); err != nil {
			return err
		}
		return d.settleMandate(ctx, w, p.Rec, &now, m, kind == record.ProofMail)
	})
}

// alike returns those of the organisations under a petition that have the domain
// or a name of one of them: only the listed ones, or also those that wait.
func alike(all []store.Item[*record.Endorsement], e *record.Endorsement, listed bool) (out []record.EndorsementID) {
	_, domain, _ := cleanSite(e.Site)
	for _, o := range all {
		waits := o.Rec.State == record.EndorsementPending && !listed
		if o.Rec.ID == e.ID || o.Rec.State != record.EndorsementConfirmed && !waits {
			continue
		}
		_, other, _ := cleanSite(o.Rec.Site)
		if domain != "" && domain == other || sameName(o.Rec.Names, e.Names) {
			out = append(out, o.Rec.ID)
		}
	}
	return out
}

// WithdrawByMail takes an organisation's signature back by its mailed link, at
// once and for good.
func (d *Desk) WithdrawByMail(ctx context.Context, secret string) error {
	return d.do(ctx, access.Anyone(), access.ActSign, "withdraw endorsement", "", func(w *casework.Work) error {
		_, item, err := mandated(ctx, &w.Tx().Reader, byCode(secret))
		if err != nil {
			return err
		}
		return d.end(ctx, w, item, record.EndorsementWithdrawn)
	})
}

// end takes an organisation's signature out of the list and forgets who
// represented it.
func (d *Desk) end(ctx context.Context, w *casework.Work, item store.Item[*record.Endorsement], state record.EndorsementState) error {
	if s := item.Rec.State; s != record.EndorsementPending && s != record.EndorsementConfirmed {
		return d.forgetMandate(ctx, w.Tx(), item.Rec.ID)
	}
	p, err := store.One[*record.Petition](ctx, &w.Tx().Reader, access.House(), item.Rec.Petition)
	if err != nil {
		return err
	}
	now := *item.Rec
	now.State, now.Visibility = state, record.Internal
	if err := w.Change(&now, item.Rev); err != nil {
		return err
	}
	if err := d.forgetMandate(ctx, w.Tx(), now.ID); err != nil {
		return err
	}
	// Last, so that little can go wrong between the list and the commit.
	return d.departed.Add(departed.Line{What: departed.Organisation, Petition: p.Rec.Number, By: string(now.ID)})
}

// CheckEndorsement confirms an organisation's signature because a moderator has
// made sure by other means that its representative speaks for it. words say how,
// and are public.
func (d *Desk) CheckEndorsement(ctx context.Context, v access.Viewer, id record.EndorsementID, rev int, words record.Text) error {
	if words.IsZero() {
		return wrong("words", "required")
	}
	return d.judge(ctx, v, "check endorsement", "", id, rev, func(w *casework.Work, e *record.Endorsement) error {
		if e.State != record.EndorsementPending || e.Role == record.RoleOriginal {
			return wrong("state", "petition_state")
		}
		e.Proof = &record.Proof{Kind: record.ProofCheck, Words: words, At: w.At(), By: v.User}
		e.State, e.Visibility = record.EndorsementConfirmed, record.Public
		m, err := w.Tx().MandateOf(ctx, id)
		if errors.Is(err, record.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		p, err := store.One[*record.Petition](ctx, &w.Tx().Reader, access.House(), e.Petition)
		if err != nil {
			return err
		}
		return d.settleMandate(ctx, w, p.Rec, e, m, false)
	})
}

// VoidEndorsement takes an organisation's signature out of the list, for a reason
// that stays in the house.
func (d *Desk) VoidEndorsement(ctx context.Context, v access.Viewer, id record.EndorsementID, rev int, reason string) error {
	return d.endBy(ctx, v, "void endorsement", id, rev, reason, record.EndorsementVoided)
}

// WithdrawEndorsement takes an organisation's signature back for its
// representative, who asked for it other than by the mailed link.
func (d *Desk) WithdrawEndorsement(ctx context.Context, v access.Viewer, id record.EndorsementID, rev int, reason string) error {
	return d.endBy(ctx, v, "withdraw endorsement", id, rev, reason, record.EndorsementWithdrawn)
}

func (d *Desk) endBy(ctx context.Context, v access.Viewer, action string, id record.EndorsementID, rev int, reason string, state record.EndorsementState) error {
	if strings.TrimSpace(reason) == "" {
		return wrong("reason", "required")
	}
	return d.do(ctx, v, access.ActVoid, action, reason, func(w *casework.Work) error {
		item, err := d.endorsement(ctx, w, v, id, rev)
		if err != nil {
			return err
		}
		if item.Rec.Role == record.RoleOriginal {
			return wrong("state", "petition_state")
		}
		return d.end(ctx, w, item, state)
	})
}

// SetEndorsementRole says in which role an organisation stands under a petition.
func (d *Desk) SetEndorsementRole(ctx context.Context, v access.Viewer, id record.EndorsementID, rev int, role record.EndorsementRole) error {
	if role == record.RoleOriginal {
		return wrong("role", "original")
	}
	return d.judge(ctx, v, "change endorsement", "", id, rev, func(_ *casework.Work, e *record.Endorsement) error {
		if e.Role == record.RoleOriginal {
			return wrong("role", "original")
		}
		e.Role = role
		return nil
	})
}

// judge is how a moderator changes an organisation's signature.
func (d *Desk) judge(ctx context.Context, v access.Viewer, action, reason string, id record.EndorsementID, rev int, fn func(*casework.Work, *record.Endorsement) error) error {
	return d.do(ctx, v, access.ActVoid, action, reason, func(w *casework.Work) error {
		item, err := d.endorsement(ctx, w, v, id, rev)
		if err != nil {
			return err
		}
		now := *item.Rec
		if err := fn(w, &now); err != nil {
			return err
		}
		return w.Change(&now, item.Rev)
	})
}

func (d *Desk) endorsement(ctx context.Context, w *casework.Work, v access.Viewer, id record.EndorsementID, rev int) (store.Item[*record.Endorsement], error) {
	item, err := store.One[*record.Endorsement](ctx, &w.Tx().Reader, v, id)
	if err == nil && rev != 0 && rev != item.Rev {
		err = fmt.Errorf("%s: %w", item.Rec.Ref(), record.ErrConflict)
	}
	return item, err
}

// Organisations are those under a petition as the public sees them.
type Organisations struct {
	// Signed are confirmed and counted: initiators first, then in the order in which
	// they came.
	Signed []record.Endorsement
	// Original are the signatories of the text that the petition re-creates. They
	// have not signed here and are not counted.
	Original []record.Endorsement
}

// Organisations returns who has signed a petition as an organisation.
func (d *Desk) Organisations(ctx context.Context, id record.PetitionID) (out Organisations, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		all, err := r.EndorsementsOf(ctx, access.Anyone(), id)
		if err != nil {
			return err
		}
		out = organisations(all)
		return nil
	})
	return out, err
}

func organisations(all []store.Item[*record.Endorsement]) (out Organisations) {
	for _, e := range all {
		shown := *e.Rec
		shown.Note = ""
		if shown.Proof != nil {
			proof := *shown.Proof
			proof.By = ""
			shown.Proof = &proof
		}
		switch {
		case shown.Role == record.RoleOriginal:
			out.Original = append(out.Original, shown)
		case shown.State == record.EndorsementConfirmed:
			out.Signed = append(out.Signed, shown)
		}
	}
	rank := map[record.EndorsementRole]int{record.RoleInitiator: 0, record.RoleCoSignatory: 1, record.RoleEndorser: 2}
	slices.SortStableFunc(out.Signed, func(a, b record.Endorsement) int { return rank[a.Role] - rank[b.Role] })
	return out
}

// EndorsementLine is an organisation's signature as the desk sees it.
type EndorsementLine struct {
	store.Item[*record.Endorsement]
	// Domain is that of its site, "" where that proves nothing.
	Domain string
	// Alike are others under the petition of the same domain or name, confirmed or
	// waiting.
	Alike []record.EndorsementID
	// Representative signed for it; nil for those who may not see that, and once it
	// is not known any more.
	Representative *Representative
	// Mailed says that a link went out, Expires when an unproved one is dropped
	// (hours since 1970, 0: never).
	Mailed  bool
	Expires int64
}

// Endorsements lists the organisations under a petition for the desk: for its
// owners, and with their representatives for moderators, who judge them.
func (d *Desk) Endorsements(ctx context.Context, v access.Viewer, id record.PetitionID) (out []EndorsementLine, err error) {
	if !v.May(access.ActPetition) && !v.May(access.ActVoid) {
		return nil, fmt.Errorf("list organisations: %w", record.ErrForbidden)
	}
	err = d.view(ctx, func(r *store.Reader) error {
		p, err := store.One[*record.Petition](ctx, r, v, id)
		if err != nil {
			return err
		}
		all, err := r.EndorsementsOf(ctx, v, id)
		if err != nil {
			return err
		}
		for _, e := range all {
			line := EndorsementLine{Item: e}
			_, line.Domain, _ = cleanSite(e.Rec.Site)
			if e.Rec.State == record.EndorsementPending || e.Rec.State == record.EndorsementConfirmed {
				line.Alike = alike(all, e.Rec, false)
			}
			m, err := r.MandateOf(ctx, e.Rec.ID)
			switch {
			case errors.Is(err, record.ErrNotFound):
			case err != nil:
				return err
			default:
				line.Mailed, line.Expires = m.Code != "", m.Expires
				if v.May(access.ActVoid) {
					rep, err := d.unbox(p.Rec.Number, m.Box)
					if err == nil {
						line.Representative = &rep
					} else if !errors.Is(err, seal.ErrDestroyed) && !errors.Is(err, seal.ErrBox) {
						return err
					}
				}
			}
			out = append(out, line)
		}
		return nil
	})
	return out, err
}

// expireMandates ends the signatures of organisations that were not proved in
// time, and forgets who entered them.
func (d *Desk) expireMandates(ctx context.Context, limit int) (int, error) {
	var ids []record.EndorsementID
	err := d.view(ctx, func(r *store.Reader) (err error) {
		ids, err = r.ExpiredMandates(ctx, hourOf(d.micros()), limit)
		return err
	})
	if len(ids) > 0 {
		defer d.refresh(ctx)
	}
	for _, id := range ids {
		if err != nil {
			return 0, err
		}
		err = d.house.Do(ctx, access.House(), access.ActVoid, "expire endorsement", "", func(w *casework.Work) error {
			item, err := store.One[*record.Endorsement](ctx, &w.Tx().Reader, access.House(), id)
			if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
				return d.forgetMandate(ctx, w.Tx(), id)
			}
			if err != nil {
				return err
			}
			return d.end(ctx, w, item, record.EndorsementVoided)
		})
	}
	return len(ids), err
}
