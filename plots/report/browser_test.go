//go:build browser

package report

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gpwbench/internal/browsertest"
)

// A browser with a page, and what is asked of it often.
type driven struct {
	*browsertest.Page
	t *testing.T
}

func drive(t *testing.T, dirs ...string) driven {
	p := driven{browsertest.Open(t, pageFile(t, dirs...)), t}
	p.Wait(`document.documentElement.dataset.ready`)
	return p
}

// changes fails where an action leaves what is read as it was, and returns what it is
// now.
func (p driven) changes(what string, read func() string, act func()) string {
	p.t.Helper()
	before := read()
	act()
	after := read()
	if before == after {
		p.t.Errorf("%s is still %q", what, after)
	}
	return after
}

func (p driven) text(selector string) func() string {
	return func() string { return p.Text(selector) }
}

// column is the numbers of a column of the first table, from the top.
func (p driven) column(k int) []float64 {
	p.t.Helper()
	var values []float64
	for _, v := range browsertest.Eval[[]string](p.Page, fmt.Sprintf(`[...document.querySelector('table.results').tBodies[0].rows].map(r => r.cells[%d].dataset.v)`, k)) {
		n, err := strconv.ParseFloat(v, 64)
		if err != nil {
			p.t.Fatal(err)
		}
		values = append(values, n)
	}
	return values
}

func ordered(values []float64, down bool) bool {
	for k := 1; k < len(values); k++ {
		if down && values[k] > values[k-1] || !down && values[k] < values[k-1] {
			return false
		}
	}
	return len(values) > 1
}

func TestBrowserSorts(t *testing.T) {
	p := drive(t, plainFolder(t))
	const head = "table.results th[data-metric='recall@1']"
	k := browsertest.Eval[int](p.Page, fmt.Sprintf(`document.querySelector(%q).cellIndex`, head))
	if v := p.column(k); ordered(v, true) || ordered(v, false) {
		t.Fatalf("the rows are in order before they are sorted: %v", v)
	}
	if s := p.Attribute(head, "aria-sort"); s != "none" {
		t.Errorf("aria-sort is %q at first", s)
	}
	p.Click(head + " button")
	if v := p.column(k); !ordered(v, true) || p.Attribute(head, "aria-sort") != "descending" {
		t.Errorf("after a click the column is %v, aria-sort %s", v, p.Attribute(head, "aria-sort"))
	}
	p.Focus(head + " button")
	p.Press("Enter")
	if v := p.column(k); !ordered(v, false) || p.Attribute(head, "aria-sort") != "ascending" {
		t.Errorf("after Enter the column is %v, aria-sort %s", v, p.Attribute(head, "aria-sort"))
	}
	p.changes("the first row", p.text("table.results tbody th"), func() { p.Click("table.results th button") })
	if s := p.Attribute(head, "aria-sort"); s != "none" {
		t.Errorf("aria-sort of the column that no longer sorts is %q", s)
	}
	if role, name := p.Accessible(head); role != "columnheader" || name != "R@1" {
		t.Errorf("the head is %s %q", role, name)
	}
}

func TestBrowserSwitchesMetric(t *testing.T) {
	p := drive(t, plainFolder(t))
	caption := "[data-part=intervals] figcaption"
	if c := p.Text(caption); c != "MAP@R on birds (synthetic)" {
		t.Errorf("the figure is called %q", c)
	}
	p.changes("the matrix", p.text("[data-part=matrix] h3"), func() {
		p.changes("the answer", p.text(".answers"), func() {
			p.changes("the readings of the figure", func() string {
				p.Focus("[data-part=intervals] svg")
				p.Press("Home")
				return p.Text("[data-part=intervals] .readout")
			}, func() { p.Choose("select.metric", "recall@1") })
		})
	})
	if c := p.Text(caption); c != "R@1 on birds (synthetic)" {
		t.Errorf("after the switch the figure is called %q", c)
	}
	if _, name := p.Accessible("[data-part=intervals] svg"); !strings.HasPrefix(name, "R@1 on birds") {
		t.Errorf("the drawing's name is %q", name)
	}

	// The bars, the curve and its axis.
	d := func() string {
		return browsertest.Eval[string](p.Page, `[...document.querySelectorAll('[data-part=intervals] svg path')].map(p => p.getAttribute('d')).join()`)
	}
	p.changes("the bars", d, func() { p.Choose("[data-part=intervals] select", "seeds") })
	p.changes("the curve", p.text("[data-part=curves] figcaption"), func() { p.Choose("select.curve", "loss") })
	ticks := func() string { return strings.Join(p.Texts("[data-part=curves] .tick"), " ") }
	p.changes("the ticks", ticks, func() { p.Choose("[data-part=curves] label:nth-of-type(2) select", "log") })

	// A row of the legend that is pressed is not drawn.
	marks := func() string { return strconv.Itoa(p.Count("[data-part=recall] svg[role=img] g")) }
	p.changes("the number of curves", marks, func() { p.Click("[data-part=recall] .legend button") })
	if v := p.Attribute("[data-part=recall] .legend button", "aria-pressed"); v != "false" {
		t.Errorf("aria-pressed of a hidden row is %q", v)
	}

	// The table of a figure has what is drawn.
	p.Click("[data-part=recall] summary")
	p.Wait(`document.querySelector('[data-part=recall] details td')`)
	if rows := p.Count("[data-part=recall] details tbody tr"); rows != 5 {
		t.Errorf("the table of Recall@K has %d rows, want 5", rows)
	}
	first := p.Text("table.results tbody tr td:nth-of-type(2)")
	if cell := p.Text("[data-part=recall] details td"); !strings.HasPrefix(first, cell) {
		t.Errorf("R@1 is %s in the figure's table and %s in the results", cell, first)
	}

	// The matrix is read by keys.
	p.Focus("[data-part=matrix] td[tabindex='0']")
	p.changes("the cell", p.text("[data-part=matrix] .readout"), func() { p.Press("ArrowRight") })
}

func TestBrowserWeights(t *testing.T) {
	p := drive(t, plainFolder(t))
	const part = "[data-part=weights] "
	if v := p.Text(part + "output.at"); v != "0 (1 of 3 kept)" {
		t.Errorf("the slider is at %q", v)
	}
	p.changes("what it says of the batch", p.text(part+".says"), func() {
		p.changes("the pairs", func() string { return p.Attribute(part+"svg.brushable g path", "d") }, func() {
			p.Focus(part + "input.step")
			p.Press("ArrowRight")
		})
	})
	if v := p.Text(part + "output.at"); v != "4 (2 of 3 kept)" {
		t.Errorf("after a step the slider is at %q", v)
	}
	if v := p.Attribute(part+"input.step", "aria-valuetext"); v != "step 4" {
		t.Errorf("the slider says %q to a screen reader", v)
	}

	// A range of S is picked on N and P too: as many marks as the count says, all of them
	// of pairs in the range.
	p.Drag(part+"svg.brushable", 0.55, 0.5, 0.98, 0.5)
	said := regexp.MustCompile(`^(\d+) positive and (\d+) negative pairs are picked`).FindStringSubmatch(p.Text(part + ".picked"))
	if said == nil || said[1] == "0" {
		t.Fatalf("after a drag over S it says %q", p.Text(part+".picked"))
	}
	for k, want := range []string{said[1], said[1], said[1], said[2], said[2], said[2]} {
		if n := browsertest.Eval[int](p.Page, fmt.Sprintf(`(document.querySelectorAll('[data-part=weights] .small svg .pick')[%d].getAttribute('d').match(/M/g) || []).length`, k)); strconv.Itoa(n) != want {
			t.Errorf("panel %d has %d picked pairs, want %s", k, n, want)
		}
	}
	p.changes("the range", p.text(part+".picked"), func() {
		p.Fill(part+"input.pick-from", "0.9")
		p.Press("Tab")
	})
	p.changes("the picked pairs", p.text(part+".picked"), func() { p.Click(part + "button.clear") })

	// A pair is named, by the pointer and by keys, and ringed in the other panels.
	p.Focus(part + "svg.brushable")
	p.Press("Home")
	first := p.Text(part + ".readout")
	if !regexp.MustCompile(`^Anchor \d+ and candidate \d+, both of class \d+, at step 4: S \S+, N \S+, P \S+, m·w \S+$`).MatchString(first) {
		t.Errorf("the first pair is read as %q", first)
	}
	p.changes("the pair", p.text(part+".readout"), func() { p.Press("ArrowRight") })
	p.changes("the pair in another window", p.text(part+".readout"), func() {
		p.Resize(1100, 800)
		p.Wait(`document.querySelector('[data-part=weights] svg.brushable').viewBox.baseVal.width < 360`)
		p.Press("ArrowRight") // the focus stays
	})
	if n := p.Count(part + ".small .ring"); n != 3 {
		t.Errorf("%d panels ring the pair, want three", n)
	}
	p.changes("the pair under the pointer", p.text(part+".readout"), func() { p.Hover(part+"svg.brushable", 0.7, 0.12) })

	p.changes("the measure", p.text(part+"> figure figcaption"), func() { p.Choose("select.moment", "similarity") })
	p.changes("the loss", p.text(part+".says"), func() { p.Choose("select.loss", "1") })
	p.changes("the axis", func() string { return strings.Join(p.Texts(part+".small .tick"), " ") }, func() { p.Choose("select.scale", "log") })
}

func TestBrowserMaps(t *testing.T) {
	p := drive(t, plainFolder(t))
	const part = "[data-part=maps] "
	if c := strings.Join(p.Texts(part+"figcaption"), "\n"); !strings.Contains(c, "PCA of frozen") || !strings.Contains(c, "t-SNE of frozen") {
		t.Errorf("the maps are %q", c)
	}
	place := func() string { return p.Attribute(part+"figure svg g path", "d") }
	p.changes("the map", place, func() { p.Choose("select.map", "1") })
	p.Focus(part + "figure svg")
	p.Press("Home")
	if r := p.Text(part + ".readout"); !regexp.MustCompile(`^Row \d+ of the data set, class \d+$`).MatchString(r) {
		t.Errorf("a point is read as %q", r)
	}
	p.Resize(1200, 800)
	const box = `document.querySelector('[data-part=maps] .worst .scroll')`
	if n := p.Count(part + ".worst thead th"); n != 3+nearestRows {
		t.Errorf("the worst queries have %d columns", n)
	}
	p.Wait(box + `.scrollWidth <= ` + box + `.clientWidth`) // nothing is scrolled sideways
	const rank = part + ".worst th:nth-child(3)"
	p.changes("the first of the worst queries", p.text(part+"tbody th"), func() { p.Click(rank + " button") })
	if s := p.Attribute(rank, "aria-sort"); s != "ascending" {
		t.Errorf("after a click the ranks are %s", s)
	}
}

func TestBrowserSweep(t *testing.T) {
	p := drive(t, sweptFolder(t))
	const part = "[data-part=sweeps] "
	if c := p.Text(part + "figcaption"); c != "MAP@R against optimizer.lr, birds (synthetic)" {
		t.Errorf("the figure is called %q", c)
	}
	if ticks := strings.Join(p.Texts(part+".tick"), " "); !strings.Contains(ticks, "10⁻⁴ 10⁻³ 10⁻²") {
		t.Errorf("the ticks %q are not powers of ten", ticks)
	}
	p.changes("the lines", func() string { return p.Attribute(part+"path.line", "d") }, func() { p.Choose("select.metric", "recall@1") })
	p.changes("the ranks", p.text("[data-part=ranks] figcaption"), func() { p.Choose("select.metric", "recall@2") })
	if n := p.Count("[data-part=ranks] svg g"); n != 9 {
		t.Errorf("%d rows are ranked, want nine", n)
	}
	if text := p.Text("[data-part=weights]"); !strings.Contains(text, "weights: {at: [first, last]}") {
		t.Errorf("a folder without weights says %q", text)
	}
	if text := p.Text("[data-part=maps]"); !strings.Contains(text, "keep: [head, embeddings]") {
		t.Errorf("a folder without embeddings says %q", text)
	}
}

// metricHidden lists rows of tables whose chosen metric is not in view beside the name,
// with the table at its left or at its right end.
const metricHidden = `[...document.querySelectorAll('table.results')].flatMap(t => [0, 1e5].flatMap(x => {
	const box = t.closest('.scroll');
	box.scrollLeft = x;
	const right = box.getBoundingClientRect().right + 1;
	return [...t.tBodies[0].rows].filter(r => {
		const name = r.cells[0].getBoundingClientRect(), cell = r.querySelector('td.shown').getBoundingClientRect();
		return !(cell.width > 20 && cell.left >= name.right - 1 && cell.right <= right);
	}).map(r => r.textContent + ' at ' + x);
}))`

// Every window has room for the page, dark pages are dark, and paper has neither controls
// nor drawings of the window's width.
func TestBrowserWindows(t *testing.T) {
	p := drive(t, plainFolder(t), sweptFolder(t))
	if u := p.Unnamed(); len(u) > 0 {
		t.Errorf("without a name for screen readers: %v", u)
	}
	p.Screenshot("report_light")
	view := func() string { return p.Attribute("[data-part=recall] svg[role=img]", "viewBox") }
	p.changes("the drawing in 320 pixels", view, func() {
		p.Resize(320, 640)
		p.Wait(`document.querySelector('[data-part=recall] svg[role=img]').viewBox.baseVal.width < 320`)
	})
	for _, width := range []int{320, 480, 768, 1280, 2200} {
		p.Resize(width, 700)
		if o := p.Overflow(); o > 0 {
			t.Errorf("in a window of %d the page is %d too wide", width, o)
		}
		if width == 320 && !browsertest.Eval[bool](p.Page, `(b => b.scrollWidth > b.clientWidth && b.tabIndex === 0)(document.querySelector('.scroll'))`) {
			t.Error("in 320 pixels the table does not scroll in its box")
		}
		if width == 320 {
			for _, metric := range []string{"recall@1", "recall@8"} {
				p.Choose("#f0 select.metric", metric)
				if hidden := browsertest.Eval[[]string](p.Page, metricHidden); len(hidden) > 0 {
					t.Errorf("in 320 pixels %s is not in view of %v", metric, hidden)
				}
			}
		}
		p.Screenshot(fmt.Sprintf("report_%d", width))
	}
	p.Resize(1280, 800)

	paper := func() string { return p.Style("body", "background-color") }
	p.changes("the paper in the dark", paper, func() { p.Prefer("prefers-color-scheme", "dark") })
	p.Screenshot("report_dark")
	p.changes("the paper of the choice", paper, func() { p.Choose("#theme", "light") })
	p.Prefer("prefers-color-scheme", "light")
	p.changes("the paper of the other choice", paper, func() { p.Choose("#theme", "dark") })

	p.Media("print")
	for selector, want := range map[string]string{"nav": "none", ".bar": "none", "figure": "block", "table.results": "table"} {
		if d := p.Style(selector, "display"); d != want {
			t.Errorf("on paper %s is %s, want %s", selector, d, want)
		}
	}
	if c := p.Style("body", "background-color"); c != "rgb(255, 255, 255)" {
		t.Errorf("paper is %s", c)
	}
	p.Media("")
	browsertest.Eval[any](p.Page, `addEventListener('beforeprint', () => { window.printed = document.querySelector('[data-part=recall] svg[role=img]').getAttribute('viewBox'); }), null`)
	printed := p.PDF("report")
	if pages := bytes.Count(printed, []byte("/Type /Page\n")); pages < 3 || pages > 30 {
		t.Errorf("the page has %d pages of paper", pages)
	}
	if v := browsertest.Eval[string](p.Page, `window.printed || ''`); !strings.HasPrefix(v, "0 0 345 ") {
		t.Errorf("on paper the drawing is %q", v)
	}
}

// Rows of several folders sort together.
func TestBrowserFoldersTogether(t *testing.T) {
	p := drive(t, plainFolder(t), sweptFolder(t))
	p.changes("the first row", p.text("#together tbody th"), func() { p.Click("#together th:nth-child(6) button") })
	if n := p.Count("section.folder"); n != 2 {
		t.Errorf("%d folders have a section", n)
	}
	p.changes("the answer of the second folder alone", p.text("#f1 .answers"), func() {
		before := p.Text("#f0 .answers")
		p.Choose("#f1 select.metric", "recall@1")
		if p.Text("#f0 .answers") != before {
			t.Error("the first folder follows the choice of the second")
		}
	})
}
