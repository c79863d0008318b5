package petitions

import (
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
)

// kindOf keeps of letters those of a kind.
func kindOf(all []mail.Letter, kind string) (out []mail.Letter) {
	for _, l := range all {
		if l.Kind == kind {
			out = append(out, l)
		}
	}
	return out
}

// TestAskAgreement: initiators with an account are asked about each text once.
func TestAskAgreement(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		p := s.draft("Asked", "We ask.\n", func(p *record.Petition) {
			p.Initiators = []record.Initiator{
				{Key: "writer", Name: record.Plain("en", "Test Writer"), Account: s.contributor.User},
				{Key: "paper", Name: record.Plain("en", "Test Paper")},
			}
		})
		s.wants(s.desk.AskAgreement(s.ctx, s.organiser, p.Rec.ID), record.ErrForbidden, "asking for somebody else")
		s.must(s.desk.AskAgreement(s.ctx, s.owner, p.Rec.ID))
		s.must(s.desk.SendToReview(s.ctx, s.owner, p.Rec.ID, 0, ""))
		got := kindOf(s.mails(), "approve")
		if len(got) != 1 || got[0].Message.To != "contributor@example.org" || !strings.Contains(got[0].Message.Text, "/desk/petitions/"+string(p.Rec.ID)+"/check") {
			t.Fatalf("%d letters ask for agreement", len(got))
		}
		s.must(s.desk.TakeBack(s.ctx, s.owner, p.Rec.ID, 0, ""))
		s.redraft(p.Rec.ID, func(p *record.Petition) { p.Texts[0].Body = "We ask again.\n" })
		s.must(s.desk.SendToReview(s.ctx, s.owner, p.Rec.ID, 0, ""))
		if got := kindOf(s.mails(), "approve"); len(got) != 2 {
			t.Errorf("%d letters after the text changed", len(got))
		}
	})
}

// TestMailReplyLink: the link in the letter answers, and the one before it does
// not.
func TestMailReplyLink(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		d, first, err := s.desk.Deliver(s.ctx, s.owner, s.petition.ID, record.Delivery{Addressee: "office", Channel: record.ByHand})
		s.must(err)
		s.refuses(s.desk.MailReplyLink(s.ctx, s.owner, d.ID, "nobody", "en", ""), "email", "mailing to no address")
		s.wants(s.desk.MailReplyLink(s.ctx, s.organiser, d.ID, "office@example.org", "en", ""), record.ErrForbidden, "mailing for somebody else")
		if _, err := s.desk.OpenReply(s.ctx, first); err != nil {
			t.Errorf("a refused change ended the link: %v", err)
		}
		s.must(s.desk.MailReplyLink(s.ctx, s.owner, d.ID, "office@example.org", "en", ""))
		_, err = s.desk.OpenReply(s.ctx, first)
		s.wants(err, record.ErrGone, "the link before")
		got := kindOf(s.mails(), "answer")
		if len(got) != 1 || got[0].Message.To != "office@example.org" {
			t.Fatalf("%d letters with a reply link", len(got))
		}
		_, rest, _ := strings.Cut(got[0].Message.Text, "/reply?code=")
		secret, _, _ := strings.Cut(rest, "\n")
		_, err = s.desk.ReplyByLink(s.ctx, secret, record.Reply{Words: record.Plain("en", "Noted.")})
		s.must(err)
		if found := s.grep(secret); len(found) > 0 {
			t.Errorf("the secret of a reply link stands in %v", found)
		}
	})
}
