package benchmarks

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gpwbench/internal/f32"
)

// A Clustering says how far k-means finds the classes again: normalised and adjusted mutual information of clusters and classes.
type Clustering struct{ NMI, AMI float64 }

// Cluster divides the rows of x into as many clusters as there are classes, by k-means on Euclidean distance from one start, and compares
// them with the classes. The start is that of k-means++ (Arthur and Vassilvitskii, SODA 2007) with a fixed seed; then at most 100
// rounds, or until no row changes its cluster. A cluster that loses its rows gets the row farthest from its own centre. Both figures
// are normalised by the arithmetic mean of the entropies. They depend on the start by a point or so: read them beside Recall@K, which has no
// such chance in it.
//
// A round costs N·C·D products for C classes, the start as many. Beside x it takes the centres and a tile of 256 rows by C.
func Cluster(x f32.Matrix, labels []int) (Clustering, error) {
	if err := checkSide("embeddings", x, labels); err != nil {
		return Clustering{}, err
	}
	classes := dense(labels)
	count := slices.Max(classes) + 1
	if count == 1 {
		return Clustering{}, fmt.Errorf("benchmarks: all %d rows are of one class: there is nothing to cluster", x.Rows)
	}
	clusters := kMeans(x, count, rand.New(rand.NewPCG(1, 0)))
	t := newContingency(classes, clusters)
	return Clustering{NMI: t.normalized(), AMI: t.adjusted()}, nil
}

// dense numbers the classes from 0 in ascending order.
func dense(labels []int) []int {
	values := slices.Clone(labels)
	slices.Sort(values)
	values = slices.Compact(values)
	d := make([]int, len(labels))
	for i, label := range labels {
		d[i], _ = slices.BinarySearch(values, label)
	}
	return d
}

const rounds = 100

// kMeans returns the cluster of each row.
func kMeans(x f32.Matrix, k int, r *rand.Rand) []int {
	centres := start(x, k, r)
	clusters := make([]int, x.Rows)
	for i := range clusters {
		clusters[i] = -1
	}
	tile := f32.New(min(tiles.rows, x.Rows), k)
	half := make([]float32, k) // ½‖c‖²: the nearest centre is that of the largest x·c − ½‖c‖²
	far := make([]float32, x.Rows)
	for range rounds {
		for c := range half {
			half[c] = float32(f32.Dot(centres.Row(c), centres.Row(c)) / 2)
		}
		changed := false
		for from := 0; from < x.Rows; from += tile.Rows {
			to := min(from+tile.Rows, x.Rows)
			s := tile.Slice(0, to-from)
			f32.MulNT(s, x.Slice(from, to), centres)
			for i := range s.Rows {
				nearest, most := 0, float32(math.Inf(-1))
				for c, v := range s.Row(i) {
					if v -= half[c]; v > most {
						nearest, most = c, v
					}
				}
				row := from + i
				far[row] = float32(f32.Dot(x.Row(row), x.Row(row))/2) - most
				changed = changed || clusters[row] != nearest
				clusters[row] = nearest
			}
		}
		if !changed {
			break
		}
		move(centres, x, clusters, far)
	}
	return clusters
}

// start draws rows as centres: the first at random, each other with a probability in proportion to its squared distance from the nearest
// centre so far.
func start(x f32.Matrix, k int, r *rand.Rand) f32.Matrix {
	centres := f32.New(k, x.Cols)
	squares := make([]float32, x.Rows)
	near := make([]float64, x.Rows)
	for i := range squares {
		squares[i] = float32(f32.Dot(x.Row(i), x.Row(i)))
		near[i] = math.Inf(1)
	}
	products := f32.New(1, x.Rows)
	next := r.IntN(x.Rows)
	for c := range k {
		copy(centres.Row(c), x.Row(next))
		f32.MulNT(products, centres.Slice(c, c+1), x)
		total := 0.0
		for i, v := range products.Data {
			near[i] = min(near[i], max(0, float64(squares[i]+squares[next]-2*v)))
			total += near[i]
		}
		left := r.Float64() * total
		for next = 0; next < x.Rows-1 && left >= near[next]; next++ {
			left -= near[next]
		}
	}
	return centres
}

// move puts each centre at the mean of its rows, summed in their order.
func move(centres, x f32.Matrix, clusters []int, far []float32) {
	sums := make([]float64, centres.Rows*centres.Cols)
	sizes := make([]int, centres.Rows)
	for i, c := range clusters {
		sizes[c]++
		sum := sums[c*x.Cols : (c+1)*x.Cols]
		for k, v := range x.Row(i) {
			sum[k] += float64(v)
		}
	}
	for c, size := range sizes {
		if size == 0 {
			farthest := 0
			for i, d := range far {
				if d > far[farthest] {
					farthest = i
				}
			}
			copy(centres.Row(c), x.Row(farthest))
			far[farthest] = 0 // not for the next empty one too
			continue
		}
		for k := range centres.Row(c) {
			centres.Row(c)[k] = float32(sums[c*x.Cols+k] / float64(size))
		}
	}
}
