package cli

import (
	"fmt"
	"testing"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// TestInWords prints what a form would show beside a field, since "rows: terms" helps nobody.
func TestInWords(t *testing.T) {
	wrong := &record.Invalid{Fields: []record.FieldError{{Field: "title", Key: "invalid.required"}, {Field: "terms", Key: "invalid.terms"}}}
	want := "series.csv: title: This is needed.\nterms: The terms do not allow this."
	if got := inWords(fmt.Errorf("series.csv: %w", wrong)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestDoneToByAnother gives no number of rows where a server has erased them first: "erased, 0 rows" was untrue.
func TestDoneToByAnother(t *testing.T) {
	if got := doneTo("testfall", casework.EraseDataset, 0); got != "testfall: erased" {
		t.Errorf("got %q", got)
	}
	if got := doneTo("testfall", casework.WithdrawDataset, 4); got != "testfall: withdrawn, 4 rows" {
		t.Errorf("got %q", got)
	}
}
