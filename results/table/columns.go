package table

// Metrics are the keys of the metrics that the block prints, in the order of their
// columns: the last ones of [Block.Header] but for columns of published numbers.
func (b Block) Metrics() []string { return b.printedMetrics() }

// FirstMetric is the place of the first metric in [Block.Header].
func (b Block) FirstMetric() int {
	return len(b.Header()) - len(b.printedMetrics()) - len(b.publishedColumns())
}

// Number writes a value of a metric, or the difference of two, as tables print it: a
// fraction of 1 in percent with one decimal, and any other with four digits.
func Number(metric string, v float64) string { return number(metric, v) }
