package web

import (
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
)

// Every route names the right it takes, and that right exists.
func TestEveryRouteNamesARight(t *testing.T) {
	known := []access.Action{
		anyone, signedIn, access.ActEnter, access.ActEdit, access.ActReview, access.ActPublish, access.ActImport, access.ActExport,
		access.ActErase, access.ActModerate, access.ActAccounts, access.ActRelease, access.ActAsk, access.ActSign, access.ActPetition, access.ActSigners,
	}
	seen := map[string]bool{}
	for _, rt := range newServer(Config{}).list {
		if !slices.Contains(known, rt.need) {
			t.Errorf("%s: needs %q, which is no right", rt.pattern, rt.need)
		}
		if seen[rt.pattern] {
			t.Errorf("%s: listed twice", rt.pattern)
		}
		seen[rt.pattern] = true
		method, path, _ := strings.Cut(rt.pattern, " ")
		if method != "GET" && method != "POST" {
			t.Errorf("%s: a route takes GET or POST", rt.pattern)
		}
		if rt.front && (method != "GET" || rt.need != anyone || rt.keep) {
			t.Errorf("%s: only what anybody may read is answered before the layers, and is kept once", rt.pattern)
		}
		if rt.keep && (method != "GET" || rt.need != anyone) {
			t.Errorf("%s: only what anybody may read is kept in memory", rt.pattern)
		}
		desk := strings.HasPrefix(path, "/desk")
		if desk && rt.need == anyone && !strings.HasPrefix(path, "/desk/sign") && !strings.HasPrefix(path, "/desk/setup") {
			t.Errorf("%s: the desk is for those who are signed in", rt.pattern)
		}
		if method == "POST" && rt.need == anyone && !desk {
			t.Errorf("%s: a change names a use case", rt.pattern)
		}
	}
}
