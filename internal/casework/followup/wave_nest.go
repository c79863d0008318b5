package followup

import (
	"slices"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
	"github.com/gawah-project/gawah/names"
)

// NestRule names how a gathering is found to stand in another's number. It does so where
// it is entered as a part of the other, however deep; and where the other is told of a
// wider place and of days that hold all of its own, as "across the country, from the 11th
// to the 13th" holds a sit-in in one of its towns on the 12th. What is entered goes before what
// places and days say. The number of what holds it speaks for both.
const NestRule = "gawah-contained/1"

// nest marks what a sum must leave out, as it stands in the number of another gathering or
// of its own parts.
func (p *WavePage) nest() {
	held := holders(p.Protests)
	for i := range p.Protests {
		part := &p.Protests[i]
		part.In, part.ByScope, part.Parted, part.Exceeds = "", false, false, false
	}
	for i := range p.Protests {
		part := &p.Protests[i]
		if part.Event.Status == record.Cancelled {
			continue
		}
		for _, h := range above(held, i) {
			whole := &p.Protests[h.at]
			switch {
			case whole.Event.Status == record.Cancelled:
			case whole.Participants == nil:
				whole.Parted = whole.Parted || part.Participants != nil
			case part.In == "":
				part.In, part.ByScope = whole.Event.ID, h.scope
				part.Exceeds = part.Participants != nil && !whole.Participants.HighOpen && part.Participants.Low > whole.Participants.High
			}
		}
	}
}

// holder is a gathering that holds another: by scope, or as the record says.
type holder struct {
	at    int
	scope bool
}

// holders lists for each gathering those that hold it directly. No gathering holds
// itself by way of others: what places and days say is left out where it would contradict
// what is entered.
func holders(all []WaveLine) [][]holder {
	at := make(map[record.EventID]int, len(all))
	for i := range all {
		at[all[i].Event.ID] = i
	}
	held := make([][]holder, len(all))
	add := func(part, whole int, scope bool) {
		back := slices.ContainsFunc(above(held, whole), func(h holder) bool { return h.at == part })
		if part != whole && !back {
			held[part] = append(held[part], holder{whole, scope})
		}
	}
	for i := range all {
		if whole, ok := at[all[i].Event.PartOf]; ok {
			add(i, whole, false)
		}
	}
	tellings := make([]telling, len(all))
	for i := range all {
		tellings[i] = tellingOf(all[i].Event)
	}
	for i := range all {
		for j := range all {
			if tellings[j].covers(&tellings[i]) {
				add(i, j, true)
			}
		}
	}
	return held
}

// above walks from a gathering to everything that holds it, the nearest first. Something
// is reached by scope as soon as one step of the way is.
func above(held [][]holder, of int) []holder {
	var out []holder
	seen := map[int]bool{of: true}
	for ask := []holder{{at: of}}; len(ask) > 0; ask = ask[1:] {
		for _, h := range held[ask[0].at] {
			if !seen[h.at] {
				seen[h.at] = true
				h.scope = h.scope || ask[0].scope
				out, ask = append(out, h), append(ask, h)
			}
		}
	}
	return out
}

// telling is what is told of where and when a gathering was, in a form to compare.
type telling struct {
	counts      bool // people took part in the open, on days that are known
	wide        bool // the place has bounds
	country     string
	place       [4]string // folded, from the widest to the narrowest, "" not told
	first, last edtf.Day
}

func tellingOf(e *record.Event) telling {
	w := e.Where
	t := telling{country: w.Country, place: [4]string{names.Fold(w.Province), names.Fold(w.District), names.Fold(w.Town), names.Fold(w.Site)}}
	t.wide = w.Precision != record.PreciseFuzzy && w.Precision != record.PreciseUnknown && w.Precision != record.PreciseNear
	// A burial is in nobody's number of protesters.
	march := e.Status != record.Cancelled && (e.Type == record.TypeProtest || e.Type == record.TypeSitIn)
	if march && lasted(e.When.Date) > 0 {
		t.counts = true
		t.first, _ = e.When.Date.Earliest()
		t.last, _ = e.When.Date.Latest()
	}
	return t
}

// covers reports whether one gathering is told of a wider place than another, in which
// the other lies, and of days that hold all of the other's. Days that are known to the
// month only hold nothing, and a place of which no country is known covers nothing.
func (t *telling) covers(narrow *telling) bool {
	if !t.counts || !narrow.counts || !t.wide || t.country == "" || t.country != narrow.country || narrow.first < t.first || narrow.last > t.last {
		return false
	}
	more := false
	for i, name := range t.place {
		switch {
		case name == "":
			more = more || narrow.place[i] != ""
		case name != narrow.place[i]:
			return false
		}
	}
	return more
}
