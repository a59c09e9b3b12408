package claims

import "time"

// renewals is how often a lease is renewed before it would run out.
const renewals = 6

// A watch is what an observer knows of a claim from its own looks alone. No clock but the
// observer's is read, and that one only for durations.
type watch struct {
	stamp     string        // the content at the last look
	unchanged time.Duration // for which it was seen so
	last      time.Time     // of the last look
}

// look notes what a claim is now, and reports whether it has been seen unchanged for its
// lease. Of the time between two looks at most one interval of renewal counts: while the
// observer was stopped, or the file server was away, the holder may not have been able to
// renew.
func (w *watch) look(stamp string, lease time.Duration, now time.Time) (expired bool) {
	if stamp != w.stamp {
		*w = watch{stamp: stamp, last: now}
		return false
	}
	w.unchanged += min(max(0, now.Sub(w.last)), lease/renewals)
	w.last = now
	return w.unchanged >= lease
}

// left is the time after which the claim counts as lost, if it stays as it is.
func (w *watch) left(lease time.Duration) time.Duration { return max(0, lease-w.unchanged) }
