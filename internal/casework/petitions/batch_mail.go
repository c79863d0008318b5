package petitions

import (
	"fmt"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signing"
)

// paperPost is a letter with the fact that it tells.
type paperPost struct {
	fact string
	post mail.Post
}

// paperLetter tells an address that stood on a sheet that it is counted, with the
// link that shows, changes and takes it back.
func (d *Desk) paperLetter(p *record.Petition, sheet *signing.Sheet, n int64) paperPost {
	l := lang.For(sheet.Lang)
	return paperPost{fmt.Sprintf("paper %d %d", p.Number, n), mail.Post{
		Kind: "paper", Lane: mail.LaneNotice, Keep: p.Practice, Petition: p.Number,
		Message: mail.Paper{
			To: sheet.Email, Petition: p.Title.In(l.Tag()).Text,
			Link: ownLink(d.url, l, d.signing.OwnToken(p.Number, n)),
		}.Message(l),
		Subscription: paperSubscription(d.keys.House().Key(n, p.Number, seal.ForMessage)),
	}}
}
