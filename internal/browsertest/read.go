//go:build browser

package browsertest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Eval evaluates JavaScript, awaits what it returns, and decodes it from JSON.
func Eval[T any](p *Page, javascript string) T {
	p.t.Helper()
	return run(p, "evaluate "+javascript, chromedp.Evaluate[T](javascript, chromedp.EvalAwaitPromise))
}

// Wait waits until JavaScript is true.
func (p *Page) Wait(javascript string) {
	p.t.Helper()
	for end := time.Now().Add(patience); !Eval[bool](p, "Boolean("+javascript+")"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("after %v it is still not true that %s; the page complains: %q", patience, javascript, p.Complaints())
		}
	}
}

// Text returns the text of an element as it is shown.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	return Eval[string](p, fmt.Sprintf(`(e => e.innerText === undefined ? e.textContent : e.innerText)(%s)`, element(selector)))
}

// Texts returns the text of every element of a selector.
func (p *Page) Texts(selector string) []string {
	p.t.Helper()
	return Eval[[]string](p, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.innerText === undefined ? e.textContent : e.innerText)`, selector))
}

// Attribute returns an attribute of an element, "" if it has none.
func (p *Page) Attribute(selector, name string) string {
	p.t.Helper()
	return Eval[string](p, fmt.Sprintf(`%s.getAttribute(%q) || ''`, element(selector), name))
}

// Value returns what stands in a field.
func (p *Page) Value(selector string) string {
	p.t.Helper()
	return Eval[string](p, element(selector)+`.value`)
}

// Count returns how many elements a selector has.
func (p *Page) Count(selector string) int {
	p.t.Helper()
	return Eval[int](p, fmt.Sprintf(`document.querySelectorAll(%q).length`, selector))
}

// Style returns a computed style of an element, such as its background-color.
func (p *Page) Style(selector, property string) string {
	p.t.Helper()
	return Eval[string](p, fmt.Sprintf(`getComputedStyle(%s).getPropertyValue(%q)`, element(selector), property))
}

// Overflow returns by how many pixels the page is wider than its window, 0 where it fits.
func (p *Page) Overflow() int {
	p.t.Helper()
	return Eval[int](p, `Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)`)
}

// Accessible returns the role and the name that the browser computes for an element and
// hands to screen readers.
func (p *Page) Accessible(selector string) (role, name string) {
	p.t.Helper()
	object := run(p, "find "+selector, chromedp.Evaluate[*runtime.RemoteObject](element(selector)))
	whole := false
	tree, err := chromedp.Call(p.ctx, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{ObjectID: object.ObjectID, FetchRelatives: &whole})
	if err != nil || len(tree.Nodes) == 0 {
		p.t.Fatalf("%s has no place in the accessibility tree: %v", selector, err)
	}
	return value(tree.Nodes[0].Role), value(tree.Nodes[0].Name)
}

// named are the roles that mean nothing to a screen reader without a name.
var named = []string{"button", "link", "textbox", "combobox", "listbox", "slider", "spinbutton", "checkbox", "radio", "switch", "image", "img", "figure", "table", "searchbox", "tab"}

// Unnamed returns the roles of what on the page needs a name for screen readers and has
// none, and fails the test where the page has nothing that needs one.
func (p *Page) Unnamed() []string {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, accessibility.Enable, cdp.Empty{}); err != nil {
		p.t.Fatal(err)
	}
	tree, err := chromedp.Call(p.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		p.t.Fatal(err)
	}
	var without []string
	seen := 0
	for _, n := range tree.Nodes {
		if role := value(n.Role); !n.Ignored && slices.Contains(named, role) {
			seen++
			if value(n.Name) == "" {
				without = append(without, fmt.Sprintf("%s (node %d)", role, n.BackendDOMNodeID))
			}
		}
	}
	if seen == 0 {
		p.t.Fatal("the accessibility tree of the page has nothing that needs a name")
	}
	return without
}

// value is the text of a value of the accessibility tree.
func value(v *accessibility.Value) string {
	var s string
	if v == nil || json.Unmarshal(v.Value, &s) != nil {
		return ""
	}
	return s
}

// Screenshot writes a picture of the whole page as name.png into the folder of the
// variable GPW_SCREENSHOTS, and nothing without the variable.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	if os.Getenv(picturesVariable) != "" {
		p.write(name+".png", run(p, "picture "+name, chromedp.FullScreenshot(100)))
	}
}

// Window is like Screenshot, of the window alone.
func (p *Page) Window(name string) {
	p.t.Helper()
	if os.Getenv(picturesVariable) != "" {
		p.write(name+".png", run(p, "picture "+name, chromedp.CaptureScreenshot()))
	}
}

// PDF returns the page as it is printed on A4, with backgrounds. It is also written as
// name.pdf where Screenshot writes.
func (p *Page) PDF(name string) []byte {
	p.t.Helper()
	printed := run(p, "print", chromedp.PrintToPDF(chromedp.PDFPrintBackground(), chromedp.PDFPreferCSSPageSize()))
	if os.Getenv(picturesVariable) != "" {
		p.write(name+".pdf", printed)
	}
	return printed
}

func (p *Page) write(name string, data []byte) {
	p.t.Helper()
	dir := os.Getenv(picturesVariable)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
