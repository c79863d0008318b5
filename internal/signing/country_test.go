package signing

import "testing"

func TestCountries(t *testing.T) {
	for _, code := range []string{"PK", "AF", "DE", "GB", "TR", "XK", "TL", "SS", "PS", "TW"} {
		if !validCountry(code) {
			t.Errorf("%s is no country", code)
		}
	}
	for _, code := range []string{"", "pk", "EZ", "UN", "SU", "EU", "UK", "DD", "YU", "ZZ", "AN", "XX", "P", "PAK"} {
		if validCountry(code) {
			t.Errorf("%s is a country", code)
		}
	}
	if n := len(Countries()); n < 240 || n > 249 {
		t.Errorf("%d countries", n)
	}
}
