package casework

import (
	"bytes"

	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
)

// kindSetting marks journal entries about a setting. They carry its name; what it
// was set to is said in the entry's reason.
const kindSetting record.Kind = "setting"

// Setting sets a named value of the house, which concerns a record, or with the
// zero Ref the whole house, and notes it for the journal with what it says in
// words. A value that is set already is no change.
func (w *Work) Setting(name string, about record.Ref, said string, value []byte) error {
	was, err := w.tx.Setting(w.ctx, name)
	if err != nil || bytes.Equal(was, value) {
		return err
	}
	if about.IsZero() {
		about = record.Ref{Kind: kindSetting, ID: name}
	}
	w.writes = append(w.writes, ledger.Write{Kind: string(kindSetting), ID: name})
	w.about(about)
	w.note = said
	return w.tx.PutSetting(w.ctx, name, value)
}
