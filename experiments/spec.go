package experiments

import "gpwbench/losses"

// A Spec is an experiment as its YAML file says, checked, with the defaults filled in.
type Spec struct {
	Name      string
	Datasets  []Dataset
	Baselines []Baseline
	Losses    []Row
	Seeds     int      // seeds 0 … Seeds−1
	Weights   []int    // steps whose pair weights are kept, for the first seed; Last is the last step
	Reference string   // published numbers to print beside ours, or ""
	Hints     []string // what a reader of the spec may like to know: aliases used

	baselinesAt, weightsAt place // none: the spec leaves the default

	source []byte // the YAML, overrides applied
	at     func(line, column int) string
}

// Last stands for the last step in Spec.Weights.
const Last = -1

// A Dataset is one data set of a spec, with the settings that hold for it: the spec's, and what the data set overrides.
type Dataset struct {
	Name             string
	Features, Labels string // paths, with $VARIABLES; empty for a stand-in only
	Partition        string // path of In-Shop's train/query/gallery partition, or ""
	Split            Split
	Synthetic        string  // benchmark whose stand-in runs, where there are no files; "" for none
	Scale            float64 // of the stand-in, in (0, 1]

	Settings
}

// A Split names how classes are divided: half, a benchmark's own, or a number of training classes.
type Split struct {
	Name         string // half, cub200, cars196, sop, inshop; "" with TrainClasses
	TrainClasses int
}

// Settings are the blocks that a data set may override.
type Settings struct {
	Preprocess []string
	Head       Head
	Sampler    Sampler
	Optimizer  Optimizer
	Memory     Memory
	Steps      int
	Protocol   Protocol
	Metrics    Metrics

	samplerAt, perClassAt, headAt, initAt, memoryAt place // for what only the data can refuse

	classesGiven bool // the spec says sampler.classes
}

// A place is a line and a column of the spec.
type place struct{ line, column int }

// Head is the block head.
type Head struct {
	Name        string  `json:"name"` // none, linear
	Dim         int     `json:"dim"`  // 0: as the features
	Init        string  `json:"init"` // identity, pca, orthogonal, whitened
	DecayToInit float64 `json:"decay_to_init"`
}

// start is the head without what only its training depends on.
func (h Head) start() Head {
	h.DecayToInit = 0
	return h
}

// random reports whether the head starts anew for every seed.
func (h Head) random() bool { return h.Name == "linear" && h.Init == "orthogonal" }

// Sampler is the block sampler.
type Sampler struct {
	Name     string `json:"name"` // m_per_class, random_identity, uniform
	Classes  int    `json:"classes"`
	PerClass int    `json:"per_class"`
}

// Memory is the block memory: a bank of embeddings of earlier batches as candidates.
type Memory struct {
	Name   string `json:"name"` // none, xbm
	Size   int    `json:"size"`
	Warmup int    `json:"warmup"`
}

// Proxies is the block proxies of a loss that compares embeddings with trained proxies of the classes.
type Proxies struct {
	PerClass int     `json:"per_class"`
	LR       float64 `json:"lr"` // 0: a hundred times the optimizer's
}

// Optimizer is the block optimizer.
type Optimizer struct {
	Name        string  `json:"name"` // sgd, adam, adamw
	LR          float64 `json:"lr"`
	WeightDecay float64 `json:"weight_decay"`
	Momentum    float64 `json:"momentum"` // of sgd
}

// Protocol is the block protocol.
type Protocol struct {
	Name  string `json:"name"`  // fixed, paper
	Every int    `json:"every"` // steps between the evaluations of paper; 0 with fixed
}

// Metrics is the block metrics.
type Metrics struct {
	RecallAt []int `json:"recall_at"` // ascending; empty: the benchmark's own
	MAPAtR   bool  `json:"map_at_r"`

	Clustering bool `json:"clustering,omitempty"` // NMI and AMI by k-means
}

// A Baseline is a row that is not trained: of features preprocessed as those of the
// trained rows, but for raw.
type Baseline struct {
	Name string // raw, frozen, pca, whitening, untrained: the head as it starts
	Dim  int    // of pca; 0: the head's if that is smaller than the features', else 512
}

// A Row is a loss of the spec, one row of its table.
type Row struct {
	Choice   losses.Choice
	Label    string
	Protocol *Protocol // nil: the data set's
	Memory   *Memory   // nil: the data set's
	Proxies  Proxies   // of a loss that compares with proxies

	at place
}
