package figure

import (
	"slices"

	"github.com/gawah-project/gawah/internal/record"
)

// origins finds out who first said what a claim says. Outlets that print one
// officer's count are one origin, however many they are.
type origins struct {
	items []item
	// claims finds an item by claim identifier, sources the first counted item of
	// a source; both are built for a long set only, when a derived claim asks.
	claims  map[record.ClaimID]int
	sources map[record.SourceID]int
}

// node is one step on the way back to an origin: an item of the set, or a source
// speaking in its own voice.
type node struct {
	item   int // -1 for a source
	source record.SourceID
}

// of returns the key of the origin of item i and the time its claim holds for,
// both found by following what it is derived from. The time of a claim that
// states none and repeats another is that other's; otherwise it is the day of
// publication.
func (o *origins) of(i int) (key string, asOf int64) {
	it := &o.items[i]
	asOf = it.stated
	next, key := o.step(node{item: i})
	switch {
	case asOf != undated:
	case key != "":
		asOf = it.published
	default:
		asOf = o.borrowedAsOf(i)
	}
	if key == "" {
		key = o.walk(node{item: i}, next)
	}
	return key, asOf
}

// walk follows the way from its first step to the end. Records that derive from
// each other in a circle are one origin, named after the least of them.
func (o *origins) walk(from, next node) (key string) {
	path := []node{from}
	// Every claim on the way has the same origin, so each way is walked once.
	defer func() {
		for _, n := range path {
			if n.item >= 0 {
				o.items[n.item].origin = key
			}
		}
	}()
	for {
		if next.item >= 0 && o.items[next.item].origin != "" {
			return o.items[next.item].origin
		}
		if i := slices.Index(path, next); i >= 0 {
			return o.circle(path[i:])
		}
		path = append(path, next)
		if next, key = o.step(next); key != "" {
			return key
		}
	}
}

func (o *origins) circle(path []node) string {
	least := ""
	for _, n := range path {
		key := "source:" + string(n.source)
		if n.item >= 0 {
			key = "claim:" + string(o.items[n.item].said.Claim.ID)
		}
		if least == "" || key < least {
			least = key
		}
	}
	return least
}

// step returns the key of the origin when n is one, and else the node before it.
func (o *origins) step(n node) (before node, key string) {
	if n.item < 0 {
		i, ok := o.source(n.source)
		if !ok {
			return node{}, "source:" + string(n.source)
		}
		return ownVoice(o.items[i].said)
	}
	said := o.items[n.item].said
	c := said.Claim
	var outside record.Ref // the first derivation that leads out of the set
	for _, d := range c.DerivedFrom {
		if d.Kind == record.KindClaim {
			if i, ok := o.claim(record.ClaimID(d.ID)); ok && i != n.item {
				return node{item: i}, ""
			}
		}
		if outside.IsZero() && d.ID != string(c.ID) {
			outside = d
		}
	}
	if key := quoted(c.AttributedTo); key != "" {
		return node{}, key
	}
	switch outside.Kind {
	case record.KindSource:
		if record.SourceID(outside.ID) != c.Source {
			return node{item: -1, source: record.SourceID(outside.ID)}, ""
		}
	case record.KindClaim:
		return node{}, "claim:" + outside.ID
	}
	return ownVoice(said)
}

// ownVoice is the origin of what a source says without quoting anybody.
func ownVoice(s *Said) (before node, key string) {
	for _, from := range s.From {
		if from != s.Claim.Source {
			return node{item: -1, source: from}, ""
		}
	}
	switch {
	case record.ValidID(s.Outlet):
		return node{}, "party:" + s.Outlet
	case s.Outlet != "":
		if name := fold(s.Outlet); name != "" {
			return node{}, "name:" + name
		}
	}
	return node{}, "source:" + string(s.Claim.Source)
}

// quoted is the key of the one whom a claim quotes, and "" for nobody. A name
// shares its key with an outlet of that name: an agency quoted by others and the
// agency's own report are one origin.
func quoted(a record.Attribution) string {
	switch {
	case a.Party != "":
		return "party:" + string(a.Party)
	case a.Person != "":
		return "person:" + string(a.Person)
	case a.Unattributed || a.Text == "":
		return ""
	}
	if name := fold(a.Text); name != "" {
		return "name:" + name
	}
	return ""
}

// borrowedAsOf is the time of an undated claim that repeats others: that of the
// first of them with a stated one, else the publication of the last of them, the
// one that started it. In a circle it is the publication of the first claim met
// twice. A repeat adds nothing, its own date of publication included.
func (o *origins) borrowedAsOf(i int) int64 {
	path := []int{i}
	for {
		last := path[len(path)-1]
		before, key := o.step(node{item: last})
		if key != "" || before.item < 0 {
			return o.items[last].published
		}
		if at := o.items[before.item].stated; at != undated {
			return at
		}
		if slices.Contains(path, before.item) {
			return o.items[before.item].published
		}
		path = append(path, before.item)
	}
}

func (o *origins) claim(id record.ClaimID) (int, bool) {
	if len(o.items) <= longIndex {
		i := slices.IndexFunc(o.items, func(it item) bool { return it.said.Claim.ID == id })
		return i, i >= 0
	}
	if o.claims == nil {
		o.claims = make(map[record.ClaimID]int, len(o.items))
		for i := range o.items {
			if _, ok := o.claims[o.items[i].said.Claim.ID]; !ok {
				o.claims[o.items[i].said.Claim.ID] = i
			}
		}
	}
	i, ok := o.claims[id]
	return i, ok
}

// source finds what is known of a source from the counted claims made by it:
// were a withdrawn claim to lend its source's publisher, withdrawing it would
// not restore the figure.
func (o *origins) source(id record.SourceID) (int, bool) {
	if len(o.items) <= longIndex {
		i := slices.IndexFunc(o.items, func(it item) bool {
			return it.said.Claim.Source == id && it.said.Claim.Review.State.Counts()
		})
		return i, i >= 0
	}
	if o.sources == nil {
		o.sources = make(map[record.SourceID]int, len(o.items))
		for i := range o.items {
			c := o.items[i].said.Claim
			if _, ok := o.sources[c.Source]; !ok && c.Review.State.Counts() {
				o.sources[c.Source] = i
			}
		}
	}
	i, ok := o.sources[id]
	return i, ok
}
