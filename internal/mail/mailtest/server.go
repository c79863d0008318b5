// Package mailtest is an SMTP server that a test tells how to misbehave: it
// refuses, answers with any code, breaks off at any point and takes its time.
// Only tests import it.
package mailtest

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"
)

// Received is a message that the server has taken.
type Received struct {
	From, To string // of the envelope
	Data     string // as sent, with line ends as CR LF
	TLS      bool
	User     string // who signed in, "" for nobody
	Helo     string
}

// Header returns a field of the message's head.
func (r Received) Header(name string) string {
	m, err := mail.ReadMessage(strings.NewReader(r.Data))
	if err != nil {
		return ""
	}
	return m.Header.Get(name)
}

// Reply is what the server answers; the zero value is the usual answer.
type Reply struct {
	Code int
	Text string // "5.1.1 no such user"
	// Drop breaks the connection off instead of answering.
	Drop bool
	// Wait is waited for before the answer.
	Wait <-chan struct{}
}

// Script is how the server behaves. Each function may be nil, and is called by
// several goroutines.
type Script struct {
	Greeting func() Reply
	Mail     func(from string) Reply
	Rcpt     func(to string) Reply
	Data     func() Reply // to the command
	// Middle is asked after the first bytes of a message: Drop breaks off there.
	Middle func(to string) Reply
	// End is asked when a message is complete. With Drop the message has been
	// taken, and nobody is told.
	End func(r Received) Reply
}

// Options are what the server offers.
type Options struct {
	StartTLS bool // offers it, and takes no mail without it
	Implicit bool // TLS from the first byte
	// User and Password, if set, are needed to send; Login offers only AUTH LOGIN.
	User, Password string
	Login          bool
}

// Server is a running server.
type Server struct {
	options Options
	address string
	tls     *tls.Config
	pool    *x509.CertPool

	mu       sync.Mutex
	script   Script
	received []Received
	dials    int
	listener net.Listener
	open     map[net.Conn]bool
	wg       sync.WaitGroup
}

// New starts a server on a free port of this machine. It is stopped when t ends.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{options: o, open: map[net.Conn]bool{}}
	if o.StartTLS || o.Implicit {
		if err := s.certify(); err != nil {
			t.Fatal(err)
		}
	}
	s.address = "127.0.0.1:0"
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// Start listens, on the same port as before.
func (s *Server) Start() error {
	l, err := net.Listen("tcp", s.address)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.address, s.listener = l.Addr().String(), l
	s.mu.Unlock()
	s.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.open[c] = true
			s.dials++
			s.mu.Unlock()
			s.wg.Go(func() {
				s.serve(c)
				_ = c.Close()
				s.mu.Lock()
				delete(s.open, c)
				s.mu.Unlock()
			})
		}
	})
	return nil
}

// Stop refuses connections from now on and breaks off those there are.
func (s *Server) Stop() {
	s.mu.Lock()
	if s.listener != nil {
		_ = s.listener.Close()
	}
	for c := range s.open {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

// Address returns host:port.
func (s *Server) Address() string { return s.address }

// URL returns the address as it is configured.
func (s *Server) URL() string {
	scheme, user, query := "smtp", "", ""
	if s.options.Implicit {
		scheme = "smtps"
	}
	if s.options.StartTLS {
		query = "?tls=required"
	}
	if s.options.User != "" {
		user = s.options.User + ":" + s.options.Password + "@"
	}
	return scheme + "://" + user + s.address + query
}

// Trust returns what a client needs to trust the server's certificate.
func (s *Server) Trust() *tls.Config { return &tls.Config{RootCAs: s.pool} }

// Behave changes how the server behaves.
func (s *Server) Behave(script Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = script
}

func (s *Server) behaviour() Script {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.script
}

// Received returns the messages taken so far.
func (s *Server) Received() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Received(nil), s.received...)
}

// Dials returns how many connections there were.
func (s *Server) Dials() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dials
}

func (s *Server) certify() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mailtest"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return err
	}
	s.pool = x509.NewCertPool()
	s.pool.AddCert(leaf)
	s.tls = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	return nil
}

// conversation is one connection.
type conversation struct {
	*Server
	conn       net.Conn
	in         *bufio.Reader
	secure     bool
	user, helo string
	from, to   string
}

// say answers and reports whether the connection is still there.
func (c *conversation) say(r Reply, code int, text string) bool {
	if r.Wait != nil {
		<-r.Wait
	}
	if r.Drop {
		return false
	}
	if r.Code != 0 {
		code, text = r.Code, r.Text
	}
	_, err := fmt.Fprintf(c.conn, "%d %s\r\n", code, text)
	return err == nil && code != 421
}

func (c *conversation) line() (string, error) {
	l, err := c.in.ReadString('\n')
	return strings.TrimRight(l, "\r\n"), err
}

func ask[T any](fn func(T) Reply, v T) Reply {
	if fn == nil {
		return Reply{}
	}
	return fn(v)
}

func askNothing(fn func() Reply) Reply {
	if fn == nil {
		return Reply{}
	}
	return fn()
}

func (s *Server) serve(conn net.Conn) {
	c := &conversation{Server: s, conn: conn}
	if s.options.Implicit {
		t := tls.Server(conn, s.tls)
		if t.Handshake() != nil {
			return
		}
		c.conn, c.secure = t, true
	}
	c.in = bufio.NewReader(c.conn)
	if !c.say(askNothing(s.behaviour().Greeting), 220, "mailtest ESMTP") {
		return
	}
	for {
		line, err := c.line()
		if err != nil || !c.command(line) {
			return
		}
	}
}

func (c *conversation) command(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	script := c.behaviour()
	switch strings.ToUpper(verb) {
	case "EHLO":
		c.helo = rest
		lines := []string{"mailtest", "8BITMIME", "ENHANCEDSTATUSCODES"}
		if c.options.StartTLS && !c.secure {
			lines = append(lines, "STARTTLS")
		}
		if c.options.User != "" && (c.secure || !c.options.StartTLS) {
			if c.options.Login {
				lines = append(lines, "AUTH LOGIN")
			} else {
				lines = append(lines, "AUTH LOGIN PLAIN")
			}
		}
		for i, l := range lines {
			dash := "-"
			if i == len(lines)-1 {
				dash = " "
			}
			fmt.Fprintf(c.conn, "250%s%s\r\n", dash, l)
		}
		return true
	case "STARTTLS":
		if !c.say(Reply{}, 220, "go on") {
			return false
		}
		t := tls.Server(c.conn, c.tls)
		if t.Handshake() != nil {
			return false
		}
		c.conn, c.secure, c.in = t, true, bufio.NewReader(t)
		return true
	case "AUTH":
		return c.signIn(rest)
	case "MAIL":
		if c.options.StartTLS && !c.secure {
			return c.say(Reply{}, 530, "5.7.0 TLS first")
		}
		if c.options.User != "" && c.user == "" {
			return c.say(Reply{}, 530, "5.7.0 sign in first")
		}
		c.from = path(rest)
		return c.say(ask(script.Mail, c.from), 250, "2.1.0 ok")
	case "RCPT":
		c.to = path(rest)
		return c.say(ask(script.Rcpt, c.to), 250, "2.1.5 ok")
	case "DATA":
		if r := askNothing(script.Data); r != (Reply{}) {
			return c.say(r, 354, "go on")
		}
		if !c.say(Reply{}, 354, "go on") {
			return false
		}
		return c.data(script)
	case "RSET":
		c.from, c.to = "", ""
		return c.say(Reply{}, 250, "2.0.0 ok")
	case "NOOP":
		return c.say(Reply{}, 250, "2.0.0 ok")
	case "QUIT":
		c.say(Reply{}, 221, "2.0.0 bye")
		return false
	}
	return c.say(Reply{}, 502, "5.5.1 not known")
}

func (c *conversation) data(script Script) bool {
	var b bytes.Buffer
	for {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		b.WriteString(strings.TrimPrefix(line, "."))
		if r := ask(script.Middle, c.to); r.Drop {
			return false
		}
	}
	got := Received{From: c.from, To: c.to, Data: b.String(), TLS: c.secure, User: c.user, Helo: c.helo}
	r := ask(script.End, got)
	if r.Code == 0 || r.Code < 300 {
		c.mu.Lock()
		c.received = append(c.received, got)
		c.mu.Unlock()
	}
	return c.say(r, 250, "2.0.0 taken")
}

func (c *conversation) signIn(rest string) bool {
	kind, initial, _ := strings.Cut(rest, " ")
	decode := func(s string) string {
		b, _ := base64.StdEncoding.DecodeString(s)
		return string(b)
	}
	prompt := func(text string) (string, bool) {
		if !c.say(Reply{}, 334, base64.StdEncoding.EncodeToString([]byte(text))) {
			return "", false
		}
		l, err := c.line()
		return decode(l), err == nil
	}
	var user, pass string
	switch strings.ToUpper(kind) {
	case "PLAIN":
		parts := strings.Split(decode(initial), "\x00")
		if len(parts) == 3 {
			user, pass = parts[1], parts[2]
		}
	case "LOGIN":
		var ok bool
		if user, ok = prompt("Username:"); !ok {
			return false
		}
		if pass, ok = prompt("Password:"); !ok {
			return false
		}
	}
	if user != c.options.User || pass != c.options.Password {
		return c.say(Reply{}, 535, "5.7.8 wrong")
	}
	c.user = user
	return c.say(Reply{}, 235, "2.7.0 welcome")
}

// path returns the address in "FROM:<a@b> BODY=8BITMIME".
func path(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}

// ServeTLS changes how the server speaks TLS.
func (s *Server) ServeTLS(change func(*tls.Config)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.tls)
}
