package figure_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// Collisions that break a rule are rarer than one in rapid's default of 100
// tries; 2,000 of each property take about a second.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue && !testing.Short() {
		if err := flag.Set("rapid.checks", "2000"); err != nil {
			fmt.Fprintln(os.Stderr, "set rapid.checks:", err)
			os.Exit(2)
		}
	}
	os.Exit(m.Run())
}
