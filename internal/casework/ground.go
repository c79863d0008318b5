package casework

import (
	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// grounded reports whether a named person may be shown as accused: an official
// or court source stands behind it, or accepted public claims of two independent
// origins do. Only claims about the person, or about the event and not merely a
// number of it, are ground.
func (w *Work) grounded(v *record.Involvement) (bool, error) {
	claims, err := store.Get[*record.Claim](w.ctx, &w.tx.Reader, access.House(), v.Claims...)
	if err != nil {
		return false, err
	}
	person := record.Ref{Kind: record.KindPerson, ID: string(v.Person)}
	event := record.Ref{Kind: record.KindEvent, ID: string(v.Event)}
	var ground []store.Item[*record.Claim]
	for _, c := range claims {
		about := c.Rec.Subject == person || c.Rec.Value.Ref == person || c.Rec.Subject == event && c.Rec.Kind != record.KindMeasure
		if about && c.Rec.Review.State.Counts() && c.Level == access.LevelPublic {
			ground = append(ground, c)
		}
	}
	return w.enough(ground, v.Official)
}

// accuses returns the person whom a claim says did wrong, empty when it says so
// of nobody.
func accuses(c *record.Claim) record.PersonID {
	if !saysWhoDidWrong(c) {
		return ""
	}
	for _, ref := range []record.Ref{c.Value.Ref, c.Subject} {
		if ref.Kind == record.KindPerson {
			return record.PersonID(ref.ID)
		}
	}
	return ""
}

// accusesInWords reports whether a claim says who did wrong in words alone, which may
// be anybody's name: nothing but a reader can tell whether it is a living person's.
func accusesInWords(c *record.Claim) bool {
	return saysWhoDidWrong(c) && accuses(c) == "" && c.Value.Ref.ID == "" && c.Value.Text != ""
}

func saysWhoDidWrong(c *record.Claim) bool {
	if c.Kind != record.KindAttribute {
		return false
	}
	switch c.Attribute {
	case record.AttrPerpetrator, record.AttrResponsibility, record.AttrCustody, record.AttrLegalStatus:
		return true
	}
	return false
}

// groundedClaim reports whether a claim that accuses somebody may be public: it
// accuses nobody, or somebody dead, or it has the ground an involvement would
// need. Accepted claims that say the same are ground before they are public,
// since they are published together.
func (w *Work) groundedClaim(c *record.Claim) (bool, error) {
	id := accuses(c)
	if id == "" {
		return true, nil
	}
	person, err := store.One[*record.Person](w.ctx, &w.tx.Reader, access.House(), id)
	if err != nil {
		return false, err
	}
	if person.Rec.Vital == record.Dead {
		return true, nil
	}
	pointing, err := w.tx.ClaimsPointingAt(w.ctx, access.House(), string(id), 1000)
	if err != nil {
		return false, err
	}
	about, err := w.tx.ClaimsAbout(w.ctx, access.House(), string(id))
	if err != nil {
		return false, err
	}
	ground := []store.Item[*record.Claim]{{Rec: c}}
	for _, o := range append(pointing, about...) {
		if o.Rec.ID != c.ID && o.Rec.Attribute == c.Attribute && o.Rec.Subject == c.Subject && o.Rec.Review.State.Counts() {
			ground = append(ground, o)
		}
	}
	return w.enough(ground, true)
}

// enough reports whether claims come from two independent origins, or, where
// official says that one of them is official, from one office, institution,
// police or court.
func (w *Work) enough(claims []store.Item[*record.Claim], official bool) (bool, error) {
	if len(claims) == 0 {
		return false, nil
	}
	all, err := said(w.ctx, &w.tx.Reader, claims)
	if err != nil || figure.Independent(all) >= 2 {
		return err == nil, err
	}
	if !official {
		return false, nil
	}
	var speakers []record.PartyID
	for i := range all {
		if id := all[i].Claim.AttributedTo.Party; id != "" {
			speakers = append(speakers, id)
		}
		if record.ValidID(all[i].Outlet) {
			speakers = append(speakers, record.PartyID(all[i].Outlet))
		}
	}
	parties, err := store.Get[*record.Party](w.ctx, &w.tx.Reader, access.House(), speakers...)
	if err != nil {
		return false, err
	}
	for _, p := range parties {
		switch p.Rec.Kind {
		case record.Office, record.Institution, record.Police, record.Court:
			return true, nil
		}
	}
	return false, nil
}
