package followup

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// Following is what somebody without an account follows by mail.
type Following string

// Everything is all that is followed up; the others are one petition, one
// authority, one attack, or one of the records that are followed up themselves.
const (
	FollowEverything Following = "all"
	FollowPetition   Following = "petition"
	FollowAuthority  Following = "party"
	FollowAttack     Following = "event"
	FollowDemand     Following = "demand"
	FollowCommitment Following = "commitment"
	FollowCase       Following = "proceeding"
	FollowTrend      Following = "trend"
)

// kindOf is the kind of record that each value names, "" for everything.
var kindOf = map[Following]record.Kind{
	FollowEverything: "", FollowPetition: record.KindPetition, FollowAuthority: record.KindParty, FollowAttack: record.KindEvent,
	FollowDemand: record.KindDemand, FollowCommitment: record.KindCommitment, FollowCase: record.KindProceeding,
	FollowTrend: record.KindTrendStatement,
}

const (
	// followerWaits is how long an address is kept that nobody confirmed.
	followerWaits = 48 * time.Hour
	// followerOpen is how many unconfirmed things an address may have at once: who
	// types other people's addresses sends them no more than that.
	followerOpen = 3
	// useFollower is what the house's key is used for here.
	useFollower = "follower"
)

// FollowTarget is what is followed, as the public sees it. Its link is zero for
// everything.
type FollowTarget struct {
	What Following
	Link casework.Link
	// Practice says that it belongs to a petition that is tried out: its mail stays
	// in the house.
	Practice bool
}

// FollowerView is what the holder of a link is shown: never the address.
type FollowerView struct {
	FollowTarget
	Confirmed bool
	// Gone says that what is followed is not public any more.
	Gone bool
}

// TakesFollowers reports whether anything can be followed by mail.
func (d *Desk) TakesFollowers() bool { return d.keys != nil && d.outbox != nil && d.url != "" }

// FollowTarget finds what an address of the site names: a slug or an identifier of a public
// record. It fails with [record.ErrNotFound].
func (d *Desk) FollowTarget(ctx context.Context, what Following, name string) (FollowTarget, error) {
	kind, ok := kindOf[what]
	if !ok || !d.TakesFollowers() {
		return FollowTarget{}, record.ErrNotFound
	}
	t := FollowTarget{What: what}
	if kind == "" {
		return t, nil
	}
	err := d.view(ctx, func(r *store.Reader) error {
		var err error
		t, err = target(ctx, r, what, name)
		return err
	})
	return t, err
}

// target names a public record that is followed.
func target(ctx context.Context, r *store.Reader, what Following, name string) (FollowTarget, error) {
	t, ref, v := FollowTarget{What: what}, record.Ref{Kind: kindOf[what]}, access.Anyone()
	var err error
	switch what {
	case FollowPetition:
		ref.ID, err = found[*record.Petition](ctx, r, v, name)
	case FollowAuthority:
		ref.ID, err = found[*record.Party](ctx, r, v, name)
	case FollowAttack:
		ref.ID, err = found[*record.Event](ctx, r, v, name)
	case FollowDemand:
		ref.ID, err = found[*record.Demand](ctx, r, v, name)
	case FollowCommitment:
		ref.ID, err = found[*record.Commitment](ctx, r, v, name)
	case FollowCase:
		ref.ID, err = found[*record.Proceeding](ctx, r, v, name)
	case FollowTrend:
		ref.ID, err = found[*record.TrendStatement](ctx, r, v, name)
	case FollowEverything:
		return t, nil
	default:
		err = record.ErrNotFound
	}
	if err != nil {
		return t, err
	}
	names, err := casework.LinksIn(ctx, r, v, ref)
	if err != nil {
		return t, err
	}
	link, ok := names[ref]
	if !ok {
		return t, record.ErrNotFound
	}
	t.Link = link
	t.Practice, err = practising(ctx, r, ref)
	return t, err
}

// absent reports whether a record is not there for whoever asked, or was erased.
func absent(err error) bool {
	return errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone)
}

// practising reports whether a petition, or the petition that a demand is of, is a
// private copy for trying out.
func practising(ctx context.Context, r *store.Reader, ref record.Ref) (bool, error) {
	if ref.Kind == record.KindDemand {
		m, err := store.One[*record.Demand](ctx, r, access.House(), ref.ID)
		if err != nil {
			return false, err
		}
		ref = m.Rec.Of
	}
	if ref.Kind != record.KindPetition {
		return false, nil
	}
	p, err := store.One[*record.Petition](ctx, r, access.House(), ref.ID)
	if absent(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return p.Rec.Practice, nil
}

// Follow asks an address to confirm that it wants to hear of something, by a mail
// in a language. Whatever the address follows already, the caller learns nothing of
// it: an address that is no address is the only error about it, an
// [record.Invalid] of the field "email".
func (d *Desk) Follow(ctx context.Context, t FollowTarget, typed, language string) error {
	if !d.TakesFollowers() {
		return record.ErrNotFound
	}
	address, err := signature.ParseAddress(typed, signature.DefaultRules())
	if err != nil {
		return &record.Invalid{Fields: []record.FieldError{{Field: "email", Key: "sign.wrong.email"}}}
	}
	id, err := d.house.NewID()
	if err != nil {
		return err
	}
	house, now := d.keys.House(), d.now()
	f := store.Follower{
		ID: id, Kind: string(t.What), Target: t.Link.Ref.ID, Lang: lang.For(language).Tag(), Addr: house.Tag(useFollower, []byte(address.Canonical)),
		Box: house.Box(useFollower+" "+id, []byte(address.Typed)), Expires: now.Add(followerWaits).UnixMicro(),
	}
	f.Code = codeHash(d.followerToken(f.ID))
	err = d.store.Write(ctx, func(tx *store.Tx) error {
		old, err := tx.FollowerByAddr(ctx, f.Kind, f.Target, f.Addr)
		switch {
		case err == nil && old.Confirmed == 0:
			old.Lang = f.Lang
			if err := tx.RenewFollower(ctx, old.ID, f.Expires); err != nil {
				return err
			}
			f = old
		case err == nil:
			f = old
		case !errors.Is(err, record.ErrNotFound):
			return err
		default:
			open, err := tx.FollowersUnconfirmed(ctx, f.Addr)
			if err != nil {
				return err
			}
			if open >= followerOpen {
				return nil
			}
			if err := tx.AddFollower(ctx, f); err != nil {
				return err
			}
		}
		l := lang.For(f.Lang)
		letter := mail.Follow{To: address.Typed, What: t.name(l), Link: d.followerLink(l, f.ID), Already: f.Confirmed > 0}
		// Once a day: whoever presses again gets no second letter at once.
		_, err = d.outbox.Add(ctx, tx, mail.Post{
			Fact: fmt.Sprintf("follow %s %t %s", f.ID, letter.Already, now.UTC().Format(time.DateOnly)), Kind: "follow", Lane: mail.LaneConfirm, Keep: t.Practice,
			Ends: now.Add(followerWaits), Message: letter.Message(l), Subscription: subscription(f),
		})
		return err
	})
	if err == nil {
		d.outbox.Wake()
	}
	return err
}

// name is what is followed in a reader's language.
func (t FollowTarget) name(l *lang.Printer) string {
	if t.What == FollowEverything {
		return l.T("follower.everything")
	}
	return t.Link.Title.In(l.Tag()).Text
}

// Page is the path of the page of what is followed, without a language.
func (t FollowTarget) Page() string {
	slug := url.PathEscape(t.Link.Slug)
	switch t.What {
	case FollowPetition:
		return "/petitions/" + slug + "/demands"
	case FollowAuthority:
		return "/follow-up/" + slug
	case FollowAttack:
		return "/events/" + slug + "/course"
	case FollowDemand:
		return "/follow-up/demands/" + slug
	case FollowCommitment:
		return "/follow-up/commitments/" + slug
	case FollowCase:
		return "/follow-up/proceedings/" + slug
	case FollowTrend:
		return "/trends/" + slug
	default:
		return "/follow-up"
	}
}

// followerToken is the secret in the links of a follower. It is worked out from the
// house's key, so that no copy of the database holds it.
func (d *Desk) followerToken(id string) string {
	return base64.RawURLEncoding.EncodeToString(d.keys.House().Tag(useFollower+" link", []byte(id))[:16])
}

func (d *Desk) followerLink(l *lang.Printer, id string) string {
	return d.url + l.Path() + "/f/" + d.followerToken(id)
}

func codeHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Follower returns what the link with a token follows, or [record.ErrNotFound].
func (d *Desk) Follower(ctx context.Context, token string) (v FollowerView, err error) {
	err = d.view(ctx, func(r *store.Reader) error {
		v = FollowerView{}
		f, err := r.FollowerByCode(ctx, codeHash(token))
		if err != nil {
			return err
		}
		v.Confirmed = f.Confirmed > 0
		v.FollowTarget, err = target(ctx, r, Following(f.Kind), f.Target)
		if absent(err) {
			v.What, v.Gone, err = Following(f.Kind), true, nil
		}
		return err
	})
	return v, err
}

// ConfirmFollower makes the holder of a link be told what happens from now on. To
// do it twice changes nothing.
func (d *Desk) ConfirmFollower(ctx context.Context, token string) error {
	// What happened before is nobody's news.
	if _, err := d.Notice(ctx); err != nil {
		return err
	}
	return d.store.Write(ctx, func(tx *store.Tx) error {
		f, err := tx.FollowerByCode(ctx, codeHash(token))
		if err != nil {
			return err
		}
		last, err := tx.LastFollowFact(ctx)
		if err != nil {
			return err
		}
		return tx.ConfirmFollower(ctx, f.ID, d.now().UnixMicro(), last)
	})
}
