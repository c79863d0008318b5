package cli

import (
	"bufio"
	"flag"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"strings"
)

// Config is everything that can be set from outside. A flag wins over the
// environment (GAWAH_DATA for --data), the environment over the configuration
// file. For a secret, GAWAH_DB_FILE may name a file that holds the value.
type Config struct {
	// Data is the directory of the database, the originals and the list of
	// erasures. It is made if it does not exist.
	Data string
	// DB is the address of a PostgreSQL database; empty for the SQLite file in
	// Data. Originals stay in Data: several processes share that directory too.
	DB string

	// Addr is where serve listens. Anything but a loopback address is reachable
	// from outside.
	Addr string
	// URL is the public address, needed behind a proxy: links in feeds and the
	// cookie's security depend on it.
	URL string
	// TrustProxy believes the X-Forwarded-For header, and must be set only behind
	// a proxy that overwrites it.
	TrustProxy bool
	// TrustNet lists networks whose requests are not throttled.
	TrustNet string
	// Example names the bundled casefile to load into an empty house.
	Example string

	// SMTP is the address of the server that takes our mail; without one nothing
	// leaves, and the desk's outbox shows what would. MailFrom is the sender's
	// address, MailName the name before it, Bounces where failures are reported to,
	// BounceDir a directory in which a mail server puts such reports.
	SMTP, MailFrom, MailName, Bounces, BounceDir string

	// Recipient lists age recipients to which backups are encrypted, beside those
	// set at the desk.
	Recipient string

	// For one command each.
	Mapping, Output, Measure, Rule, Role, Name, Reason, State, Rows, Sheet, Identity string
	Event, Collection, Query, Language                                               string
	DryRun, JSON, Replace, Internal, Refigure                                        bool
	// rowsSaid is whether Rows was asked for and is not just what goes without saying.
	rowsSaid bool
}

// setting is one line of the table of settings.
type setting struct {
	name     string
	commands string // space-separated, "*" for all
	// usage holds the placeholder of the value in back quotes, a word of its own: help prints
	// it after the flag and again here, without the quotes.
	usage  string
	secret bool
	text   func(*Config) *string
	flag   func(*Config) *bool
	preset string
}

func settings() []setting {
	return []setting{
		{name: "data", commands: "*", usage: "`DIR` of the database, the originals and the list of erasures", text: func(c *Config) *string { return &c.Data }, preset: "./gawah-data"},
		{name: "db", commands: "*", usage: "`ADDRESS` of a PostgreSQL database, postgres://…", secret: true, text: func(c *Config) *string { return &c.DB }},
		{name: "addr", commands: "serve", usage: "listen on `HOST:PORT`", text: func(c *Config) *string { return &c.Addr }, preset: "127.0.0.1:8080"},
		{name: "url", commands: "serve user", usage: "public `ADDRESS`, such as https://record.example.org", text: func(c *Config) *string { return &c.URL }},
		{name: "trust-proxy", commands: "serve", usage: "believe X-Forwarded-For and X-Forwarded-Proto, behind a proxy that sets them", flag: func(c *Config) *bool { return &c.TrustProxy }},
		{name: "trust-net", commands: "serve", usage: "`CIDRS` of networks, comma-separated, that are not throttled", text: func(c *Config) *string { return &c.TrustNet }},
		{name: "example", commands: "serve", usage: "load the bundled casefile of that `NAME` (quetta) into an empty house", text: func(c *Config) *string { return &c.Example }},
		{name: "smtp", commands: "serve", usage: "`ADDRESS` of the mail server, such as smtp://user:password@mail.example.org:587", secret: true, text: func(c *Config) *string { return &c.SMTP }},
		{name: "mail-from", commands: "serve", usage: "`ADDRESS` that mail is sent from, needed with --smtp", text: func(c *Config) *string { return &c.MailFrom }},
		{name: "mail-name", commands: "serve", usage: "`NAME` that stands before that address", text: func(c *Config) *string { return &c.MailName }},
		{name: "mail-bounces", commands: "serve", usage: "`ADDRESS` that failures are reported to, the sender's if not given", text: func(c *Config) *string { return &c.Bounces }},
		{name: "bounce-dir", commands: "serve", usage: "`DIR` whose files are read as reports of failure and removed", text: func(c *Config) *string { return &c.BounceDir }},
		{name: "recipient", commands: "backup", usage: "age `RECIPIENTS`, comma-separated, to which the backup is encrypted", text: func(c *Config) *string { return &c.Recipient }},
		{name: "identity", commands: "restore unseal", usage: "`FILE` with the age identity that decrypts", text: func(c *Config) *string { return &c.Identity }},
		{name: "mapping", commands: "import", usage: "mapping `FILE` for csv", text: func(c *Config) *string { return &c.Mapping }},
		{name: "sheet", commands: "import", usage: "`SHEET` of a workbook, the first if not given", text: func(c *Config) *string { return &c.Sheet }},
		{name: "dry-run", commands: "import", usage: "report what would happen and write nothing", flag: func(c *Config) *bool { return &c.DryRun }},
		{name: "json", commands: "import dataset figure check trend", usage: "write the result as JSON", flag: func(c *Config) *bool { return &c.JSON }},
		{name: "refigure", commands: "check", usage: "first work out every kept figure again, as after a new version of the program or a rule", flag: func(c *Config) *bool { return &c.Refigure }},
		{name: "replace", commands: "import", usage: "casefile: take its version of records that differ here", flag: func(c *Config) *bool { return &c.Replace }},
		{name: "reason", commands: "import dataset", usage: "`WHY` the claims are accepted in bulk, or the dataset is withdrawn, returned or erased", text: func(c *Config) *string { return &c.Reason }},
		{name: "state", commands: "import", usage: "review `STATE` of the claims: suggested, compiled or accepted", text: func(c *Config) *string { return &c.State }, preset: "compiled"},
		{name: "visibility", commands: "import", usage: "`WHO` sees the records: draft, internal or public", text: func(c *Config) *string { return &c.Rows }, preset: "internal"},
		{name: "event", commands: "import", usage: "coverage: slug or identifier of the `EVENT` that a series is about", text: func(c *Config) *string { return &c.Event }},
		{name: "collection", commands: "import", usage: "coverage: `NAME` of the collection that was counted, as it names itself", text: func(c *Config) *string { return &c.Collection }},
		{name: "query", commands: "import", usage: "coverage: `WORDS` that were searched for, if the file does not say", text: func(c *Config) *string { return &c.Query }},
		{name: "language", commands: "import", usage: "coverage: `TAG` of the language that was counted, such as ur", text: func(c *Config) *string { return &c.Language }},
		{name: "o", commands: "export unseal", usage: "write to `FILE` instead of standard output (an export's loss report goes to FILE.loss.json beside it)", text: func(c *Config) *string { return &c.Output }},
		{name: "internal", commands: "export", usage: "also what is not public, as an editor may; a casefile always has it", flag: func(c *Config) *bool { return &c.Internal }},
		{name: "measure", commands: "figure", usage: "what was counted: `MEASURE` (killed, injured, …), all if not given", text: func(c *Config) *string { return &c.Measure }},
		{name: "rule", commands: "figure", usage: "`RULE`: gawah, ucdp, acled, gtd or ibc, with /VERSION for an older one", text: func(c *Config) *string { return &c.Rule }, preset: "gawah"},
		{name: "role", commands: "user", usage: "`ROLE`: reader, contributor, editor, organiser, moderator or admin", text: func(c *Config) *string { return &c.Role }, preset: "contributor"},
		{name: "name", commands: "user export", usage: "`NAME` of the person, or of an exported casefile", text: func(c *Config) *string { return &c.Name }},
	}
}

func (s setting) env() string {
	return "GAWAH_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

func (s setting) of(command string) bool {
	if s.commands == "*" {
		return true
	}
	for c := range strings.FieldsSeq(s.commands) {
		if c == command {
			return true
		}
	}
	return false
}

// register declares the flags of one command.
func (c *Config) register(fs *flag.FlagSet, command string) {
	for _, s := range settings() {
		switch {
		case !s.of(command):
		case s.flag != nil:
			fs.BoolVar(s.flag(c), s.name, false, s.usage)
		default:
			fs.StringVar(s.text(c), s.name, s.preset, s.usage)
		}
	}
	fs.String("config", "", "read settings from `FILE`, lines of name = value")
}

// complete fills what no flag has set from the environment and then the file.
func (c *Config) complete(fs *flag.FlagSet) error {
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	file := map[string]string{}
	name := fs.Lookup("config").Value.String()
	if name == "" {
		name = os.Getenv("GAWAH_CONFIG")
	}
	if name != "" {
		var err error
		if file, err = readConfig(name); err != nil {
			return err
		}
	}
	for _, s := range settings() {
		if fs.Lookup(s.name) == nil || given[s.name] {
			continue
		}
		value, ok := os.LookupEnv(s.env())
		if !ok && s.secret {
			if path := os.Getenv(s.env() + "_FILE"); path != "" {
				b, err := os.ReadFile(path)
				if err != nil {
					return fmt.Errorf("read the file that %s_FILE names: %w", s.env(), err)
				}
				value, ok = strings.TrimSpace(string(b)), true
			}
		}
		if !ok {
			value, ok = file[s.name]
		}
		if !ok {
			continue
		}
		if err := fs.Set(s.name, value); err != nil {
			return fmt.Errorf("setting %s: %w", s.name, err)
		}
	}
	fs.Visit(func(f *flag.Flag) { c.rowsSaid = c.rowsSaid || f.Name == "visibility" })
	return c.validate()
}

func (c *Config) validate() error {
	if c.URL != "" {
		u, err := url.Parse(c.URL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" {
			return fmt.Errorf("--url %q is not an address such as https://record.example.org", c.URL)
		}
	}
	if err := c.checkMail(); err != nil {
		return err
	}
	_, err := c.trusted()
	return err
}

// trusted parses TrustNet.
func (c *Config) trusted() ([]netip.Prefix, error) {
	var nets []netip.Prefix
	for s := range strings.SplitSeq(c.TrustNet, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("--trust-net %q is not a network such as 192.0.2.0/24", s)
		}
		nets = append(nets, p)
	}
	return nets, nil
}

func readConfig(path string) (map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	defer f.Close()
	known := map[string]bool{}
	for _, s := range settings() {
		known[s.name] = true
	}
	out := map[string]string{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimSpace(name)
		if !ok || !known[name] {
			return nil, fmt.Errorf("%s line %d: %q is not a setting (lines are name = value; gawah COMMAND --help lists the names)", path, n, name)
		}
		out[name] = strings.TrimSpace(value)
	}
	return out, lines.Err()
}
