package claims

// A Phase is where an [Attempt] is. Its comment says what is done in it.
type Phase int

// The phases of an attempt.
const (
	Looking     Phase = iota // list the claims of the name
	Linking                  // link a private file to the name with the number Mine
	Checking                 // list the claims again
	Withdrawing              // remove the claim with the number Mine
	Held                     // the process has the claim
	Refused                  // another process has it
)

// An Attempt is a process on its way to the claim of a name by a lease. The zero Attempt
// is at its beginning.
//
// The claims of a name are numbered from 1, and the one with the greatest number counts.
// A number is made by link(2), which only one process succeeds in. A process makes the
// next number if there is none, if the newest was released, or if its lease has run out.
// It then lists the claims again: a process that looked long ago may have made a number
// that is not the greatest, and withdraws.
type Attempt struct {
	Phase Phase
	Mine  int  // the number that it makes, 0 until it knows
	Lost  bool // the lease of the claim before Mine has run out
}

// A View is the newest claim of a name, as a process sees it.
type View struct {
	Newest   int  // its number, 0 if there is none
	Released bool // by its holder
	Expired  bool // this process has seen it unchanged for longer than its lease
}

// Listed is the attempt after a list, in the phases Looking and Checking.
func (a Attempt) Listed(v View) Attempt {
	switch {
	case a.Phase == Looking && (v.Newest == 0 || v.Released || v.Expired):
		return Attempt{Linking, v.Newest + 1, v.Expired && !v.Released}
	case a.Phase == Looking:
		a.Phase = Refused
	case v.Newest == a.Mine:
		a.Phase = Held
	default:
		a.Phase = Withdrawing
	}
	return a
}

// Linked is the attempt after it tried to make its number, in the phase Linking.
func (a Attempt) Linked(made bool) Attempt {
	a.Phase = Refused
	if made {
		a.Phase = Checking
	}
	return a
}

// Withdrawn is the attempt after it removed its number.
func (a Attempt) Withdrawn() Attempt {
	a.Phase = Refused
	return a
}
