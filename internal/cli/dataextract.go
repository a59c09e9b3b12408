package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gpwbench/benchmarks/extract"
	"gpwbench/experiments/spec"
)

// extractFlags is the command line of gpw data extract.
type extractFlags struct {
	model, output, library string
	pool                   string
	preprocess             string
	resize                 int
	crop, filter, channels string
	mean, std              []float32
	squeeze, asStored      bool
	batch, workers         int
	skipBad, restart       bool
	out                    string
	replace                bool
}

func dataExtractCommand() *cobra.Command {
	var f extractFlags
	var named []string
	for _, p := range extract.Preprocessings {
		named = append(named, fmt.Sprintf("  %-13s %s\n%15s %s", p.Name, p.Title, "", p.Preprocessing))
	}
	cmd := &cobra.Command{
		Use:   "extract IMAGES --model NETWORK.onnx -o FEATURES",
		Short: "Compute features of images with a network in ONNX",
		Long: `Extract runs every image through a network and writes a row of features for each. IMAGES is a folder of images, one with a folder of them
for each class, a list of path,label, or a benchmark as it is distributed (CUB_200_2011, Cars-196, SOP, In-Shop): the rows are in the order of
its annotation, with its labels and its parts. Images are JPEG or PNG.

FEATURES.safetensors holds features, labels and partition; preprocessing, network, paths and checksums are in its metadata. Beside
FEATURES.npy stand FEATURES.csv with path, label and split of each row, and FEATURES.json with the rest.

What is done is kept in FEATURES.part, and the same command goes on with it after Ctrl-C or a kill. The rows depend neither on --workers
nor on interruptions; they do on the processor, the version of ONNX Runtime and --batch, which the metadata name.

It needs a program that was built with "make build-onnx", and the shared library of ONNX Runtime, named by --onnxruntime or by the variable
ONNXRUNTIME_LIB. The PyPI package onnxruntime holds one, onnxruntime/capi/libonnxruntime.so.*, and the npm package onnxruntime-node.

Preprocessings:
` + strings.Join(named, "\n"),
		Example: `  gpw data extract CUB_200_2011 --model resnet50.onnx -o cub.safetensors
  gpw data extract images --model clip_vision.onnx --preprocess clip --output-name image_embeds -o features.npy
  gpw data extract images --model vit.onnx --preprocess half --resize 248 --pool first --skip-bad -o features.safetensors`,
		Args: operands(1, 1, "a folder of images"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	f.add(cmd)
	return cmd
}

func (f *extractFlags) add(cmd *cobra.Command) {
	s := cmd.Flags()
	s.StringVar(&f.model, "model", "", "the network: images×3×height×width float32 in")
	s.StringVar(&f.output, "output-name", "", "the output to take, if the network has several")
	s.StringVar(&f.library, "onnxruntime", "", "the shared library of ONNX Runtime (default: the variable ONNXRUNTIME_LIB, or where the system finds it)")
	s.StringVar(&f.pool, "pool", "", "of an output that is a map or tokens: mean, or first (the class token)")
	s.StringVar(&f.preprocess, "preprocess", extract.Preprocessings[0].Name, "a preprocessing, see above; the next flags change it")
	s.IntVar(&f.resize, "resize", 0, "pixels of the shorter side")
	s.BoolVar(&f.squeeze, "squeeze", false, "resize the whole image to the crop, whatever its sides")
	s.StringVar(&f.crop, "crop", "", "pixels of the centre: 224, or height×width as 256x128")
	s.StringVar(&f.filter, "filter", "", "of resizing: bilinear or bicubic, antialiased as in Pillow")
	s.StringVar(&f.channels, "channels", "", "order of the channels, of --mean and of --std: rgb or bgr")
	s.Float32SliceVar(&f.mean, "mean", nil, "three numbers, of the range 0 to 1")
	s.Float32SliceVar(&f.std, "std", nil, "three numbers, of the range 0 to 1")
	s.BoolVar(&f.asStored, "ignore-orientation", false, "leave images as they are stored, as torchvision does, where EXIF says how to turn them")
	s.IntVar(&f.batch, "batch", 0, fmt.Sprintf("images in a call of the network (default %d, or what it takes)", extract.DefaultBatch))
	s.IntVar(&f.workers, "workers", runtime.NumCPU(), "batches at once, each with one thread")
	s.BoolVar(&f.skipBad, "skip-bad", false, "leave out images that cannot be decoded, and list them")
	s.BoolVar(&f.restart, "restart", false, "drop what an earlier call has done")
	s.StringVarP(&f.out, "output", "o", "", "file to write: .safetensors or .npy")
	s.BoolVar(&f.replace, "replace", false, "replace the file if it is there")
}

func (f *extractFlags) run(cmd *cobra.Command, path string) error {
	o, err := f.options(cmd)
	if err != nil {
		return err
	}
	files := f.files()
	if there := occupied(files); there != "" && !f.replace {
		return usagef("%s is there already, and nothing was extracted; --replace replaces it", there)
	}
	if !extract.HasONNX { // before hours are spent on looking for images
		return extract.ErrNoONNX
	}

	set, err := extract.Find(path)
	if err != nil {
		return err
	}
	if set.Remark != "" {
		say(cmd, "%s: %s", set.Layout, set.Remark)
	}
	network, err := extract.OpenONNX(cmp.Or(f.library, os.Getenv("ONNXRUNTIME_LIB")), f.model, f.output)
	if err != nil {
		return withExtractHint(err)
	}
	return f.extract(cmd, set, network, o)
}

// options reads the flags.
func (f *extractFlags) options(cmd *cobra.Command) (o extract.Options, err error) {
	if err := needFlags(cmd, "model", "output"); err != nil {
		return o, err
	}
	if ext := strings.ToLower(filepath.Ext(f.out)); ext != ".safetensors" && ext != ".npy" {
		return o, usagef("-o %s: features are written as .safetensors or .npy", f.out)
	}
	if f.workers < 1 {
		return o, usagef("--workers = %d: it must be at least 1", f.workers)
	}
	if cmd.Flags().Changed("batch") && f.batch < 1 {
		return o, usagef("--batch = %d: it must be at least 1", f.batch)
	}
	o = extract.Options{Pool: extract.Pool(f.pool), Batch: f.batch, Workers: f.workers, SkipBad: f.skipBad, Restart: f.restart}
	if f.pool != "" {
		if err := known("--pool", extract.Pool(f.pool), extract.Pools); err != nil {
			return o, err
		}
	}
	o.Preprocessing, err = f.preprocessing(cmd)
	return o, err
}

// known refuses a value of a flag that is not in a list.
func known[T ~string](flag string, value T, all []T) error {
	var names []string
	for _, a := range all {
		if a == value {
			return nil
		}
		names = append(names, string(a))
	}
	return usagef("unknown %s %q%s; known: %s", flag, string(value), spec.DidYouMean(string(value), names), list(names))
}

// preprocessing is the named one with what the flags change.
func (f *extractFlags) preprocessing(cmd *cobra.Command) (p extract.Preprocessing, err error) {
	var names []string
	for _, named := range extract.Preprocessings {
		names = append(names, named.Name)
		if named.Name == f.preprocess {
			p = named.Preprocessing
		}
	}
	if err := known("--preprocess", f.preprocess, names); err != nil {
		return p, err
	}

	changed := cmd.Flags().Changed
	if changed("resize") {
		p.Resize = f.resize
		if f.squeeze {
			return p, usagef("--squeeze resizes to the crop, so --resize says nothing; leave one of them out")
		}
		if f.resize < 1 {
			return p, usagef("--resize = %d: it must be at least 1; --squeeze resizes the whole image to the crop", f.resize)
		}
	}
	if f.squeeze {
		p.Resize = 0
	}
	if changed("crop") {
		if p.Crop, err = parseCrop(f.crop); err != nil {
			return p, err
		}
	}
	if changed("filter") {
		p.Filter = extract.Filter(f.filter)
	}
	if changed("channels") {
		p.Channels = f.channels
	}
	p.IgnoreOrientation = f.asStored
	for flag, values := range map[string][]float32{"mean": f.mean, "std": f.std} {
		if changed(flag) && len(values) != 3 {
			return p, usagef("--%s has %d numbers, want three, one a channel", flag, len(values))
		}
	}
	copy(p.Mean[:], f.mean)
	copy(p.Std[:], f.std)
	if err := p.Check(); err != nil {
		return p, &usageError{err}
	}
	return p, nil
}

// parseCrop reads a side, or height×width.
func parseCrop(text string) (crop [2]int, err error) {
	high, wide, two := strings.Cut(strings.ReplaceAll(strings.ToLower(text), "×", "x"), "x")
	if !two {
		wide = high
	}
	for k, side := range []string{high, wide} {
		if crop[k], err = strconv.Atoi(side); err != nil || crop[k] < 1 {
			return crop, usagef("--crop %s: want the side of a square as 224, or height and width as 256x128", text)
		}
	}
	return crop, nil
}

// files are those that are written, without their contents.
func (f *extractFlags) files() []newFile {
	ext := filepath.Ext(f.out)
	if !strings.EqualFold(ext, ".npy") {
		return []newFile{{path: f.out}}
	}
	stem := strings.TrimSuffix(f.out, ext)
	return []newFile{{path: stem + ".csv"}, {path: stem + ".json"}, {path: f.out}}
}

// extract runs the job and writes its features.
func (f *extractFlags) extract(cmd *cobra.Command, set *extract.Set, network extract.Backbone, o extract.Options) error {
	part := f.out + ".part"
	job, err := extract.NewJob(set, network, o, part)
	if err != nil {
		return withExtractHint(err)
	}
	defer job.Close()
	if n := job.Resumed(); n > 0 {
		say(cmd, "%d of %d images are done and kept in %s; going on with the others", n, len(set.Paths), part)
	}

	step, done := extracting(cmd, len(set.Paths), job.Done())
	err = job.Run(cmd.Context(), step)
	done()
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("stopped: %d of %d images are done and kept in %s; the same command goes on with the others", job.Done(), len(set.Paths), part)
	}
	if err != nil {
		return withExtractHint(err)
	}
	features, err := job.Features()
	if err != nil {
		return err
	}

	files := f.files()
	writes := []func(io.Writer) error{features.WriteSafetensors}
	if len(files) > 1 {
		writes = []func(io.Writer) error{features.WriteList, features.WriteJSON, features.WriteNPY}
	}
	for k := range files {
		files[k].write = writes[k]
	}
	err = writeNewFiles(cmd.Context(), files)
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("stopped: all images are done and kept in %s; the same command writes %s", part, f.out)
	}
	if err != nil {
		return err
	}
	sayExtracted(cmd, features)
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d rows of %d features\n", f.out, features.Rows, features.Cols)
	return errors.Join(err, job.Remove())
}

// sayExtracted tells what was done to images that a reader may not expect.
func sayExtracted(cmd *cobra.Command, f *extract.Features) {
	const most = 10
	for k, s := range f.Skipped {
		if k == most {
			say(cmd, "… and %d more; the metadata list them", len(f.Skipped)-most)
			break
		}
		say(cmd, "left out: %s %s", s.Path, s.Why)
	}
	if len(f.Skipped) > 0 {
		say(cmd, "%d of %d images could not be decoded and have no row", len(f.Skipped), f.Recipe.Images)
	}
	if f.Turned > 0 {
		say(cmd, "%d images were turned by their orientation of EXIF, which torchvision ignores; --ignore-orientation leaves them", f.Turned)
	}
}

// extracting shows the progress: a bar on a terminal, and elsewhere an occasional line.
func extracting(cmd *cobra.Command, total, before int) (step func(n int), done func()) {
	bar, done := counter(cmd.ErrOrStderr(), "images", total)
	bar(before)
	images, began, last := before, time.Now(), time.Now()
	return func(n int) {
		images += n
		bar(n)
		if !terminal(cmd.ErrOrStderr()) && time.Since(last) >= quiet {
			last = time.Now()
			seconds := time.Since(began).Seconds()
			left := time.Duration(seconds / float64(images-before) * float64(total-images) * float64(time.Second))
			say(cmd, "%d of %d images, %s left", images, total, left.Round(time.Second))
		}
	}, done
}

// withExtractHint adds the flag that helps to errors of the library, which names none.
func withExtractHint(err error) error {
	hint := ""
	var image *extract.ImageError
	var changed *extract.ChangedError
	var library *extract.RuntimeError
	var output *extract.OutputError
	var fit *extract.FitError
	switch {
	case errors.As(err, &image):
		hint = "--skip-bad leaves such images out, and what is done is kept"
	case errors.As(err, &changed):
		hint = "--restart begins again"
	case errors.As(err, &library):
		hint = "--onnxruntime or the variable ONNXRUNTIME_LIB names it; the PyPI package onnxruntime holds one in onnxruntime/capi"
	case errors.As(err, &output):
		hint = "--output-name chooses"
	case errors.As(err, &fit):
		hint = map[string]string{"crop": "--crop and --resize set it", "batch": "--batch sets it", "pool": "--pool sets it"}[fit.Setting]
	default:
		return err
	}
	return fmt.Errorf("%w; %s", err, hint)
}
