package config

// An Average says that the head that is evaluated is the exponential moving average of
// the weights w_1, …, w_t after the steps, with the bias correction of Adam:
//
//	(1−β)·Σ_s β^(t−s)·w_s / (1−β^t)    β = Decay
//
// After no step it is the start. The steps themselves use the weights of the last step,
// and so do the loss's own parameters and proxies, which are not averaged. The zero value
// is no average.
//
// It is Polyak averaging (Polyak and Juditsky, SIAM Journal on Control and Optimization
// 1992) with exponential weights in place of equal ones, as in Kingma and Ba, ICLR 2015,
// section 7.2.
type Average struct {
	Decay float64 `yaml:"decay" in:"[0,1)" doc:"decay β of an exponential moving average with the bias correction of Adam: Polyak averaging with exponential weights (Kingma and Ba, ICLR 2015, section 7.2). After no step it is the start; 0 is no average" example:"{decay: 0.99}"`
}

// InUse reports whether an average of the weights is evaluated.
func (a Average) InUse() bool { return a != Average{} }

// MarshalJSON writes all keys, the form that enters the id of a run. NaN and infinities
// are errors.
func (a Average) MarshalJSON() ([]byte, error) { return encode(a) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *Average) UnmarshalJSON(data []byte) error { return decode(data, a) }
