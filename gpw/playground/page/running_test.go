//go:build browser

package page_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"gpwbench/internal/browsertest"
)

// The link is of the present state at the moment at which Run is stopped, while steps go
// on where it is used, and it keeps the number of steps. Reset returns to what it opened.
func TestBrowserLinkOfSteps(t *testing.T) {
	path := written(t)
	p := browsertest.Open(t, path)
	p.Wait(started)
	counted := func(p *browsertest.Page) int {
		return browsertest.Eval[int](p, `page.panels[0].frame.header('steps')`)
	}

	p.Focus("#rate")
	p.Press("Home") // at the usual rate all points of a class soon meet, and L stays 0
	p.Click("#run")
	p.Wait(`page.panels[0].frame.header('steps') > 5`)
	used := browsertest.Eval[struct {
		Link  string
		Steps int
	}](p, `(() => {
		one('link').dispatchEvent(new PointerEvent('pointerdown'));
		return { Link: one('link').getAttribute('href'), Steps: page.panels[0].frame.header('steps') };
	})()`)
	p.Wait(fmt.Sprintf(`page.panels[0].frame.header('steps') > %d`, used.Steps))
	stopped := browsertest.Eval[[]string](p, `one('run').click(), [one('link').getAttribute('href'), location.hash, one('snippet').value]`)
	want, steps := [2]float64{loss(t, p, 0), loss(t, p, 1)}, counted(p)
	if stopped[1] != stopped[0] {
		t.Error("the address of the page is not the link")
	}
	if !strings.Contains(stopped[2], fmt.Sprintf("\nsteps: %d\n", steps)) {
		t.Errorf("after step %d the snippet is\n%s", steps, stopped[2])
	}
	if now := p.Attribute("#link", "href"); now != stopped[0] {
		t.Error("the link still changed after Run was stopped")
	}

	other := browsertest.OpenURL(t, "file://"+filepath.ToSlash(path)+used.Link)
	other.Wait(started + ` && page.panels[0].frame.header('steps') > 0`)
	if got := counted(other); got != used.Steps {
		t.Errorf("the link that was used at step %d is of step %d", used.Steps, got)
	}
	browsertest.Eval[any](other, fmt.Sprintf(`location.hash = %q, null`, stopped[0]))
	other.Wait(fmt.Sprintf(`!drawing && page.panels[0].frame.header('steps') === %d`, steps))
	if got := [2]float64{loss(t, other, 0), loss(t, other, 1)}; got != want || counted(other) != steps {
		t.Errorf("the link shows L = %v at step %d, want %v at %d", got, counted(other), want, steps)
	}
	other.Click("#step")
	if l := loss(t, other, 0); l == want[0] || counted(other) != steps+1 {
		t.Errorf("a step leads from step %d to %d, and from L = %v to %v", steps, counted(other), want[0], l)
	}
	other.Click("#reset")
	if l := loss(t, other, 0); l != want[0] || counted(other) != steps {
		t.Errorf("Reset leads to L = %v at step %d, want %v at %d", l, counted(other), want[0], steps)
	}
}

// While steps are made, a loss that is chosen is measured, and the rows of Table 1 wait.
func TestBrowserMeasuresBesideSteps(t *testing.T) {
	p := opened(t)
	const rows = `page.offers.rows.filter(r => r.result).length`
	browsertest.Eval[any](p, `one('table1').scrollIntoView(), null`)
	p.Wait(rows + ` > 0`)
	browsertest.Eval[any](p, `one('run').click(), null`)
	p.Wait(`page.panels[0].frame.header('steps') > 5`)
	before := browsertest.Eval[int](p, rows)

	p.Choose("#panel-0 [data-is=loss]", "contrastive.gpw")
	p.Wait(`page.running && page.panels[0].result`)
	if text := p.Text("#panel-0 [data-is=measured] summary"); !strings.Contains(text, "the weight of a negative depends on S;") {
		t.Errorf("the page says %q", text)
	}
	p.Wait(`page.panels[0].frame.header('steps') > 60`)
	if after := browsertest.Eval[int](p, rows); after != before || after == 9 {
		t.Errorf("%d rows of Table 1 are measured while steps are made, %d before", after, before)
	}
	browsertest.Eval[any](p, `one('run').click(), null`)
	p.Wait(fmt.Sprintf(`%s > %d`, rows, before))
}
