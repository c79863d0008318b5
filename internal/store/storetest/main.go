// Package storetest gives the tests of the rooms above the store databases with
// the store's schema. Only tests import it.
package storetest

import (
	"context"
	"testing"

	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// Main runs the tests of a package, whose databases from testdb then have the
// schema and no records, and returns the code to exit with.
func Main(m *testing.M) int {
	return testdb.Main(m, func(ctx context.Context, target string) error {
		s, err := store.Open(ctx, target)
		if err != nil {
			return err
		}
		return s.Close()
	})
}
