package web

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"
)

// showBadge is a small drawing with the count for other sites. It holds no script
// and asks nobody for anything.
func (s *Server) showBadge(w http.ResponseWriter, r *http.Request) error {
	k, err := s.countedPetition(r)
	if err != nil {
		return err
	}
	l := visitOf(r).lang
	title := k.title(l.Tag()).Text
	if runes := []rune(title); len(runes) > 30 {
		title = strings.TrimSpace(string(runes[:29])) + "…"
	}
	anchor, x, dir, face := "start", 12, "ltr", "Georgia,'Noto Serif',serif"
	if l.RTL() {
		// With a right-to-left direction the start of a line is its right end.
		x, dir, face = 208, "rtl", "'Noto Naskh Arabic','Vazirmatn',Tahoma,serif"
	}
	e := template.HTMLEscapeString
	label := e(k.title(l.Tag()).Text + ": " + l.T("petition.people", "n", k.count))
	line := func(y, size int, fill, weight, words string) string {
		return `<text x="` + strconv.Itoa(x) + `" y="` + strconv.Itoa(y) + `" font-size="` + strconv.Itoa(size) + `" fill="` + fill + `" font-weight="` + weight + `">` + e(words) + `</text>`
	}
	svg := `<svg xmlns="http://www.w3.org/2000/svg" width="220" height="64" viewBox="0 0 220 64" role="img" aria-label="` + label + `" xml:lang="` + l.Tag() + `"><title>` + label + `</title>` +
		`<rect x=".5" y=".5" width="219" height="63" fill="#fbf9f5" stroke="#857c6e"/><g font-family="` + e(face) + `" direction="` + dir + `" text-anchor="` + anchor + `">` +
		line(22, 13, "#5d574e", "400", title) + line(48, 20, "#1d1b18", "600", l.T("petition.people", "n", k.count)) + `</g></svg>`
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", petitionCaching(k.Petition))
	s.send(w, r, http.StatusOK, typeSVG, []byte(svg))
	return nil
}
