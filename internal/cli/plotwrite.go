package cli

import (
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
)

var figureFormats = []string{"svg", "pdf", "png", "csv", "json"}

// figureDots is the resolution of PNG files, per inch: that of print.
const figureDots = 300

// notInNames is what the name of a file leaves out of a loss.
var notInNames = regexp.MustCompile(`[^A-Za-z0-9.]+`)

// A target is where figures go.
type target struct {
	path    string // "" for standard output
	folder  bool
	formats []string
	data    bool // a CSV beside each figure
}

// target reads -o and --format.
func (f *plotFlags) target() (*target, error) {
	if f.format != "" {
		if err := checkFormat(f.format, figureFormats); err != nil {
			return nil, err
		}
	}
	extension := strings.TrimPrefix(filepath.Ext(f.out), ".")
	switch info, err := os.Stat(f.out); {
	case f.out == "" && f.format == "":
		return nil, usagef("plot needs -o: a file .%s, or a folder; or --format, to write to standard output", strings.Join(figureFormats, ", ."))
	case f.out == "":
		return &target{formats: []string{f.format}}, nil
	case err == nil && info.IsDir(), strings.HasSuffix(f.out, "/"), extension == "":
		t := &target{path: f.out, folder: true, formats: []string{"svg", "pdf", "png"}, data: f.data}
		if f.format != "" {
			t.formats = []string{f.format}
		}
		return t, nil
	}
	if !slices.Contains(figureFormats, extension) {
		return nil, usagef("%s: a figure has no extension .%s; known: .%s", f.out, extension, strings.Join(figureFormats, ", ."))
	}
	if f.format != "" && f.format != extension {
		return nil, usagef("-o %s and --format %s differ; leave --format out", f.out, f.format)
	}
	return &target{path: f.out, formats: []string{extension}, data: f.data}, nil
}

// write writes the figures, and prints the names of the files.
func (t *target) write(cmd *cobra.Command, drawings []drawing) (err error) {
	if t.path == "" {
		if len(drawings) > 1 {
			return usagef("these are %d figures; name a file or a folder for them with -o", len(drawings))
		}
		data, err := encode(drawings[0].figure, t.formats[0])
		if err != nil {
			return err
		}
		_, err = cmd.OutOrStdout().Write(data)
		return err
	}
	if t.folder {
		if err := os.MkdirAll(t.path, 0o755); err != nil {
			return fmt.Errorf("cannot make the folder of -o: %w", err)
		}
	}
	formats := t.formats
	if t.data && !slices.Contains(formats, "csv") && !slices.Contains(formats, "json") {
		formats = append(slices.Clip(formats), "csv")
	}
	for k, d := range drawings {
		for _, format := range formats {
			if path := t.stem(k, d) + "." + format; path != t.path {
				if err := checkFigure(path, format); err != nil {
					return err
				}
			}
		}
	}
	written := 0
	names := "" // printed last: a reader that goes away takes no file with it
	defer func() {
		_, failed := cmd.OutOrStdout().Write([]byte(names))
		err = errors.Join(err, failed)
	}()
	for k, d := range drawings {
		for _, format := range formats {
			if cmd.Context().Err() != nil {
				return fmt.Errorf("stopped: %d of %d files are written, those named above; the same command writes them all", written, len(drawings)*len(formats))
			}
			data, err := encode(d.figure, format)
			if err != nil {
				return err
			}
			path := t.stem(k, d) + "." + format
			if err := writeFile(path, data); err != nil {
				return err
			}
			written++
			names += path + "\n"
		}
	}
	return nil
}

// stem is the path of the k-th figure without its extension.
func (t *target) stem(k int, d drawing) string {
	if t.folder {
		return filepath.Join(t.path, d.name)
	}
	stem := strings.TrimSuffix(t.path, filepath.Ext(t.path))
	if k > 0 {
		stem += fmt.Sprintf("_%d", k+1)
	}
	return stem
}

// checkFigure refuses to write a figure, or its data, over what is no figure. It is asked
// of names that the command line does not give.
func checkFigure(path, format string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w; choose another -o", path, err)
	}
	if info.Mode().IsRegular() {
		if data, err := os.ReadFile(path); err == nil && plots.IsFigure(format, data) {
			return nil
		}
	}
	return fmt.Errorf("%s is not a figure that gpw wrote, and a file of that name is to be written; move it elsewhere, or choose another -o; nothing was written", path)
}

func encode(f *plots.Figure, format string) ([]byte, error) {
	switch format {
	case "svg":
		return f.SVG()
	case "pdf":
		return f.PDF()
	case "csv":
		return f.CSV()
	case "json":
		return f.JSON()
	}
	return f.PNG(figureDots)
}
