package config

// An Augment says what is done to the prepared features of a batch before the head while
// it trains, and never where features are evaluated. The zero value is nothing. The
// changes are made in this order:
//
//	mix      each class of the batch is replaced with probability Mix by a mixture with
//	         another training class: its rows x_i become λ·x_i + (1−λ)·z_i, where the z_i
//	         are as many rows of the other class, drawn as the samplers draw rows, and λ
//	         is uniform in [0.3, 0.7] and one for the class
//	noise    each coordinate gets normal noise of standard deviation Noise·r, where r is
//	         the root mean square of the coordinates of all training rows
//	dropout  each coordinate is 0 with probability Dropout, and else divided by
//	         1−Dropout
//
// The other class of a mixture is any training class that is not in the batch, and where
// there is none any other class of the batch. A mixture is a class of its own, whose
// label no training class and no other mixture has. So the positives of a mixture are
// its own rows, a step has as many classes as its sampler draws, and over the steps they
// are more than the training classes.
//
// Two methods are related. Proxy Synthesis (Gu et al., AAAI 2021) interpolates
// embeddings and proxies to virtual classes, for losses with proxies; here the features
// are interpolated, the loss compares pairs, and the mixture takes the place of its
// class. Metrix (Venkataramanan et al., ICLR 2022) interpolates inputs, features or
// embeddings and their labels with them, so that a pair may be positive in part; here a
// pair is positive or negative.
type Augment struct {
	Dropout float64 `yaml:"dropout" in:"[0,1)" doc:"probability that a coordinate is set to 0; the others are divided by 1 − 'dropout'" example:"{dropout: 0.1}"`
	Noise   float64 `yaml:"noise" in:"[0,inf)" doc:"standard deviation of normal noise on each coordinate, in units of the root mean square coordinate of the training features" example:"{noise: 0.1}"`
	Mix     float64 `yaml:"mix" in:"[0,1]" doc:"probability that a class of a batch is replaced by its mixture with another training class, λ·x + (1−λ)·z with λ in [0.3, 0.7], which is a class of its own; related to Proxy Synthesis and Metrix ([config](../train/config/augment.go) says how they differ). Not with proxies, nor with a loss that has parameters for each class or observes the classes" example:"{mix: 0.5}"`
}

// InUse reports whether anything is done to the features.
func (a Augment) InUse() bool { return a != Augment{} }

// MarshalJSON writes all keys, the form that enters the id of a run. NaN and infinities
// are errors.
func (a Augment) MarshalJSON() ([]byte, error) { return encode(a) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *Augment) UnmarshalJSON(data []byte) error { return decode(data, a) }
