//go:build browser

package browsertest

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Resize sets the size of the window's content, in CSS pixels.
func (p *Page) Resize(width, height int) {
	p.t.Helper()
	do(p, fmt.Sprintf("resize to %d by %d", width, height), chromedp.EmulateViewport(int64(width), int64(height)))
}

// Prefer sets a preference of the user, such as prefers-color-scheme to dark.
func (p *Page) Prefer(feature, value string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: feature, Value: value}},
	})
	if err != nil {
		p.t.Fatalf("prefer %s %s: %v", feature, value, err)
	}
}

// Click clicks in the middle of an element.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.ClickAt(selector, 0.5, 0.5)
}

// ClickAt clicks at fractions of an element's width and height.
func (p *Page) ClickAt(selector string, x, y float64) {
	p.t.Helper()
	px, py := p.point(selector, x, y)
	do(p, "click "+selector, chromedp.MouseClickXY(px, py))
}

// Hover moves the pointer to fractions of an element's width and height.
func (p *Page) Hover(selector string, x, y float64) {
	p.t.Helper()
	px, py := p.point(selector, x, y)
	do(p, "hover over "+selector, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, px, py))
}

// Drag presses the pointer at one place of an element, moves it in ten steps to another,
// and releases it there. Places are fractions of the element's width and height, and may
// lie outside it.
func (p *Page) Drag(selector string, fromX, fromY, toX, toY float64) {
	p.t.Helper()
	ax, ay := p.point(selector, fromX, fromY)
	bx, by := p.point(selector, toX, toY)
	p.DragXY(ax, ay, bx, by)
}

// DragXY drags between two places of the window, in CSS pixels from its upper left.
func (p *Page) DragXY(fromX, fromY, toX, toY float64) {
	p.t.Helper()
	do(p, "drag", chromedp.DragAndDropXY(fromX, fromY, toX, toY, 10))
}

// Fill replaces what stands in a field by text, typed key by key.
func (p *Page) Fill(selector, text string) {
	p.t.Helper()
	p.Focus(selector)
	Eval[any](p, `document.activeElement.select && document.activeElement.select(), null`)
	if text == "" {
		p.Press("Backspace")
		return
	}
	do(p, "type into "+selector, chromedp.KeyEvent(text))
}

// Choose selects the option of a value in a select element.
func (p *Page) Choose(selector, value string) {
	p.t.Helper()
	found := Eval[bool](p, fmt.Sprintf(`(() => {
		const e = %s;
		if (![...e.options].some(o => o.value === %q)) return false;
		e.value = %[2]q;
		e.dispatchEvent(new Event('input', {bubbles: true}));
		e.dispatchEvent(new Event('change', {bubbles: true}));
		return true;
	})()`, element(selector), value))
	if !found {
		p.t.Fatalf("%s has no option %q", selector, value)
	}
}

// Focus puts the keyboard's focus on an element, which must take it.
func (p *Page) Focus(selector string) {
	p.t.Helper()
	if !Eval[bool](p, fmt.Sprintf(`(() => { const e = %s; e.focus(); return document.activeElement === e; })()`, element(selector))) {
		p.t.Fatalf("%s does not take the focus", selector)
	}
}

// keys are the keys that have no character.
var keys = map[string]string{
	"Tab": kb.Tab, "Enter": kb.Enter, "Escape": kb.Escape, "Backspace": kb.Backspace, "Delete": kb.Delete, "Space": " ",
	"ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight, "ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown,
	"Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown,
}

// Press presses keys one after the other where the focus is: characters, or names such as
// Tab, Enter, Space and ArrowRight, each with Shift+ before it or without.
func (p *Page) Press(names ...string) {
	p.t.Helper()
	for _, name := range names {
		var options []chromedp.KeyOption
		key, shifted := strings.CutPrefix(name, "Shift+")
		if shifted {
			options = append(options, chromedp.KeyModifiers(chromedp.ModifierShift))
		}
		if code, ok := keys[key]; ok {
			key = code
		} else if len([]rune(key)) != 1 {
			p.t.Fatalf("no key has the name %q", name)
		}
		do(p, "press "+name, chromedp.KeyEvent(key, options...))
	}
}

// point is a place of an element in the window, which it scrolls to.
func (p *Page) point(selector string, x, y float64) (px, py float64) {
	p.t.Helper()
	at := Eval[[]float64](p, fmt.Sprintf(`(() => {
		const e = %s;
		e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
		const b = e.getBoundingClientRect();
		return [b.left + %g * b.width, b.top + %g * b.height, b.width, b.height];
	})()`, element(selector), x, y))
	if at[2] == 0 && at[3] == 0 {
		p.t.Fatalf("%s is not drawn", selector)
	}
	return at[0], at[1]
}

// element is JavaScript for the first element of a selector, an error without one.
func element(selector string) string {
	return fmt.Sprintf(`(document.querySelector(%q) || (() => { throw new Error('nothing on the page is ' + %[1]q); })())`, selector)
}
