package config

// The names of heads.
const (
	None     = "none" // of memories too
	Linear   = "linear"
	Residual = "residual"
	MLP      = "mlp"
)

// The starts of a head. Orthogonal alone draws at random.
const (
	Identity   = "identity"
	PCA        = "pca"
	Orthogonal = "orthogonal"
	Whitened   = "whitened"
)

// The names of samplers.
const (
	MPerClass      = "m_per_class"
	RandomIdentity = "random_identity"
	Uniform        = "uniform"
)

// The names of optimizers.
const (
	SGD   = "sgd"
	Adam  = "adam"
	AdamW = "adamw"
)

// XBM is the name of the memory that is a bank, the cross-batch memory.
const XBM = "xbm"

// The names of the steps of preprocessing.
const (
	Center = "center"
	Scale  = "scale"
	Sqrt   = "sqrt"
	L2     = "l2"
)

// PreprocessSteps are the names of the steps of preprocessing, which are fitted on the
// training rows.
var PreprocessSteps = []string{Center, Scale, Sqrt, L2}

// A Head is the map that is trained on the features, without offset: features are centred
// by preprocessing, not by the head. Its outputs for features x are
//
//	none      x
//	linear    W·x, with W of Dim×features
//	residual  W·x + V·relu(U·x), with Hidden rows of U
//	mlp       V·relu(U·x), with 2·Dim rows of U: a multilayer perceptron
//
// All heads start as the linear one with the same Init. A residual head has V = 0 at
// first and random orthonormal rows of U, at most as many as features. An mlp has
// U = (W, −W) and V = (I, −I), because relu(y) − relu(−y) = y.
//
// W starts at
//
//	identity    1 on the diagonal; with Dim below the features' it keeps the first Dim
//	pca         the first Dim rows of a PCA of the training features
//	orthogonal  random orthonormal rows, uniform over all such matrices
//	whitened    a whitening of the training features, or of their first Dim principal
//	            components
//
// The means of the PCA and of the whitening are not used, because the head has no offset.
//
// DecayToInit pulls all weights towards their initial values, decoupled from the
// gradient. Before each step of the optimizer, w −= lr·DecayToInit·(w − w₀). It is
// AdamW's weight decay with w₀ in place of zero.
type Head struct {
	Name        string  `yaml:"name" in:"{none,linear,residual,mlp}" doc:"what features x are mapped to, without offset: W·x ('linear'), W·x + V·relu(U·x) ('residual'), V·relu(U·x) with hidden units twice as many as dimensions ('mlp'), all of which start as the linear map; or nothing: the loss is measured on a batch and not trained" example:"{name: mlp, init: whitened}"`
	Dim         int     `yaml:"dim" in:"[1,10000000]" of:"linear,residual,mlp" zero:"default" doc:"dimensions of the embeddings" default:"those of the features" values:"1 to D" example:"{dim: 64}"`
	Hidden      int     `yaml:"hidden" in:"[1,10000000]" of:"residual" zero:"default" json:",omitempty" doc:"of 'residual': hidden units, the rows of U, which start random and orthonormal; V starts at 0" default:"'head.dim'" values:"1 to D" example:"{name: residual, hidden: 256}"`
	Init        string  `yaml:"init" in:"{identity,pca,orthogonal,whitened}" of:"linear,residual,mlp" doc:"where the weights start; 'orthogonal' is random, and 'whitened' whitens all features within the classes or, with a smaller 'dim', their first principal components" example:"{init: orthogonal}"`
	DecayToInit float64 `yaml:"decay_to_init" in:"[0,inf)" of:"linear,residual,mlp" doc:"pull back to the start, as weight decay to zero" example:"{decay_to_init: 0.1}"`
}

// DefaultHead returns the head of that name with the defaults of its settings. For an
// unknown name it returns the linear one.
func DefaultHead(name string) Head {
	switch name {
	case None:
		return Head{Name: name}
	case Residual, MLP:
		return Head{Name: name, Init: Identity}
	}
	return Head{Name: Linear, Init: Identity}
}

// Trains reports whether the head has weights to train.
func (h Head) Trains() bool { return h.Name != None }

// StartsRandom reports whether the head is another map at its start for every seed. The
// hidden units of a residual head, which are random, have no part in that map.
func (h Head) StartsRandom() bool { return h.Trains() && h.Init == Orthogonal }

// Start returns the head that is the same map before training, without the settings that
// only training depends on: of all heads with weights the linear one.
func (h Head) Start() Head {
	if !h.Trains() {
		return h
	}
	return Head{Name: Linear, Dim: h.Dim, Init: h.Init}
}

// A Sampler says how batches of Classes·PerClass rows are drawn from the training rows.
//
//	m_per_class      PerClass rows of each of Classes classes, drawn anew each time;
//	                 nothing is promised over several batches
//	random_identity  the same in epochs: before a row of a class of PerClass or more is
//	                 drawn again, an epoch ends
//	uniform          any rows, in epochs; anchors may lack positives
//
// Draws are without replacement, except that m_per_class and random_identity fill up a
// class of fewer than PerClass rows with copies. An image can then be in a batch twice,
// and its copies are positives of similarity 1 to each other. A class of one image gives
// only such copies: trivial positives, and true negatives of the other classes.
//
// A batch is in ascending order of class. Its draws depend on the data set and the seed,
// never on the loss.
type Sampler struct {
	Name     string `yaml:"name" in:"{m_per_class,random_identity,uniform}" doc:"classes and rows drawn anew for every batch; the same in epochs; or any rows, in epochs, so that an anchor may lack positives" example:"uniform"`
	Classes  int    `yaml:"classes" in:"[2,10000000]" zero:"default" doc:"classes in a batch; where the default is more than there are, all" default:"16" example:"{classes: 49}"`
	PerClass int    `yaml:"per_class" in:"[2,10000000]" doc:"rows of each; a class of fewer is filled up with copies" example:"{per_class: 4}"`
}

// DefaultClasses is the number of classes of a batch if the sampler gives none and the
// training split has as many.
const DefaultClasses = 16

// DefaultSampler is the sampler of a spec that gives none.
func DefaultSampler() Sampler { return Sampler{Name: MPerClass, PerClass: 5} }

// An Optimizer says how a gradient g moves the weights w. The names have their meanings
// of torch.optim:
//
//	sgd    g += weight_decay·w;  b = g at first, then momentum·b + g;  w −= lr·b
//	adam   g += weight_decay·w;  then Adam with β₁ 0.9, β₂ 0.999, ε 1e-8 and both bias
//	       corrections
//	adamw  w −= lr·weight_decay·w;  then Adam on the gradient alone
type Optimizer struct {
	Name        string  `yaml:"name" in:"{sgd,adam,adamw}" doc:"the rule of torch.optim that moves the weights; 'adamw' decays apart from the gradient" example:"adamw"`
	LR          float64 `yaml:"lr" in:"(0,inf)" doc:"learning rate" example:"{lr: 3e-5}"`
	WeightDecay float64 `yaml:"weight_decay" in:"[0,inf)" doc:"decay to zero" example:"{name: adamw, weight_decay: 0.01}"`
	Momentum    float64 `yaml:"momentum" in:"[0,1)" of:"sgd" doc:"of 'sgd'" example:"{name: sgd, momentum: 0.9}"`
}

// DefaultOptimizer returns the optimizer of that name with the defaults of its settings.
func DefaultOptimizer(name string) Optimizer {
	if name == SGD {
		return Optimizer{Name: name, LR: 0.01}
	}
	return Optimizer{Name: name, LR: 1e-4}
}

// A Memory says whether anchors are compared with embeddings of earlier batches. The zero
// value is no memory.
//
// xbm is the cross-batch memory of Wang et al., CVPR 2020: a ring of the Size latest
// embeddings, with their classes. A step first stores its batch and then compares. Each
// anchor is compared without itself, which is identified by its place in the ring; other
// copies of its image, from earlier steps, are positives. Embeddings in memory are
// constants, those of the batch as well, so the gradient goes to the anchors only.
//
// The first Warmup steps are those of a run without memory, and store nothing, as in the
// authors' code, because embeddings that still change fast are soon stale. After them the
// loss is that of the memory alone, as in pytorch-metric-learning; the batch is the
// newest part of the memory. The authors add the loss of the batch by itself.
type Memory struct {
	Name   string `yaml:"name" in:"{none,xbm}" doc:"a cross-batch memory (XBM), or none" example:"{name: xbm}"`
	Size   int    `yaml:"size" in:"[1,10000000]" of:"xbm" doc:"embeddings that it holds" example:"{name: xbm, size: 4096}"`
	Warmup int    `yaml:"warmup" in:"[0,10000000]" of:"xbm" doc:"steps before it is used" example:"{name: xbm, warmup: 100}"`
}

// DefaultMemory returns the memory of that name with the defaults of its settings. A bank
// of 1,024 embeddings from the first step on is the default of pytorch-metric-learning.
func DefaultMemory(name string) Memory {
	if name == XBM {
		return Memory{Name: name, Size: 1024}
	}
	return Memory{Name: name}
}

// Remembers reports whether there is a memory bank.
func (m Memory) Remembers() bool { return m.Name == XBM }

// Proxies are trained vectors of the classes, for the losses that compare with them. The
// zero value is no proxies.
//
// They start as PerClass unit vectors a class, uniform on the sphere, and the optimizer
// of the head moves them at a rate of their own. The authors of Proxy-Anchor take a
// hundred times the head's (Kim et al., CVPR 2020). Proxies are compared by direction, as
// embeddings are.
type Proxies struct {
	PerClass int     `yaml:"per_class" in:"[1,10000000]" doc:"proxies of each class" default:"see above" example:"{per_class: 2}"`
	LR       float64 `yaml:"lr" in:"(0,inf)" zero:"default" doc:"their learning rate" default:"100 times the optimizer's" example:"{lr: 0.01}"`
}

// InUse reports whether the loss has proxies.
func (p Proxies) InUse() bool { return p.PerClass != 0 }

// MarshalJSON writes all keys, except those that the tags leave out at zero. It is the
// form that enters the id of a run. NaN and infinities are errors.
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
