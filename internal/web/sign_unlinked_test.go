package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/lang"
)

// TestWithdrawByCodeOnPage takes a signature back with the paper it was given by.
func TestWithdrawByCodeOnPage(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	codes, err := p.desk.IssueCodes(context.Background(), access.House(), p.id, "a collector", 2)
	if err != nil {
		t.Fatal(err)
	}
	form := formOf("")
	form.Del("email")
	form.Set("code", codes[0])
	p.sign(form).status(200)
	at := "/petitions/" + p.slug + "/withdraw/code"
	for _, tag := range []string{"", "/ur", "/fa"} {
		p.get(tag+at).status(200).has(`name="code"`, `content="noindex"`)
	}
	p.get("/petitions/" + p.slug + "/sign").has(at)
	p.post(at, url.Values{"code": {"<b>x"}}.Encode()).status(422).has(word("sign.wrong.code")).hasNot("<b>x")
	p.post(at, url.Values{"code": {codes[1]}}.Encode()).status(422).has(word("own.by_code_none"))
	p.post(at, url.Values{"code": {strings.ToLower(codes[0])}}.Encode()).status(200).has(word("own.withdrawn_now"))
	p.post(at, url.Values{"code": {codes[0]}}.Encode()).status(422).has(word("own.by_code_none"))
	p.until("the withdrawal to be counted", func() bool {
		return strings.Contains(p.get("/petitions/"+p.slug+"/integrity.json").body, `"withdrawn":1`)
	})
}

// TestUsedCodeIsSaid signs twice with one code: the second time the form comes back,
// with what was typed and what is wrong, by whichever way it was taken.
func TestUsedCodeIsSaid(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	codes, err := p.desk.IssueCodes(t.Context(), access.House(), p.id, "a collector", 2)
	if err != nil {
		t.Fatal(err)
	}
	form := formOf("")
	form.Del("email")
	form.Set("code", codes[0])
	p.sign(form).status(200)
	for _, at := range []string{"", "/ur", "/fa"} {
		l, _ := lang.ForPath(at + "/")
		for _, query := range []string{"", "?code"} {
			p.get(at + "/petitions/" + p.slug + "/sign") // so that the fast way is open
			p.post(at+"/petitions/"+p.slug+"/sign"+query, form.Encode()).status(422).has(l.T("invalid.code_used"), codes[0], "Testa Person")
		}
	}
	form.Set("code", codes[1])
	p.sign(form).status(200)
	p.until("both to be counted", func() bool {
		return strings.Contains(p.get("/petitions/"+p.slug+"/integrity.json").body, `"received":2,"confirmed":2,`)
	})
}

// TestReceipt shows what stands for a signature, which anyone can work out again,
// and where it is in the journal; to nobody without the link.
func TestReceipt(t *testing.T) {
	p := newPetitionSite(t, nil, nil)
	link := p.confirmed(formOf("testa@example.org"))
	p.get(link).has(link + "/receipt")
	p.get(link+"/receipt").status(200).has(word("own.receipt_waits"), `content="noindex"`)
	p.get("/ur" + link + "/receipt").status(200)
	p.get("/s/AAAAAAAAAAAAAAAAAAAAAA/receipt").status(404)
	var got struct {
		Hash, Salt string
		Body       json.RawMessage
	}
	answer := p.get(link + "/receipt.json").status(200)
	if err := json.Unmarshal([]byte(answer.body), &got); err != nil {
		t.Fatal(err)
	}
	if answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("kept: %v", answer.Header)
	}
	salt, err := hex.DecodeString(got.Salt)
	if err != nil {
		t.Fatal(err)
	}
	var body map[string]any
	if err := json.Unmarshal(got.Body, &body); err != nil || strings.Contains(string(got.Body), "testa") {
		t.Errorf("%s: %v", got.Body, err)
	}
	page := p.get(link + "/receipt").whole().body
	begin := strings.Index(page, "{&#34;")
	if begin < 0 {
		t.Fatal("the words are not on the page")
	}
	words := strings.ReplaceAll(page[begin:begin+strings.IndexByte(page[begin:], '<')], "&#34;", `"`)
	if sum := sha256.Sum256(append(salt, words...)); hex.EncodeToString(sum[:]) != got.Hash {
		t.Errorf("SHA-256 of salt and words is %x, the receipt says %s", sum, got.Hash)
	}
	p.post(link+"/withdraw", "").status(200)
	p.get(link + "/receipt").status(404)
}
