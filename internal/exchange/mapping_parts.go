package exchange

import "strconv"

// ownParts are the parts of the claims that every row may have, by what they are
// called in what is told of a mapping.
func ownParts() map[string]string {
	return map[string]string{"date": "date", "place": "place", "type": "type"}
}

// namedPart is the part of a claim that a mapping makes. kind is the list it stands in.
type namedPart struct {
	kind, part string
	set        *string
}

func (m *Mapping) parts() []namedPart {
	var out []namedPart
	for i := range m.Measures {
		c := &m.Measures[i]
		out = append(out, namedPart{"measures", c.part(), &c.Part})
	}
	for i := range m.Attributes {
		c := &m.Attributes[i]
		out = append(out, namedPart{"attributes", partOf(c.Part, c.Column), &c.Part})
	}
	for i := range m.Statements {
		c := &m.Statements[i]
		out = append(out, namedPart{"statements", partOf(c.Part, c.Column), &c.Part})
	}
	return out
}

// DistinctParts gives claims a part of their own where another claim of the row has
// theirs. Those that before made already keep theirs, since a claim is known again by
// it; before is nil for a mapping that is new.
func (m *Mapping) DistinctParts(before *Mapping) {
	known := map[[2]string]bool{}
	if before != nil {
		for _, p := range before.parts() {
			known[[2]string{p.kind, p.part}] = true
		}
	}
	used := map[string]bool{}
	for part := range ownParts() {
		used[part] = true
	}
	var later []namedPart
	for _, p := range m.parts() {
		if k := [2]string{p.kind, p.part}; known[k] && !used[p.part] {
			used[p.part] = true
			delete(known, k)
		} else {
			later = append(later, p)
		}
	}
	for _, p := range later {
		part := p.part
		for n := 2; used[part]; n++ {
			part = p.part + "_" + strconv.Itoa(n)
		}
		if part != p.part {
			*p.set = part
		}
		used[part] = true
	}
}
