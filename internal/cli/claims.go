package cli

import (
	"slices"
	"time"

	"github.com/spf13/cobra"

	"gpwbench/experiments/spec"
	"gpwbench/results/claims"
)

// claimFlags say how processes that share a results folder are kept apart.
type claimFlags struct {
	kind  string
	lease time.Duration
}

func (f *claimFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.kind, "claims", "",
		"how processes that share the folder are kept apart: "+list(claims.Kinds)+" (default lease on file systems that other machines share, flock on others)")
	cmd.Flags().DurationVar(&f.lease, "lease", claims.DefaultLease, "time without a renewal after which a lease counts as lost")
}

// options are those of the flags.
func (f *claimFlags) options() (claims.Options, error) {
	if f.kind != "" && !slices.Contains(claims.Kinds, f.kind) {
		return claims.Options{}, usagef("--claims does not know %q%s; known: %s", f.kind, spec.DidYouMean(f.kind, claims.Kinds), list(claims.Kinds))
	}
	if f.lease < claims.ShortestLease {
		return claims.Options{}, usagef("--lease must be at least %v, not %v", claims.ShortestLease, f.lease)
	}
	return claims.Options{Kind: claims.Kind(f.kind), Lease: f.lease}, nil
}
