package figure_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

// reader hands out a fuzzer's bytes, zeros when they are used up.
type reader []byte

func (r *reader) next() int {
	if len(*r) == 0 {
		return 0
	}
	b := (*r)[0]
	*r = (*r)[1:]
	return int(b)
}

func (r *reader) number() *int64 {
	switch k := r.next(); {
	case k < 60:
		return nil
	case k < 200:
		n := int64(k - 60)
		return &n
	}
	var b [8]byte
	*r = (*r)[copy(b[:], *r):]
	n := int64(binary.LittleEndian.Uint64(b[:]))
	return &n
}

func choose[T any](r *reader, of []T) T { return of[r.next()%len(of)] }

func (r *reader) said() figure.Said {
	c := &record.Claim{
		ID: claimNumber(r.next() % 12), Source: record.SourceID(choose(r, sources)), Kind: record.KindMeasure,
		Measure: choose(r, someMeasures), Form: choose(r, someForms), Scope: choose(r, scopes), Role: choose(r, someRoles),
		Operator: choose(r, append(record.Operators(), "", "unheard of")), Low: r.number(), High: r.number(), Best: r.number(),
		Review: record.Review{State: choose(r, someStates)}, Reliability: choose(r, []string{"", "01", "05"}),
		AttributedTo: record.Attribution{Text: choose(r, texts), Unattributed: r.next()%5 == 0},
	}
	if n := r.next() % 20; len(*r) >= n {
		c.Words = string((*r)[:n])
		*r = (*r)[n:]
	}
	for range r.next() % 3 {
		c.DerivedFrom = append(c.DerivedFrom, choose(r, []record.Ref{
			{Kind: record.KindClaim, ID: string(claimNumber(r.next() % 12))}, {Kind: record.KindSource, ID: choose(r, sources)}, {},
		}))
		c.Supersedes = append(c.Supersedes, claimNumber(r.next()%12))
	}
	if d := choose(r, dates); d != "" {
		c.AsOf = record.On(d)
	}
	return figure.Said{Claim: c, Outlet: choose(r, outlets), From: []record.SourceID{record.SourceID(choose(r, sources))}}
}

// FuzzCompute feeds the rules what no validation would let through: identifiers
// used twice, numbers that overflow, circles of derivation.
func FuzzCompute(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x05\x01\x02\x03 dozens of people \xff\xff\xff\xff\xff\xff\xff\x7f"))
	for i := range 16 {
		seed := make([]byte, 400)
		for j := range seed {
			seed[j] = byte((j*j*31 + i*97 + j*i) >> 2)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := reader(data)
		var said []figure.Said
		for len(r) > 0 && len(said) < 40 {
			said = append(said, r.said())
		}
		var parts []figure.Figure
		var events []figure.EventFigure
		for i, rule := range figure.Rules() {
			fig := compute(rule, said)
			if fig.Known() && (*fig.Low > *fig.High || *fig.Low < 0) || fig.Best != nil && (*fig.Best < *fig.Low || *fig.Best > *fig.High) {
				t.Fatalf("%s: %s", rule, text(&fig))
			}
			if len(fig.Claims) != len(said) {
				t.Fatalf("%s lists %d of %d claims", rule, len(fig.Claims), len(said))
			}
			if _, err := json.Marshal(fig); err != nil {
				t.Fatal(err)
			}
			parts = append(parts, fig)
			events = append(events, figure.EventFigure{
				Event: record.EventID(fmt.Sprint(i)), PartOf: record.EventID(fmt.Sprint(r.next() % 6)), Assessed: true, In: true, Figure: fig,
			})
		}
		if b := figure.Sum(parts); b.Low != nil && (*b.Low > *b.High || b.Best != nil && (*b.Best < *b.Low || *b.Best > *b.High)) {
			t.Fatalf("sum: %s", bounds(b))
		}
		figure.Parts(parts[0], parts[1:])
		figure.Total(record.Killed, "", events)
		figure.Scopes(record.Killed, said)
	})
}
