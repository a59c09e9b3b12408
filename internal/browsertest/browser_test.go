//go:build browser

package browsertest

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every means of the harness changes a value on a page, or reads one.
func TestBrowserActs(t *testing.T) {
	p := Open(t, "testdata/page.html")
	expect := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s is %q, want %q", what, got, want)
		}
	}

	p.Click("#more")
	p.Focus("#more")
	p.Press("Enter", "Space")
	expect("the count after a click and two keys", p.Text("#count"), "3")
	p.Fill("#name", "new é")
	expect("what was typed", p.Text("#typed"), "new é")
	expect("the field", p.Value("#name"), "new é")
	p.Focus("#step")
	p.Press("ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowLeft")
	expect("the slider", p.Text("#at"), "9")
	p.Choose("#of", "b")
	expect("the choice", p.Text("#chosen"), "b")
	p.Drag("#box", 0.1, 0.5, 0.6, 0.75)
	expect("the way of the pointer", p.Text("#dragged"), "100 25")
	p.Hover("#box", 0.25, 0.5)
	expect("the pointer", p.Attribute("#title", "data-pointer"), "50")
	p.Press("Shift+Tab")

	expect("an attribute", p.Attribute("#title", "data-kind"), "heading")
	expect("an attribute that is not there", p.Attribute("#title", "lang"), "")
	expect("the style", p.Style("body", "background-color"), "rgb(255, 255, 255)")
	p.Prefer("prefers-color-scheme", "dark")
	expect("the style in the dark", p.Style("body", "background-color"), "rgb(0, 0, 0)")
	if n := p.Count("output"); n != 5 {
		t.Errorf("%d outputs, want 5", n)
	}
	if o := p.Overflow(); o != 0 {
		t.Errorf("the page is %d too wide for 1280", o)
	}
	p.Resize(400, 300)
	if o := p.Overflow(); o != 200 {
		t.Errorf("in a window of 400 a paragraph of 600 sticks out by %d", o)
	}
	if printed := p.PDF("page"); !bytes.HasPrefix(printed, []byte("%PDF-")) {
		t.Error("what is printed is no PDF")
	}
}

func TestBrowserNames(t *testing.T) {
	p := Open(t, "testdata/page.html")
	for selector, want := range map[string][2]string{
		"#more": {"button", "more"}, "#step": {"slider", "Step"}, "#of": {"combobox", "Of"}, "#picture": {"image", "A circle"},
	} {
		if role, name := p.Accessible(selector); role != want[0] || name != want[1] {
			t.Errorf("%s is %s %q, want %v", selector, role, name, want)
		}
	}
	if u := p.Unnamed(); len(u) != 0 {
		t.Errorf("without a name: %v", u)
	}
	Eval[any](p, `document.getElementById('picture').removeAttribute('aria-label'), document.getElementById('more').textContent = ''`)
	if u := strings.Join(p.Unnamed(), " "); !strings.Contains(u, "button") || !strings.Contains(u, "image") {
		t.Errorf("without a name are a button and an image, found %q", u)
	}
}

// Errors of the console, exceptions and requests to the network are complaints.
func TestBrowserHearsComplaints(t *testing.T) {
	p := Open(t, "testdata/page.html")
	if c := p.Complaints(); len(c) != 0 {
		t.Fatalf("a page without faults complains: %q", c)
	}
	for javascript, want := range map[string]string{
		`console.error('broken', 7), null`:                                      "broken 7",
		`setTimeout(() => { throw new Error('thrown') }), null`:                 "thrown",
		`Promise.reject(new Error('refused')), null`:                            "refused",
		`document.body.append(Object.assign(new Image(), {src: 'none.png'}))`:   "ERR_FILE_NOT_FOUND",
		`fetch('http://127.0.0.1:9/far').catch(() => 0).then(() => null), null`: "request for http://127.0.0.1:9/far",
	} {
		Eval[any](p, javascript)
		Eval[any](p, `new Promise(done => setTimeout(() => done(null), 300))`)
		if c := strings.Join(p.Complaints(), "\n"); !strings.Contains(c, want) {
			t.Errorf("after %s the complaints are %q, want %q among them", javascript, c, want)
		}
	}
}

func TestBrowserPictures(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(picturesVariable, dir)
	p := Open(t, "testdata/page.html")
	p.Resize(640, 200)
	p.Window("window")
	p.Screenshot("page")
	heights := map[string]int{}
	for _, name := range []string{"window", "page"} {
		data, err := os.ReadFile(filepath.Join(dir, name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		heights[name] = picture.Bounds().Dy()
		if w := picture.Bounds().Dx(); w != 640 {
			t.Errorf("%s.png is %d wide, want 640", name, w)
		}
	}
	if heights["window"] != 200 || heights["page"] <= 200 {
		t.Errorf("the heights are %v, want 200 of the window and more of the page", heights)
	}
}
