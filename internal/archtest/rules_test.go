package archtest

// A room is one package of the module with its subpackages.
type room struct {
	path string   // below the module
	uses []string // other rooms that it may import; its own subpackages always
	// opens lists rooms that it may import too, but in the one file opensIn:
	// the place where the parts of the program are put together.
	opens   []string
	opensIn string
	pure    bool     // takes values, returns values: see impure
	modules []string // in a pure room, the prefixes of other modules' packages it may import
}

// house is every room there is or is meant to be. A package that is in no room
// fails the test; a room that is not built yet costs nothing.
var house = []room{
	{path: "cmd/gawah", uses: []string{"internal/cli"}},

	// The edges. They reach stored data through casework alone, so that
	// permission, validation and the journal cannot be gone round.
	{
		path:    "internal/cli",
		uses:    []string{"internal/web", "internal/casework", "internal/casework/petitions", "internal/casework/followup", "internal/exchange", "internal/record", "internal/access", "internal/figure", "internal/lang", "examples", "proof"},
		opens:   []string{"internal/store", "internal/blob", "internal/ledger", "internal/job", "internal/mail", "internal/capture", "internal/signing", "internal/seal", "internal/departed", "internal/fetch"},
		opensIn: "open.go",
	},
	{path: "internal/web", uses: []string{
		"internal/casework", "internal/casework/petitions", "internal/casework/followup", "internal/signing", "internal/mail", "internal/exchange/docx", "internal/draw", "internal/lang",
		"internal/record", "internal/access", "internal/figure", "internal/petition", "internal/signature", "internal/follow", "internal/calendar", "internal/trend", "internal/attention", "names",
	}},

	// The use cases of petitions stand on those of the house, which do not know them.
	{path: "internal/casework/petitions", uses: []string{
		"internal/casework", "internal/signing", "internal/seal", "internal/mail", "internal/store", "internal/blob", "internal/departed", "internal/ledger",
		"internal/exchange", "internal/exchange/docx", "internal/record", "internal/access", "internal/figure", "internal/petition", "internal/signature",
		"internal/lang", "names",
	}},

	// Following up is another, which also fetches feeds.
	{path: "internal/casework/followup", uses: []string{
		"internal/casework", "internal/seal", "internal/mail", "internal/store", "internal/blob", "internal/ledger", "internal/job", "internal/departed", "internal/fetch",
		"internal/exchange", "internal/record", "internal/access", "internal/figure", "internal/petition", "internal/signature", "internal/follow",
		"internal/calendar", "internal/trend", "internal/attention", "internal/lang", "names",
	}},

	{path: "internal/casework", uses: []string{
		"internal/store", "internal/blob", "internal/departed", "internal/ledger", "internal/job", "internal/mail", "internal/exchange", "internal/capture", "internal/seal",
		"internal/record", "internal/access", "internal/figure", "internal/petition", "internal/signature", "internal/follow", "internal/calendar", "internal/trend", "internal/extract", "internal/lang",
		"names", "link", "estimate", "proof",
	}},

	// What touches the world. None of them decides who may see what.
	{path: "internal/store", uses: []string{"internal/record", "internal/access", "internal/signature", "names", "proof"}},
	{path: "internal/fetch"},
	{path: "internal/blob", uses: []string{"internal/record"}},
	{path: "internal/departed"},
	{path: "internal/ledger", pure: true, uses: []string{"internal/record", "proof"}, modules: []string{"golang.org/x/mod/sumdb", "github.com/go-json-experiment/json"}},
	{path: "internal/job", uses: []string{"internal/record", "internal/store"}},
	{path: "internal/mail", uses: []string{"internal/record", "internal/lang", "internal/store"}},
	// The only writer of signatures, which are in no version and no entry.
	{path: "internal/signing", uses: []string{
		"internal/record", "internal/access", "internal/store", "internal/signature", "internal/seal", "internal/departed", "internal/ledger", "internal/lang", "names",
	}},
	{path: "internal/seal", uses: []string{"internal/record"}},
	{path: "internal/exchange/docx", uses: []string{"internal/record", "internal/petition"}},
	{path: "internal/exchange", uses: []string{"internal/record", "internal/figure", "names"}},
	{path: "internal/capture", uses: []string{"internal/record"}},

	// The domain and what is worked out from it.
	{path: "internal/record", pure: true},
	{path: "internal/access", pure: true, uses: []string{"internal/record"}},
	{path: "internal/figure", pure: true, uses: []string{"internal/record"}},
	{path: "internal/petition", pure: true, uses: []string{"internal/record", "internal/access", "internal/figure", "internal/ledger", "names"}, modules: []string{"golang.org/x/text"}},
	{path: "internal/signature", pure: true, uses: []string{"internal/record", "names"}, modules: []string{"golang.org/x/text", "golang.org/x/net/idna"}},
	{path: "internal/calendar", pure: true, uses: []string{"internal/record"}, modules: []string{"github.com/hablullah/go-hijri"}},
	{path: "internal/follow", pure: true, uses: []string{"internal/record", "internal/calendar"}},
	{path: "internal/attention", pure: true, uses: []string{"internal/record"}},
	{path: "internal/trend", pure: true, uses: []string{"internal/record", "internal/figure"}, modules: []string{"gonum.org/v1/gonum"}},
	{path: "internal/extract", pure: true, uses: []string{"internal/record", "names"}, modules: []string{"golang.org/x/text"}},
	{path: "internal/draw", pure: true, uses: []string{"internal/record", "internal/figure", "internal/trend", "internal/lang"}, modules: []string{"golang.org/x/text"}},
	{path: "internal/lang", pure: true, uses: []string{"internal/record"}, modules: []string{"golang.org/x/text"}},

	// The public libraries, which must be useful alone.
	{path: "names", pure: true, modules: []string{"golang.org/x/text"}},
	{path: "link", pure: true, uses: []string{"names"}, modules: []string{"golang.org/x/text", "gonum.org/v1/gonum"}},
	{path: "estimate", pure: true, modules: []string{"gonum.org/v1/gonum"}},
	{path: "proof", pure: true, modules: []string{"golang.org/x/mod/sumdb"}},

	{path: "examples"},

	{path: "internal/archtest"},
	{path: "internal/testneed"},
	{path: "internal/testdns"},
	{path: "internal/testdb", uses: []string{"internal/testneed"}},
	{path: "internal/testbrowser", uses: []string{"internal/testneed"}},
}

// onlyIn lists packages, with all below them, that only some rooms may import.
var onlyIn = []struct {
	path  string
	rooms []string
}{
	{"database/sql", []string{"internal/store", "internal/testdb"}},
	{"modernc.org/sqlite", []string{"internal/store", "internal/testdb"}},
	{"github.com/jackc", []string{"internal/store", "internal/testdb"}},
	{"github.com/chromedp", []string{"internal/testbrowser"}},
}

// impure lists the packages that a pure room may not import. What it needs of
// the world is given to it as a value.
var impure = []string{
	"database/sql", "net", "net/http", "os", "os/exec", "os/signal", "os/user",
	"log", "log/slog", "flag", "syscall", "testing", "plugin", "expvar", "runtime/debug",
}

// impureCalls lists, by package, the functions that a pure room may not use:
// the clock, and the random numbers of the whole process. A seeded
// math/rand/v2 generator that the caller passes in is fine.
var impureCalls = map[string][]string{
	"time": {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"},
	"math/rand": {
		"ExpFloat64", "Float32", "Float64", "Int", "Int31", "Int31n", "Int63", "Int63n", "Intn",
		"NormFloat64", "Perm", "Read", "Seed", "Shuffle", "Uint32", "Uint64",
	},
	"math/rand/v2": {
		"ExpFloat64", "Float32", "Float64", "Int", "Int32", "Int32N", "Int64", "Int64N", "IntN", "N",
		"NormFloat64", "Perm", "Shuffle", "Uint", "Uint32", "Uint32N", "Uint64", "Uint64N", "UintN",
	},
}

// vagueNames are package names that say nothing about what is inside.
var vagueNames = []string{"utils", "util", "helpers", "helper", "common", "manager", "misc", "shared", "base"}
