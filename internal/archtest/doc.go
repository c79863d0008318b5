// Package archtest holds the tests that keep the house as ARCHITECTURE.md draws
// it: which room may import which, what the pure packages may not touch, and
// that docs/dependencies.md lists the modules that are really used. It has no
// other code and nothing imports it.
//
// A failure names the import and the rule. Where the rule is wrong, change the
// table in rules_test.go and the drawing in ARCHITECTURE.md together.
package archtest
