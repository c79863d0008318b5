package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
)

// signForm is the greatest size in bytes of the form of a signature.
const signForm = 16 << 10

// signed is a signature as a form carries it, checked.
type signed struct {
	Petition *record.Petition
	Edition  int
	Lang     string // of the text that was on screen
	Name     string
	Email    string // as typed; empty with a code
	Code     string // from paper, instead of an address
	Work     string // what the form's script did for the mail to leave at once
	Country  string
	City     string
	Show     signature.Disclosure
	Updates  bool
	// Net is where it comes from, to be counted and forgotten.
	Net netip.Addr
}

// ownSignature is what the holder of a link sees of their own signature.
type ownSignature struct {
	State   signature.State
	Name    string // empty where the house cannot read it
	City    string
	Sealed  bool // the name was encrypted and cannot be shown or corrected here
	Country string
	Show    signature.Disclosure
	Updates bool
	Edition int
	Lang    string
	Agree   bool // it counts again only once its holder agrees to the text in force
}

// signatory is what the public pages ask of signing. A token that is nothing, or
// belongs to another petition, is [record.ErrNotFound].
type signatory interface {
	// Sign keeps a signature; the answer is the same whatever becomes of it.
	Sign(ctx context.Context, s signed) error
	// Puzzle makes a puzzle for a petition, or "" where Challenged says that none is
	// asked for.
	Puzzle(number int) (puzzle string, bits int)
	Challenged(number int) bool
	// OwnPetition and MailPetition are the number of the petition that a link
	// belongs to, whose address does not say.
	OwnPetition(token string) (int, error)
	MailPetition(token string) (int, error)
	// Own looks at the signature behind a link and changes nothing.
	Own(ctx context.Context, p *record.Petition, token string) (ownSignature, error)
	// Confirm counts it, with what is to be corrected.
	Confirm(ctx context.Context, p *record.Petition, token string, c correction) (ownSignature, error)
	Withdraw(ctx context.Context, p *record.Petition, token string) error
	// Change sets what is shown to whom, and whether updates are wanted. To show
	// more than was kept, the name is needed again.
	Change(ctx context.Context, p *record.Petition, token string, name *string, show signature.Disclosure, updates bool) (ownSignature, error)
	// Receipt is what stands for a signature that counts, and where.
	Receipt(ctx context.Context, p *record.Petition, token string) (signing.Receipt, journalEntry, error)
	// WithdrawCode takes back what was signed with a printed code, given its hash.
	WithdrawCode(ctx context.Context, p *record.Petition, hash string) error
	// Unsubscribe ends updates by the link of a mail.
	Unsubscribe(ctx context.Context, p *record.Petition, token string) error
	// Renew gives a signature to the text in force, after a change of substance.
	Renew(ctx context.Context, p *record.Petition, token, lang string) (ownSignature, error)
}

// unseen marks an answer that must stay in no cache and tell no other site where
// its reader was.
func unseen(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
}

// signPage is the form: one screen on a desk, three short ones on a telephone.
type signPage struct {
	Page
	PetitionHead
	Here      string
	Form      Form
	Hash      string
	TextLang  string
	Steps     bool // on a narrow screen one part at a time; not once something is wrong
	Levels    []LevelView
	Countries []Option
	Sealed    bool
	Audience  []string // the addressees
	Code      bool     // by a code from paper instead of an address
	Puzzle    string   // address of a puzzle for the form's script, or empty
}

// LevelView is one audience of the ladder with its choices.
type LevelView struct {
	Field   string
	Label   string
	Hint    string
	Choices []Option
}

// showSign shows the form.
func (s *Server) showSign(w http.ResponseWriter, r *http.Request) error {
	unseen(w)
	d, done, err := s.petitionOf(w, r)
	if err != nil || done {
		return err
	}
	if d.Petition.Foreign != nil || d.edition() == nil || d.hidden() {
		return record.ErrNotFound
	}
	p := s.signPageOf(r, d, Form{Values: url.Values{}})
	p.Steps = true
	p.Code = r.URL.Query().Has("code")
	s.challenge(w, r, p, d.Petition.Number)
	return s.render(w, r, "sign", p)
}

func (s *Server) signPageOf(r *http.Request, d *petitionData, f Form) *signPage {
	l := visitOf(r).lang
	e := d.edition()
	t, _ := textIn(e, l.Tag())
	p := &signPage{PetitionHead: s.petitionHead(r, d), Form: f, Hash: e.Hash, TextLang: t.Lang, Sealed: d.Sealed, Here: l.T("sign.sign")}
	p.Page = s.page(r, l.T("sign.title"), "petitions")
	p.Page.Query, p.Robots = "", "noindex"
	p.Quick = true
	// Said once, where it is read first.
	switch {
	case !l.Reviewed() && p.Unreviewed:
		p.Unchecked, p.Unreviewed = l.T("sign.unreviewed"), false
	case !l.Reviewed():
		p.Unchecked = l.T("sign.words_unreviewed")
	}
	p.Code = f.Get("code") != ""
	for _, a := range e.Addressees {
		p.Audience = append(p.Audience, plain(l, a.Office))
	}
	for _, field := range []string{"disclosure_public", "disclosure_organiser", "disclosure_addressee"} {
		v := LevelView{Field: field, Label: l.T("sign." + field), Hint: l.T("sign." + field + "_hint")}
		if field == "disclosure_addressee" && len(p.Audience) > 0 {
			v.Label = l.T("sign.disclosure_addressee_named", "who", l.List(p.Audience))
		}
		chosen := f.Get(field)
		if all := f.Get("disclosure"); all != "" {
			chosen = all
		}
		if _, ok := signature.ParseLevel(chosen); !ok {
			chosen = signature.Count.String() // the safest, where nothing was chosen
		}
		for _, level := range []signature.Level{signature.Count, signature.Initials, signature.Name} {
			v.Choices = append(v.Choices, Option{level.String(), l.T("sign.level." + level.String()), chosen == level.String()})
		}
		p.Levels = append(p.Levels, v)
	}
	p.Countries = countryOptions(l, f.Get("country"))
	return p
}

// checkSign reads what was typed. Faults stand in the form, each beside its
// field.
func (s *Server) checkSign(l *lang.Printer, d *petitionData, f *Form) signed {
	out := signed{Petition: d.Petition, Lang: f.Get("lang")}
	e := d.edition()
	// The text that was on screen may have been replaced meanwhile: the signature
	// is for what was read.
	out.Edition = e.Number
	if hash := f.Get("edition"); hash != "" && hash != e.Hash {
		out.Edition = 0
		for _, o := range d.Editions {
			if o.Hash == hash {
				out.Edition = o.Number
			}
		}
		if out.Edition == 0 || out.Edition < d.Petition.Reconsent {
			f.Add(l, "consent", "sign.text_changed")
		}
	}
	if !hasText(e, out.Lang) {
		t, _ := textIn(e, l.Tag())
		out.Lang = t.Lang
	}
	var err error
	if out.Name, err = signature.CleanName(f.Values.Get("name")); err != nil {
		f.Add(l, "name", nameFault(err), "limit", signature.MaxName)
	}
	if out.City, err = signature.CleanTown(f.Values.Get("city")); err != nil {
		f.Add(l, "city", nameFault(err), "limit", signature.MaxName)
	}
	out.Country = strings.ToUpper(f.Get("country"))
	switch {
	case out.Country == "":
		f.Add(l, "country", "sign.wrong.country")
	case !isCountry(out.Country):
		f.Add(l, "country", "invalid.country", "code", f.Get("country"))
	}
	if out.Code = f.Get("code"); out.Code == "" {
		out.Email = f.Get("email")
		if _, err := signature.ParseAddress(out.Email, nil); err != nil {
			f.Add(l, "email", "sign.wrong.email")
		}
	} else if petitions.CodeHash(out.Code) == "" {
		f.Add(l, "code", "sign.wrong.code")
	}
	if out.Show, err = signature.ParseDisclosure(f.Get("disclosure"), f.Get("disclosure_public"), f.Get("disclosure_organiser"), f.Get("disclosure_addressee")); err != nil {
		f.Add(l, "disclosure_public", "invalid.choice")
	}
	if !ticked(f, "consent") {
		f.Add(l, "consent", "sign.wrong.consent")
	}
	// News goes to an address, and with a code there is none.
	out.Updates = ticked(f, "updates") && out.Email != ""
	out.Work = f.Get("work")
	return out
}

func hasText(e *record.Edition, tag string) bool {
	for _, t := range e.Texts {
		if t.Lang == tag {
			return true
		}
	}
	return false
}

// ticked reports whether a box was ticked, as browsers and other software say it.
func ticked(f *Form, name string) bool {
	switch f.Get(name) {
	case "yes", "on", "1", "true":
		return true
	}
	return false
}

// nameFault is the message for what is wrong with a name.
func nameFault(err error) string {
	switch {
	case errors.Is(err, signature.ErrNameEmpty):
		return "sign.wrong.name"
	case errors.Is(err, signature.ErrNameLong):
		return "invalid.long"
	case errors.Is(err, signature.ErrNameURL):
		return "sign.wrong.name_url"
	case errors.Is(err, signature.ErrNameStart):
		return "sign.wrong.name_start"
	case errors.Is(err, signature.ErrNameHidden):
		return "sign.wrong.name_hidden"
	}
	return "sign.wrong.name_letters"
}

// sign takes a signature from behind the layers: what [Server.signAtOnce] left
// to it because something about it is out of the ordinary.
func (s *Server) sign(w http.ResponseWriter, r *http.Request) error {
	unseen(w)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	d, done, err := s.petitionOf(w, r)
	if err != nil || done {
		return err
	}
	return s.signWith(w, r, d, f)
}

func (s *Server) signWith(w http.ResponseWriter, r *http.Request, d *petitionData, f Form) error {
	v := visitOf(r)
	if s.signing == nil || d.edition() == nil || d.hidden() {
		return record.ErrNotFound
	}
	k := d.Petition
	if open, _ := petition.CollectsAt(k, s.now().UnixMicro(), v.loop); !open || k.Signers == record.SignOrganisations {
		return s.renderStatus(w, r, http.StatusConflict, "sign_closed", s.signPageOf(r, d, Form{Values: url.Values{}}))
	}
	one := s.checkSign(v.lang, d, &f)
	again := func() error {
		p := s.signPageOf(r, d, f)
		s.challenge(w, r, p, k.Number)
		return s.renderStatus(w, r, http.StatusUnprocessableEntity, "sign", p)
	}
	if f.Refused() {
		return again()
	}
	network, _ := s.network(r)
	one.Net = netOf(network)
	if err := s.signing.Sign(r.Context(), one); err != nil {
		if f.Take(v.lang, err) {
			return again()
		}
		return err
	}
	return s.showSigned(w, r, d)
}

// signedPage is the answer to every signature that was taken in. Nothing of the
// form is on it: it is the same for everybody.
type signedPage struct {
	Page
	PetitionHead
	Here string
}

func (s *Server) showSigned(w http.ResponseWriter, r *http.Request, d *petitionData) error {
	l := visitOf(r).lang
	p := &signedPage{PetitionHead: s.petitionHead(r, d)}
	p.Page = s.page(r, l.T("sign.thanks"), "petitions")
	p.Page.Path = petitionPath(d.Petition) + "/sign/thanks"
	p.Page.Query, p.Page.Canonical, p.Robots, p.Quick = "", "", "noindex", true
	return s.render(w, r, "sign_thanks", p)
}

// showThanks is the same page by itself.
func (s *Server) showThanks(w http.ResponseWriter, r *http.Request) error {
	unseen(w)
	d, done, err := s.petitionOf(w, r)
	if err != nil || done {
		return err
	}
	return s.showSigned(w, r, d)
}

// errForm is a form that this fast way does not read.
var errForm = errors.New("not a plain form")

// readForm reads the body of a signature's form, within its limit.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if strings.TrimSpace(kind) != "application/x-www-form-urlencoded" {
		return nil, errForm
	}
	if r.ContentLength > signForm {
		return nil, &http.MaxBytesError{Limit: signForm}
	}
	size := r.ContentLength
	if size < 0 {
		size = 1024
	}
	b := make([]byte, 0, size+1)
	body := http.MaxBytesReader(w, r.Body, signForm)
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := body.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	values, err := url.ParseQuery(string(b))
	if err != nil {
		return nil, errBad
	}
	return values, nil
}

// signAtOnce takes an ordinary signature before the layers are asked: it reads
// the form, checks it, keeps it and answers with prepared bytes. Whatever is not
// ordinary it leaves to them, with the form read. It reports whether it answered.
func (s *Server) signAtOnce(w http.ResponseWriter, r *http.Request) bool {
	if s.signing == nil || r.URL.RawQuery != "" {
		return false
	}
	l, path := lang.ForPath(r.URL.Path)
	rest, ok := strings.CutPrefix(path, "/petitions/")
	if !ok {
		return false
	}
	slug, ok := strings.CutSuffix(rest, "/sign")
	if !ok || slug == "" || strings.Contains(slug, "/") {
		return false
	}
	if !s.mayPost(r) {
		return false // the layers say why
	}
	door := s.front.door(r, slug)
	if door == nil {
		return false
	}
	values, err := readForm(w, r)
	if errors.Is(err, errForm) {
		return false
	}
	// What was read is not there any more: the layers get it as read.
	r.PostForm, r.Form = values, values
	if err != nil {
		r.PostForm, r.Form = nil, nil
		r.Body = http.MaxBytesReader(w, io.NopCloser(failed{err}), signForm)
		return false
	}
	f := Form{Values: values}
	open, _ := petition.CollectsAt(door.Petition, s.now().UnixMicro(), s.byLoopback(r))
	if !open || door.Petition.Signers == record.SignOrganisations || door.edition() == nil {
		return false
	}
	one := s.checkSign(l, door, &f)
	if f.Refused() {
		return false
	}
	thanks := s.front.thanks(r, l, door)
	if thanks == nil {
		return false
	}
	network, _ := s.network(r)
	one.Net = netOf(network)
	if err := s.signing.Sign(r.Context(), one); err != nil {
		// Where what was typed is refused nothing was written: the layers are refused it too,
		// and show the form with what is wrong.
		if _, ok := errors.AsType[*record.Invalid](err); ok {
			return false
		}
		// A second try would be a second signature: the layers only tell what happened.
		s.front.tell(w, r, err)
		return true
	}
	thanks.write(w, r)
	return true
}

// failed is a body that could not be read.
type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }

// mayPost reports whether a form may come from where it comes. A form without a
// session cannot be used against whoever fills it in, and an older browser that
// is told to send no referrer sends "null" as the origin: such a form is taken.
func (s *Server) mayPost(r *http.Request) bool {
	if s.origins.Check(r) == nil {
		return true
	}
	return withoutSession(r.URL.Path) && r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "null"
}

// withoutSession reports whether an address takes forms for which no session
// matters: those about signatures.
func withoutSession(path string) bool {
	_, path = lang.ForPath(path)
	return strings.HasPrefix(path, "/petitions/") || strings.HasPrefix(path, "/s/")
}
