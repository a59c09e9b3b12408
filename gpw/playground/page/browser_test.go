//go:build browser

package page_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gpwbench/gpw/formula"
	"gpwbench/gpw/playground/page"
	"gpwbench/internal/browsertest"
)

// written writes the page into a folder of the test.
func written(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.Write(&b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "playground.html")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// opened opens the page and waits until the module runs.
func opened(t *testing.T) *browsertest.Page {
	t.Helper()
	p := browsertest.Open(t, written(t))
	p.Wait(started)
	return p
}

const started = `globalThis.gpw && page.panels.length > 0 && page.panels[0].frame.n > 0 && !drawing`

// still waits until everything that was done is drawn.
func still(p *browsertest.Page) { p.Wait(`!drawing && !page.playing && !page.running`) }

// loss is the value that a panel shows, with all its digits.
func loss(t *testing.T, p *browsertest.Page, panel int) float64 {
	t.Helper()
	still(p)
	return number(t, p.Attribute(fmt.Sprintf("#panel-%d [data-is=value]", panel), "data-value"))
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) {
		t.Fatalf("%q is shown in the place of a number", text)
	}
	return v
}

// at is where a point is drawn, as fractions of the plane of a panel.
func at(p *browsertest.Page, panel, point int) (x, y float64) {
	still(p)
	where := browsertest.Eval[[]float64](p, fmt.Sprintf(`(q => [q.xs[%d] / q.plane.clientWidth, q.ys[%[1]d] / q.plane.clientHeight])(page.panels[%d])`, point, panel))
	return where[0], where[1]
}

// A mouse, a finger and keys move a point in both panels, and with it L, the forces and
// the weights.
func TestBrowserDrag(t *testing.T) {
	p := opened(t)
	const weights = `[...page.panels[0].frame.plane('G')].join()`
	way := func(what string, point int, move func(x, y float64)) {
		t.Helper()
		before, was := [2]float64{loss(t, p, 0), loss(t, p, 1)}, browsertest.Eval[string](p, weights)
		x, y := at(p, 0, point)
		move(x, y)
		if a, b := loss(t, p, 0), loss(t, p, 1); a == before[0] || b == before[1] {
			t.Errorf("%s: L stays %v, %v", what, a, b)
		}
		if browsertest.Eval[string](p, weights) == was {
			t.Errorf("%s: the weights stay", what)
		}
		nx, ny := at(p, 1, point)
		if x == nx && y == ny {
			t.Errorf("%s: point %d stays in the other panel", what, point)
		}
		if anchor := p.Value("#anchor"); anchor != strconv.Itoa(point) {
			t.Errorf("%s: point %s is selected, want %d", what, anchor, point)
		}
	}
	way("mouse", 0, func(x, y float64) { p.Drag("#panel-0 [data-is=plane]", x, y, 0.5, 0.95) })
	if x, y := at(p, 0, 0); math.Abs(x-0.5) > 0.02 || y < 0.9 {
		t.Errorf("the point is dropped at the bottom and drawn at %v, %v", x, y)
	}
	way("finger", 8, func(x, y float64) { p.Touch("#panel-0 [data-is=plane]", x, y, 0.1, 0.9) })
	way("keys", 9, func(x, y float64) {
		p.Focus("#panel-0 [data-is=plane]")
		p.Press("n", "ArrowLeft", "Shift+ArrowLeft")
	})
	way("class", 9, func(x, y float64) {
		p.Choose("#class", "1")
		p.Focus("#azimuth")
		p.Press("ArrowRight")
	})
	if text := p.Text("#news"); !strings.Contains(text, "Point 9 of class B is selected") {
		t.Errorf("those who hear the page are told %q", text)
	}

	// The tables say what is drawn.
	p.Click("#pairs summary")
	p.Wait(`document.querySelectorAll('#pair-tables table').length === 2`)
	if rows := p.Count("#pair-tables table:first-child tbody tr"); rows != 11 {
		t.Errorf("the table has %d pairs, want 11", rows)
	}
	p.Click("#forces summary")
	p.Wait(`document.querySelectorAll('#force-tables tbody tr').length === 24`)
}

// Sliders and fields change the loss; what is wrong in a field is said at it.
func TestBrowserParameters(t *testing.T) {
	p := opened(t)
	const beta = `#panel-0 [data-field="params.beta"]`
	before := loss(t, p, 0)
	p.Focus(beta + " [type=range]")
	p.Press("End")
	still(p)
	if v := p.Value(beta + " [data-value]"); v != "640" || loss(t, p, 0) == before {
		t.Errorf("at the end of its slider β is %s, L %v after %v", v, loss(t, p, 0), before)
	}
	p.Fill(beta+" [data-value]", "-3")
	p.Press("Enter")
	if text := p.Text(beta + " .error"); !strings.Contains(text, "beta = -3 is outside (0, ∞)") {
		t.Errorf("β = −3 is answered by %q", text)
	}
	if p.Attribute(beta+" [data-value]", "aria-invalid") != "true" {
		t.Error("the field of β is not marked")
	}
	p.Fill(beta+" [data-value]", "40")
	p.Press("Enter")
	if text := p.Text(beta + " .error"); text != "" || loss(t, p, 0) != before {
		t.Errorf("with β = 40 again the error is %q and L %v, want %v", text, loss(t, p, 0), before)
	}

	kept := p.Text("#panel-1 [data-is=counts]")
	p.Choose("#panel-1 [data-is=miner]", "batch_hard")
	still(p)
	if now := p.Text("#panel-1 [data-is=counts]"); now == kept || !strings.Contains(now, "24 of 132 pairs") {
		t.Errorf("with batch-hard mining %q take part, before %q", now, kept)
	}
	p.Choose("#panel-1 [data-is=loss]", "histogram.bins100")
	p.Choose("#panel-1 [data-is=miner]", "batch_hard")
	if text := p.Text(`#panel-1 [data-field="miner"] .error`); !strings.Contains(text, "whole batch") {
		t.Errorf("mining for the histogram loss is answered by %q", text)
	}

	p.Click("#compare")
	p.Wait(`page.panels.length === 1`)
	if n := p.Count("article.panel"); n != 1 {
		t.Errorf("%d panels without comparison", n)
	}
}

// A wrong formula is answered in the words of package formula at its field, and a right
// one gives the numbers of the built-in loss.
func TestBrowserFormula(t *testing.T) {
	p := opened(t)
	const value = `#panel-0 [data-field="value"]`
	p.Choose("#panel-0 [data-is=loss]", "formula")
	still(p)
	if l := p.Value("#panel-0 [data-is=loss]"); l != "formula" {
		t.Fatalf("the loss is %s", l)
	}

	const wrong = "sum_neg(relu(s - lamda))"
	before := loss(t, p, 0)
	p.Fill(value+" textarea", wrong)
	_, err := formula.New(formula.Source{Value: wrong}, []formula.Param{{Name: "lambda", Value: 0.5}})
	p.Wait(`document.querySelector('#panel-0 [data-field="value"] .error').textContent !== ''`)
	if text := p.Text(value + " .error"); !strings.HasPrefix(text, err.Error()) {
		t.Errorf("the page says %q, package formula %q", text, err)
	}
	if p.Attribute(value+" textarea", "aria-invalid") != "true" || loss(t, p, 0) != before {
		t.Error("the field is not marked, or the wrong formula changed L")
	}
	if faint := p.Style("#panel-0 canvas", "opacity"); faint != "0.3" {
		t.Errorf("the picture, which is not of the wrong formula, has the opacity %s", faint)
	}

	p.Fill(value+" textarea", "sum_pos(1 - s) + sum_neg(relu(s - lambda))")
	still(p)
	if text := p.Text(value + " .error"); text != "" {
		t.Errorf("a right formula is answered by %q", text)
	}
	if faint := p.Style("#panel-0 canvas", "opacity"); faint != "1" {
		t.Errorf("the picture of a right formula has the opacity %s", faint)
	}
	if own, built := loss(t, p, 0), loss(t, p, 1); math.Abs(own-built) > 1e-12 || own == before {
		t.Errorf("contrastive as a formula has L = %v, the built-in loss %v", own, built)
	}
	p.Focus(`#panel-0 [data-field="params.lambda"] [type=range]`)
	p.Press("Home")
	if own, built := loss(t, p, 0), loss(t, p, 1); own <= built {
		t.Errorf("with the least λ, L = %v, with λ = 0.5 it is %v", own, built)
	}
	p.Wait(`page.panels[0].result`)
	if text := p.Text("#panel-0 [data-is=measured] summary"); text != "Measured: the weight of a negative depends on S" {
		t.Errorf("the page says %q", text)
	}
}

// Steps lower the loss, Run goes on by itself, and Reset goes back.
func TestBrowserSteps(t *testing.T) {
	p := opened(t)
	first := loss(t, p, 0)
	p.Click("#step")
	one := loss(t, p, 0)
	if one >= first || !strings.HasPrefix(p.Text("#panel-0 [data-is=counts]"), "step 1;") {
		t.Errorf("a step leads from L = %v to %v, %q", first, one, p.Text("#panel-0 [data-is=counts]"))
	}
	p.Click("#run")
	p.Wait(`page.panels[0].frame.header('steps') > 20`)
	if p.Attribute("#run", "aria-pressed") != "true" {
		t.Error("Run is not shown as pressed")
	}
	p.Click("#run")
	if l := loss(t, p, 0); l >= one {
		t.Errorf("twenty steps more lead to L = %v", l)
	}
	p.Focus("#rate")
	p.Press("Home")
	if v := p.Attribute("#rate-value", "data-value"); v != "0.001" {
		t.Errorf("the least rate is %s", v)
	}
	p.Click("#reset")
	if l := loss(t, p, 0); l != first {
		t.Errorf("after Reset L = %v, want %v", l, first)
	}
}

// A case plays to its end and its weight answers; a row of Table 1 plays under its loss,
// and says what is measured and why.
func TestBrowserScenes(t *testing.T) {
	p := opened(t)
	p.Click("#cases button:nth-of-type(2)")
	p.Wait(`page.playing`)
	still(p)
	if place := p.Value("#at"); place != "1000" {
		t.Errorf("the scene ended at %s", place)
	}
	if text := p.Text("#moment"); !strings.Contains(text, "Case 2, N") || !strings.Contains(text, "should drop") {
		t.Errorf("the scene says %q", text)
	}
	after := number(t, p.Attribute(`#moment [data-weight="0"]`, "data-value"))
	p.Focus("#at")
	p.Press("Home")
	still(p)
	if before := number(t, p.Attribute(`#moment [data-weight="0"]`, "data-value")); !(after < 0.5*before) {
		t.Errorf("under Multi-Similarity w falls from %v to %v", before, after)
	}
	p.Wait(`page.panels.every(q => q.result)`)
	still(p)
	if text := p.Text("#moment"); strings.Count(text, "✓ answers") != 1 || strings.Count(text, "✗ does not answer") != 1 {
		t.Errorf("when the losses are measured, the scene says %q", text)
	}
	verdicts := p.Texts("#verdicts p")
	if len(verdicts) != 2 || strings.Count(verdicts[0], "✓ answers") != 3 || strings.Count(verdicts[1], "✓ answers") != 1 {
		t.Errorf("the verdicts are %q", verdicts)
	}

	p.Prefer("prefers-reduced-motion", "reduce")
	p.Click(`[data-row="npairs"] button`)
	still(p)
	if l := p.Value("#panel-0 [data-is=loss]"); l != "npairs.all_pairs" {
		t.Errorf("the row of N-pairs plays under %s", l)
	}
	p.Wait(`page.offers.rows[0].result`)
	why := p.Text("#row-why")
	if !strings.Contains(why, "N-pairs") || !strings.Contains(why, "Printed otherwise: the soft-max over an anchor's negatives has the positive in it") {
		t.Errorf("the row is explained by %q", why)
	}
	still(p)
	if now := p.Text("#moment"); !strings.Contains(now, "Table 1 lacks P for N-pairs, and it is measured: the soft-max") {
		t.Errorf("while the row plays, the page says %q", now)
	}
	var ticks []string
	for _, cell := range p.Texts(`[data-row="npairs"] td [aria-hidden]`) {
		ticks = append(ticks, strings.TrimSpace(cell))
	}
	if got := strings.Join(ticks, "|"); got != "|● ✓|✓ ≠" {
		t.Errorf("the ticks of N-pairs are %q", got)
	}
}

// A link opens the same state in another window, and a snippet brings it back; what is
// wrong in a snippet is said.
func TestBrowserLink(t *testing.T) {
	path := written(t)
	p := browsertest.Open(t, path)
	p.Wait(started)
	p.Choose("#surface", "sphere")
	p.Fill("#seed", "12")
	p.Click("#arrange button")
	p.Click("#step")
	p.Fill(`#panel-0 [data-field="params.alpha"] [data-value]`, "3.5")
	p.Press("Enter")
	want := [2]float64{loss(t, p, 0), loss(t, p, 1)}
	browsertest.Eval[any](p, `showShare(), null`)
	link, snippet := p.Attribute("#link", "href"), p.Value("#snippet")

	other := browsertest.OpenURL(t, "file://"+filepath.ToSlash(path)+link)
	other.Wait(started + ` && page.state.surface === 'sphere'`)
	if got := [2]float64{loss(t, other, 0), loss(t, other, 1)}; got != want {
		t.Errorf("the link shows L = %v, want %v", got, want)
	}
	if v := other.Value(`#panel-0 [data-field="params.alpha"] [data-value]`); v != "3.5" {
		t.Errorf("the link shows α = %s", v)
	}

	p.Choose("#surface", "circle")
	p.Click("#arrange button")
	if loss(t, p, 0) == want[0] {
		t.Fatal("new points leave L as it was")
	}
	set := func(text string) {
		browsertest.Eval[any](p, fmt.Sprintf(`one('snippet').value = %q, null`, text))
		p.Click("#load")
	}
	set(strings.Replace(snippet, "rate:", "speed:", 1))
	if text := p.Text("#snippet-error"); !strings.Contains(text, `unknown key "speed"`) {
		t.Errorf("a wrong snippet is answered by %q", text)
	}
	set(snippet)
	if got := [2]float64{loss(t, p, 0), loss(t, p, 1)}; got != want || p.Text("#snippet-error") != "" {
		t.Errorf("the snippet shows L = %v, want %v", got, want)
	}
}

// The page fits windows of all widths in light and dark, and everything has a name.
func TestBrowserWindows(t *testing.T) {
	p := opened(t)
	columns := func() int { // without those that are empty
		tracks := strings.Fields(p.Style("#panels", "grid-template-columns"))
		return len(slices.DeleteFunc(tracks, func(w string) bool { return w == "0px" }))
	}
	for _, w := range []struct{ width, columns int }{{1600, 2}, {1000, 2}, {600, 1}, {320, 1}} {
		p.Resize(w.width, 800)
		still(p)
		if o := p.Overflow(); o != 0 || columns() != w.columns {
			t.Errorf("in a window of %d the page sticks out by %d and has %d columns, want %d", w.width, o, columns(), w.columns)
		}
		// The plane is drawn anew at its size.
		p.Wait(`page.panels[0].plane.width >= page.panels[0].plane.clientWidth && page.panels[0].plane.clientWidth > 200`)
	}

	light := browsertest.Eval[string](p, `colours.ink`)
	p.Prefer("prefers-color-scheme", "dark")
	p.Wait(fmt.Sprintf(`colours.ink !== %q`, light))
	if background := p.Style("body", "background-color"); background != "rgb(20, 23, 27)" {
		t.Errorf("in the dark the ground is %s", background)
	}

	if u := p.Unnamed(); len(u) != 0 {
		t.Errorf("without a name: %v", u)
	}
	for selector, want := range map[string][2]string{
		"#panel-0 [data-is=plane]":                       {"application", "12 points on a circle under Multi-Similarity"},
		"#panel-1 [data-is=spread]":                      {"image", "Weight of every pair against S, N and P under Contrastive"},
		`#panel-0 [data-field="miner.eps"] [type=range]`: {"slider", "ε, eps of panel 1"},
		"#run": {"button", "Run"},
	} {
		if role, name := p.Accessible(selector); role != want[0] || !strings.HasPrefix(name, want[1]) {
			t.Errorf("%s is %s %q, want %v", selector, role, name, want)
		}
	}
}

// Pictures for people to look at, where GPW_SCREENSHOTS names a folder.
func TestBrowserPictures(t *testing.T) {
	if os.Getenv("GPW_SCREENSHOTS") == "" {
		t.Skip("GPW_SCREENSHOTS names no folder for pictures")
	}
	p := opened(t)
	p.Wait(`page.panels.every(q => q.result)`)
	p.Resize(1280, 900)
	p.Screenshot("light")
	p.Window("first-sight")
	p.Prefer("prefers-color-scheme", "dark")
	still(p)
	p.Window("dark")
	p.Click("#cases button:nth-of-type(2)")
	p.Wait(`page.place > 0.5`)
	p.Window("case")
	still(p)
	p.Prefer("prefers-reduced-motion", "reduce")
	p.Click(`[data-row="npairs"] button`)
	p.Wait(`page.offers.rows[0].result`)
	still(p)
	p.Window("row")
	p.Resize(1900, 1000)
	p.Prefer("prefers-color-scheme", "light")
	p.Choose("#surface", "sphere")
	p.Fill("#classes", "6")
	p.Fill("#each", "10")
	p.Click("#arrange button")
	still(p)
	browsertest.Eval[any](p, `scrollTo(0, 0), null`)
	p.Window("wide")
	p.Resize(320, 700)
	still(p)
	p.Choose("#panel-0 [data-is=loss]", "formula")
	p.Fill(`#panel-0 [data-field="value"] textarea`, "sum_neg(relu(s - lamda))")
	p.Screenshot("narrow")
}
