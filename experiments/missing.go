package experiments

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gpwbench/experiments/spec"
	"gpwbench/internal/arrays"
)

// A fileKind is what a file of a spec holds: the name that it goes by in Python, and the
// type that it is saved with.
type fileKind struct{ name, dtype string }

var (
	asFeatures   = fileKind{"features", "float32"}
	asEmbeddings = fileKind{"embeddings", "float32"}
	asLabels     = fileKind{"labels", "int64"}
	asPartition  = fileKind{"partition", "int64"}
	asPaths      = fileKind{"paths", "str_"}
	asGroups     = fileKind{"groups", "int64"}

	asDistributed = fileKind{name: "the folder or the file of the annotation as it is distributed"}
)

// A neededFile is a file that a spec names, as it has it, what it holds, and a remark on
// its rows.
type neededFile struct {
	path string
	kind fileKind
	rows string
}

// filesOf are the files that the data set names.
func filesOf(d *spec.Dataset) []neededFile {
	var all []neededFile
	for _, f := range []neededFile{
		{d.Features, asFeatures, ", one row an image, from any network"},
		{d.Labels, asLabels, ", the class of each row"},
		{d.Partition, asPartition, ", 0 train, 1 query, 2 gallery, 3 test"},
		{d.Groups, asGroups, ", the group of each row, such as its camera"},
	} {
		if f.path != "" {
			all = append(all, f)
		}
	}
	return append(all, filesOfLayout(d)...)
}

// missingFile says how to make a file, or "" where it is there.
func missingFile(dataset string, f neededFile) string {
	expanded, unset := expand(f.path)
	if unset != "" {
		return fmt.Sprintf("%s: %s: $%s is not set; set it to the folder that holds %s", dataset, f.path, unset, strings.TrimPrefix(f.path, "$"+unset+"/"))
	}
	file, name := arrays.Split(expanded)
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	if name != "" {
		expanded = file
	}
	if expanded != f.path {
		expanded += " (" + f.path + ")"
	}
	return fmt.Sprintf("%s: no file %s; %s%s", dataset, expanded, f.kind.saved(file, strings.TrimSuffix(name, ".T")), f.rows)
}

// saved says how Python writes a file of this kind in the format that its name promises.
// The array is called name, or as the kind is where that is "".
func (k fileKind) saved(file, name string) string {
	if k == asDistributed {
		return "get " + k.name
	}
	if name == "" {
		name = k.name
	}
	array := k.name + ".astype(np." + k.dtype + ")"
	named := fmt.Sprintf("{%q: %s}", name, array)
	switch strings.ToLower(filepath.Ext(file)) {
	case ".npz":
		return fmt.Sprintf("make it in NumPy with np.savez(path, **%s)", named)
	case ".mat":
		return fmt.Sprintf("make it in SciPy with scipy.io.savemat(path, %s)", named)
	case ".safetensors":
		return fmt.Sprintf("make it with safetensors.numpy.save_file(%s, path)", named)
	case ".pt", ".pth":
		return fmt.Sprintf("make it in PyTorch with torch.save({%q: %s}, path)", name, k.name)
	case ".parquet":
		return fmt.Sprintf("make it in pandas with pd.DataFrame({%q: list(%s)}).to_parquet(path)", name, k.name)
	case ".csv", ".tsv", ".txt":
		return "make it in NumPy with np.savetxt(path, " + k.name + k.textOptions(file) + ")"
	}
	return "make it in NumPy with np.save(path, " + array + ")"
}

// textOptions are those of np.savetxt.
func (k fileKind) textOptions(file string) string {
	options := ""
	switch strings.ToLower(filepath.Ext(file)) {
	case ".csv":
		options = `, delimiter=","`
	case ".tsv":
		options = `, delimiter="\t"`
	}
	switch k.dtype {
	case "int64":
		options += `, fmt="%d"`
	case "str_":
		options += `, fmt="%s"`
	}
	return options
}
