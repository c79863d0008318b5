// Package signature is what a signature under a petition is made of: its
// states, what a signer lets whom see, how an address and a name are checked and
// compared, and the arithmetic of counts. It takes values and returns values;
// it knows no database, no clock and no key.
package signature
