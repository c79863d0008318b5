// Package fetch gets small documents from the open web: feeds that the house
// polls. It trusts nobody it talks to.
//
// # What it never does
//
//   - reach a network of our own: every address a name resolves to is checked, and
//     the connection is made to the address that was checked, so a name that
//     resolves differently a moment later gains nothing; every redirect is checked
//     in the same way
//   - read on: size is bounded before and after unpacking, and the time of a whole
//     answer with all its redirects is bounded too
//   - crowd anybody: it says who asks, keeps a distance between two requests to one
//     host, asks for changes only, and passes on when to come back
//   - send anything that identifies a reader, cookies included
package fetch
