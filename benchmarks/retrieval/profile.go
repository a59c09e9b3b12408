package retrieval

// A Profile is how the positives of one query rank among its negatives, which is all that
// a metric of its ranking depends on.
type Profile struct {
	Positives, Negatives int // in the gallery; at least one positive

	// Best is the tier of the most similar positive.
	Best Tier

	// Tiers are the positives from the most similar down, at least those within the ranks
	// that were asked for (Options.Depth). Nil where no tiers were asked for.
	Tiers []Tier
}

// A Tier is a run of positives that are equal, or too close to order, with the negatives
// that are tied with them.
type Tier struct {
	Above     int // negatives above it, and below the tier before
	Positives int // 1 or more
	Tied      int // negatives among them
}

// tiers reports whether the tiers of positives are collected.
func (o Options) tiers() bool { return o.MAPAtR || o.Depth > 0 }

// profiles visits the profile of each query that has a positive.
func (r *ranking) profiles(visit func(query int, p *Profile)) {
	if visit == nil {
		return
	}

	var p Profile
	for i, row := range r.queries.rows {
		if r.posEqual[i] == 0 {
			continue
		}

		p.Positives, p.Negatives = int(r.relevant[i]), r.negativesOf(i)

		p.Best = Tier{int(r.above[i]), int(r.posEqual[i]), int(r.equal[i])}
		p.Tiers = p.Tiers[:0]
		if r.topR != nil {
			r.topR[i].eachTier(func(t Tier, _ bool) { p.Tiers = append(p.Tiers, t) })
		}
		visit(row, &p)
	}
}
