package plots

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A dot is a pair on the page, with the value that determines its colour.
type dot struct {
	at    vg.Point
	value float64
}

const (
	// More dots than this in a panel are drawn as an image; fewer, one by one.
	glyphLimit = 3000
	imageDPI   = 600

	// The opacity of an image at a single dot: light enough to distinguish it from a
	// thousand, and visible on white.
	minOpacity = 0.85
)

// A shape distinguishes positives from negatives where colours cannot: discs, and
// triangles of the same area.
type shape bool

const (
	disc     shape = true
	triangle shape = false
)

// triangleReach is the distance of a triangle's corners from its centre, relative to the
// radius of a disc of its area.
const triangleReach = 1.5551 // √(4π/(3√3))

// Dots are those of a panel: one by one, or an image where there are many, so that each
// takes no memory.
type dots struct {
	page   vg.Rectangle // of the image
	w, h   int          // its pixels
	few    []dot        // nil of an image
	raster *raster      // nil of few
}

func (p panel) newDots() *dots {
	// The image extends over the panel's edge as far as a dot on it does.
	const reach = 2 * imageDotRadius
	size := p.Size()
	return &dots{w: pixels(size.X + 2*reach), h: pixels(size.Y + 2*reach), page: vg.Rectangle{Min: vg.Point{X: p.Min.X - reach, Y: p.Min.Y - reach}, Max: vg.Point{X: p.Max.X + reach, Y: p.Max.Y + reach}}}
}

func (d *dots) add(one dot) {
	if d.raster != nil {
		d.onto(one)
		return
	}
	if d.few = append(d.few, one); len(d.few) <= glyphLimit {
		return
	}

	d.raster = newRaster(d.w, d.h)
	for _, one := range d.few {
		d.onto(one)
	}
	d.few = nil
}

// onto puts a dot on the image.
func (d *dots) onto(one dot) {
	size := d.page.Size()
	x, y := (one.at.X-d.page.Min.X)/size.X, (d.page.Max.Y-one.at.Y)/size.Y
	d.raster.add(int(x*vg.Length(d.raster.w)), int(y*vg.Length(d.raster.h)), one.value)
}

func (d *dots) none() bool { return len(d.few) == 0 && d.raster == nil }

// draw draws the dots. Axes and text go above them.
func (d *dots) draw(c draw.Canvas, form shape, colors palette) {
	if d.raster == nil {
		drawGlyphs(c, d.few, form, dotRadius, colors)
		return
	}
	c.DrawImage(d.page, d.raster.grow(form, imageDotRadius*imageDPI/72).image(colors))
}

// pixels converts a length to pixels of an image.
func pixels(l vg.Length) int { return int(l / vg.Inch * imageDPI) }

// drawGlyphs draws every dot, those of one colour as one path.
func drawGlyphs(c draw.Canvas, dots []dot, form shape, radius vg.Length, colors palette) {
	paths := map[color.NRGBA]*vg.Path{}
	var order []color.NRGBA
	for _, d := range dots {
		paint := colors.color(d.value)
		path := paths[paint]
		if path == nil {
			path = new(vg.Path)
			paths[paint] = path
			order = append(order, paint)
		}

		form.add(path, d.at, radius)
	}

	for _, paint := range order {
		c.SetColor(paint)
		c.Fill(*paths[paint])
	}
}

func (form shape) add(path *vg.Path, at vg.Point, radius vg.Length) {
	if form == disc {
		path.Move(vg.Point{X: at.X + radius, Y: at.Y})
		path.Arc(at, radius, 0, 2*math.Pi)
		path.Close()
		return
	}

	r := triangleReach * radius
	path.Move(vg.Point{X: at.X, Y: at.Y + r})
	path.Line(vg.Point{X: at.X - r*cos30, Y: at.Y - r/2})
	path.Line(vg.Point{X: at.X + r*cos30, Y: at.Y - r/2})
	path.Close()
}

const cos30 = 0.8660254

// outside returns the distance of a point from the shape, negative inside. y points down.
func (form shape) outside(x, y, radius float64) float64 {
	if form == disc {
		return math.Hypot(x, y) - radius
	}
	half := triangleReach * radius / 2 // from the middle to a side
	return max(y-half, cos30*math.Abs(x)-y/2-half)
}

// A raster has, for each pixel, the number of dots on it and, of those with a value, the
// number and the sum.
type raster struct {
	w, h                int
	dots, valued, total []float64
}

func newRaster(w, h int) *raster {
	return &raster{w: w, h: h, dots: make([]float64, w*h), valued: make([]float64, w*h), total: make([]float64, w*h)}
}

// add puts a dot on a pixel.
func (r *raster) add(x, y int, value float64) {
	k := y*r.w + x
	r.dots[k]++
	if !math.IsNaN(value) {
		r.valued[k]++
		r.total[k] += value
	}
}

// grow returns a raster in which each dot covers a shape around its pixel. Pixels on the
// edge of the shape are covered in part.
func (r *raster) grow(form shape, radius float64) *raster {
	reach := int(radius + 0.5)
	if form == triangle {
		reach = int(triangleReach*radius + 0.5)
	}

	side := 2*reach + 1
	stamp := make([]float64, side*side)
	for k := range stamp {
		stamp[k] = min(max(0.5-form.outside(float64(k%side-reach), float64(k/side-reach), radius), 0), 1)
	}

	g := newRaster(r.w, r.h)
	for k, n := range r.dots {
		if n == 0 {
			continue
		}
		x, y := k%r.w, k/r.w

		for dy := max(-reach, -y); dy <= min(reach, r.h-1-y); dy++ {
			for dx := max(-reach, -x); dx <= min(reach, r.w-1-x); dx++ {
				covered := stamp[(dy+reach)*side+dx+reach]
				to := k + dy*r.w + dx
				g.dots[to] += covered * n
				g.valued[to] += covered * r.valued[k]
				g.total[to] += covered * r.total[k]
			}
		}
	}

	return g
}

// image colours each pixel by the mean value of its dots. It makes a pixel more opaque
// the more dots there are, on a logarithmic scale.
func (r *raster) image(colors palette) *image.NRGBA {
	most := math.E
	for _, n := range r.dots {
		most = max(most, n)
	}

	img := image.NewNRGBA(image.Rect(0, 0, r.w, r.h))
	for k, n := range r.dots {
		if n == 0 {
			continue
		}

		paint := colors.color(r.total[k] / r.valued[k]) // 0/0 is NaN: no value
		density := minOpacity + (1-minOpacity)*math.Log(max(n, 1))/math.Log(most)
		paint.A = uint8(255 * density * min(n, 1))
		img.SetNRGBA(k%r.w, k/r.w, paint)
	}

	return img
}
