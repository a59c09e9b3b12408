package retrieval

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// A Clustering measures how well k-means recovers the classes: normalised and adjusted
// mutual information of clusters and classes, and the adjusted Rand index, over several
// starts.
type Clustering struct {
	NMI, AMI, ARI Spread
	Starts        int
}

// A Spread is the mean of a number over several starts, and its extremes. Best is the
// number of the start with the least inertia, the sum of the squared distances from the
// centres, which is the one that scikit-learn's KMeans keeps of n_init starts; of equal
// ones it is the first.
type Spread struct{ Low, Mean, High, Best float64 }

// Starts is the number of starts of k-means, unless Options.Starts gives another. Where
// there are many overlapping classes, the figures differ by several points between
// starts, so a single one says little.
const Starts = 5

// clusterScores divides the rows of x into as many clusters as there are classes, by
// k-means on Euclidean distance from several starts, and compares them with the
// classes. A start is that of k-means++ (Arthur and Vassilvitskii, SODA 2007) with a
// fixed seed. At most 100 rounds follow, or fewer if no row changes its cluster. A
// cluster that loses its rows gets the row farthest from its own centre. NMI and AMI
// are normalised by the arithmetic mean of the entropies. NMI is between 0 and 1, AMI
// and ARI are at most 1, and all are 1 for a perfect division.
//
// A round takes N·C·D products for C classes, and so does each start. Its memory beside
// x is the centres and a tile of 256 rows by C.
func clusterScores(ctx context.Context, x matrix.Matrix, labels []int, starts int) (Clustering, error) {
	if err := checkSide("embeddings", Float32(x), labels); err != nil {
		return Clustering{}, err
	}
	classes := dense(labels)
	count := slices.Max(classes) + 1
	if count == 1 {
		return Clustering{}, fmt.Errorf("retrieval: all rows, %d in number, are of one class: there is nothing to cluster", x.Rows)
	}

	if starts < 1 {
		return Clustering{}, fmt.Errorf("retrieval: %d starts of k-means: at least 1 is needed", starts)
	}

	var nmi, ami, ari []float64
	best, least := 0, math.Inf(1)
	for start := range starts {
		clusters, inertia := kMeans(ctx, x, count, rand.New(rand.NewPCG(1, uint64(start))))
		if err := ctx.Err(); err != nil {
			return Clustering{}, err
		}

		t := newContingency(classes, clusters)
		nmi, ami, ari = append(nmi, t.normalized()), append(ami, t.adjusted()), append(ari, t.adjustedRand())
		if inertia < least {
			best, least = start, inertia
		}
	}

	return Clustering{NMI: spread(nmi, best), AMI: spread(ami, best), ARI: spread(ari, best), Starts: starts}, nil
}

func spread(values []float64, best int) Spread {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	s := Spread{Low: slices.Min(values), High: slices.Max(values), Best: values[best]}
	s.Mean = max(s.Low, min(sum/float64(len(values)), s.High))
	return s
}

// Cluster measures the k-means clusters of rows against their classes, with a number of
// starts, or [Starts] for 0. Where there is nothing to measure it returns the reason.
// The error is of ctx, of rows without a direction or without a label each, or of a
// negative number of starts.
func Cluster(ctx context.Context, x Vectors, labels []int, starts int) (c *Clustering, why string, err error) {
	if err := checkSide("embeddings", x, labels); err != nil {
		return nil, "", err
	}
	return orderedByClass(x, labels, false).cluster(cmp.Or(ctx, context.Background()), starts)
}

// cluster returns the clustering of the rows, or the reason why there is none.
func (s side) cluster(ctx context.Context, starts int) (*Clustering, string, error) {
	if s.labels == nil {
		return nil, "rows have several labels", nil
	}
	if s.labels[0] == s.labels[len(s.labels)-1] {
		return nil, fmt.Sprintf("all %s are of one class", plural(len(s.labels), "query")), nil
	}
	x, ok := s.centred()
	if !ok {
		return nil, "float64 cannot tell the embeddings apart", nil
	}

	c, err := clusterScores(ctx, x, s.labels, cmp.Or(starts, Starts))
	if err != nil {
		return nil, "", err
	}
	return &c, "", nil
}

// centred returns the directions less their mean, in float32, all scaled by one power
// of two so that the largest coordinate is about 1. K-means depends only on
// differences, and rounding nearly equal directions to float32 would lose those. It
// reports false where the differences are of the size of float64's own rounding.
func (s side) centred() (matrix.Matrix, bool) {
	mean := make([]float64, s.x.Cols)
	direction := make([]float64, s.x.Cols)
	for i := range s.rows {
		s.direction(i, direction)
		for k, v := range direction {
			mean[k] += v / float64(len(s.rows))
		}
	}

	largest := 0.0
	for i := range s.rows {
		s.direction(i, direction)
		for k, v := range direction {
			largest = max(largest, math.Abs(v-mean[k]))
		}
	}

	if largest < 0x1p-46 {
		return matrix.Matrix{}, false
	}

	_, exponent := math.Frexp(largest)
	x := matrix.New(len(s.rows), s.x.Cols)
	for i := range s.rows {
		s.direction(i, direction)
		for k, v := range direction {
			x.Row(i)[k] = float32(math.Ldexp(v-mean[k], -exponent))
		}
	}

	return x, true
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

// kMeans returns the cluster of each row, and the sum of the squared distances from the
// centres by which they were assigned. If ctx ends, some may lack their cluster.
func kMeans(ctx context.Context, x matrix.Matrix, k int, r *rand.Rand) (clusters []int, inertia float64) {
	centres := start(ctx, x, k, r)
	clusters = make([]int, x.Rows)
	for i := range clusters {
		clusters[i] = -1
	}

	tile := matrix.New(min(tiles.rows, x.Rows), k)
	half := make([]float32, k) // ½‖c‖²: the nearest centre is that of the largest x·c − ½‖c‖²
	far := make([]float32, x.Rows)

	for range rounds {
		if ctx.Err() != nil {
			break
		}
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

	for _, d := range far {
		inertia += 2 * float64(d)
	}
	return clusters, inertia
}

// start draws rows as centres: the first at random, and each other with a probability
// in proportion to its squared distance from the nearest centre so far.
func start(ctx context.Context, x matrix.Matrix, k int, r *rand.Rand) matrix.Matrix {
	centres := matrix.New(k, x.Cols)
	squares := make([]float32, x.Rows)
	near := make([]float64, x.Rows)

	for i := range squares {
		squares[i] = float32(f32.Dot(x.Row(i), x.Row(i)))
		near[i] = math.Inf(1)
	}

	products := matrix.New(1, x.Rows)
	next := r.IntN(x.Rows)
	for c := range k {
		if ctx.Err() != nil {
			break
		}
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

// move sets each centre to the mean of its rows, summed in their order.
func move(centres, x matrix.Matrix, clusters []int, far []float32) {
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
			far[farthest] = 0 // so that the next empty cluster takes another row
			continue
		}

		for k := range centres.Row(c) {
			centres.Row(c)[k] = float32(sums[c*x.Cols+k] / float64(size))
		}
	}
}
