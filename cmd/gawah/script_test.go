package main

import (
	"path/filepath"
	"testing"

	"github.com/gawah-project/gawah/internal/capture/text"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	text.ServeIfChild()
	testscript.Main(m, map[string]func(){"gawah": main})
}

// root is the checkout.
func root(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestScript runs the commands as a person would type them.
func TestScript(t *testing.T) {
	checkout := root(t)
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("CHECKOUT", checkout)
			env.Setenv("GAWAH_DATA", filepath.Join(env.WorkDir, "data"))
			return nil
		},
	})
}
