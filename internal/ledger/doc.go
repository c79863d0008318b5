// Package ledger turns use cases into journal entries: the canonical bytes of a
// version (RFC 8785), the salted hash by which an entry commits to it, the leaf
// that lists those hashes, and the Merkle tree over the leaves (RFC 6962 as in
// golang.org/x/mod/sumdb/tlog).
//
// A leaf is never erased, so it holds nothing that may have to be: no text, no
// name, only identifiers, an action from a fixed list, and hashes whose salts
// live beside the versions and are erased with them.
package ledger
