package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gpwbench/experiments"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/losses/describe"
)

// addCompletions tells the shell what flags and arguments of the verbs may be: losses by
// --loss and of gpw losses, the parameters of --vary, specs and key=value, and the words
// of flags whose usage lists them. Everything else is a file.
func addCompletions(root *cobra.Command) {
	for _, cmd := range root.Commands() {
		addCompletions(cmd)
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			var words []string
			switch f.Name {
			case "loss":
				words = append(lossNames(), "all")
			case "format", "view", "sweep", "width", "scale", "against", "figures":
				words = listed(f.Usage)
			}
			if words != nil {
				_ = cmd.RegisterFlagCompletionFunc(f.Name, fixed(words))
			}
			if f.Name == "vary" {
				_ = cmd.RegisterFlagCompletionFunc(f.Name, completeVary)
			}
		})

		switch {
		case cmd.Name() == "losses":
			cmd.ValidArgsFunction = fixed(lossNames())
		case strings.Contains(cmd.Use, "SPEC [key=value"):
			cmd.ValidArgsFunction = completeSpec
		}
	}
}

// fixed offers those of the words that begin as the one that is typed.
func fixed(words []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
		return begin(slices.Clone(words), word), cobra.ShellCompDirectiveNoFileComp
	}
}

// lossNames are the losses and, behind a point, their presets.
func lossNames() []string {
	var names []string
	for _, l := range describe.EveryLoss() {
		names = append(names, l.Name)
		for _, p := range l.Presets {
			names = append(names, l.Name+"."+p.Name)
		}
	}
	return names
}

// listed are the words at the end of the list with which the usage of a flag begins or
// ends, such as "text, json, csv (default …)".
func listed(usage string) []string {
	usage, _, _ = strings.Cut(usage, " (")
	usage, _, _ = strings.Cut(usage, ": of a folder")
	if _, after, found := strings.Cut(usage, ": "); found {
		usage = after
	}
	return strings.Split(usage, ", ")
}

// completeSpec completes the arguments of gpw run and gpw tune: the shipped specs, and
// behind a spec what changes it.
func completeSpec(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		names := slices.DeleteFunc(experiments.Shipped(), func(name string) bool { return !strings.HasPrefix(name, word) })
		return names, cobra.ShellCompDirectiveDefault
	}

	key, value, hasValue := strings.Cut(word, "=")
	if !hasValue {
		return begin(overrideKeys(args[0], word), word), cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
	}

	// Of a list the last element is completed.
	before := key + "="
	if k := strings.LastIndexAny(value, ",["); k >= 0 {
		before += value[:k+1]
	}
	var words []string
	for _, w := range overrideWords(key) {
		words = append(words, before+w)
	}
	return begin(words, word), cobra.ShellCompDirectiveNoFileComp
}

// begin keeps what begins with the word.
func begin(all []string, word string) []string {
	return slices.DeleteFunc(all, func(text string) bool { return !strings.HasPrefix(text, word) })
}

// overrideKeys are the paths that key=value takes, each with what it means. Those of one
// data set or one loss, and those of a sweep, are given once their first part is.
func overrideKeys(name, word string) []string {
	sweep, part, inSweep := strings.Cut(word, ".")
	if inSweep && sweep == "sweep" {
		var keys []string
		for _, key := range overrideKeys(name, part) {
			keys = append(keys, "sweep."+key)
		}
		return keys
	}

	var keys []string
	for _, s := range spec.Reference() {
		for _, k := range s.Keys {
			if s.Name == "training" || s.Name == "experiment" && !strings.Contains(k.Path, "baselines.") {
				keys = append(keys, k.Path+"=\t"+plain(k.What))
			}
		}
	}
	keys = append(keys, "losses.\ta row, by its loss or its label", "datasets.\ta data set, by its name", "sweep.\ta setting with several values")

	s, err := experiments.Open(name, nil, losses.Catalogue)
	if err != nil {
		return keys // without the names that the spec would give
	}
	switch {
	case strings.HasPrefix(word, "losses."):
		return rowKeys(s)
	case strings.HasPrefix(word, "datasets."):
		return datasetKeys(s)
	}
	return keys
}

// rowKeys are the paths into the rows of a spec.
func rowKeys(s *spec.Spec) []string {
	var keys []string
	for _, row := range s.Losses {
		for _, p := range losses.Parameters(row.Choice.Value) {
			keys = append(keys, "losses."+row.Choice.Spec.Name+".params."+p.Name+"=\t"+p.Doc)
		}
		for _, key := range []string{"miner", "label", "optimizer.lr", "protocol", "memory"} {
			keys = append(keys, "losses."+row.Choice.Spec.Name+"."+key+"=")
		}
	}
	return keys
}

// datasetKeys are the paths into the data sets of a spec.
func datasetKeys(s *spec.Spec) []string {
	var keys []string
	for _, d := range s.Datasets {
		for _, section := range spec.Reference() {
			for _, k := range section.Keys {
				path, own := strings.CutPrefix(k.Path, "datasets.")
				if own || section.Name == "training" {
					keys = append(keys, "datasets."+d.Name+"."+path+"=\t"+plain(k.What))
				}
			}
		}
	}
	return keys
}

// overrideWords are the words that a key takes, or nil.
func overrideWords(key string) []string {
	key = strings.TrimPrefix(key, "sweep.")
	if parts := strings.SplitN(key, ".", 3); len(parts) == 3 && (parts[0] == "datasets" || parts[0] == "losses") {
		key = parts[2]
	}
	switch key {
	case "losses":
		return append(lossNames(), "all")
	case "baselines":
		key = "baselines.name"
	case "weights.at":
		return []string{"first", "last"}
	case "miner":
		words := []string{"none"}
		for _, m := range losses.Miners {
			words = append(words, m.Name)
		}
		return words
	}

	for _, s := range spec.Reference() {
		for _, k := range s.Keys {
			// A block is short for its name.
			if k.Words != nil && (k.Path == key || k.Path == key+".name" || k.Path == "datasets."+key) {
				return k.Words
			}
		}
	}
	return nil
}

// plain is the beginning of a text of Markdown, short enough for a line of a shell.
func plain(text string) string {
	text = strings.ReplaceAll(text, "`", "")
	if k := strings.IndexAny(text, ";:(["); k > 0 {
		text = text[:k]
	}
	return strings.TrimSpace(text)
}
