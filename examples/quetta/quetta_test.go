package quetta

import (
	"testing"

	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
)

func load(t *testing.T) (*exchange.Casefile, map[record.Ref]record.Record) {
	t.Helper()
	c, problems, err := exchange.ReadCasefile(Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("line %d, %s: %s", p.Line, p.Column, p.Reason)
	}
	for _, r := range c.Missing {
		t.Errorf("refers to %s, which is not in the casefile", r)
	}
	all := map[record.Ref]record.Record{}
	for _, r := range c.Records {
		all[r.Ref()] = r
	}
	return c, all
}

func TestLoadsWhole(t *testing.T) {
	c, _ := load(t)
	got := map[record.Kind]int{}
	for _, r := range c.Records {
		got[r.Ref().Kind]++
	}
	want := map[record.Kind]int{
		record.KindParty: 39, record.KindPerson: 6, record.KindSource: 59, record.KindEvent: 30, record.KindTotal: 3,
		record.KindClaim: 271, record.KindInvolvement: 49, record.KindTie: 11,
	}
	for k, n := range want {
		if got[k] != n {
			t.Errorf("%s: %d records, want %d", k, got[k], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("kinds %v, want %v", got, want)
	}
	if len(c.Files) != 0 {
		t.Error("the example holds copies of sources, and must not")
	}
}
