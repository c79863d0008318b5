// Package testneed decides what a test does when an outside program it needs
// is missing: it skips on a contributor's machine, and fails where the program
// was promised. Tests that take minutes ask it too. Only tests import it.
package testneed

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// RequireEnv names the environment variable that lists, separated by commas,
// what must not be missing: "postgres", "chromium". CI sets it, so a broken
// installation cannot pass as a row of skipped tests.
const RequireEnv = "GAWAH_TEST_REQUIRE"

// Missing ends the test because need is not there: as a failure where
// RequireEnv lists need, otherwise as a skip. hint says how to provide it.
func Missing(t testing.TB, need, hint string) {
	t.Helper()
	if Required(need) {
		t.Fatalf("%s is required by %s and missing: %s", need, RequireEnv, hint)
	}
	t.Skipf("skipped, needs %s: %s", need, hint)
}

// Required reports whether RequireEnv lists need.
func Required(need string) bool {
	return slices.ContainsFunc(strings.Split(os.Getenv(RequireEnv), ","), func(s string) bool {
		return strings.TrimSpace(s) == need
	})
}

// LongEnv names the environment variable that makes the tests run that take minutes.
const LongEnv = "GAWAH_TEST_LONG"

// Long skips the test unless long ones were asked for. why says what takes so long.
func Long(t testing.TB, why string) {
	t.Helper()
	if !LongAsked() {
		t.Skipf("skipped, %s: set %s=1", why, LongEnv)
	}
}

// LongAsked reports whether long tests were asked for.
func LongAsked() bool { return os.Getenv(LongEnv) != "" }
