package web

import (
	"os"
	"testing"

	"github.com/gawah-project/gawah/internal/store/storetest"
	"github.com/gawah-project/gawah/internal/testbrowser"
)

func TestMain(m *testing.M) {
	os.Exit(testbrowser.Main(func() int { return storetest.Main(m) }))
}
