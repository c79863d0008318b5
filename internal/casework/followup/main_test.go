package followup

import (
	"os"
	"testing"

	"github.com/gawah-project/gawah/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }
