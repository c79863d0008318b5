package cli

import (
	"flag"
	"regexp"
	"testing"
)

// TestUsagePlaceholders keeps what stands for a value a word of its own in the help of every command:
// "data `DIR`ectory" would read as "data DIRectory".
func TestUsagePlaceholders(t *testing.T) {
	ofItsOwn := regexp.MustCompile("^(?:[^`]*[ (])?`[A-Z][A-Z:]*`(?:[ ,:;)][^`]*)?$")
	for _, cmd := range commands() {
		var c Config
		fs := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
		c.register(fs, cmd.name)
		n := 0
		fs.VisitAll(func(f *flag.Flag) {
			n++
			value, ok := f.Value.(interface{ IsBoolFlag() bool })
			if without := ok && value.IsBoolFlag(); without {
				if name, _ := flag.UnquoteUsage(f); name != "" {
					t.Errorf("gawah %s --%s takes no value and names one: %q", cmd.name, f.Name, f.Usage)
				}
				return
			}
			if !ofItsOwn.MatchString(f.Usage) {
				t.Errorf("gawah %s --%s does not name its value in one word in capitals and back quotes: %q", cmd.name, f.Name, f.Usage)
			}
		})
		if n == 0 {
			t.Errorf("gawah %s has no flags", cmd.name)
		}
	}
}
