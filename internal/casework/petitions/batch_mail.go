package petitions

import (
	"context"
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

// untold are the letters to the addresses of lines that count from this batch, among
// those that were taken before.
func (d *Desk) untold(ctx context.Context, p *record.Petition, batch int, sheets []signing.Sheet, lines []int) (out []paperPost, err error) {
	var emails []string
	var with []int
	for _, i := range lines {
		if sheets[i].Email != "" {
			emails, with = append(emails, sheets[i].Email), append(with, i)
		}
	}
	if len(emails) == 0 {
		return nil, nil
	}
	rows, err := d.signing.PaperRows(ctx, p.Number, batch, emails)
	if err != nil {
		return nil, err
	}
	for k, n := range rows {
		if n != 0 {
			out = append(out, d.paperLetter(p, &sheets[with[k]], n))
		}
	}
	return out, nil
}
