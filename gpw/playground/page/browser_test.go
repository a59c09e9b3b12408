//go:build browser

package page

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"gpwbench/internal/browsertest"
)

// written writes the page into a folder of the test.
func written(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b); err != nil {
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
	p.Wait(`globalThis.gpw && page.panels.length === 2 && page.panels[0].frame.n > 0`)
	return p
}

func TestBrowserPictures(t *testing.T) {
	p := opened(t)
	p.Wait(`page.panels.every(p => p.result)`)
	p.Resize(1280, 900)
	p.Screenshot("light")
	p.Prefer("prefers-color-scheme", "dark")
	p.Screenshot("dark")
	p.Resize(320, 700)
	p.Screenshot("narrow")
}

func TestBrowserSpeedTry(t *testing.T) {
	p := opened(t)
	for _, surface := range []string{"circle", "sphere"} {
		p.Choose("#surface", surface)
		p.Fill("#classes", "6")
		p.Fill("#each", "10")
		p.Click("#arrange button")
		p.Wait(`page.state.labels.length === 60`)
		p.Wait(`page.panels.every(p => p.result)`)
		p.Resize(1280, 900)
		t.Log(surface, browsertest.Eval[string](p, `(() => {
			const time = (f, n = 50) => { const t = performance.now(); for (let i = 0; i < n; i++) f(); return ((performance.now() - t) / n).toFixed(2); };
			return 'step ' + time(() => ask('step')) + ' frame ' + time(() => page.panels[0].frame.read(60)) + ' plane ' + time(() => drawPlane(page.panels[0])) + ' spread ' + time(() => drawSpread(page.panels[0])) + ' draw ' + time(() => draw(performance.now()));
		})()`))
		p.Click("#run")
		p.Wait(`Number(one('speed').dataset.value) > 0`)
		browsertest.Eval[any](p, `new Promise(f => setTimeout(() => f(null), 4000))`)
		t.Log(p.Text("#speed"), p.Text("#panel-0 [data-is=counts]"))
		p.Window("sixty-" + surface)
		p.Click("#run")
	}
}
