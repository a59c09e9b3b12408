package spec

import "gpwbench/losses"

// NewRow returns the row of a loss: labelled by its title and by what is not its
// preset's, with the default proxies of a loss that compares with proxies.
func NewRow(c losses.Choice) Row {
	return Row{Choice: c, Label: new(decoder).label(c), Proxies: DefaultProxies(c)}
}

// NewDataset returns a data set of that name with the defaults of its settings. Its
// source is to be set: Features and Labels, or Synthetic; or Labels alone, to evaluate
// embeddings on, for which Split{Name: All} makes every row a test row.
func NewDataset(name string) Dataset {
	return Dataset{Name: name, Split: Split{Name: Half}, Scale: 1, Settings: DefaultSettings()}
}
