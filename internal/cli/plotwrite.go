package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/plots"
	"gpwbench/plots/figures"
)

// notInNames matches the characters of a loss that file names leave out.
var notInNames = regexp.MustCompile(`[^A-Za-z0-9.]+`)

// A target is where figures are written.
type target struct {
	path    string // "" for standard output
	folder  bool
	formats []string
	data    bool // a CSV beside each figure
}

// target reads -o and --format.
func (f *plotFlags) target() (*target, error) {
	if f.format != "" {
		if err := checkFormat(f.format, figures.Formats); err != nil {
			return nil, err
		}
	}

	extension := strings.TrimPrefix(filepath.Ext(f.out), ".")
	switch info, err := os.Stat(f.out); {
	case f.out == "" && f.format == "":
		return nil, usagef("plot needs -o: a file .%s, or a folder; or --format, to write to standard output", strings.Join(figures.Formats, ", ."))
	case f.out == "":
		return &target{formats: []string{f.format}}, nil
	case err == nil && info.IsDir(), strings.HasSuffix(f.out, "/"), extension == "":
		t := &target{path: f.out, folder: true, formats: []string{"svg", "pdf", "png"}, data: f.data}
		if f.format != "" {
			t.formats = []string{f.format}
		}
		return t, nil
	}

	if !slices.Contains(figures.Formats, extension) {
		return nil, usagef("%s: a figure has no extension .%s; known: .%s", f.out, extension, strings.Join(figures.Formats, ", ."))
	}
	if f.format != "" && f.format != extension {
		return nil, usagef("-o %s and --format %s differ; leave --format out", f.out, f.format)
	}
	return &target{path: f.out, formats: []string{extension}, data: f.data}, nil
}

// write writes the figures, and prints the names of the files. The names are printed
// last, so that a reader of the output that ends early does not stop a file from being
// written.
func (t *target) write(cmd *cobra.Command, drawn []figures.Named) error {
	if t.path == "" {
		return t.print(cmd, drawn)
	}

	if t.folder {
		if err := os.MkdirAll(t.path, 0o755); err != nil {
			return fmt.Errorf("cannot make the folder of -o: %w", err)
		}
	}

	files := t.files(drawn)
	for _, f := range files {
		if f.path == t.path {
			continue
		}
		if err := checkFigure(f.path, f.format); err != nil {
			return err
		}
	}

	drawing, finish := func(int) {}, func() {}
	if len(drawn) > 1 {
		drawing, finish = counter(cmd.ErrOrStderr(), "files", len(files))
	}
	names, err := writeFigures(cmd.Context(), files, drawing)
	finish()
	_, failed := cmd.OutOrStdout().Write([]byte(names))
	return errors.Join(err, failed)
}

// print writes the one figure to standard output.
func (t *target) print(cmd *cobra.Command, drawn []figures.Named) error {
	if len(drawn) > 1 {
		return usagef("these are %d figures; name a file or a folder for them with -o", len(drawn))
	}
	data, err := figures.Encode(drawn[0].Figure, t.formats[0])
	if err != nil {
		return err
	}
	_, err = cmd.OutOrStdout().Write(data)
	return err
}

// A figureFile is a file to write.
type figureFile struct {
	path, format string
	figure       *plots.Figure
}

// files lists the files of the figures, in the order in which they are written.
func (t *target) files(drawn []figures.Named) []figureFile {
	formats := t.formats
	if t.data && !slices.Contains(formats, "csv") && !slices.Contains(formats, "json") {
		formats = append(slices.Clip(formats), "csv")
	}

	var files []figureFile
	for k, d := range drawn {
		for _, format := range formats {
			files = append(files, figureFile{t.stem(k, d) + "." + format, format, d.Figure})
		}
	}
	return files
}

// writeFigures writes files until ctx ends, and tells drawn of each. It returns the
// names of those that are written, a line each.
func writeFigures(ctx context.Context, files []figureFile, drawn func(n int)) (names string, err error) {
	for written, f := range files {
		if ctx.Err() != nil {
			return names, fmt.Errorf("stopped: %d of %d files are written, those named above; "+
				"the same command writes them all", written, len(files))
		}
		data, err := figures.Encode(f.figure, f.format)
		if err != nil {
			return names, err
		}
		if err := writeFile(f.path, data); err != nil {
			return names, err
		}

		names += f.path + "\n"
		drawn(1)
	}
	return names, nil
}

// stem returns the path of the k-th figure without its extension.
func (t *target) stem(k int, d figures.Named) string {
	if t.folder {
		return filepath.Join(t.path, d.Name)
	}
	stem := strings.TrimSuffix(t.path, filepath.Ext(t.path))
	if k > 0 {
		stem += fmt.Sprintf("_%d", k+1)
	}
	return stem
}

// checkFigure refuses to overwrite a file that is no figure with a figure or its data. It
// is for names that the command line does not give.
func checkFigure(path, format string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w; choose another path", path, err)
	}

	if info.Mode().IsRegular() {
		if data, err := os.ReadFile(path); err == nil && plots.IsFigure(format, data) {
			return nil
		}
	}

	return fmt.Errorf("%s is not a figure that gpw wrote, and a file of that name is to be written; "+
		"move it elsewhere, or choose another path; nothing was written", path)
}
