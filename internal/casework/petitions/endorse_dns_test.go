package petitions

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
)

// TestLookFaultNamesNobody keeps the domain of an organisation out of the log.
func TestLookFaultNamesNobody(t *testing.T) {
	dns := &net.DNSError{Err: "server misbehaving", Name: "_gawah.testfall.example", Server: "192.0.2.1:53", IsTemporary: true}
	for _, err := range []error{dns, fmt.Errorf("look up _gawah.testfall.example: %w", dns), errors.New("no route to testfall.example")} {
		got := lookFault(err)
		if got == "" || strings.Contains(got, "testfall") {
			t.Errorf("%v is logged as %q", err, got)
		}
		if errors.Is(err, dns) && !strings.Contains(got, "server misbehaving") {
			t.Errorf("%q does not say what went wrong", got)
		}
	}
}
