package table

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// formats displays values as a workbook's styles say. The library does it for one
// cell of a workbook that has the same styles and nothing else; what it said is
// remembered, because columns repeat themselves.
type formats struct {
	from1904 bool
	codes    []formatCode // by style
	file     *excelize.File
	style    int // of the cell, while it has one
	known    map[formatted]string
}

// formatCode is what is known of a style's number format.
type formatCode uint8

const (
	plainCode   formatCode = iota // displays everything as it is
	generalCode                   // displays short numbers and texts as they are
	otherCode
)

type formatted struct {
	style int
	text  bool
	value string
}

// maxFormatted bounds how many displayed values are remembered.
const maxFormatted = 20_000

// open reads the styles; nil is a workbook without any.
func (f *formats) open(styles []byte) error {
	f.known = map[formatted]string{}
	if styles == nil {
		return nil
	}
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Styles []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := xml.Unmarshal(styles, &sheet); err != nil {
		return fmt.Errorf("the workbook's styles cannot be read: %w", err)
	}
	own := map[int]string{}
	for _, n := range sheet.Formats {
		if _, ok := own[n.ID]; !ok {
			own[n.ID] = n.Code
		}
	}
	needed := false
	for _, s := range sheet.Styles {
		code, custom := own[s.Format]
		kind := otherCode
		if custom && strings.EqualFold(code, "General") || !custom && s.Format == 0 {
			kind = generalCode
		} else if custom && code == "@" || !custom && s.Format == 49 {
			kind = plainCode
		}
		f.codes = append(f.codes, kind)
		needed = needed || kind != plainCode
	}
	if !needed {
		return nil
	}
	return f.borrow(styles)
}

// borrow opens a workbook of one empty sheet with the styles.
func (f *formats) borrow(styles []byte) error {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	const (
		main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
		rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
		pack = "http://schemas.openxmlformats.org/package/2006/"
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	)
	from := "0"
	if f.from1904 {
		from = "1"
	}
	for _, p := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="` + pack + `content-types"><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + kind + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + kind + `styles+xml"/>` +
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + kind + `worksheet+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + pack + `relationships"><Relationship Id="rId1" Type="` + rels + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + main + `" xmlns:r="` + rels + `"><workbookPr date1904="` + from + `"/><sheets><sheet name="` + borrowed + `" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + pack + `relationships"><Relationship Id="rId1" Type="` + rels + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + rels + `/styles" Target="styles.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", `<worksheet xmlns="` + main + `"><sheetData/></worksheet>`},
		{"xl/styles.xml", string(styles)},
	} {
		w, err := z.Create(p[0])
		if err != nil {
			return err
		}
		if _, err := w.Write([]byte(p[1])); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	var err error
	if f.file, err = excelize.OpenReader(&b); err != nil {
		return fmt.Errorf("the workbook's styles cannot be read: %w", err)
	}
	return nil
}

// borrowed names the sheet whose one cell is formatted.
const borrowed = "S"

func (f *formats) code(style int) formatCode {
	if style < 0 || style >= len(f.codes) {
		return plainCode
	}
	return f.codes[style]
}

// number displays what a cell of no other type holds, which need not be a number.
func (f *formats) number(style int, value string) string {
	if value == "" {
		return ""
	}
	if !strings.Contains(value, "_") {
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			// As many digits as spreadsheet programs show.
			whole := strconv.FormatFloat(n, 'f', -1, 64)
			if len(whole)-strings.Count(whole, ".") > 15 {
				whole = strconv.FormatFloat(n, 'G', 15, 64)
			}
			value = whole
		}
	}
	switch code := f.code(style); {
	case code == plainCode, code == generalCode && short(value):
		return value
	}
	return f.display(formatted{style, false, value})
}

// short reports whether a number is a few digits, perhaps with a point and a sign.
func short(value string) bool {
	if len(value) > 10 {
		return false
	}
	points := 0
	for i := range len(value) {
		switch c := value[i]; {
		case c >= '0' && c <= '9', c == '-' && i == 0:
		case c == '.':
			points++
		default:
			return false
		}
	}
	return points <= 1
}

// text displays a text.
func (f *formats) text(style int, value string) string {
	if value == "" || f.code(style) != otherCode {
		return value
	}
	return f.display(formatted{style, true, value})
}

// display has the library format a value; where it cannot, the value is shown as
// it is, as it was stored.
func (f *formats) display(v formatted) (shown string) {
	if shown, ok := f.known[v]; ok {
		return shown
	}
	defer func() {
		if recover() != nil { // a format that the library stumbles over
			shown = v.value
		}
		if len(f.known) >= maxFormatted {
			clear(f.known)
		}
		f.known[v] = shown
	}()
	if f.style != v.style {
		if err := f.file.SetCellStyle(borrowed, "A1", "A1", v.style); err != nil {
			return v.value
		}
		f.style = v.style
	}
	var err error
	if v.text {
		// The library reads escapes in what it is given.
		err = f.file.SetCellStr(borrowed, "A1", strings.ReplaceAll(v.value, "_x", "_x005F_x"))
	} else {
		err = f.file.SetCellDefault(borrowed, "A1", v.value)
	}
	if err != nil {
		return v.value
	}
	if shown, err = f.file.GetCellValue(borrowed, "A1"); err != nil {
		return v.value
	}
	return shown
}

// Close releases the library's workbook.
func (f *formats) Close() error {
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}
