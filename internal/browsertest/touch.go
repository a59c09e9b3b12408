//go:build browser

package browsertest

import (
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Touch puts a finger on one place of an element, moves it in ten steps to another, and
// takes it away there. Places are fractions of the element's width and height.
func (p *Page) Touch(selector string, fromX, fromY, toX, toY float64) {
	p.t.Helper()
	ax, ay := p.point(selector, fromX, fromY)
	bx, by := p.point(selector, toX, toY)
	const steps = 10
	p.touch(input.DispatchTouchEventTypeTouchStart, &input.TouchPoint{X: ax, Y: ay})
	for k := range steps {
		share := float64(k+1) / steps
		p.touch(input.DispatchTouchEventTypeTouchMove, &input.TouchPoint{X: ax + share*(bx-ax), Y: ay + share*(by-ay)})
	}
	p.touch(input.DispatchTouchEventTypeTouchEnd)
}

func (p *Page) touch(kind input.DispatchTouchEventType, points ...*input.TouchPoint) {
	p.t.Helper()
	if points == nil {
		points = []*input.TouchPoint{}
	}
	if _, err := chromedp.Call(p.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points}); err != nil {
		p.t.Fatalf("%s: %v", kind, err)
	}
}
