package signing

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// Form is what somebody who signs has given.
type Form struct {
	Petition int
	Edition  int    // whose text was on screen, 0 for the one in force
	Lang     string // in which language
	Name     string
	Email    string
	Country  string // ISO 3166 alpha-2
	Town     string // may be empty
	Show     signature.Disclosure
	Updates  bool
	// Net is where the request came from; it is neither kept nor written anywhere.
	Net netip.Addr
	// Work is a puzzle of [Engine.Puzzle] with its solution; may be empty.
	Work string
	// Code is the SHA-256 of a printed single-use code, in hexadecimal digits;
	// with one no mail address is needed and none is asked to confirm.
	Code string
}

// Taken is a signature that is durable. It MUST NOT be shown to whoever sent the
// form: it differs from one to another.
type Taken struct {
	N     int64
	State signature.State
}

// Accept takes a signature: it is durable when Accept returns, and its mail is
// due. What is wrong with the form itself comes back as *record.Invalid; whether
// the address has signed, or the network is throttled, or the domain is refused,
// changes neither the answer nor the work. That a printed code is not one, or was
// used, is said: nobody guesses one, and those who have only paper would never learn
// that they were not counted.
//
// Other errors: [ErrClosed], [ErrEdition], [ErrFull], *[Busy], record.ErrNotFound
// and seal.ErrDestroyed.
func (e *Engine) Accept(ctx context.Context, f Form) (Taken, error) {
	terms, err := e.registry.Terms(ctx, f.Petition)
	if err != nil {
		return Taken{}, err
	}
	now := e.now()
	if !terms.Open(now) {
		return Taken{}, ErrClosed
	}
	if f.Edition == 0 {
		f.Edition = terms.Edition
	}
	if f.Edition > terms.Edition || f.Edition < terms.Reconsent || f.Edition < 1 {
		return Taken{}, ErrEdition
	}
	rules := e.rules.Load()
	address, err := f.clean(rules)
	if err != nil {
		return Taken{}, err
	}
	key, err := e.keys.Petition(f.Petition)
	if err != nil {
		return Taken{}, err
	}

	row := &store.Signature{
		Petition: f.Petition, Edition: f.Edition, Lang: f.Lang, Country: f.Country, Show: f.Show, Updates: f.Updates,
		Hour: now.Unix() / 3600, Done: now.Unix() / 3600,
	}
	r := &request{row: row, code: f.Code, decide: f.Code != "", household: terms.Household}
	if f.Code != "" {
		row.Via = signature.Code
	}
	if f.Code != "" {
		row.Addr = codeAddr(key, f.Code)
	}
	if address.Typed != "" {
		row.Addr = key.Address(address.Canonical)
		row.Who = whoOf(key, address, f.Name, f.Country, f.Town)
		row.Host = key.Host(address.Domain)
		row.Mail = key.Box(useMail, []byte(address.Typed))
	}
	if row.Box, r.short, err = e.box(key, terms, f.Show, f.Name, f.Town); err != nil {
		return Taken{}, err
	}

	// The work from here on is the same whatever comes of it.
	net := e.networks.Hash(f.Net, f.Petition, now)
	row.Net = net[:]
	delay, hard := e.throttle.take(net, rules, now)
	blocked := signature.DomainHit(address.Domain, rules.Blocked)
	// A puzzle is looked at where one was asked for, and good once, whatever comes of
	// the signature.
	if rules.Challenge.Of(f.Petition) != ChallengeOff {
		r.puzzle = e.solved(f.Work, f.Petition, now)
	}
	soon, late := rules.Challenge.wait(f.Petition, delay, true), rules.Challenge.wait(f.Petition, delay, false)
	if rules.Allows(f.Net) {
		soon, late, hard = 0, 0, false
	}
	r.solvedDue, row.Due = now.Add(soon).Unix()/60, now.Add(late).Unix()/60
	switch {
	case blocked:
		row.State, row.Due = signature.Refused, 0
	case hard:
		row.State, row.Due = signature.Throttled, 0
	case f.Code != "":
		row.Due = 0
	case terms.Practice:
		row.Due = neverLeaves
	}
	if row.Due == 0 || row.Due == neverLeaves {
		r.solvedDue = row.Due
	}
	if err := e.ask(ctx, r); err != nil {
		return Taken{}, err
	}
	return Taken{r.row.N, r.after.State}, nil
}

// neverLeaves is the due minute of mails that stay in the house.
const neverLeaves = 1 << 40

// useMail is what addresses are encrypted as.
const useMail = "mail"

// place is a country and a town as they are compared.
func place(country, town string) string { return country + " " + names.Fold(town) }

// whoOf is who signed, beside others of the same address, in keyed hashes: the
// name, the place, and the address as typed.
func whoOf(key *seal.Petition, a signature.Address, name, country, town string) []byte {
	return append(key.Name(a.Canonical, names.Fold(name), place(country, town)), key.Typed(a.Typed)...)
}

// box encrypts what of a name is kept: all of it where some audience may see it,
// the initials where no audience may see more, and where all see the count only
// the name under a key that the house forgets, or nothing.
func (e *Engine) box(key *seal.Petition, terms *Terms, show signature.Disclosure, name, town string) ([]byte, *seal.Short, error) {
	p := seal.Person{Name: name, Town: town}
	switch show.Most() {
	case signature.Name:
	case signature.Initials:
		p = seal.Person{Name: signature.InitialsOf(name)}
	default:
		if len(terms.Recipients) == 0 {
			return nil, nil, nil
		}
		return e.shorts.Seal(terms.Number, terms.Recipients, seal.UseName, p.Encode())
	}
	return key.Box(seal.UseName, p.Encode()), nil, nil
}

// clean checks a form and tidies it.
func (f *Form) clean(rules *Rules) (signature.Address, error) {
	var bad record.Invalid
	var err error
	if f.Name, err = signature.CleanName(f.Name); err != nil {
		bad.Fields = append(bad.Fields, problem("name", err))
	}
	if f.Town, err = signature.CleanTown(f.Town); err != nil {
		bad.Fields = append(bad.Fields, problem("city", err))
	}
	var address signature.Address
	if f.Email = strings.TrimSpace(f.Email); f.Email != "" || f.Code == "" {
		if address, err = signature.ParseAddress(f.Email, rules.Domains); err != nil {
			bad.Fields = append(bad.Fields, problem("email", err))
		}
	}
	f.Country = strings.ToUpper(strings.TrimSpace(f.Country))
	if !validCountry(f.Country) {
		p := problem("country", errCountry)
		if f.Country == "" {
			p = problem("country", signature.ErrNameEmpty)
		}
		bad.Fields = append(bad.Fields, p)
	}
	if !validLang(f.Lang) {
		bad.Fields = append(bad.Fields, record.FieldError{Field: "lang", Key: "invalid.choice"})
	}
	if f.Updates && f.Email == "" {
		bad.Fields = append(bad.Fields, record.FieldError{Field: "updates", Key: "invalid.choice"})
	}
	if len(bad.Fields) > 0 {
		return signature.Address{}, &bad
	}
	return address, nil
}

var (
	errCountry = errors.New("not a country")
	errCode    = errors.New("no code of the petition that is still unused")
)

// problem says what is wrong with a field in a key of the catalogue.
func problem(field string, err error) record.FieldError {
	keys := []struct {
		is  error
		key string
	}{
		{signature.ErrNameEmpty, "invalid.required"},
		{signature.ErrNameLong, "invalid.name_long"},
		{signature.ErrNameURL, "invalid.name_url"},
		{signature.ErrNameStart, "invalid.name_start"},
		{signature.ErrNameHidden, "invalid.name_hidden"},
		{signature.ErrNameLetter, "invalid.name_letter"},
		{signature.ErrAddress, "invalid.email"},
		{errCountry, "invalid.choice"},
		{errCode, "invalid.code_used"},
	}
	for _, k := range keys {
		if errors.Is(err, k.is) {
			return record.FieldError{Field: field, Key: k.key}
		}
	}
	return record.FieldError{Field: field, Key: "invalid.choice"}
}

func validLang(tag string) bool {
	if tag == "" || len(tag) > 20 {
		return false
	}
	for _, c := range tag {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// Sheet is a line typed from paper.
type Sheet struct {
	Petition int
	Edition  int
	Lang     string
	Batch    int
	// Number and Line are where it stands: the number of its sheet in the batch and of
	// the line on it. With 0 it is not known, and nothing keeps the line from being
	// taken again.
	Number, Line int
	Name         string // may be empty where it cannot be read
	Email        string // may be empty
	Country      string // may be empty
	Town         string
	Show         signature.Disclosure
	Updates      bool
}

// Enter takes lines typed from paper, which count at once where their address has
// not signed yet. They are one transaction a line; what is wrong with a line
// comes back in its place, and [ErrLine] for one that was taken before. That is
// known by where it stands and by nothing that stands in it: a keyed hash of a name
// would tell whoever has the key whether a name is on the sheet.
func (e *Engine) Enter(ctx context.Context, lines []Sheet) ([]Taken, []error) {
	taken, errs := make([]Taken, len(lines)), make([]error, len(lines))
	slots := make(chan struct{}, 32)
	for i := range lines {
		slots <- struct{}{}
		go func() {
			defer func() { <-slots }()
			taken[i], errs[i] = e.enter(ctx, lines[i])
		}()
	}
	for range cap(slots) {
		slots <- struct{}{}
	}
	return taken, errs
}

func (e *Engine) enter(ctx context.Context, l Sheet) (Taken, error) {
	terms, err := e.registry.Terms(ctx, l.Petition)
	if err != nil {
		return Taken{}, err
	}
	key, err := e.keys.Petition(l.Petition)
	if err != nil {
		return Taken{}, err
	}
	var bad record.Invalid
	if l.Name != "" {
		if l.Name, err = signature.CleanName(l.Name); err != nil {
			bad.Fields = append(bad.Fields, problem("name", err))
		}
	}
	if l.Town, err = signature.CleanTown(l.Town); err != nil {
		bad.Fields = append(bad.Fields, problem("city", err))
	}
	l.Country = strings.ToUpper(strings.TrimSpace(l.Country))
	if l.Country != "" && !validCountry(l.Country) {
		bad.Fields = append(bad.Fields, problem("country", errCountry))
	}
	var address signature.Address
	if l.Email = strings.TrimSpace(l.Email); l.Email != "" {
		if address, err = signature.ParseAddress(l.Email, e.rules.Load().Domains); err != nil {
			bad.Fields = append(bad.Fields, problem("email", err))
		}
	}
	if l.Edition < 1 || l.Edition > terms.Edition {
		bad.Fields = append(bad.Fields, record.FieldError{Field: "edition", Key: "invalid.number"})
	}
	if l.Batch < 1 {
		bad.Fields = append(bad.Fields, record.FieldError{Field: "batch", Key: "invalid.number"})
	}
	if l.Number < 0 || l.Line < 0 || (l.Number == 0) != (l.Line == 0) {
		bad.Fields = append(bad.Fields, record.FieldError{Field: "sheet", Key: "invalid.number"})
	}
	if len(bad.Fields) > 0 {
		return Taken{}, &bad
	}
	hour := e.hour()
	row := &store.Signature{
		Petition: l.Petition, Edition: l.Edition, Lang: l.Lang, Via: signature.Paper, Batch: l.Batch, Country: l.Country,
		Show: l.Show, Updates: l.Updates && address.Typed != "", Hour: hour, Done: hour,
	}
	if address.Typed != "" {
		row.Addr = key.Address(address.Canonical)
		row.Who = whoOf(key, address, l.Name, l.Country, l.Town)
		row.Host = key.Host(address.Domain)
		row.Mail = key.Box(useMail, []byte(address.Typed))
	}
	r := &request{row: row, decide: true, household: terms.Household}
	if l.Number > 0 {
		r.line = store.PaperLine{Batch: l.Batch, Sheet: l.Number, Line: l.Line}
	}
	if l.Name != "" {
		if row.Box, r.short, err = e.box(key, terms, l.Show, l.Name, l.Town); err != nil {
			return Taken{}, err
		}
	}
	for try := range 20 {
		err = e.ask(ctx, r)
		busy, ok := errors.AsType[*Busy](err)
		if !ok || busy.Cause != nil || try == 19 {
			break
		}
		// The queue is full of people who sign; paper can wait for a moment.
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return Taken{}, ctx.Err()
		}
	}
	if err != nil {
		return Taken{}, err
	}
	return Taken{r.row.N, r.after.State}, nil
}
