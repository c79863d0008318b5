package lang

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Uses is where message keys are used in a tree of templates and Go files.
type Uses struct {
	// Keys maps a key to the first place that names it, "file:line".
	Keys map[string]string
	// Prefixes are the beginnings of keys completed at run time, such as
	// "measure.", with the first place of each.
	Prefixes map[string]string
}

// A key is named as the first argument of T or H, in Go as p.T("key", …) and
// in a template as .T "key" or (t "key"), or as the value of a field or
// constant whose name ends in Key.
var (
	called   = regexp.MustCompile(`(?:\b[tT]|\bH|[.$][A-Za-z.]*\.[TH])[ (]+(?:printf +)?"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*\.?)`)
	assigned = regexp.MustCompile(`\b\w*Key(?: +string)? *(?::=|:|=) *"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+\.?)"`)
)

// Scan reads the templates (.html, .tmpl, .gohtml, .txt) and the Go files of
// a tree, tests left out, and returns the keys they use.
func Scan(tree fs.FS) (Uses, error) {
	u := Uses{Keys: map[string]string{}, Prefixes: map[string]string{}}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		isGo := path.Ext(name) == ".go"
		if strings.HasSuffix(name, "_test.go") || !isGo && !slices.Contains([]string{".html", ".tmpl", ".gohtml", ".txt"}, path.Ext(name)) {
			return nil
		}
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(data), "\n") {
			place := fmt.Sprintf("%s:%d", name, i+1)
			if isGo && strings.HasPrefix(strings.TrimSpace(line), "//") {
				continue
			}
			for _, m := range called.FindAllStringSubmatch(line, -1) {
				u.note(m[1], place)
			}
			if isGo {
				for _, m := range assigned.FindAllStringSubmatch(line, -1) {
					u.note(m[1], place)
				}
			}
		}
		return nil
	})
	return u, err
}

func (u Uses) note(key, place string) {
	if !strings.Contains(key, ".") {
		return
	}
	into := u.Keys
	if strings.HasSuffix(key, ".") {
		into = u.Prefixes
	}
	if _, ok := into[key]; !ok {
		into[key] = place
	}
}

// Merge adds what another tree uses.
func (u Uses) Merge(v Uses) {
	for k, p := range v.Keys {
		u.note(k, p)
	}
	for k, p := range v.Prefixes {
		u.note(k, p)
	}
}

// Missing lists keys in use that the English catalogue lacks, each with its
// place, and prefixes under which it has nothing.
func (u Uses) Missing() []string {
	var out []string
	for k, p := range u.Keys {
		if !English().Has(k) {
			out = append(out, p+": "+k)
		}
	}
	keys := Keys()
	for prefix, p := range u.Prefixes {
		if !slices.ContainsFunc(keys, func(k string) bool { return strings.HasPrefix(k, prefix) }) {
			out = append(out, p+": "+prefix+"…")
		}
	}
	slices.Sort(out)
	return out
}

// literal is a text in quotes that may be a key, the beginning of one that ends in a
// dot or an underscore, or what further words are added to.
var literal = regexp.MustCompile(`["\x60]([a-z_]+(?:\.[a-z0-9_]+)*[._]?)["\x60%]|"([a-z_]+\.[a-z0-9_.]*)%[sv]`)

// unused lists keys of the English catalogue that no text in quotes of the trees
// names, begins, or could be the first part of. The package's own words (dates,
// months, lists) are in use by definition.
func unused(trees ...fs.FS) ([]string, error) {
	named, begun := map[string]bool{}, []string{}
	for _, tree := range trees {
		err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") || !slices.Contains([]string{".go", ".html", ".txt"}, path.Ext(name)) {
				return err
			}
			data, err := fs.ReadFile(tree, name)
			for _, m := range literal.FindAllStringSubmatch(string(data), -1) {
				s := m[1] + m[2]
				switch {
				case !strings.Contains(s, "."):
				case m[2] != "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "_"):
					begun = append(begun, s)
				default:
					named[s] = true
					begun = append(begun, s+"_")
				}
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	var out []string
	for _, k := range Keys() {
		own := slices.ContainsFunc([]string{"date.", "month.", "list."}, func(p string) bool { return strings.HasPrefix(k, p) })
		if !own && !named[k] && !slices.ContainsFunc(begun, func(p string) bool { return strings.HasPrefix(k, p) }) {
			out = append(out, k)
		}
	}
	return out, nil
}
