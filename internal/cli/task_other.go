//go:build !unix

package cli

import "os"

// No scheduler that gpw knows runs tasks here.
var timeLimitSignals []os.Signal
