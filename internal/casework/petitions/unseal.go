package petitions

import (
	"io"

	"filippo.io/age"

	"github.com/gawah-project/gawah/internal/seal"
)

// Unseal reads a file of sealed names with offline identities and writes the
// names as CSV. It needs neither the house nor its keys, and is meant for a
// computer that is not the server. It returns how many names there were.
func Unseal(in io.Reader, out io.Writer, identities []age.Identity) (int, error) {
	return seal.Unseal(in, out, identities...)
}
