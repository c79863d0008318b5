package petitions

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// Newsletter hands updates to the outbox, a piece at a time, for signers who asked
// for them. How far it is stands in the rows of the signers, written in the
// transaction that hands over, so that a process that is killed leaves each
// signer either told or not. It is a [mail.Feeder].
type Newsletter struct {
	engine *signing.Engine
	store  *store.Store
	outbox *mail.Outbox
	url    string
	now    func() time.Time
	bodies Bodies

	mu    sync.Mutex
	after int64 // entry of the journal up to which everybody was told
}

// NewNewsletter makes the feeder of an engine's updates. url is the public address
// without a slash at its end; now may be nil.
func NewNewsletter(e *signing.Engine, s *store.Store, o *mail.Outbox, url string, now func() time.Time) *Newsletter {
	if now == nil {
		now = time.Now
	}
	return &Newsletter{engine: e, store: s, outbox: o, url: url, now: now}
}

// Bodies makes it tell the representatives of organisations too.
func (n *Newsletter) Bodies(b Bodies) { n.bodies = b }

// telling is an update that may have somebody left to tell.
type telling struct {
	entry    int64
	update   *record.Update
	petition *record.Petition
}

// Feed implements [mail.Feeder].
func (n *Newsletter) Feed(ctx context.Context, limit int) (reached int, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	list, err := n.open(ctx)
	if err != nil {
		return 0, err
	}
	// In the order in which they were told, so that nobody gets the later one alone.
	settled := true
	var failed error
	stuck := map[record.PetitionID]bool{}
	for _, t := range list {
		for reached < limit && !stuck[t.petition.ID] {
			told, err := n.tell(ctx, t, limit-reached)
			if err != nil {
				// Other petitions do not wait for it; its own later updates do.
				failed, stuck[t.petition.ID] = errors.Join(failed, err), true
				break
			}
			if told == 0 {
				break
			}
			reached += told
		}
		if reached >= limit {
			return reached, failed
		}
		settled = settled && !stuck[t.petition.ID]
		// Until the hour is over somebody may still confirm in it.
		hour := t.update.Made/3_600_000_000 + 1
		if settled = settled && n.now().Unix()/3600 >= hour; settled {
			n.after = t.entry
		}
	}
	return reached, failed
}

// open lists the public updates that may have somebody left to tell.
func (n *Newsletter) open(ctx context.Context) (list []telling, err error) {
	err = n.store.View(ctx, func(r *store.Reader) error {
		list = nil
		updates, err := r.UpdatesAfter(ctx, access.Anyone(), n.after)
		if err != nil {
			return err
		}
		about := map[record.PetitionID]*record.Petition{}
		for _, u := range updates {
			p := about[u.Rec.Petition]
			if p == nil {
				item, err := store.One[*record.Petition](ctx, r, access.Anyone(), u.Rec.Petition)
				if errors.Is(err, record.ErrNotFound) {
					continue
				}
				if err != nil {
					return fmt.Errorf("the petition of an update: %w", err)
				}
				p = item.Rec
				about[u.Rec.Petition] = p
			}
			list = append(list, telling{u.Entry, u.Rec, p})
		}
		return nil
	})
	return list, err
}

func (n *Newsletter) tell(ctx context.Context, t telling, limit int) (int, error) {
	told, err := n.engine.Tell(ctx, t.petition.Number, int64(t.update.Number), time.UnixMicro(t.update.Made), limit,
		func(ctx context.Context, tx *store.Tx, to signing.Recipient) error {
			_, err := n.outbox.Add(ctx, tx, mail.Post{
				Fact: fmt.Sprintf("update %s %d", t.update.ID, to.N), Kind: "update", Lane: mail.LaneUpdate, Keep: t.petition.Practice, Petition: t.petition.Number,
				Message: n.letter(t, to), Subscription: updateSubscription(to.Message), Matter: updateMatter(t.update.ID),
			})
			return err
		})
	if errors.Is(err, seal.ErrDestroyed) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("tell signers of petition %d: %w", t.petition.Number, err)
	}
	if told > 0 || n.bodies.desk == nil {
		return told, nil
	}
	return n.bodies.tell(ctx, t, limit)
}

func (n *Newsletter) letter(t telling, to signing.Recipient) mail.Message {
	l := lang.For(to.Lang)
	page := n.url + l.Path() + "/petitions/" + t.petition.Slug
	m := mail.Update{
		To: to.Address, Petition: t.petition.Title.In(l.Tag()).Text, Words: t.update.Words.In(l.Tag()).Text,
		Page: page, Own: ownLink(n.url, l, to.Own), Unsubscribe: mailLink(n.url, l, to.Mail),
	}.Message(l)
	m.Date = time.UnixMicro(t.update.Made).UTC()
	return m
}
