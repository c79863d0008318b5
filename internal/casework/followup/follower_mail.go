package followup

import (
	"context"
	"fmt"
	"time"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

const (
	// newsFacts bounds how many facts are looked at for one follower, the newest: who was
	// not written to for longer is sent to the page.
	newsFacts = 2000
	// newsEnds is how long a mail that cannot be sent is kept.
	newsEnds = 14 * 24 * time.Hour
	// mayBeTold is how many followers are settled in one transaction.
	mayBeTold = 100
)

// Bulletin hands news to the outbox for those who follow. How far each was told stands
// in their row, written in the transaction that hands over, so that a process that is
// killed leaves everybody either told or not. It is a [mail.Feeder].
type Bulletin struct{ desk *Desk }

// Bulletin makes the feeder of a desk.
func (d *Desk) Bulletin() Bulletin { return Bulletin{d} }

// Feed implements [mail.Feeder].
func (b Bulletin) Feed(ctx context.Context, limit int) (reached int, err error) {
	d := b.desk
	if !d.TakesFollowers() {
		return 0, nil
	}
	// Most of those who are behind follow something else: they are settled without a
	// mail, and the next ones are looked at.
	for reached < limit {
		told, settled, err := d.tellFollowers(ctx, min(limit-reached, mayBeTold))
		if err != nil {
			return reached, err
		}
		reached += told
		if settled == 0 {
			break
		}
	}
	return reached, nil
}

// tellFollowers settles the followers who are furthest behind. It returns how many of
// them get a mail and how many there were.
func (d *Desk) tellFollowers(ctx context.Context, limit int) (told, settled int, err error) {
	var behind []store.Follower
	var last int64
	n := &news{}
	err = d.view(ctx, func(r *store.Reader) error {
		if last, err = r.LastFollowFact(ctx); err != nil || last == 0 {
			return err
		}
		if behind, err = r.FollowersBehind(ctx, last, limit); err != nil || len(behind) == 0 {
			return err
		}
		// The first is the furthest behind.
		facts, err := r.FollowFacts(ctx, behind[0].Told, last, newsFacts)
		if err != nil {
			return err
		}
		if err := d.resolve(ctx, r, n, facts); err != nil {
			return err
		}
		n.targets = map[string]FollowTarget{}
		for _, f := range behind {
			t, err := target(ctx, r, Following(f.Kind), f.Target)
			if absent(err) {
				continue
			}
			if err != nil {
				return err
			}
			n.targets[f.Kind+" "+f.Target] = t
		}
		return nil
	})
	if err != nil || len(behind) == 0 {
		return 0, 0, err
	}
	err = d.store.Write(ctx, func(tx *store.Tx) error {
		told = 0
		for _, f := range behind {
			ok, err := tx.FollowerTold(ctx, f.ID, last)
			if err != nil {
				return err
			}
			post, some := d.newsFor(n, f, last)
			if !ok || !some {
				continue
			}
			added, err := d.outbox.Add(ctx, tx, post)
			if err != nil {
				return err
			}
			if added {
				told++
			}
		}
		return nil
	})
	return told, len(behind), err
}

// news is facts that may be told, each with whom it concerns.
type news struct {
	items   []newsItem
	targets map[string]FollowTarget
}

type newsItem struct {
	fact    store.FollowFact
	targets targets
	// practice says that it is of a petition that is tried out: it is told only to
	// who follows that, whose mail stays in the house.
	practice bool
	line     func(*lang.Printer) string
}

// newsFor writes the mail to a follower; some is false where nothing concerns them.
func (d *Desk) newsFor(n *news, f store.Follower, last int64) (post mail.Post, some bool) {
	t, ok := n.targets[f.Kind+" "+f.Target]
	if !ok {
		return post, false
	}
	l := lang.For(f.Lang)
	var lines []string
	more := 0
	for _, i := range n.items {
		if i.practice && !t.Practice || i.fact.N <= f.Told || t.What != FollowEverything && !i.targets[Following(f.Kind)][f.Target] {
			continue
		}
		if len(lines) == remindLines {
			more++
			continue
		}
		lines = append(lines, i.line(l))
	}
	if len(lines) == 0 {
		return post, false
	}
	to, err := d.keys.House().Unbox(useFollower+" "+f.ID, f.Box)
	if err != nil {
		// Another house's key: nobody can be written to, and nobody is.
		d.log.Warn("a follower's address cannot be read with this house's key")
		return post, false
	}
	now := d.now()
	letter := mail.News{To: string(to), What: t.name(l), Lines: lines, More: more, Page: d.url + l.Path() + t.Page(), Unsubscribe: d.followerLink(l, f.ID)}
	m := letter.Message(l)
	m.Date = now.UTC()
	return mail.Post{Fact: fmt.Sprintf("news %s %d", f.ID, last), Kind: "news", Lane: mail.LaneUpdate, Keep: t.Practice, Ends: now.Add(newsEnds), Message: m, Subscription: subscription(f)}, true
}

// judgedLine says what was found, by whom and of what: a step is never told as the
// whole.
func judgedLine(l *lang.Printer, a *record.Assessment, text record.Text, steps []record.Step) string {
	value := l.T("follow.response." + string(a.Response))
	if a.Axis == record.AxisProgress {
		value = l.T("follow.progress." + string(a.Progress))
	}
	return l.T("follower.line.judged", "what", whole(l, text, steps, a.Step), "who", l.T("follow.assessor."+string(a.By)), "value", value, "day", l.Date(a.On))
}

// whole names a demand or commitment, with the step of it that is meant.
func whole(l *lang.Printer, text record.Text, steps []record.Step, key string) string {
	what := clipped(text.In(l.Tag()).Text)
	for _, s := range steps {
		if s.Key != key || key == "" {
			continue
		}
		step := s.Text.In(l.Tag()).Text
		if step == "" {
			step = l.T("follow.step." + string(s.Kind))
		}
		return l.T("follower.line.step", "what", what, "step", step)
	}
	return what
}
