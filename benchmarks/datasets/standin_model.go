package datasets

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"gpwbench/benchmarks/names"
	"gpwbench/matrix"
)

// A standIn is the generative model of one benchmark. STANDINS.md has its formulas and
// how its numbers were chosen.
type standIn struct {
	short, benchmark string
	of               Benchmark // the benchmark of that name; findStandIn sets it
	rows             classSizes
	counted          *countedSizes // in place of rows; nil where these are drawn

	// Standard deviations, each of the sum over a group of factors, in units of that of
	// the features' biases.
	genus    float64 // of a genus, over genusFactors
	species  float64 // of a species about its genus, over the attributes that are diagnostic in the genus
	variable float64 // of an image about its species, over the other attributes
	nuisance float64 // of pose, light and background, over nuisanceFactors
}

// Sizes of CUB's and Cars' classes: the least and the most are counted in the data sets'
// annotations, and the weight fits their distribution. Those of SOP and of the first
// version of In-Shop are chosen here except for their sums; so is that no class has a
// single row. The second version of In-Shop has the sizes of its partition.
var standIns = []standIn{
	{short: names.CUB200.StandIn, benchmark: names.CUB200.Name, rows: classSizes{41, 60, 1}, genus: 2.4, species: 0.9, variable: 1.8, nuisance: 2.2},
	{short: names.Cars196.StandIn, benchmark: names.Cars196.Name, rows: classSizes{48, 136, 100}, genus: 2.4, species: 1, variable: 2.4, nuisance: 2.7},
	{short: names.SOP.StandIn, benchmark: names.SOP.Name, rows: classSizes{2, 12, 1}, genus: 4, species: 0.9, variable: 1.5, nuisance: 1.8},
	{short: names.InShop.StandIn, benchmark: names.InShop.Name, rows: classSizes{2, 24, 2}, genus: 4, species: 0.9, variable: 1.5, nuisance: 1.8},
	{short: names.InShop.LaterStandIns[0], benchmark: names.InShop.Name, counted: inShopSizes, genus: 4, species: 0.9, variable: 1.5, nuisance: 1.8},
}

// Constants of all stand-ins.
const (
	genusFactors    = 8
	attributes      = 48
	diagnostic      = 2 // attributes that distinguish the species of a genus
	nuisanceFactors = 16
	factors         = genusFactors + attributes + nuisanceFactors

	genusSpecies = 4 // species of a genus; the last of a half may have fewer

	gainSpread     = 0.3 // deviation of the logarithm of a class's strength of each nuisance factor
	tailSpread     = 0.4 // the same for the strength of each nuisance factor in an image
	contrastSpread = 0.2 // the same for an image's contrast

	biasMean = 1
	noise    = 0.4 // deviation of the noise of each feature of an image
	softness = 0.5 // width of the rectifier's bend
	grid     = 1024
)

// A genus has what its species share.
type genus struct {
	mean       [genusFactors]float64
	diagnostic [attributes]bool
}

// An imageModel has what all images of a stand-in share.
type imageModel struct {
	*standIn
	directions [factors][standInDim]float64 // weight of each factor in the features
	bias       [standInDim]float64
	spectrum   [nuisanceFactors]float64 // deviation of each nuisance factor; the squares sum to 1
}

func (s *standIn) imageModel(seed uint64) *imageModel {
	w := &imageModel{standIn: s}
	r := s.stream(seed, "world", 0)
	for k := range w.directions {
		for d := range w.directions[k] {
			w.directions[k][d] = r.normal()
		}
	}

	for d := range w.bias {
		w.bias[d] = biasMean + r.normal()
	}
	sum := 0.0

	for k := range w.spectrum {
		sum += 1 / float64(k+1)
	}
	for k := range w.spectrum {
		w.spectrum[k] = math.Sqrt(1 / float64(k+1) / sum)
	}

	return w
}

// genera returns the genus of each class of a half. No genus has classes in both halves.
func (s *standIn) genera(classes, half int, seed uint64) []*genus {
	r := s.stream(seed, "genera", half)
	of := make([]*genus, 0, classes)
	for len(of) < classes {
		g := new(genus)
		for k := range g.mean {
			g.mean[k] = s.genus / math.Sqrt(genusFactors) * r.normal()
		}

		for n := 0; n < diagnostic; {
			if k := r.below(attributes); !g.diagnostic[k] {
				g.diagnostic[k] = true
				n++
			}
		}

		for range min(genusSpecies, classes-len(of)) {
			of = append(of, g)
		}
	}

	return of
}

// A job is one class to generate, with its rows in the data set.
type job struct {
	half, class int // class counts from 0 in its half
	genus       *genus
	x           matrix.Matrix
}

// generate fills x and labels, class after class.
func (s *standIn) generate(x matrix.Matrix, labels []int, sizes [2][]int, seed uint64) {
	var jobs []job
	row := 0
	for half := range sizes {
		genera := s.genera(len(sizes[half]), half, seed)
		for class, n := range sizes[half] {
			for i := row; i < row+n; i++ {
				labels[i] = len(jobs)
			}
			jobs = append(jobs, job{half, class, genera[class], x.Slice(row, row+n)})
			row += n
		}
	}

	w := s.imageModel(seed)
	purpose := [2]string{"train", "test"}
	var next atomic.Int64
	var workers sync.WaitGroup

	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(jobs); i = int(next.Add(1)) - 1 {
				j := jobs[i]
				w.class(j.x, j.genus, s.stream(seed, purpose[j.half], j.class))
			}
		})
	}

	workers.Wait()
}

// class fills x with images of one species.
func (w *imageModel) class(x matrix.Matrix, g *genus, r *stream) {
	var species [attributes]float64
	for k, is := range g.diagnostic {
		if is {
			species[k] = w.species / math.Sqrt(diagnostic) * r.normal()
		}
	}

	var gain [nuisanceFactors]float64
	for k := range gain {
		gain[k] = w.nuisance * w.spectrum[k] * r.logNormal(gainSpread)
	}

	var f [factors]float64
	copy(f[:], g.mean[:])
	attribute, nuisance := f[genusFactors:genusFactors+attributes], f[genusFactors+attributes:]

	for i := range x.Rows {
		for k := range attribute {
			attribute[k] = species[k]
			if !g.diagnostic[k] {
				attribute[k] = w.variable / math.Sqrt(attributes) * r.normal()
			}
		}

		for k := range nuisance {
			nuisance[k] = gain[k] * r.logNormal(tailSpread) * r.normal()
		}
		w.image(x.Row(i), &f, r)
	}
}

// image writes into out the features of an image with these factors.
func (w *imageModel) image(out []float32, f *[factors]float64, r *stream) {
	var v [standInDim]float64
	for k, fk := range f {
		for d, direction := range &w.directions[k] {
			v[d] += fk * direction
		}
	}

	contrast := math.Exp(contrastSpread * r.normal())
	for d := range v {
		y := w.bias[d] + contrast*v[d] + noise*r.normal()
		y = (y + math.Sqrt(y*y+softness*softness)) / 2
		out[d] = float32(math.Round(grid*y) / grid)
	}
}
