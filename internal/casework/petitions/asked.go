package petitions

import (
	"context"
	"fmt"
	"sync"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// AsksPerDay is for how many addresses a day the desk of one petition has links
// mailed. Nobody writes to an organiser that often, and a list of addresses takes
// years.
const AsksPerDay = 30

// asks counts what was asked of each petition on a day.
type asks struct {
	mu  sync.Mutex
	day int64
	of  map[int]int
}

// take reports whether another one may be asked.
func (a *asks) take(petition int, day int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.day != day || a.of == nil {
		a.day, a.of = day, map[int]int{}
	}
	if a.of[petition] >= AsksPerDay {
		return false
	}
	a.of[petition]++
	return true
}

// MailOwnLink mails an address the link by which its holder sees, changes and
// takes back what stands under it, where that is anything: for somebody who asks
// an organiser about their own signature. The organiser is told nothing, neither
// by what is returned nor by the outbox, because whoever runs a petition may not
// find out by it who has signed. An address gets one such mail a day.
func (d *Desk) MailOwnLink(ctx context.Context, v access.Viewer, id record.PetitionID, email string) error {
	p, err := d.signersOf(ctx, v, id)
	if err != nil {
		return err
	}
	rules := d.signing.Rules().Domains
	address, err := signature.ParseAddress(email, rules)
	if err != nil {
		return wrong("email", "email")
	}
	if p.Destroyed != 0 || d.outbox == nil {
		return wrong("email", "petition_destroyed")
	}
	key, err := d.keys.Petition(p.Number)
	if err != nil {
		return err
	}
	rid, err := d.house.NewID()
	if err != nil {
		return err
	}
	day := d.micros() / dayMicros
	if !d.asks.take(p.Number, day) {
		return wrong("email", "many", "limit", fmt.Sprint(AsksPerDay))
	}
	// Where a sign may start what means nothing only by the rule for all domains,
	// its mailbox could be another's: the mail goes to the one without it.
	to := address.Typed
	if rules.For(address.Domain) == rules["*"] {
		to = address.Canonical
	}
	hash := key.Address(address.Canonical)
	err = d.do(ctx, v, access.ActSigners, "remark", "", func(w *casework.Work) error {
		err := w.Create(&record.Remark{
			ID: record.RemarkID(rid), About: p.Ref(), Words: "had an address mailed its own link on request, if it has signed", By: v.User, Made: w.At(),
			Visibility: record.Internal,
		})
		if err != nil {
			return err
		}
		tx := w.Tx()
		rows, err := tx.Standing(ctx, p.Number, [][]byte{hash})
		if err != nil || len(rows) == 0 {
			return err
		}
		post, err := d.askedLetter(ctx, tx, p, to, rows)
		if err != nil {
			return err
		}
		return d.post(ctx, tx, fmt.Sprintf("asked %d %x %d", p.Number, hash, day), post)
	})
	if err == nil {
		d.outbox.Wake()
	}
	return err
}

// askedLetter holds the links of what stands under an address: several people of
// a household may share it.
func (d *Desk) askedLetter(ctx context.Context, tx *store.Tx, p *record.Petition, to string, rows []store.Standing) (mail.Post, error) {
	numbers := make([]int64, len(rows))
	for i, s := range rows {
		numbers[i] = s.N
	}
	found, err := tx.Signatures(ctx, numbers...)
	if err != nil {
		return mail.Post{}, err
	}
	l := lang.For(found[numbers[0]].Lang)
	asked := mail.Asked{To: to, Petition: p.Title.In(l.Tag()).Text}
	for _, n := range numbers {
		asked.Links = append(asked.Links, ownLink(d.url, l, d.signing.OwnToken(p.Number, n)))
	}
	return mail.Post{Kind: "asked", Lane: mail.LaneNotice, Keep: p.Practice, Petition: p.Number, Message: asked.Message(l)}, nil
}
