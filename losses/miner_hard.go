package losses

// BatchHardMiner keeps the anchor's farthest positive and its nearest negative, if it
// has both. Of equal similarities it keeps the first. Hermans et al., 2017.
type BatchHardMiner struct{}

// Keep implements [Miner].
func (BatchHardMiner) Keep(a *Anchor, pos, neg []bool) {
	if len(a.Pos) > 0 && len(a.Neg) > 0 {
		pos[IndexMin(a.Pos)], neg[IndexMax(a.Neg)] = true, true
	}
}

// EasyHardMiner keeps one positive and one negative of the anchor, if there are both. The
// positive is the easy (nearest) or the hard (farthest) one. The negative is the easy
// (farthest), the hard (nearest), or the semi-hard one. The semi-hard negative is the
// nearest of those that are farther than the positive. Without one, no pair is kept. Xuan
// et al., WACV 2020, find that an easy positive keeps the shape of a class.
type EasyHardMiner struct {
	Positive string `yaml:"positive" alias:"pos_strategy" sym:"+" in:"{easy,hard}" doc:"which positive is kept"`
	Negative string `yaml:"negative" alias:"neg_strategy" sym:"−" in:"{easy,semihard,hard}" doc:"which negative is kept"`
}

// Keep implements [Miner].
func (m EasyHardMiner) Keep(a *Anchor, pos, neg []bool) {
	if len(a.Pos) == 0 || len(a.Neg) == 0 {
		return
	}

	p := IndexMax(a.Pos)
	if m.Positive == "hard" {
		p = IndexMin(a.Pos)
	}

	n := -1
	switch m.Negative {
	case "easy":
		n = IndexMin(a.Neg)
	case "hard":
		n = IndexMax(a.Neg)
	default:
		for k, s := range a.Neg {
			if s < a.Pos[p] && (n < 0 || s > a.Neg[n]) {
				n = k
			}
		}
	}

	if n >= 0 {
		pos[p], neg[n] = true, true
	}
}

// PairMarginMiner keeps the positives that are farther than one margin and the negatives
// that are nearer than another, like the miner of pytorch-metric-learning. On cosine
// similarities it keeps the positives below one margin and the negatives above the other.
type PairMarginMiner struct {
	PosMargin float64 `yaml:"pos_margin" sym:"μ₊" in:"[-1,2]" doc:"distance (similarity) beyond (below) which a positive is kept"`
	NegMargin float64 `yaml:"neg_margin" sym:"μ₋" in:"[-1,2]" doc:"distance (similarity) below (beyond) which a negative is kept"`
	Metric    string  `yaml:"metric" sym:"metric" in:"{distance,cosine}" doc:"what the margins measure"`
}

// Keep implements [Miner].
func (m PairMarginMiner) Keep(a *Anchor, pos, neg []bool) {
	far, near := m.PosMargin, m.NegMargin
	if m.Metric == "cosine" {
		far, near = -far, -near
	}

	for k, s := range a.Pos {
		t, _ := Dissimilarity(m.Metric, s)
		pos[k] = t > far
	}

	for k, s := range a.Neg {
		t, _ := Dissimilarity(m.Metric, s)
		neg[k] = t < near
	}
}
