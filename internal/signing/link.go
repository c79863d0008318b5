package signing

import "github.com/gawah-project/gawah/internal/seal"

// OwnPetition returns the number of the petition that a signer's own link belongs
// to. The link's address does not say, because addresses stay in browsers and
// pass through programs that look at mail. That there is such a signature is for
// the call that uses the link to find.
func (e *Engine) OwnPetition(token string) (int, error) {
	_, petition, err := e.keys.House().OpenLink(token, seal.ForOwn)
	return petition, err
}

// MailPetition does the same for a link that only ends mails.
func (e *Engine) MailPetition(token string) (int, error) {
	_, petition, err := e.keys.House().OpenLink(token, seal.ForMail)
	return petition, err
}
