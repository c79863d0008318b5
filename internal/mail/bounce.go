package mail

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Bounce is what a report about a message says.
type Bounce struct {
	ref    ref
	failed bool
	code   string // "5.1.1", or "complaint"
}

// ErrNoBounce means that a mail is not a report about a message of ours.
var ErrNoBounce = errors.New("not a report about a mail of ours (RFC 3464)")

// Limits of what is read of a report. Real ones are some kilobytes; the original
// that they return is one of ours.
const (
	maxReport = 1 << 20
	maxParts  = 20
)

// ParseBounce reads a delivery report (RFC 3464) or a complaint (RFC 5965). Which
// message it is about is found by the Message-ID of what is returned, or by the
// mark in the address that the report came to. Without either it is
// [ErrNoBounce]. Free text is not looked at: holiday notices are no bounces.
func ParseBounce(r io.Reader) (Bounce, error) {
	msg, err := mail.ReadMessage(bufio.NewReader(io.LimitReader(r, maxReport)))
	if err != nil {
		return Bounce{}, fmt.Errorf("%w: it is not a mail", ErrNoBounce)
	}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || params["boundary"] == "" {
		return Bounce{}, fmt.Errorf("%w: it is not a report", ErrNoBounce)
	}
	b := Bounce{}
	marked := false
	for _, field := range []string{"To", "Delivered-To", "X-Original-To", "Envelope-To"} {
		for _, value := range msg.Header[textproto.CanonicalMIMEHeaderKey(field)] {
			if m, ok := findMark(value); ok && !marked {
				b.ref, marked = m, true
			}
		}
	}
	report := false
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for range maxParts {
		p, err := parts.NextRawPart()
		if err != nil {
			break // also of a report that was cut off: what came before counts
		}
		kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil {
			continue
		}
		switch kind {
		case "message/delivery-status", "message/global-delivery-status":
			failed, code := deliveryStatus(decoded(p))
			b.failed = b.failed || failed
			if code != "" {
				b.code = code
			}
			report = true
		case "message/feedback-report":
			b.failed, b.code, report = true, "complaint", true
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			if m, ok := findOriginal(decoded(p)); ok {
				b.ref, marked = m, true
			}
		}
	}
	if !report || !marked {
		return Bounce{}, fmt.Errorf("%w: it names no mail of ours", ErrNoBounce)
	}
	if b.failed && b.code == "" {
		b.code = "5.0.0"
	}
	return b, nil
}

func decoded(p *multipart.Part) io.Reader {
	switch strings.ToLower(strings.TrimSpace(p.Header.Get("Content-Transfer-Encoding"))) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, p)
	case "quoted-printable":
		return quotedprintable.NewReader(p)
	}
	return p
}

var statusCode = regexp.MustCompile(`^([245]\.[0-9]{1,3}\.[0-9]{1,3})(\s|$|\()`)

// deliveryStatus reads the groups of fields of a report: the first is about the
// message, each following one about a recipient. A mail of ours has one.
func deliveryStatus(r io.Reader) (failed bool, code string) {
	fields := textproto.NewReader(bufio.NewReader(r))
	for range maxParts {
		group, err := fields.ReadMIMEHeader()
		status := ""
		if m := statusCode.FindStringSubmatch(strings.TrimSpace(group.Get("Status"))); m != nil {
			status = m[1]
		}
		switch action := strings.ToLower(strings.TrimSpace(group.Get("Action"))); {
		case strings.HasPrefix(action, "failed"):
			failed, code = true, status
		case code == "":
			code = status
		}
		if err != nil {
			break
		}
	}
	return failed, code
}

// marked is a mark: the source's name, the message's key and part.
const marked = `([a-z]{1,8})\.([a-z2-7]{1,32})\.([0-9]{1,9})`

var (
	markInAddress = regexp.MustCompile(`\+` + marked + `@`)
	messageID     = regexp.MustCompile(`^\s*<` + marked + `@[^<>\s]+>\s*$`)
)

func findMark(value string) (ref, bool) {
	return toRef(markInAddress.FindStringSubmatch(strings.ToLower(value)))
}

// findOriginal looks for our Message-ID in the head of a returned message, which
// may be cut off.
func findOriginal(r io.Reader) (ref, bool) {
	head, _ := textproto.NewReader(bufio.NewReader(r)).ReadMIMEHeader()
	return toRef(messageID.FindStringSubmatch(strings.ToLower(head.Get("Message-Id"))))
}

func toRef(m []string) (ref, bool) {
	if m == nil {
		return ref{}, false
	}
	part, err := strconv.Atoi(m[3])
	return ref{m[1], m[2], part}, err == nil
}

// Bounced counts what became of reports.
type Bounced struct {
	Matched int // a message is marked as not delivered
	Ignored int // about a message of ours, but it may still arrive
	Unknown int // not a report, or not about a message of ours
}

// Bounce reads one report and marks the message that it is about. The error is
// [ErrNoBounce] for what is no report or about no message of ours.
func (o *Outbox) Bounce(ctx context.Context, r io.Reader) (Bounced, error) {
	b, err := ParseBounce(r)
	if err != nil {
		return Bounced{Unknown: 1}, err
	}
	if !b.failed {
		return Bounced{Ignored: 1}, nil
	}
	known := false
	if b.ref.source == storedSource {
		known, err = o.bounced(ctx, b)
	}
	for _, j := range o.joined() {
		if j.name == b.ref.source {
			known, err = j.Bounced(ctx, b.ref.key, b.ref.part, b.code)
		}
	}
	switch {
	case err != nil:
		return Bounced{}, fmt.Errorf("note a bounce: %w", err)
	case !known:
		return Bounced{Unknown: 1}, fmt.Errorf("%w: no such mail was sent from here", ErrNoBounce)
	}
	return Bounced{Matched: 1}, nil
}

// bounced marks a stored message as not delivered, and ends what it was sent for where
// nothing more should go to the address. That comes first: a report that was half dealt with is
// read again.
func (o *Outbox) bounced(ctx context.Context, b Bounce) (bool, error) {
	var m store.Mail
	err := o.store.View(ctx, func(r *store.Reader) (err error) {
		m, err = r.MailByFact(ctx, b.ref.key)
		return err
	})
	if errors.Is(err, record.ErrNotFound) || err == nil && m.State != store.MailSent {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if Nobody(b.code) {
		if err := o.end(ctx, m.Subscription); err != nil {
			return false, err
		}
	}
	return o.store.BounceMail(ctx, b.ref.key, o.now().UnixMicro(), b.code)
}

// BounceDir reads every file of a directory, which a mail server may deliver to
// (the "new" directory of a Maildir). What was read is removed, because it holds
// somebody's address. A file that is being written has a name that begins with
// a dot, or lies elsewhere until it is complete. A missing directory is empty.
func (o *Outbox) BounceDir(ctx context.Context, dir string) (sum Bounced, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return sum, nil
	}
	if err != nil {
		return sum, fmt.Errorf("list the bounces: %w", err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if err := ctx.Err(); err != nil {
			return sum, err
		}
		path := filepath.Join(dir, e.Name())
		f, err := os.Open(path)
		if err != nil {
			return sum, fmt.Errorf("read a bounce: %w", err)
		}
		data, err := io.ReadAll(io.LimitReader(f, maxReport))
		if err := errors.Join(err, f.Close()); err != nil {
			return sum, fmt.Errorf("read a bounce: %w", err)
		}
		got, err := o.Bounce(ctx, bytes.NewReader(data))
		if err != nil && !errors.Is(err, ErrNoBounce) {
			return sum, err // kept, and read again later
		}
		sum.Matched += got.Matched
		sum.Ignored += got.Ignored
		sum.Unknown += got.Unknown
		if err := os.Remove(path); err != nil {
			return sum, fmt.Errorf("remove a bounce that was read: %w", err)
		}
	}
	return sum, nil
}
