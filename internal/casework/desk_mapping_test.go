package casework_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

func TestMappingThereAndBack(t *testing.T) {
	head := casework.MappingHead{
		Dataset: "test", Title: "A table", Terms: record.TermsCredit, Credit: "Example", Type: record.TypeAttack, DateFormat: "d/m/y",
		CountryCode: "PK", Missing: "-99\nunknown",
	}
	columns := []casework.ColumnUse{
		{Column: "id", Use: casework.UseKey},
		{Column: "what", Use: casework.UseTitle},
		{Column: "day", Use: casework.UseDate},
		{Column: "town", Use: casework.UseTown},
		{Column: "low", Use: casework.UseLow, What: "killed"},
		{Column: "best", Use: casework.UseBest, What: "killed"},
		{Column: "high", Use: casework.UseHigh, What: "killed"},
		{Column: "hurt", Use: casework.UseNumber, What: "injured"},
		{Column: "by", Use: casework.UseAttribute, What: "responsibility"},
		{Column: "notes", Use: casework.UseStatement, What: "notes"},
		{Column: "rest"},
	}
	text, problems, err := casework.MakeMapping(head, columns)
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	var header []string
	for _, c := range columns {
		header = append(header, c.Column)
	}
	gotHead, got, err := casework.ReadMapping(text, header)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(head, gotHead); diff != "" {
		t.Errorf("head (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(columns, got); diff != "" {
		t.Errorf("columns (-want +got)\n%s", diff)
	}
}

func TestMappingProblems(t *testing.T) {
	for name, test := range map[string]struct {
		columns []casework.ColumnUse
		want    string
	}{
		"two keys":          {[]casework.ColumnUse{{Column: "a", Use: casework.UseKey}, {Column: "b", Use: casework.UseKey}}, "b: key"},
		"a low alone":       {[]casework.ColumnUse{{Column: "a", Use: casework.UseKey}, {Column: "b", Use: casework.UseLow, What: "killed"}}, "measures[0]"},
		"no such measure":   {[]casework.ColumnUse{{Column: "a", Use: casework.UseKey}, {Column: "b", Use: casework.UseNumber, What: "luck"}}, "luck"},
		"no such use":       {[]casework.ColumnUse{{Column: "a", Use: casework.UseKey}, {Column: "b", Use: "x"}}, "b: there is no use"},
		"columns of a name": {[]casework.ColumnUse{{Column: "a", Use: casework.UseKey}, {Column: "a", Use: casework.UseTitle}}, "two columns"},
		"no key":            {[]casework.ColumnUse{{Column: "a", Use: casework.UseTitle}}, "key"},
	} {
		_, problems, err := casework.MakeMapping(casework.MappingHead{Dataset: "test", Terms: record.TermsFree}, test.columns)
		if err != nil || !strings.Contains(strings.Join(problems, "\n"), test.want) {
			t.Errorf("%s: %v %v, want %q", name, problems, err, test.want)
		}
	}
}
