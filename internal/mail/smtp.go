package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Server is the SMTP server that takes our mail.
type Server struct {
	host, port string
	implicit   bool // TLS from the first byte
	plain      bool // no TLS, to this machine only
	user, pass string
	// Connections is how many messages are handed over at once.
	Connections int
	// PerMinute is how many messages a minute this process sends to one mail domain.
	PerMinute int
	timeout   time.Duration
	tls       *tls.Config // nil: verify against the system's authorities
}

// What a server is unless its address says otherwise.
const (
	defaultConnections = 1
	defaultPerMinute   = 1200
	defaultTimeout     = time.Minute
)

var errServer = errors.New("the address of the SMTP server is not one such as smtp://user:password@mail.example.org:587 or smtps://mail.example.org")

// ParseServer reads the address of an SMTP server. smtp:// asks for TLS before
// anything else is said (STARTTLS, port 587), smtps:// begins with it (port
// 465). Only to this machine (localhost, 127.0.0.1, ::1) smtp:// speaks without
// TLS, on port 25, unless ?tls=required stands at its end. Further settings
// there: connections (1), rate (messages a minute to one mail domain, 1200) and
// timeout (of one message, 1m). The error never holds the password.
func ParseServer(address string) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.Opaque != "" || u.Fragment != "" {
		return nil, errServer
	}
	s := &Server{
		host: u.Hostname(), port: u.Port(), implicit: u.Scheme == "smtps",
		Connections: defaultConnections, PerMinute: defaultPerMinute, timeout: defaultTimeout,
	}
	local := s.host == "localhost"
	if ip, err := netip.ParseAddr(s.host); err == nil {
		local = ip.IsLoopback()
	}
	s.plain = local && !s.implicit
	if u.User != nil {
		s.user = u.User.Username()
		s.pass, _ = u.User.Password()
		if s.user == "" || s.pass == "" {
			return nil, fmt.Errorf("%w: a name needs a password and the other way round", errServer)
		}
	}
	for name, values := range u.Query() {
		value := values[len(values)-1]
		n, numErr := strconv.Atoi(value)
		switch name {
		case "tls":
			if value != "required" {
				return nil, fmt.Errorf("%w: tls can only be required", errServer)
			}
			s.plain = false
		case "connections":
			if numErr != nil || n < 1 || n > 64 {
				return nil, fmt.Errorf("%w: connections must be from 1 to 64", errServer)
			}
			s.Connections = n
		case "rate":
			if numErr != nil || n < 1 {
				return nil, fmt.Errorf("%w: rate must be a number of messages a minute", errServer)
			}
			s.PerMinute = n
		case "timeout":
			d, err := time.ParseDuration(value)
			if err != nil || d < time.Second || d > maxTimeout {
				return nil, fmt.Errorf("%w: timeout must be from 1s to %s", errServer, maxTimeout)
			}
			s.timeout = d
		default:
			return nil, fmt.Errorf("%w: there is no setting %q", errServer, name)
		}
	}
	if s.port == "" {
		switch {
		case s.implicit:
			s.port = "465"
		case s.plain:
			s.port = "25"
		default:
			s.port = "587"
		}
	}
	return s, nil
}

// maxTimeout keeps a message's time well within its lease.
const maxTimeout = 2 * time.Minute

// String names the server for people, without its password.
func (s *Server) String() string { return net.JoinHostPort(s.host, s.port) }

// session is one connection to a server. It belongs to one goroutine.
type session struct {
	client  *gomail.Client
	conn    *smtp.Client
	raw     net.Conn
	handed  int // messages so far
	release func() bool
}

// maxPerSession is after how many messages a connection is made anew; servers
// close it after some hundred or thousand.
const maxPerSession = 100

// dial connects, begins TLS and signs in. helo is the name given to the server.
// When ctx ends, the connection is closed.
func (s *Server) dial(ctx context.Context, helo string) (*session, error) {
	ses := &session{}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.tls != nil {
		config = s.tls.Clone()
	}
	config.ServerName = s.host
	policy := gomail.TLSMandatory
	if s.plain || s.implicit {
		policy = gomail.NoTLS
	}
	options := []gomail.Option{
		gomail.WithTimeout(s.timeout), gomail.WithTLSPolicy(policy), gomail.WithTLSConfig(config), gomail.WithHELO(helo), gomail.WithoutNoop(),
		gomail.WithDialContextFunc(func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			c, err := d.DialContext(ctx, "tcp", net.JoinHostPort(s.host, s.port))
			if err != nil {
				return nil, err
			}
			if s.plain && !loopback(c.RemoteAddr()) {
				return nil, errors.Join(errNotLocal, c.Close())
			}
			ses.raw = c
			if s.implicit {
				t := tls.Client(c, config)
				if err := t.HandshakeContext(ctx); err != nil {
					return nil, errors.Join(err, c.Close())
				}
				return t, nil
			}
			return c, nil
		}),
	}
	if s.user != "" {
		options = append(options, gomail.WithSMTPAuthCustom(&signIn{user: s.user, pass: s.pass, plain: s.plain}))
	}
	var err error
	if ses.client, err = gomail.NewClient(s.host, options...); err != nil {
		return nil, err
	}
	if ses.conn, err = ses.client.DialToSMTPClientWithContext(ctx); err != nil {
		if ses.raw != nil {
			_ = ses.raw.Close()
		}
		return nil, err
	}
	// The library waits for the server's answers without looking at ctx.
	ses.release = context.AfterFunc(ctx, func() { _ = ses.raw.Close() })
	return ses, nil
}

var (
	errNotLocal = errors.New("without TLS the server must be on this machine")
	errSignIn   = errors.New("the server offers no way to sign in that is safe here")
)

func loopback(a net.Addr) bool {
	t, ok := a.(*net.TCPAddr)
	return ok && t.IP.IsLoopback()
}

// close ends the connection, politely if it is still good.
func (s *session) close(good bool) {
	if s.release != nil {
		s.release()
	}
	if good {
		_ = s.raw.SetDeadline(time.Now().Add(quitTimeout))
		_ = s.conn.Quit()
	}
	_ = s.raw.Close()
}

// quitTimeout is how long a server may take to say goodbye.
const quitTimeout = 2 * time.Second

// signIn is PLAIN or LOGIN, whichever the server offers, and only over TLS or to
// this machine.
type signIn struct {
	user, pass string
	plain      bool
	step       int
	login      bool
}

// Start chooses the way.
func (a *signIn) Start(server *smtp.ServerInfo) (string, []byte, error) {
	if !server.TLS && !a.plain {
		return "", nil, errSignIn
	}
	a.step = 0
	switch {
	case slices.Contains(server.Auth, "PLAIN"):
		a.login = false
		return "PLAIN", []byte("\x00" + a.user + "\x00" + a.pass), nil
	case slices.Contains(server.Auth, "LOGIN"):
		a.login = true
		return "LOGIN", nil, nil
	}
	return "", nil, errSignIn
}

// Next answers LOGIN's two questions, in the order in which every server asks.
func (a *signIn) Next(_ []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	a.step++
	switch {
	case a.login && a.step == 1:
		return []byte(a.user), nil
	case a.login && a.step == 2:
		return []byte(a.pass), nil
	}
	return nil, errSignIn
}

// verdict is what a try to hand a message over came to.
type verdict struct {
	result Result // Sent, Later, Failed, or Untried where the message is not the reason
	code   string
	broken bool // the connection is of no more use
	server bool // the server takes nothing at the moment
	gone   bool // nothing more should go to the address
}

// send hands one message over.
func (s *session) send(m *gomail.Msg) verdict {
	s.handed++
	err := s.client.SendWithSMTPClient(s.conn, m)
	if err == nil {
		return verdict{result: Sent}
	}
	if m.IsDelivered() {
		return verdict{result: Sent, broken: true} // taken, though what came after failed
	}
	e, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return verdict{result: Later, code: "no-answer", broken: true}
	}
	status := e.ErrorCode()
	code := strings.TrimSpace(strconv.Itoa(status) + " " + e.EnhancedStatusCode())
	policy := strings.HasPrefix(e.EnhancedStatusCode(), "5.7.")
	switch {
	case e.Reason == gomail.ErrGetSender || e.Reason == gomail.ErrGetRcpts:
		return verdict{result: Failed, code: "unsendable"}
	case e.Reason == gomail.ErrConnCheck:
		return verdict{result: Untried, code: "no-answer", broken: true}
	case status == 0 && e.Reason == gomail.ErrSMTPMailFrom:
		return verdict{result: Untried, code: "no-answer", broken: true} // a connection that had died meanwhile
	case status == 0:
		return verdict{result: Later, code: "no-answer", broken: true}
	case status == 421 && e.Reason != gomail.ErrSMTPDataClose:
		return verdict{result: Untried, code: code, broken: true, server: true}
	case e.Reason == gomail.ErrSMTPMailFrom:
		return verdict{result: Untried, code: code, broken: true, server: true} // about us, not about the message
	case status < 500:
		return verdict{result: Later, code: code, broken: e.Reason != gomail.ErrSMTPRcptTo}
	case e.Reason == gomail.ErrSMTPRcptTo && (policy || status == 530 || status == 535):
		// "Relaying denied" is mostly our settings, which somebody will put right.
		return verdict{result: Later, code: code}
	}
	refused := e.Reason == gomail.ErrSMTPRcptTo
	// Without an enhanced code the recipient is what was refused, by 550 and the like; with the
	// words of a message, it is the words.
	gone := refused && (Nobody(e.EnhancedStatusCode()) || e.EnhancedStatusCode() == "" && (status == 550 || status == 551 || status == 553))
	return verdict{result: Failed, code: code, broken: !refused, gone: gone}
}

// dialCode is a short name for why a server could not be reached.
func dialCode(err error) string {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var timeout net.Error
	switch {
	case errors.Is(err, errNotLocal):
		return "not-local"
	case errors.Is(err, errSignIn) || strings.Contains(err.Error(), "SMTP AUTH"):
		return "sign-in"
	case errors.As(err, &certificate):
		return "certificate"
	case strings.Contains(err.Error(), "STARTTLS"):
		return "no-tls"
	case errors.As(err, &dns):
		return "no-such-host"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	}
	return "no-server"
}
