package web

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// TestClaimsThatAFormDoesNotOfferStay saves an event that says with which claims two
// communities were struck, of which the form offers some: those it does not offer
// stay with the community they were with, once each, however often it is saved.
func TestClaimsThatAFormDoesNotOfferStay(t *testing.T) {
	const one, two = "00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"
	c := formContext{lang: lang.English(), claims: []casework.DeskClaim{{Claim: &record.Claim{ID: "open"}}, {Claim: &record.Claim{ID: "dropped"}}}}
	f := &Form{Values: url.Values{
		"struck": {"party:" + one, "party:" + two}, "struck_claims": {"open"}, "warnings": {"event:" + one, "event:" + two}, "warnings_claims": {"open"},
	}}
	struck := []record.Struck{{Party: one, Claims: []record.ClaimID{"shared", "first", "dropped"}}, {Party: two, Claims: []record.ClaimID{"shared"}}}
	warned := []record.Warning{{Attack: one, Claims: []record.ClaimID{"shared", "first", "dropped"}}, {Attack: two, Claims: []record.ClaimID{"shared"}}}
	for range 3 {
		struck, warned = c.struck(typed{f, c.lang}, struck), c.warnings(typed{f, c.lang}, warned)
	}
	first, second := []record.ClaimID{"shared", "first", "open"}, []record.ClaimID{"shared", "open"}
	if diff := cmp.Diff([]record.Struck{{Party: one, Claims: first}, {Party: two, Claims: second}}, struck); diff != "" {
		t.Errorf("struck (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]record.Warning{{Attack: one, Claims: first}, {Attack: two, Claims: second}}, warned); diff != "" {
		t.Errorf("warnings (-want +got)\n%s", diff)
	}
}
