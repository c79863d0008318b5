package web

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/record"
)

// outboxDesk is what the pages of the outbox ask.
type outboxDesk interface {
	MailCounts(ctx context.Context, v access.Viewer) (petitions.MailCounts, error)
	MailWaiting(ctx context.Context, v access.Viewer, limit int) ([]petitions.MailLetter, error)
	MailList(ctx context.Context, v access.Viewer, state petitions.MailState, before string, limit int) ([]petitions.MailEntry, error)
	MailOf(ctx context.Context, v access.Viewer, id string) (petitions.MailEntry, petitions.MailMessage, error)
	RetryMail(ctx context.Context, v access.Viewer, id string) error
	DropMail(ctx context.Context, v access.Viewer, id string) error
	ReleaseMail(ctx context.Context, v access.Viewer) error
}

// outboxRoutes lists the addresses of the outbox.
func (s *Server) outboxRoutes() []route {
	return []route{
		{pattern: "GET /desk/outbox", need: access.ActSigners, do: s.showOutbox},
		{pattern: "GET /desk/outbox/{id}", need: access.ActSigners, do: s.showMail},
		{pattern: "POST /desk/outbox/{id}", need: access.ActAccounts, do: s.changeMail},
		{pattern: "POST /desk/outbox/release", need: access.ActAccounts, do: s.releaseMail},
	}
}

// The most letters and lines the outbox shows at once.
const (
	maxLetters  = 30
	outboxLines = 50
)

// outboxPage is the mail that waits, with its words, or the mail of one state
// without them.
type outboxPage struct {
	deskPage
	Counts  petitions.MailCounts
	State   petitions.MailState // empty for what waits
	States  []petitions.MailState
	Letters []petitions.MailLetter
	List    []petitions.MailEntry
	Next    string
	All     bool
	// Sending says how sending goes in the process that answers; nil where nothing is
	// sent.
	Sending *petitions.MailStatus
	now     time.Time
}

// Why says why a message waits, and when it is due.
func (p *outboxPage) Why(l *petitions.MailLetter) []string {
	why, until := l.Why(p.now, p.Counts.Held != "", p.Sending)
	at := clock(until)
	var out []string
	add := func(key string, args ...any) { out = append(out, p.L.T(key, args...)) }
	code := l.Failure(p.Sending)
	switch failed := l.Tries > 0 && !l.Taken && code != ""; why {
	case "retry":
		if code == "" {
			add("mail.wait.retry", "at", at)
		} else {
			add("mail.wait.retry_after", "at", at, "why", p.Failure(code))
		}
	case "held", "no_server":
		add("mail.wait." + string(why))
		if failed {
			add("mail.wait.failed", "why", p.Failure(code))
		}
		if at != "" {
			add("mail.wait.due", "at", at)
		}
	default:
		add("mail.wait."+string(why), "at", at)
	}
	return out
}

// WhyOf is Why of a line of the list, nothing for what is over.
func (p *outboxPage) WhyOf(e *petitions.MailEntry) []string {
	if e.State != "waiting" && e.State != "sending" {
		return nil
	}
	return p.Why(e.Letter())
}

// Failure names what kind of failure a code stands for, with the code.
func (p *outboxPage) Failure(code string) string {
	class := petitions.MailClass(code)
	if class == "" {
		return code
	}
	return p.L.T("mail.class."+class, "code", code)
}

// CountOf is the number of messages in a state.
func (p *outboxPage) CountOf(state petitions.MailState) string {
	n := map[string]int64{
		"waiting": p.Counts.Waiting, "sending": p.Counts.Sending, "sent": p.Counts.Sent, "failed": p.Counts.Failed, "kept": p.Counts.Kept, "dropped": p.Counts.Dropped,
	}[string(state)]
	if state == "waiting" {
		// Signatures hold the mails that they are due themselves.
		for _, l := range p.Letters {
			if l.ID == "" {
				n++
			}
		}
		if len(p.Letters) >= maxLetters {
			return p.L.T("page.over", "n", n-1)
		}
	}
	return p.L.Number(n)
}

// Clock writes an instant, and nothing for one that has not come.
func (p *outboxPage) Clock(t time.Time) string { return clock(t) }

func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return instant(t.UnixMicro())
}

// Words sets what a message says, with the links that lead to this site.
func (p *outboxPage) Words(text string) template.HTML { return mailWords(text) }

func (s *Server) showOutbox(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	p := &outboxPage{deskPage: s.desk(r, v.lang.T("desk.outbox"), "desk-outbox"), States: petitions.MailStates(), All: v.viewer.May(access.ActAccounts), now: s.now()}
	state := petitions.MailState(r.URL.Query().Get("state"))
	if state != "" && !slices.Contains(p.States, state) {
		return errBad
	}
	p.State = state
	p.Sending = s.sendingNow()
	var err error
	if p.Counts, err = s.outbox.MailCounts(r.Context(), v.viewer); err != nil {
		return err
	}
	if p.Letters, err = s.outbox.MailWaiting(r.Context(), v.viewer, maxLetters); err != nil {
		return err
	}
	if state != "" {
		p.List, err = s.outbox.MailList(r.Context(), v.viewer, state, r.URL.Query().Get("before"), outboxLines+1)
		if len(p.List) > outboxLines {
			p.List = p.List[:outboxLines]
			p.Next = "?state=" + url.QueryEscape(string(state)) + "&before=" + url.QueryEscape(p.List[outboxLines-1].ID)
		}
	}
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_outbox", p)
}

// sendingNow is how sending goes in this process, nil where nothing is sent.
func (s *Server) sendingNow() *petitions.MailStatus {
	if s.sending == nil {
		return nil
	}
	now := s.sending()
	return &now
}

// mailPage is one stored message.
type mailPage struct {
	outboxPage
	Entry petitions.MailEntry
	Mail  petitions.MailMessage
}

func (s *Server) showMail(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	id := r.PathValue("id")
	if !record.ValidID(id) {
		return record.ErrNotFound
	}
	e, m, err := s.outbox.MailOf(r.Context(), v.viewer, id)
	if err != nil {
		return err
	}
	p := &mailPage{
		outboxPage: outboxPage{deskPage: s.desk(r, v.lang.T("desk.mail"), "desk-outbox"), All: v.viewer.May(access.ActAccounts), Sending: s.sendingNow(), now: s.now()},
		Entry:      e, Mail: m,
	}
	if p.Counts, err = s.outbox.MailCounts(r.Context(), v.viewer); err != nil {
		return err
	}
	return s.render(w, r, "desk_mail", p)
}

// changeMail lets a failed message wait again, or ends one.
func (s *Server) changeMail(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if !record.ValidID(id) {
		return record.ErrNotFound
	}
	switch f.Get("do") {
	case "retry":
		err = s.outbox.RetryMail(r.Context(), v.viewer, id)
	case "drop":
		err = s.outbox.DropMail(r.Context(), v.viewer, id)
	default:
		return errBad
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/outbox/"+id+"?done=saved")
}

// releaseMail lets mail leave again after a restore.
func (s *Server) releaseMail(w http.ResponseWriter, r *http.Request) error {
	if err := s.outbox.ReleaseMail(r.Context(), visitOf(r).viewer); err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/outbox?done=mail_released")
}

// mailLink finds addresses in the words of a message.
var mailLink = regexp.MustCompile(`https?://[^\s<>"]+`)

// mailWords sets a message's plain text. Its addresses become links to the same
// path here, because a message that never leaves is followed on the machine where
// it is read.
func mailWords(text string) template.HTML {
	var b strings.Builder
	at := 0
	for _, m := range mailLink.FindAllStringIndex(text, -1) {
		b.WriteString(template.HTMLEscapeString(text[at:m[0]]))
		address := text[m[0]:m[1]]
		at = m[1]
		u, err := url.Parse(address)
		if err != nil || localPath(u.RequestURI()) != u.RequestURI() {
			b.WriteString(template.HTMLEscapeString(address))
			continue
		}
		here := u.RequestURI()
		if u.Fragment != "" {
			here += "#" + u.EscapedFragment()
		}
		b.WriteString(`<a href="` + template.HTMLEscapeString(here) + `" dir="ltr">` + template.HTMLEscapeString(address) + `</a>`)
	}
	b.WriteString(template.HTMLEscapeString(text[at:]))
	return template.HTML(b.String()) //nolint:gosec // every part is escaped above
}
