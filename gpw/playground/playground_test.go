package playground

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// loaded returns a playground of an arrangement under one preset.
func loaded(t *testing.T, a Arrangement, name string) *Playground {
	t.Helper()
	p := New()
	if err := p.Arrange(a); err != nil {
		t.Fatal(err)
	}
	if err := p.SetLoss(0, Loss{Name: name}); err != nil {
		t.Fatal(err)
	}
	return p
}

// everyPreset calls f with the name of every preset of the catalogue.
func everyPreset(f func(name string, c losses.Choice)) {
	for _, s := range losses.Catalogue {
		for _, preset := range s.Presets {
			c, err := losses.Choose(losses.Catalogue, s.Name+"."+preset.Name)
			if err != nil {
				panic(err)
			}
			f(s.Name+"."+preset.Name, c)
		}
	}
}

// A frame has the value and the weights of package gpw on the same points, to the bit.
func TestFrameIsGPW(t *testing.T) {
	for _, surface := range []string{Circle, Sphere} {
		everyPreset(func(name string, c losses.Choice) {
			p := loaded(t, Arrangement{surface, 3, 4, 9}, name)
			f, err := p.Frame(0)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}

			s := p.State()
			d := s.dimensions()
			b, err := gpw.Batch(slices.Concat(s.Points[0]...), len(s.Labels), d, s.Labels)
			if err != nil {
				t.Fatal(err)
			}
			value, g, err := gpw.Evaluate(c, b)
			if err != nil {
				t.Fatal(err)
			}
			if f.Loss != value || !slices.Equal(f.G, g) {
				t.Errorf("%s on the %s: L = %v, want %v, or G differs", name, surface, f.Loss, value)
			}
			for _, pair := range gpw.FromGradient(b, g).Pairs {
				k := pair.Anchor*len(s.Labels) + pair.Candidate
				got := []float64{f.S[k], f.N[k], f.P[k], f.Both[k]}
				want := []float64{pair.S, pair.N, pair.P, g[k] + g[pair.Candidate*len(s.Labels)+pair.Anchor]}
				if fmt.Sprint(got) != fmt.Sprint(want) { // NaN where there is no other
					t.Fatalf("%s: pair %d, %d has S, N, P and both orders %v, want %v", name, pair.Anchor, pair.Candidate, got, want)
				}
			}
		})
	}
}

// The force on a point is the descent of F = Σ G_ij·S_ij, in which G is held constant, by
// central differences of the cosines of rows that are moved and not scaled back. Of a
// loss whose G is its derivative by S alone it is also that of L.
func TestForces(t *testing.T) {
	const h = 1e-6
	inexact := losses.Detached | losses.ReadsVectorMeans | losses.Random | losses.WeightDefined
	compared := 0
	for _, surface := range []string{Circle, Sphere} {
		everyPreset(func(name string, c losses.Choice) {
			p := loaded(t, Arrangement{surface, 3, 4, 11}, name)
			f, err := p.Frame(0)
			if err != nil {
				t.Fatal(err)
			}
			s := p.State()
			x, n, d := slices.Concat(s.Points[0]...), len(s.Labels), s.dimensions()

			held := func(x []float64) (sum float64) {
				for i := range n {
					for j := range n {
						if j != i {
							sum += f.G[i*n+j] * cosine(x[i*d:(i+1)*d], x[j*d:(j+1)*d])
						}
					}
				}
				return sum
			}
			value := func(x []float64) float64 {
				b, err := gpw.Batch(x, n, d, s.Labels)
				if err != nil {
					t.Fatal(err)
				}
				v, _, err := gpw.Evaluate(c, b)
				if err != nil {
					t.Fatal(err)
				}
				return v
			}

			largest := 0.0
			for _, point := range f.Points {
				largest = max(largest, point.Size)
			}
			if largest == 0 {
				t.Errorf("%s: no force", name)
			}
			for k := range x {
				at := x[k]
				x[k] = at + h
				up, lup := held(x), value(x)
				x[k] = at - h
				down, ldown := held(x), value(x)
				x[k] = at
				got := f.Points[k/d].Force[k%d]
				if want := -(up - down) / (2 * h); math.Abs(got-want) > 1e-8*largest+1e-9 {
					t.Fatalf("%s on the %s: the force on %d along %d is %v, want %v of Σ G·S", name, surface, k/d, k%d, got, want)
				}
				if want := -(lup - ldown) / (2 * h); c.Traits()&inexact == 0 && math.Abs(got-want) > 1e-5*largest {
					t.Errorf("%s on the %s: the force on %d along %d is %v, want %v of L", name, surface, k/d, k%d, got, want)
				} else if c.Traits()&inexact == 0 {
					compared++
				}
			}
		})
	}
	if compared < 1000 {
		t.Errorf("only %d forces were compared with the slope of a loss", compared)
	}
}

func cosine(x, y []float64) float64 {
	inner := 0.0
	for k := range x {
		inner += x[k] * y[k]
	}
	return inner / norm(x) / norm(y)
}

// A small step lowers the loss by the rate times Σ f², and stays on the surface.
func TestStep(t *testing.T) {
	p := loaded(t, Arrangement{Sphere, 3, 4, 5}, "multi_similarity.weighting")
	p.Compare(false)
	if err := p.SetRate(0.001); err != nil {
		t.Fatal(err)
	}
	before, _ := p.Frame(0)
	if err := p.Step(); err != nil {
		t.Fatal(err)
	}
	after, _ := p.Frame(0)

	want := 0.0
	for _, point := range before.Points {
		want += 0.001 * point.Size * point.Size
	}
	if got := before.Loss - after.Loss; math.Abs(got-want) > 0.02*want {
		t.Errorf("the loss fell by %v, want about %v", got, want)
	}
	for i, point := range after.Points {
		if length := norm(point.At[:]); math.Abs(length-1) > 1e-15*4 {
			t.Errorf("point %d has the length %v", i, length)
		}
	}
	if after.Steps != 1 {
		t.Errorf("%d steps, want 1", after.Steps)
	}
	p.Reset()
	if again, _ := p.Frame(0); again.Loss != before.Loss || again.Steps != 0 {
		t.Errorf("after Reset the loss is %v at step %d, want %v at 0", again.Loss, again.Steps, before.Loss)
	}
}

// A state that was loaded keeps its steps: further ones are counted from there, Reset
// returns there, and points that are moved or drawn anew begin at 0.
func TestStepsOfState(t *testing.T) {
	s := initial()
	s.Steps = 40
	p := new(Playground)
	if err := p.Load(s); err != nil {
		t.Fatal(err)
	}
	counts := func(want int) {
		t.Helper()
		for k := range p.Panels() {
			if f, _ := p.Frame(k); f.Steps != want || p.State().Steps != want {
				t.Errorf("loss %d is at step %d and the state at %d, want %d", k, f.Steps, p.State().Steps, want)
			}
		}
	}
	counts(40)
	if err := p.Step(); err != nil {
		t.Fatal(err)
	}
	counts(41)
	p.Compare(false)
	p.Compare(true)
	counts(41)
	p.Reset()
	counts(40)

	if err := p.Arrange(Arrangement{Circle, 2, 3, 1}); err != nil {
		t.Fatal(err)
	}
	counts(0)
	if err := p.Load(s); err != nil {
		t.Fatal(err)
	}
	if err := p.PlayCase(0); err != nil {
		t.Fatal(err)
	}
	counts(0)
	if err := p.Load(s); err != nil {
		t.Fatal(err)
	}
	p.Turn(1, 20, 0)
	counts(0)
	p.Reset()
	counts(0)
}

// Two panels descend from the same points, each by its own loss, and a moved point moves
// in both.
func TestTwoPanels(t *testing.T) {
	p := New()
	for range 20 {
		if err := p.Step(); err != nil {
			t.Fatal(err)
		}
	}
	first, _ := p.Frame(0)
	second, _ := p.Frame(1)
	if first.Points[1].At == second.Points[1].At {
		t.Error("two losses moved a point to the same place")
	}
	if n := len(p.State().Points); n != 2 {
		t.Errorf("the state has %d lists of points, want 2", n)
	}

	p.Move(1, 0, -3)
	for k := range 2 {
		if f, _ := p.Frame(k); f.Points[1].At != [3]float64{0, -1, 0} {
			t.Errorf("panel %d: the point is at %v", k, f.Points[1].At)
		}
	}
	p.Compare(false)
	p.Compare(true)
	if a, b := p.State().Points, p.Panels(); len(a) != 1 || b != 2 {
		t.Errorf("%d lists of points in %d panels, want 1 in 2", len(a), b)
	}
}

// Rows of any length are put on the surface.
func TestLoadScales(t *testing.T) {
	p := New()
	s := p.State()
	s.Labels, s.Anchor, s.Points = []int{0, 1}, 0, [][][]float64{{{3, 4}, {0, -1e-100}}}
	if err := p.Load(s); err != nil {
		t.Fatal(err)
	}
	if got := p.State().Points[0]; math.Abs(got[0][0]-0.6) > 1e-15 || got[1][1] != -1 {
		t.Errorf("the points are %v", got)
	}
}

// Places that are no place of the surface change nothing or the nearest point of it.
func TestPlaces(t *testing.T) {
	if at := fromAbove(2, 0, 0, false); at != nil {
		t.Errorf("the centre of the circle is the point %v", at)
	}
	if at := fromAbove(2, math.NaN(), 1, false); at != nil {
		t.Errorf("NaN is the point %v", at)
	}
	if at := fromAbove(3, 0.6, 0, true); math.Abs(at[2]+0.8) > 1e-15 {
		t.Errorf("the point under (0.6, 0) is %v", at)
	}
	for _, want := range [][2]float64{{0, 0}, {90, 30}, {359, -80}, {180, 45}} {
		azimuth, elevation := angles(atAngles(3, want[0], want[1]))
		if math.Abs(azimuth-want[0]) > 1e-9 || math.Abs(elevation-want[1]) > 1e-9 {
			t.Errorf("the angles %v come back as %v, %v", want, azimuth, elevation)
		}
	}
}
