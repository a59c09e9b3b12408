package config

// The names of blocks that code asks for. All names stand in the tags below.
const (
	None     = "none"
	Linear   = "linear"
	PCA      = "pca"
	Whitened = "whitened"
	Random   = "orthogonal"
	Uniform  = "uniform"
	SGD      = "sgd"
	XBM      = "xbm"
)

// A Head is what is trained on the features: nothing, or a linear map.
type Head struct {
	Name        string  `yaml:"name" in:"{none,linear}" doc:"what is trained: nothing, or a linear map without offset"`
	Dim         int     `yaml:"dim" in:"[1,10000000]" of:"linear" doc:"dimensions of the embeddings; as the features, if it is not given"`
	Init        string  `yaml:"init" in:"{identity,pca,orthogonal,whitened}" of:"linear" doc:"where the weights start"`
	DecayToInit float64 `yaml:"decay_to_init" in:"[0,inf)" of:"linear" doc:"decoupled decay of the weights to where they started"`
}

// DefaultHead returns the head of that name with the defaults of its settings; of an
// unknown name, the linear one.
func DefaultHead(name string) Head {
	if name == None {
		return Head{Name: name}
	}
	return Head{Name: Linear, Init: "identity"}
}

// Trains reports whether the head has weights to train.
func (h Head) Trains() bool { return h.Name != None }

// StartsRandom reports whether the head starts anew for every seed.
func (h Head) StartsRandom() bool { return h.Trains() && h.Init == Random }

// Start is the head without what only its training depends on.
func (h Head) Start() Head {
	h.DecayToInit = 0
	return h
}

// A Sampler says how batches of Classes·PerClass rows are drawn from the training rows.
type Sampler struct {
	Name     string `yaml:"name" in:"{m_per_class,random_identity,uniform}" doc:"how the rows of a batch are drawn"`
	Classes  int    `yaml:"classes" in:"[2,10000000]" doc:"classes in a batch; 16 or all there are, if it is not given"`
	PerClass int    `yaml:"per_class" in:"[2,10000000]" doc:"rows of each class in a batch"`
}

// DefaultClasses is how many classes a batch has where the training split has as many and
// the sampler does not say.
const DefaultClasses = 16

// DefaultSampler is what a spec starts from.
func DefaultSampler() Sampler { return Sampler{Name: "m_per_class", PerClass: 5} }

// An Optimizer says how a gradient moves the weights.
type Optimizer struct {
	Name        string  `yaml:"name" in:"{sgd,adam,adamw}" doc:"the rule of torch.optim that moves the weights"`
	LR          float64 `yaml:"lr" in:"(0,inf)" doc:"learning rate"`
	WeightDecay float64 `yaml:"weight_decay" in:"[0,inf)" doc:"weight decay; decoupled with adamw"`
	Momentum    float64 `yaml:"momentum" in:"[0,1)" of:"sgd" doc:"momentum"`
}

// DefaultOptimizer returns the optimizer of that name with the defaults of its settings.
func DefaultOptimizer(name string) Optimizer {
	if name == SGD {
		return Optimizer{Name: name, LR: 0.01}
	}
	return Optimizer{Name: name, LR: 1e-4}
}

// A Memory is a bank of embeddings of earlier batches as candidates, or none.
type Memory struct {
	Name   string `yaml:"name" in:"{none,xbm}" doc:"what anchors are compared with beside their batch: nothing, or the cross-batch memory"`
	Size   int    `yaml:"size" in:"[1,10000000]" of:"xbm" doc:"embeddings in memory"`
	Warmup int    `yaml:"warmup" in:"[0,10000000]" of:"xbm" doc:"steps before the memory is used"`
}

// DefaultMemory returns the memory of that name with the defaults of its settings: a bank
// of 1,024 embeddings from the first step on is pytorch-metric-learning's.
func DefaultMemory(name string) Memory {
	if name == XBM {
		return Memory{Name: name, Size: 1024}
	}
	return Memory{Name: name}
}

// Remembers reports whether there is a bank.
func (m Memory) Remembers() bool { return m.Name == XBM }

// Proxies are trained vectors of the classes, for the losses that compare with them.
type Proxies struct {
	PerClass int     `yaml:"per_class" in:"[1,10000000]" doc:"proxies of each class; 0: the loss has none"`
	LR       float64 `yaml:"lr" in:"(0,inf)" doc:"learning rate; a hundred times the optimizer's, if it is not given"`
}

// PreprocessSteps are the steps that features can go through, fitted on the training rows.
var PreprocessSteps = []string{"center", "scale", "sqrt", "l2"}

// MarshalJSON writes all keys, the form that enters the id of a run.
func (h Head) MarshalJSON() ([]byte, error)      { return encode(h) }
func (s Sampler) MarshalJSON() ([]byte, error)   { return encode(s) }
func (o Optimizer) MarshalJSON() ([]byte, error) { return encode(o) }
func (m Memory) MarshalJSON() ([]byte, error)    { return encode(m) }
func (p Proxies) MarshalJSON() ([]byte, error)   { return encode(p) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (h *Head) UnmarshalJSON(data []byte) error      { return decode(data, h) }
func (s *Sampler) UnmarshalJSON(data []byte) error   { return decode(data, s) }
func (o *Optimizer) UnmarshalJSON(data []byte) error { return decode(data, o) }
func (m *Memory) UnmarshalJSON(data []byte) error    { return decode(data, m) }
func (p *Proxies) UnmarshalJSON(data []byte) error   { return decode(data, p) }
