package testneed

import "testing"

func TestRequired(t *testing.T) {
	for _, tt := range []struct {
		env, need string
		want      bool
	}{
		{"", "postgres", false},
		{"postgres", "postgres", true},
		{"postgres,chromium", "chromium", true},
		{"postgres, chromium", "chromium", true},
		{"postgresql", "postgres", false},
	} {
		t.Setenv(RequireEnv, tt.env)
		if got := Required(tt.need); got != tt.want {
			t.Errorf("Required(%q) with %q = %v, want %v", tt.need, tt.env, got, tt.want)
		}
	}
}

// ending records how Missing ends a test, without ending the one that looks.
type ending struct {
	testing.TB
	failed, skipped bool
}

func (e *ending) Helper()               {}
func (e *ending) Fatalf(string, ...any) { e.failed = true; panic(e) }
func (e *ending) Skipf(string, ...any)  { e.skipped = true; panic(e) }

func TestMissing(t *testing.T) {
	for _, tt := range []struct {
		env             string
		failed, skipped bool
	}{
		{"", false, true},
		{"chromium", false, true},
		{"postgres", true, false},
	} {
		t.Setenv(RequireEnv, tt.env)
		e := &ending{TB: t}
		func() {
			defer func() {
				if r := recover(); r != e {
					t.Errorf("with %q: Missing returned or panicked with %v", tt.env, r)
				}
			}()
			Missing(e, "postgres", "set the address")
		}()
		if e.failed != tt.failed || e.skipped != tt.skipped {
			t.Errorf("with %q: failed %v, skipped %v; want %v, %v", tt.env, e.failed, e.skipped, tt.failed, tt.skipped)
		}
	}
}

func TestLong(t *testing.T) {
	for _, asked := range []string{"", "1", "anything"} {
		t.Setenv(LongEnv, asked)
		ran := false
		t.Run("asked "+asked, func(t *testing.T) {
			Long(t, "takes long")
			ran = true
		})
		if ran != (asked != "") || LongAsked() != ran {
			t.Errorf("with %q the test ran: %v", asked, ran)
		}
	}
}
