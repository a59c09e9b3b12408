package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"strings"

	"gpwbench/plots"
)

// MostBytes is the largest page that is written.
const MostBytes = 8 << 20

//go:embed assets
var assets embed.FS

// scripts are the parts of the page's script, in their order.
var scripts = []string{"page.js", "chart.js", "legend.js", "results.js", "weights.js", "maps.js", "start.js"}

// A page is what the template prints.
type page struct {
	Title    string
	Policy   string // of security: nothing is loaded, and no other script or style runs
	Style    template.CSS
	Script   template.JS
	Data     template.JS
	Sections []section
	Together []together
	Apart    []string // sentences on what is not compared
}

// A section is the part of the page that is of one folder.
type section struct {
	K      int
	ID     string
	Name   string
	Tables []tableData
	Notes  []string
	Orders []orderData
	Folder folderData
}

// A tableData is a block of the folder's table.
type tableData struct {
	Title, Source string
	Header        []headData
	Rows          []tableRow
}

type headData struct {
	Text   string
	Metric string // the key of a metric, "" of other columns
}

type tableRow struct {
	Kind  string
	Cells []cell
}

type orderData struct {
	Title     string
	Sentences []string
}

// Write writes the page of some folders, one or more.
func Write(w io.Writer, folders ...*Folder) error {
	if len(folders) == 0 {
		return errors.New("report: no folder to report on")
	}
	p, err := newPage(folders)
	if err != nil {
		return err
	}
	source, err := assets.ReadFile("assets/page.html")
	if err != nil {
		return err
	}
	t, err := template.New("page").Parse(string(source))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return err
	}
	if b.Len() > MostBytes {
		return fmt.Errorf("report: the page would have %.1f MB, more than %d; report on fewer folders at once", float64(b.Len())/1e6, MostBytes>>20)
	}
	_, err = w.Write(b.Bytes())
	return err
}

func newPage(folders []*Folder) (*page, error) {
	style, err := styleSheet()
	if err != nil {
		return nil, err
	}
	script, err := script()
	if err != nil {
		return nil, err
	}
	p := &page{Style: template.CSS(style), Script: template.JS(script)}
	p.Policy = fmt.Sprintf("default-src 'none'; script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'", hash(script), hash(style))

	names := folderNames(folders)
	var data []folderData
	for k, f := range folders {
		shown := f.shown(len(folders))
		shown.Name = names[k]
		data = append(data, shown)
		p.Sections = append(p.Sections, f.section(k, names[k]))
	}
	if len(folders) > 1 {
		p.Together, p.Apart = comparable(folders, names)
	}
	p.Title = strings.Join(names, ", ")
	encoded, err := json.Marshal(data) // < and > are escaped, so that no text ends the block
	if err != nil {
		return nil, err
	}
	p.Data = template.JS(encoded)
	return p, nil
}

// folderNames are the names of the experiments, with the folder where two have one name.
func folderNames(folders []*Folder) []string {
	count := map[string]int{}
	for _, f := range folders {
		count[f.Name]++
	}
	var names []string
	for _, f := range folders {
		if name := f.Name; count[name] > 1 {
			names = append(names, name+" ("+filepath.Base(filepath.Clean(f.dir))+")")
		} else {
			names = append(names, name)
		}
	}
	return names
}

// hash is how a security policy names an inline script or style.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func styleSheet() (string, error) {
	rules, err := assets.ReadFile("assets/page.css")
	if err != nil {
		return "", err
	}
	positive, negative := plots.PairColors()
	return fmt.Sprintf(":root { --positive: %s; --negative: %s; }\n%s", onDark(positive), onDark(negative), rules), nil
}

// onDark is a colour that is lighter on a dark page.
func onDark(color string) string {
	return fmt.Sprintf("light-dark(%s, color-mix(in oklab, %[1]s 72%%, white))", color)
}

func script() (string, error) {
	var b strings.Builder
	b.WriteString("'use strict';\n(() => {\n")
	for _, name := range scripts {
		part, err := assets.ReadFile("assets/" + name)
		if err != nil {
			return "", err
		}
		b.Write(part)
	}
	b.WriteString("})();\n")
	return b.String(), nil
}

// section is the part of the page of the k-th folder.
func (f *Folder) section(k int, name string) section {
	s := section{K: k, ID: fmt.Sprintf("f%d", k), Name: name, Notes: f.notes, Folder: f.data}
	for place, b := range f.table.Blocks {
		t := tableData{Title: b.Title(), Source: b.Dataset.Provenance}
		metrics, first, names := b.Metrics(), b.FirstMetric(), rowNames(b)
		for c, text := range b.Header() {
			h := headData{Text: text}
			if c >= first && c < first+len(metrics) {
				h.Metric = metrics[c-first]
			}
			t.Header = append(t.Header, h)
		}
		for r, line := range b.Cells() {
			row := tableRow{Kind: b.Rows[r].Kind}
			for c, text := range line {
				one := cell{Text: text, Value: missing}
				if c == 0 {
					one.Rest = strings.TrimPrefix(names[r], text)
				}
				if m := t.Header[c].Metric; m != "" {
					one.Text, one.Value = minus(text), cellOf(m, b.Rows[r].Metrics).Value
					one.Interval = f.data.Sets[place].Measures[m].Rows[r].Interval
					if tie, ok := b.Rows[r].Ties[m]; ok && tie.Compared() && tie.Tied {
						one.Mark = standing(tie)
					}
				}
				row.Cells = append(row.Cells, one)
			}
			t.Rows = append(t.Rows, row)
		}
		s.Tables = append(s.Tables, t)
	}
	for _, o := range f.table.Orders {
		s.Orders = append(s.Orders, orderData{o.Title, o.Sentences()})
	}
	return s
}
