package web

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/record"
)

// deliveryPage is what was handed to each addressee, and what came back.
type deliveryPage struct {
	deskPetitionPage
	Of         *petitions.Page // nil before publication
	Addressees []addresseeState
	// Link is a reply link, shown this once, and For the delivery it belongs to.
	Link, For string
	Audiences []record.Audience
	Channels  []record.Channel
	Pack      *petitions.Pack // just made
	// Corrections are notes to those who got a number that does not stand any more.
	Corrections []correctionView
}

// addresseeState is where a petition stands with one addressee.
type addresseeState struct {
	record.Addressee
	Deliveries []*record.Delivery
	Replies    []*record.Reply
	Demands    []option // asked of it
}

// Under is an address below the petition's in the page's language.
func (p *deskPetitionPage) Under(path string) string { return p.Page.To(p.Base() + path) }

// LangOf names a language in itself.
func (p *deskPetitionPage) LangOf(tag string) string { return langName(tag) }

// FormFor reports whether a refused form of that name is about that addressee.
func (p *deliveryPage) FormFor(name, addressee string) bool {
	return p.Form.Get("form") == name && p.Form.Get("addressee") == addressee
}

// Text is a text in the reader's language.
func (p *deliveryPage) Text(t record.Text) string { return plain(p.L, t) }

// Today is the date of the clock.
func (s *Server) today() string { return s.house.Now().UTC().Format(time.DateOnly) }

func (s *Server) deliveryOf(r *http.Request) (*deliveryPage, error) {
	v := visitOf(r)
	base, err := s.petitionAt(r, "delivery")
	if err != nil {
		return nil, err
	}
	p := &deliveryPage{
		deskPetitionPage: base, Audiences: []record.Audience{record.ForAddressee, record.ForPress, record.ForArchive}, Channels: record.Channels(),
	}
	if base.P.Edition == 0 {
		return p, nil
	}
	if p.Of, err = s.organising.PetitionPage(r.Context(), v.viewer, strconv.Itoa(base.P.Number)); err != nil {
		return nil, err
	}
	e := p.Of.Edition()
	if e == nil {
		return p, nil
	}
	for _, a := range e.Addressees {
		st := addresseeState{Addressee: a}
		for _, d := range p.Of.Deliveries {
			if d.Addressee == a.Key {
				st.Deliveries = append(st.Deliveries, d)
			}
		}
		for _, reply := range p.Of.Replies {
			if reply.Addressee == a.Key {
				st.Replies = append(st.Replies, reply)
			}
		}
		for _, d := range flatDemands(e.Demands) {
			if len(d.Addressee) == 0 || slices.Contains(d.Addressee, a.Key) {
				st.Demands = append(st.Demands, option{d.Key, legend(v.lang, "petition.demand", d.number, plain(v.lang, d.Text))})
			}
		}
		p.Addressees = append(p.Addressees, st)
	}
	p.Form = Form{Values: url.Values{"on": {s.today()}, "dated": {s.today()}}}
	p.Corrections, err = s.corrections(r, p)
	return p, err
}

func (s *Server) showDelivery(w http.ResponseWriter, r *http.Request) error {
	p, err := s.deliveryOf(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_petition_delivery", p)
}

// maxScan bounds an upload to a page of a petition in bytes.
const maxScan = petitions.MaxReceipt

// withFile reads a form with at most one file and hands both on; the file is gone
// afterwards.
func (s *Server) withFile(w http.ResponseWriter, r *http.Request, limit int64, do func(Form, *upload) error) error {
	v := visitOf(r)
	f, u, err := parseUpload(v.lang, r, limit, s.house.TempFile)
	if err != nil {
		return err
	}
	defer u.close()
	return do(f, u)
}

// reader is the upload's content, or nil without one. A nil *os.File in an
// io.Reader would not be nil.
func (u *upload) reader() io.Reader {
	if u == nil {
		return nil
	}
	return u.file
}

// deliver records that the petition was handed over, and shows the reply link.
func (s *Server) deliver(w http.ResponseWriter, r *http.Request) error {
	return s.withFile(w, r, maxScan, func(f Form, u *upload) error {
		v := visitOf(r)
		p, err := s.deliveryOf(r)
		if err != nil {
			return err
		}
		t := typed{&f, v.lang}
		in := record.Delivery{
			Addressee: f.Get("addressee"), To: t.texts("to"), On: t.date("on", noDate), Due: t.date("due", noDate), Channel: record.Channel(f.Get("channel")),
			Receipt: f.Get("receipt"), PackHash: f.Get("pack"), Words: t.texts("words"), Note: t.words("note"),
		}
		refuse := func(status int) error {
			p.Form = f
			return s.renderStatus(w, r, status, "desk_petition_delivery", p)
		}
		if f.Get("again") != "" || f.Get("more") != "" {
			return refuse(http.StatusOK)
		}
		if f.Refused() {
			return refuse(refused)
		}
		out, secret, err := s.organising.Deliver(r.Context(), v.viewer, p.P.ID, in)
		if f.Take(v.lang, err) {
			return refuse(refused)
		}
		if err != nil {
			return err
		}
		if u != nil {
			if err := s.organising.Receipt(r.Context(), v.viewer, out.ID, 0, in.Receipt, u.reader()); err != nil {
				return err
			}
		}
		return s.showLink(w, r, secret, out.Reference)
	})
}

// showLink shows a reply link this once: it is kept only as a hash.
func (s *Server) showLink(w http.ResponseWriter, r *http.Request, secret, reference string) error {
	p, err := s.deliveryOf(r)
	if err != nil {
		return err
	}
	p.Link = s.address(r, "/petitions/"+p.P.Slug+"/reply?code="+url.QueryEscape(secret))
	p.For = reference
	return s.render(w, r, "desk_petition_delivery", p)
}

// changeDelivery notes a receipt, or makes a new reply link.
func (s *Server) changeDelivery(w http.ResponseWriter, r *http.Request) error {
	return s.withFile(w, r, maxScan, func(f Form, u *upload) error {
		v := visitOf(r)
		p, err := s.deliveryOf(r)
		if err != nil {
			return err
		}
		id := record.DeliveryID(f.Get("delivery"))
		var of *record.Delivery
		if p.Of != nil {
			for _, d := range p.Of.Deliveries {
				if d.ID == id {
					of = d
				}
			}
		}
		if of == nil {
			return record.ErrNotFound
		}
		switch f.Get("do") {
		case "link":
			secret, err := s.organising.NewReplyLink(r.Context(), v.viewer, id, f.Get("reason"))
			if err != nil {
				return err
			}
			return s.showLink(w, r, secret, of.Reference)
		case "mail":
			err = s.organising.MailReplyLink(r.Context(), v.viewer, id, f.Get("email"), f.Get("lang"), "")
			if f.Refused() || f.Take(v.lang, err) {
				p.Form = f
				return s.renderStatus(w, r, refused, "desk_petition_delivery", p)
			}
			if err != nil {
				return err
			}
			return s.redirect(w, r, p.Base()+"/delivery?done=saved")
		case "receipt":
			err = s.organising.Receipt(r.Context(), v.viewer, id, 0, f.Get("receipt"), u.reader())
			if f.Refused() || f.Take(v.lang, err) {
				p.Form = f
				return s.renderStatus(w, r, refused, "desk_petition_delivery", p)
			}
			if err != nil {
				return err
			}
			return s.redirect(w, r, p.Base()+"/delivery?done=saved")
		}
		return errBad
	})
}

// recordReply records an answer that came another way than by the link.
func (s *Server) recordReply(w http.ResponseWriter, r *http.Request) error {
	return s.withFile(w, r, maxScan, func(f Form, u *upload) error {
		v := visitOf(r)
		p, err := s.deliveryOf(r)
		if err != nil {
			return err
		}
		t := typed{&f, v.lang}
		in := record.Reply{
			Addressee: f.Get("addressee"), Delivery: record.DeliveryID(f.Get("delivery")), Dated: t.date("dated", noDate), Channel: record.Channel(f.Get("channel")),
			From: f.Get("from"), Words: t.texts("reply_words"), Demands: f.Values["demands"], Verified: f.Get("verified"), Note: t.words("note"),
		}
		refuse := func(status int) error {
			for i := range f.Faults {
				if f.Faults[i].Field == "words" {
					f.Faults[i].Field = "reply_words"
				}
			}
			p.Form = f
			return s.renderStatus(w, r, status, "desk_petition_delivery", p)
		}
		if f.Get("again") != "" || f.Get("more") != "" {
			return refuse(http.StatusOK)
		}
		if in.Words.IsZero() && u == nil {
			f.Add(v.lang, "reply_words", "invalid.required")
		}
		if f.Refused() {
			return refuse(refused)
		}
		if u != nil {
			hash, err := s.organising.KeepReplyFile(r.Context(), v.viewer, u.reader())
			if err != nil {
				return err
			}
			in.Files = []string{hash}
		}
		_, err = s.organising.RecordReply(r.Context(), v.viewer, p.P.ID, in)
		if f.Take(v.lang, err) {
			return refuse(refused)
		}
		if err != nil {
			return err
		}
		return s.redirect(w, r, p.Base()+"/delivery?done=saved")
	})
}

// makePack makes a pack of documents for an audience and sends it.
func (s *Server) makePack(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.deliveryOf(r)
	if err != nil {
		return err
	}
	o := petitions.PackOrder{Audience: record.Audience(f.Get("audience")), Lang: f.Get("lang"), Names: f.Get("names") != ""}
	if o.Audience == record.ForAddressee {
		o.Addressee = f.Get("addressee")
	}
	pack, err := s.organising.BuildPack(r.Context(), v.viewer, p.P.ID, o)
	if f.Take(v.lang, err) {
		p.Form = f
		return s.renderStatus(w, r, refused, "desk_petition_delivery", p)
	}
	if err != nil {
		return err
	}
	p.Form, p.Pack = f, &pack
	p.Form.Values.Set("pack", pack.Hash)
	p.Form.Values.Set("on", s.today())
	return s.render(w, r, "desk_petition_delivery", p)
}

// sendPack sends a pack that was made.
func (s *Server) sendPack(w http.ResponseWriter, r *http.Request) error {
	base, err := s.petitionAt(r, "delivery")
	if err != nil {
		return err
	}
	f, err := s.organising.OpenPack(r.Context(), visitOf(r).viewer, base.P.ID, r.PathValue("hash"))
	if err != nil {
		return err
	}
	defer f.Close()
	name := baseName(r.URL.Query().Get("name"))
	if !strings.HasSuffix(name, ".zip") {
		name = fmt.Sprintf("petition-%d.zip", base.P.Number)
	}
	attach(w, name, "application/zip")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// sendDeliveryFile sends the scan of a receipt, or a file that came with a reply.
func (s *Server) sendDeliveryFile(w http.ResponseWriter, r *http.Request) error {
	base, err := s.petitionAt(r, "delivery")
	if err != nil {
		return err
	}
	hash := r.PathValue("hash")
	f, err := s.organising.OpenFile(r.Context(), visitOf(r).viewer, base.P.ID, hash)
	if err != nil {
		return err
	}
	defer f.Close()
	attach(w, fmt.Sprintf("petition-%d-%.8s", base.P.Number, hash), "")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// deliveryRoutes lists the addresses of delivery and answers.
func (s *Server) deliveryRoutes() []route {
	const at = " /desk/petitions/{id}"
	return []route{
		{pattern: "GET" + at + "/delivery", need: access.ActPetition, do: s.showDelivery},
		{pattern: "POST" + at + "/delivery", need: access.ActPetition, do: s.deliver, body: maxScan + maxKept},
		{pattern: "POST" + at + "/delivery/change", need: access.ActPetition, do: s.changeDelivery, body: maxScan + maxKept},
		{pattern: "POST" + at + "/replies", need: access.ActPetition, do: s.recordReply, body: maxScan + maxKept},
		{pattern: "GET" + at + "/letter", need: access.ActPetition, do: s.showLetter},
		{pattern: "GET" + at + "/files/{hash}", need: access.ActPetition, do: s.sendDeliveryFile},
		{pattern: "POST" + at + "/packs", need: access.ActPetition, do: s.makePack},
		{pattern: "GET" + at + "/packs/{hash}", need: access.ActPetition, do: s.sendPack},
	}
}
