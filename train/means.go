package train

import (
	"math"

	"gpwbench/losses"
	"gpwbench/matrix"
)

// means are the inputs of a loss with the trait losses.ReadsVectorMeans beside S, u_i =
// Σ_k E_ik/√dim, and their gradient: ∂L/∂u_i/√dim for every coordinate of E_i. Only the
// embeddings of the batch have a gradient; those in a memory are constants.
type means struct {
	anchors, candidates []float64
	memory              []float64 // of candidates, with room for the largest number of them
}

func newMeans(anchors, most int) *means {
	return &means{anchors: make([]float64, anchors), memory: make([]float64, most)}
}

// forward computes the means of the batch and of the candidates.
func (m *means) forward(e, candidates matrix.Matrix) {
	m.candidates = m.memory[:candidates.Rows]
	for i := range m.anchors {
		m.anchors[i] = losses.ScaledMean(e.Row(i))
	}
	for j := range m.candidates {
		m.candidates[j] = losses.ScaledMean(candidates.Row(j))
	}
}

// backward adds the part of ∂L/∂E through the means to de. inBatch says that the
// candidates are the batch.
func (m *means) backward(de matrix.Matrix, b *losses.Batch, inBatch bool) {
	byAnchors, byCandidates := b.MeansGradient()
	for i, d := range byAnchors {
		if inBatch {
			d += byCandidates[i]
		}

		d /= math.Sqrt(float64(de.Cols))

		row := de.Row(i)
		for k := range row {
			row[k] += float32(d)
		}
	}
}
