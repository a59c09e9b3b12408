package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

// writeCost writes the time and the peak memory of a command to standard error.
func writeCost(cmd *cobra.Command, started time.Time) {
	cost := time.Since(started).Round(100 * time.Millisecond).String()
	if bytes := peakMemory(); bytes > 0 {
		cost += fmt.Sprintf(", %d MiB of memory at the most", bytes>>20)
	}
	fmt.Fprintln(cmd.ErrOrStderr(), cost)
}
