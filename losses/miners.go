package losses

import "reflect"

// MinerName returns the name of a miner as specs write it, "none" for nil.
func MinerName(m Miner) string {
	if m == nil {
		return "none"
	}
	for _, s := range Miners {
		if reflect.TypeOf(s.Value) == reflect.TypeOf(m) {
			return s.Name
		}
	}
	return reflect.TypeOf(m).Name()
}

// minerForm returns the Form of a miner, "none" for nil. A miner that is not in [Miners] is
// known by its Go type.
func minerForm(m Miner) string {
	if m == nil {
		return "none"
	}
	for _, s := range Miners {
		if reflect.TypeOf(s.Value) == reflect.TypeOf(m) {
			return s.Form
		}
	}
	return reflect.TypeOf(m).String()
}
