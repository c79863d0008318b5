// Package web is the house in a browser: the public site, the data interface
// and the desk, rendered on the server.
//
// # How a request runs
//
// Every address is in the one list in routes.go, with the right it needs. The
// outer layers (middleware.go) give the request a number, set the security
// headers, refuse forms sent from other sites, take the language from the path
// and find out who is asking. A handler reads its input, calls one use case or
// one read model of casework, fills a typed page and renders it; it decides
// nothing else. What it returns as an error is turned into a page in one place
// (errors.go).
//
// # What a page may contain
//
// Pages work without scripts and ask no other host for anything; the content
// security policy holds them to it. Every sentence comes from the catalogue,
// every number from a read model. A page says where it can be corrected.
//
// # Who sees what
//
// Nobody signed in: the public's view, which alone is kept in memory. An account
// sees its own level on the same pages, marked as such; the data interface and
// the feeds are the public's for everybody.
package web
