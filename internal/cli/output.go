package cli

import (
	"bytes"
	"errors"
	"fmt"
	"golang.org/x/term"
	"gpwbench/internal/output"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"gpwbench/internal/escape"
)

type writer = io.Writer

// list joins names for a sentence.
func list(names []string) string { return strings.Join(names, ", ") }

// outputFlags adds -o and --format.
func outputFlags(cmd *cobra.Command, out, format *string, formats []string) {
	cmd.Flags().StringVarP(out, "output", "o", "", "file to write instead of standard output")
	cmd.Flags().StringVar(format, "format", formats[0], list(formats))
}

func checkFormat(format string, known []string) error {
	if slices.Contains(known, format) {
		return nil
	}
	return usagef("unknown format %q; known: %s", format, list(known))
}

// printTo writes to standard output, or to the file out. A file is written completely or
// not at all.
func printTo(cmd *cobra.Command, out string, write func(w writer) error) error {
	var b bytes.Buffer
	var to writer = &b
	if out == "" {
		to = output.Sized{Writer: &b, Columns: output.Columns(window(cmd))}
	}
	if err := write(to); err != nil {
		return err
	}
	text := escape.Output(b.Bytes())
	if out != "" {
		return writeFile(out, text)
	}
	_, err := cmd.OutOrStdout().Write(text)
	return err
}

// window is standard output with the columns that a terminal shows.
func window(cmd *cobra.Command) output.Sized {
	w := output.Sized{Writer: cmd.OutOrStdout()}
	if f, ok := w.Writer.(*os.File); ok && isTerminal(cmd) {
		w.Columns, _, _ = term.GetSize(int(f.Fd())) // 0 where it is not known
	}
	return w
}

// isTerminal reports whether standard output is a terminal.
func isTerminal(cmd *cobra.Command) bool {
	f, ok := cmd.OutOrStdout().(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// say writes a line on standard error.
func say(cmd *cobra.Command, format string, args ...any) {
	fmt.Fprintln(cmd.ErrOrStderr(), escape.Lines(fmt.Sprintf(format, args...)))
}

// writeFile writes a file completely or not at all. A link stays a link. A device or a
// pipe is written to directly.
func writeFile(path string, data []byte) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}

	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return fmt.Errorf("cannot write %s: it is a folder; name a file in it", path)
		}
		return writeThrough(path, data)
	}
	err := renameio.WriteFile(path, data, 0o644)
	if failed := new(fs.PathError); errors.As(err, &failed) { // the error names a temporary file
		return fmt.Errorf("cannot write %s: %w; choose another path, or make its folder", path, failed.Err)
	}

	return err
}

func writeThrough(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("cannot write: %w; choose another path", err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("cannot write: %w; choose another path", err)
	}
	return nil
}
