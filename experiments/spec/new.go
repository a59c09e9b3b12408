package spec

import "gpwbench/losses"

// NewRow returns the row of a loss. Its label is the title and what differs from the
// preset. A loss with proxies has the default number of them.
func NewRow(c losses.Choice) Row {
	return Row{Choice: c, Label: new(decoder).label(c), Proxies: DefaultProxies(c)}
}

// NewDataset returns a data set of that name with default settings. The caller sets its
// source: Features and Labels, or Synthetic; or Labels alone, to evaluate embeddings on,
// for which Split{Name: All} makes every row a test row.
func NewDataset(name string) Dataset {
	return Dataset{Name: name, Split: Split{Name: Half}, Scale: 1, Settings: DefaultSettings()}
}
