package playground

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// An Arrangement describes points that are drawn at random.
type Arrangement struct {
	Surface       string
	Classes, Each int // how many classes, and how many points of each
	Seed          uint64
}

// spread is the standard deviation of the points of a class about its centre, in radians.
// Neighbouring classes overlap, so that there is something to learn.
const spread = 0.55

// check returns an error for an arrangement that does not fit the page.
func (a Arrangement) check() error {
	switch {
	case a.Surface != Circle && a.Surface != Sphere:
		return fmt.Errorf("surface %q: write %s or %s", a.Surface, Circle, Sphere)
	case a.Classes < 1 || a.Classes > MostClasses:
		return fmt.Errorf("%d classes: write 1 to %d", a.Classes, MostClasses)
	case a.Each < 1 || a.Classes*a.Each < 2 || a.Classes*a.Each > MostPoints:
		return fmt.Errorf("%d points of each of %d classes: the page takes 2 to %d points in all", a.Each, a.Classes, MostPoints)
	}
	return nil
}

// arrange replaces the points of a state. The same arrangement gives the same points.
func (s *State) arrange(a Arrangement) {
	r := rand.New(rand.NewPCG(a.Seed, 0))
	s.Surface, s.Labels, s.Anchor, s.Steps = a.Surface, nil, 0, 0
	var rows [][]float64
	for class := range a.Classes {
		turn := math.Pi/2 + 2*math.Pi*float64(class)/float64(a.Classes)
		centre := []float64{r.NormFloat64(), r.NormFloat64(), math.Abs(r.NormFloat64())}
		for range a.Each {
			s.Labels = append(s.Labels, class)
			if a.Surface == Circle {
				rows = append(rows, onCircle(turn+spread*r.NormFloat64()))
				continue
			}
			length := norm(centre)
			row := make([]float64, 3)
			for k := range row {
				row[k] = centre[k]/length + spread*r.NormFloat64()
			}
			rows = append(rows, unit(row))
		}
	}
	s.Points = [][][]float64{rows}
}

// onCircle returns the point of the circle at an angle in radians.
func onCircle(angle float64) []float64 { return []float64{math.Cos(angle), math.Sin(angle)} }

// fromAbove returns the point of the surface that is seen at (x, y), where the surface
// has the radius 1. Beyond the edge it is the nearest point of the edge. The centre of
// the circle is no point of it and gives nil. under chooses the half of the sphere that
// is turned away.
func fromAbove(dimensions int, x, y float64, under bool) []float64 {
	length := math.Hypot(x, y)
	switch {
	case dimensions == 3 && length < 1:
		z := math.Sqrt(1 - length*length)
		if under {
			z = -z
		}
		return []float64{x, y, z}
	case !(length > 1e-9) || math.IsInf(length, 1):
		return nil
	case dimensions == 3:
		return []float64{x / length, y / length, 0}
	}
	return []float64{x / length, y / length}
}

// atAngles returns the point at an azimuth and, on the sphere, an elevation, in degrees.
func atAngles(dimensions int, azimuth, elevation float64) []float64 {
	sin, cos := math.Sincos(azimuth * math.Pi / 180)
	if dimensions == 2 {
		return []float64{cos, sin}
	}
	up, level := math.Sincos(elevation * math.Pi / 180)
	return []float64{level * cos, level * sin, up}
}

// angles returns the azimuth from 0 to 360 and the elevation from −90 to 90 of a point,
// in degrees.
func angles(x []float64) (azimuth, elevation float64) {
	azimuth = math.Atan2(x[1], x[0]) * 180 / math.Pi
	if azimuth < 0 {
		azimuth += 360
	}
	if len(x) == 3 {
		elevation = math.Atan2(x[2], math.Hypot(x[0], x[1])) * 180 / math.Pi
	}
	return azimuth, elevation
}

func norm(x []float64) float64 {
	length := 0.0
	for _, v := range x {
		length = math.Hypot(length, v)
	}
	return length
}

// unit scales x to length 1 in place and returns it.
func unit(x []float64) []float64 {
	length := norm(x)
	for k := range x {
		x[k] /= length
	}
	return x
}
