package losses

// TripletSoft is the triplet loss with softplus for the hinge, the mean over all triplets:
//
//	L = (1/|T|) Σ log(1 + e^{t_ap − t_an + μ})        t: the distance d, its square, or −S
//
// The form of pytorch-metric-learning's smooth_loss, which keeps the margin that the soft margin of Hermans et al., 2017, does without. A
// softplus of a difference does not part into a positive's and a negative's share, so an anchor costs p·n here. An anchor that lacks either
// side has no triplet.
type TripletSoft struct {
	Margin float64 `yaml:"margin" sym:"μ" in:"[-4,4]" doc:"added to every difference"`
	Metric string  `yaml:"metric" sym:"metric" in:"{distance,squared,cosine}" doc:"what is compared"`
}

// Anchor implements [Anchored].
func (l TripletSoft) Anchor(a *Anchor) (sum, terms float64) {
	return TripletSoftSelected{l.Margin, l.Metric, "all"}.Anchor(a)
}

// TripletSoftSelected is [TripletSoft] over a selection of triplets by g = t_an − t_ap: hard g ≤ 0, semihard 0 < g ≤ μ, easy g > μ. Easy
// triplets make sense only here: a hinge with the same margin is 0 on them.
type TripletSoftSelected struct {
	Margin float64 `yaml:"margin" sym:"μ" in:"[0,4]" doc:"added to every difference, and the end of the semi-hard triplets"`
	Metric string  `yaml:"metric" sym:"metric" in:"{distance,squared,cosine}" doc:"what is compared"`
	Select string  `yaml:"select" alias:"type_of_triplets" sym:"triplets" in:"{hard,semihard,easy}" doc:"which triplets take part"`
}

// Anchor implements [Anchored].
func (l TripletSoftSelected) Anchor(a *Anchor) (sum, terms float64) {
	neg, slopeNeg := a.Scratch(len(a.Neg)), a.Scratch(len(a.Neg))
	distances(l.Metric, neg, slopeNeg, a.Neg)
	for k, s := range a.Pos {
		p, slopePos := apartness(l.Metric, s)
		pull := 0.0
		for j, n := range neg {
			g := n - p
			switch l.Select {
			case "hard":
				if g > 0 {
					continue
				}
			case "semihard":
				if g <= 0 || g > l.Margin {
					continue
				}
			case "easy":
				if g <= l.Margin {
					continue
				}
			}
			value, w := softplusSlope(l.Margin - g)
			sum += value
			terms++
			pull += w
			a.GNeg[j] -= w * slopeNeg[j]
		}
		a.GPos[k] = pull * slopePos
	}
	return sum, terms
}
