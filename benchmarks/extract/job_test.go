package extract

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"sync/atomic"
	"testing"

	"gpwbench/internal/arrays"
)

// A brightness is a network whose features are the means of the three channels, and the
// pixel in the corner of the first. run is called before each batch.
type brightness struct {
	batch, height, width int
	model                Model
	run                  func(n int) error
}

func (b *brightness) Input() (batch, height, width int) { return b.batch, b.height, b.width }

func (b *brightness) Model() Model { return b.model }

func (b *brightness) Run(pixels []float32, n, height, width int) ([]float32, []int, error) {
	if b.run != nil {
		if err := b.run(n); err != nil {
			return nil, nil, err
		}
	}
	var rows []float32
	for k := range n {
		image := pixels[k*3*height*width:]
		for c := range 3 {
			rows = append(rows, mean(image[c*height*width:(c+1)*height*width], 1))
		}
		rows = append(rows, image[0])
	}
	return rows, []int{n, 4}, nil
}

// drawn makes a folder of JPEG files of three classes, n in all, and their set.
func drawn(t *testing.T, n int) *Set {
	t.Helper()
	root := t.TempDir()
	for k := range n {
		img := image.NewRGBA(image.Rect(0, 0, 20+k, 31-k%7))
		for y := range img.Rect.Max.Y {
			for x := range img.Rect.Max.X {
				img.SetRGBA(x, y, color.RGBA{uint8(x * 9), uint8(y*7 + k), uint8(k * 23), 255})
			}
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, nil); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(root, fmt.Sprintf("class%d", k%3), fmt.Sprintf("%02d.jpg", k))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Find(root)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// small is a preprocessing of small inputs.
func small() Options {
	p := Preprocessings[0].Preprocessing
	p.Resize, p.Crop = 16, [2]int{14, 16}
	return Options{Preprocessing: p, Batch: 4, Workers: 2}
}

// extracted runs a job and returns its file of safetensors.
func extracted(t *testing.T, s *Set, b Backbone, o Options, path string) ([]byte, *Features) {
	t.Helper()
	j, err := NewJob(s, b, o, path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if err := j.Run(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	f, err := j.Features()
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := f.WriteSafetensors(&file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes(), f
}

// The file has a row for each image in the order of the set, whose preprocessing another
// call computes, with labels, paths and recipe. It does not depend on the workers.
func TestJob(t *testing.T) {
	s, o := drawn(t, 11), small()
	file, _ := extracted(t, s, &brightness{}, o, filepath.Join(t.TempDir(), "part"))
	for _, workers := range []int{1, 7} {
		o.Workers = workers
		if other, _ := extracted(t, s, &brightness{}, o, filepath.Join(t.TempDir(), "part")); !bytes.Equal(other, file) {
			t.Errorf("%d workers write another file", workers)
		}
	}

	path := filepath.Join(t.TempDir(), "f.safetensors")
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
	pair, err := arrays.OpenPair(path, path)
	if err != nil {
		t.Fatal(err)
	}
	defer pair.Close()
	rows, cols, got, _, err := pair.X.Rows()
	if err != nil || rows != 11 || cols != 4 {
		t.Fatalf("%d×%d, %v", rows, cols, err)
	}
	labels, _, err := pair.Y.Labels()
	if err != nil || !reflect.DeepEqual(labels, []int{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2}) {
		t.Errorf("labels %v, %v", labels, err)
	}

	pixels := make([]float32, o.Preprocessing.floats())
	for k := range s.Paths {
		raw, err := os.ReadFile(s.file(k))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Preprocessing.Apply(pixels, raw); err != nil {
			t.Fatal(err)
		}
		want, _, _ := (&brightness{}).Run(pixels, 1, 14, 16)
		if !reflect.DeepEqual(got[4*k:4*k+4], want) {
			t.Errorf("row %d is %v, want %v", k, got[4*k:4*k+4], want)
		}
	}

	f, err := arrays.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var recipe Recipe
	var paths, classes []string
	for key, to := range map[string]any{"extract": &recipe, "paths": &paths, "classes": &classes} {
		if err := json.Unmarshal([]byte(f.Metadata[key]), to); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	if recipe.Preprocessing != o.Preprocessing || recipe.Batch != 4 || recipe.Images != 11 || !reflect.DeepEqual(paths, s.Paths) || len(classes) != 3 {
		t.Errorf("the metadata %v", f.Metadata)
	}
	if len(f.Metadata["images_sha256"]) != 64 || f.Metadata["layout"] != "ImageFolder tree" {
		t.Errorf("the metadata %v", f.Metadata)
	}
}

// A job that is killed after any number of bytes goes on with complete batches, does the
// others alone, and writes the same file.
func TestResume(t *testing.T) {
	s, o := drawn(t, 11), small()
	o.Workers = 1
	path := filepath.Join(t.TempDir(), "part")
	want, _ := extracted(t, s, &brightness{}, o, path)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	begin := bytes.IndexByte(whole, '\n') + 1
	most := 0
	for cut := 0; cut <= len(whole); cut += 13 {
		if err := os.WriteFile(path, whole[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		var ran atomic.Int64
		b := &brightness{run: func(int) error { ran.Add(1); return nil }}
		if got, _ := extracted(t, s, b, o, path); !bytes.Equal(got, want) {
			t.Fatalf("cut after %d bytes, another file is written", cut)
		}
		kept := 3 - int(ran.Load())
		if limit := max(0, cut-begin) / 100; kept < 0 || kept > limit || cut == len(whole) && kept != 3 {
			t.Fatalf("cut after %d of %d bytes, %d batches are kept", cut, len(whole), kept)
		}
		most = max(most, kept)
	}
	if most < 2 {
		t.Errorf("at most %d batches are kept", most)
	}

	// A flipped bit in a row ends what counts.
	spoiled := bytes.Clone(whole)
	spoiled[len(spoiled)-4*digestSize] ^= 1
	if err := os.WriteFile(path, spoiled, 0o644); err != nil {
		t.Fatal(err)
	}
	j, err := NewJob(s, &brightness{}, o, path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if j.Resumed() != 8 {
		t.Errorf("%d images of a spoiled file are taken, want 8", j.Resumed())
	}
}

// What the rows depend on is compared: settings of another job are refused with what
// differs, a file that changed is extracted again, and restart drops all.
func TestResumeChecks(t *testing.T) {
	s, o := drawn(t, 11), small()
	path := filepath.Join(t.TempDir(), "part")
	before, _ := extracted(t, s, &brightness{}, o, path)

	other := o
	other.Batch = 5
	_, err := NewJob(s, &brightness{}, other, path)
	wantError(t, err, path, "batch was 4 and is 5")
	other = o
	other.Preprocessing.Filter = Bicubic
	_, err = NewJob(s, &brightness{}, other, path)
	wantError(t, err, `preprocessing.filter was "bilinear" and is "bicubic"`)
	_, err = NewJob(s, &brightness{model: Model{SHA256: "ab"}}, o, path)
	wantError(t, err, `model.sha256 was "" and is "ab"`)
	fewer := *s
	fewer.Paths = s.Paths[:8]
	_, err = NewJob(&fewer, &brightness{}, o, path)
	wantError(t, err, "images was 11 and is 8", "paths_sha256")
	if changed := new(ChangedError); !errors.As(err, &changed) {
		t.Errorf("%T, want a ChangedError", err)
	}

	j, err := NewJob(s, &brightness{}, o, path)
	if err != nil {
		t.Fatal(err)
	}
	if j.Resumed() != 11 {
		t.Errorf("%d images are done, want all", j.Resumed())
	}
	_, err = NewJob(s, &brightness{}, o, path)
	if busy := new(BusyError); !errors.As(err, &busy) {
		t.Errorf("%v, want a BusyError", err)
	}
	j.Close()

	picture, err := os.ReadFile(s.file(0))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.file(9), picture, 0o644); err != nil {
		t.Fatal(err)
	}
	if j, err = NewJob(s, &brightness{}, o, path); err != nil {
		t.Fatal(err)
	}
	if j.Resumed() != 8 {
		t.Errorf("%d images are done after a file changed, want 8", j.Resumed())
	}
	j.Close()
	after, _ := extracted(t, s, &brightness{}, o, path)
	fresh, _ := extracted(t, s, &brightness{}, o, filepath.Join(t.TempDir(), "part"))
	if bytes.Equal(before, after) || !bytes.Equal(after, fresh) {
		t.Error("a file that changed is not extracted again")
	}

	o.Restart = true
	if j, err = NewJob(s, &brightness{}, o, path); err != nil || j.Resumed() != 0 {
		t.Errorf("%v; restart takes %d images", err, j.Resumed())
	}
	if err := j.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v: the file is not removed", err)
	}
}

// A file that is not of an extraction stays what it is.
func TestForeignFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "part")
	const text = "my notes\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := NewJob(drawn(t, 2), &brightness{}, small(), path)
	wantError(t, err, path, "it holds no settings of an extraction")
	if b, _ := os.ReadFile(path); string(b) != text {
		t.Errorf("the file is %q now", b)
	}
	_, err = NewJob(drawn(t, 2), &brightness{}, small(), t.TempDir())
	wantError(t, err, "is no regular file")
	_, err = NewJob(drawn(t, 2), &brightness{}, small(), filepath.Join(t.TempDir(), "no", "part"))
	wantError(t, err, "cannot keep what is done", "no such file")
}

// Images that cannot be decoded end a job with the first of them, and are left out and
// listed if asked. The rows of the others stay the same.
func TestBadImages(t *testing.T) {
	s, o := drawn(t, 11), small()
	path := filepath.Join(t.TempDir(), "part")
	_, all := extracted(t, s, &brightness{}, o, path)
	whole := rowsOf(t, all)

	picture, err := os.ReadFile(s.file(5))
	if err != nil {
		t.Fatal(err)
	}
	for image, content := range map[int][]byte{1: nil, 5: picture[:len(picture)-20], 6: []byte("GIF89a"), 9: append([]byte("\xff\xd8\xff"), "noise"...)} {
		if err := os.WriteFile(s.file(image), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(s.file(7)); err != nil {
		t.Fatal(err)
	}

	j, err := NewJob(s, &brightness{}, o, path)
	if err != nil {
		t.Fatal(err)
	}
	err = j.Run(t.Context(), nil)
	j.Close()
	wantError(t, err, s.file(1), "is empty")
	if bad := new(ImageError); !errors.As(err, &bad) {
		t.Errorf("%T, want an ImageError", err)
	}

	o.SkipBad = true
	_, f := extracted(t, s, &brightness{}, o, path)
	why := map[int]string{}
	for _, skipped := range f.Skipped {
		why[skipped.Image] = skipped.Why
	}
	want := map[int]string{
		1: "is empty", 5: "is cut short or damaged: copy it again", 6: "is neither JPEG nor PNG: convert it",
		7: "cannot be read (no such file or directory): copy it again, or leave it out", 9: why[9],
	}
	if !reflect.DeepEqual(why, want) || why[9] == "" {
		t.Errorf("left out: %v, want %v", why, want)
	}
	var rest []float32
	for _, k := range []int{0, 2, 3, 4, 8, 10} {
		rest = append(rest, whole[4*k:4*k+4]...)
	}
	if !reflect.DeepEqual(rowsOf(t, f), rest) || f.Rows != 6 || len(f.Set.Paths) != 6 || !reflect.DeepEqual(f.Set.Labels, []int{0, 0, 0, 1, 2, 2}) {
		t.Errorf("%d rows of %v with labels %v", f.Rows, f.Set.Paths, f.Set.Labels)
	}
	metadata, err := f.Metadata()
	if err != nil || !bytes.Contains([]byte(metadata["skipped"]), []byte(`"why":"is cut short`)) {
		t.Errorf("%v, %v", metadata["skipped"], err)
	}

	// Without leave, what was left out before is an error again.
	o.SkipBad = false
	if j, err = NewJob(s, &brightness{}, o, path); err != nil {
		t.Fatal(err)
	}
	wantError(t, j.Run(t.Context(), nil), "is empty")
	j.Close()

	for k := range s.Paths {
		os.Remove(s.file(k))
	}
	o.SkipBad, o.Restart = true, true
	if j, err = NewJob(s, &brightness{}, o, path); err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if err := j.Run(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	_, err = j.Features()
	wantError(t, err, "none of 11 images can be decoded", s.Paths[0])
}

// rowsOf reads the rows of features.
func rowsOf(t *testing.T, f *Features) []float32 {
	t.Helper()
	j, err := os.Open(f.journal.f.Name())
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var all []float32
	for _, rec := range f.records {
		rows := make([]byte, 4*rec.Rows*rec.Cols)
		if _, err := j.ReadAt(rows, rec.at); err != nil {
			t.Fatal(err)
		}
		for k := 0; k < len(rows); k += 4 {
			all = append(all, math.Float32frombits(binary.LittleEndian.Uint32(rows[k:])))
		}
	}
	return all
}

// A network with a batch of one size gets that size, filled up, and gives the same rows.
func TestFixedBatch(t *testing.T) {
	s, o := drawn(t, 11), small()
	_, any := extracted(t, s, &brightness{}, o, filepath.Join(t.TempDir(), "part"))
	o.Batch = 0
	b := &brightness{batch: 3, height: 14, width: 16}
	b.run = func(n int) error {
		if n != 3 {
			return fmt.Errorf("a batch of %d", n)
		}
		return nil
	}
	_, fixed := extracted(t, s, b, o, filepath.Join(t.TempDir(), "part"))
	if !reflect.DeepEqual(rowsOf(t, fixed), rowsOf(t, any)) || fixed.Recipe.Batch != 3 {
		t.Errorf("other rows, in batches of %d", fixed.Recipe.Batch)
	}
}

// What does not fit the network is refused before anything is written.
func TestFit(t *testing.T) {
	s := drawn(t, 2)
	for _, c := range []struct {
		name string
		b    brightness
		o    func(o *Options)
		want string
	}{
		{"size", brightness{height: 299, width: 299}, nil, "takes images of 299×299 pixels, and the preprocessing gives 14×16: crop"},
		{"width", brightness{width: 299}, nil, "takes images of some×299 pixels"},
		{"batch", brightness{batch: 8}, nil, "takes batches of 8 images, and 4 are asked for"},
		{"great batch", brightness{}, func(o *Options) { o.Batch = 5000 }, "a batch of 5000 images: it is 1 to 4096"},
		{"map", brightness{model: Model{Shape: []int{-1, 512, 7, 7}}}, nil, "a map of 512 features at 7×7 places: pool it by mean"},
		{"tokens", brightness{model: Model{Shape: []int{-1, 197, 768}}}, nil, "197 tokens of 768 features an image: pool them by first"},
		{"first of a map", brightness{model: Model{Shape: []int{-1, 512, -1, -1}}}, func(o *Options) { o.Pool = First }, "512 features at some×some places, without tokens"},
		{"nothing to pool", brightness{model: Model{Shape: []int{-1, 512}}}, func(o *Options) { o.Pool = Mean }, "one row an image, of 512 features: there is nothing to pool"},
		{"crop", brightness{}, func(o *Options) { o.Preprocessing.Crop = [2]int{17, 3} }, "a crop of 17×3 does not fit in an image whose shorter side is resized to 16"},
		{"filter", brightness{}, func(o *Options) { o.Preprocessing.Filter = "box" }, `unknown filter "box"`},
		{"std", brightness{}, func(o *Options) { o.Preprocessing.Std[1] = 0 }, "a standard deviation of 0"},
		{"mean", brightness{}, func(o *Options) { o.Preprocessing.Mean[1] = float32(math.NaN()) }, "a mean of NaN"},
		{"channels", brightness{}, func(o *Options) { o.Preprocessing.Channels = "hsv" }, `unknown channels "hsv"`},
		{"resize", brightness{}, func(o *Options) { o.Preprocessing.Resize = -1 }, "resize to -1"},
		{"no crop", brightness{}, func(o *Options) { o.Preprocessing.Crop = [2]int{} }, "a crop of 0×0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := small()
			if c.o != nil {
				c.o(&o)
			}
			path := filepath.Join(t.TempDir(), "part")
			_, err := NewJob(s, &c.b, o, path)
			wantError(t, err, c.want)
			if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
				t.Error("a file is written")
			}
		})
	}
}

// Rows that are not finite, a failing network and an interruption end a job.
func TestRunFails(t *testing.T) {
	s, o := drawn(t, 11), small()
	o.Workers = 1
	path := filepath.Join(t.TempDir(), "part")
	batches := 0
	b := &brightness{run: func(int) error {
		if batches++; batches == 3 {
			return errors.New("out of memory")
		}
		return nil
	}}
	j, err := NewJob(s, b, o, path)
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, j.Run(t.Context(), nil), "the network failed on the batch from "+s.Paths[8]+" on: out of memory")
	if j.Done() != 8 {
		t.Errorf("%d images are done", j.Done())
	}
	j.Close()

	o.Preprocessing.Std = [3]float32{1e-5, 1, 1}
	o.Preprocessing.Mean[0] = -1e6
	if j, err = NewJob(s, infinite{&brightness{}}, o, filepath.Join(t.TempDir(), "part")); err != nil {
		t.Fatal(err)
	}
	wantError(t, j.Run(t.Context(), nil), "the features of "+s.Paths[0]+" are not finite")
	j.Close()

	ctx, cancel := context.WithCancel(t.Context())
	o = small()
	o.Workers = 1
	if j, err = NewJob(s, &brightness{}, o, filepath.Join(t.TempDir(), "part")); err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if err := j.Run(ctx, func(int) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want an interruption", err)
	}
	if j.Done() < 4 || j.Done() >= 11 {
		t.Errorf("%d images are done after an interruption", j.Done())
	}
}

// infinite squares features until they overflow.
type infinite struct{ *brightness }

func (i infinite) Run(pixels []float32, n, height, width int) ([]float32, []int, error) {
	rows, shape, err := i.brightness.Run(pixels, n, height, width)
	for k, v := range rows {
		rows[k] = v * v * v * v * v
	}
	return rows, shape, err
}

// Pooling against sums that are written out.
func TestPool(t *testing.T) {
	output := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	for _, c := range []struct {
		pool  Pool
		shape []int
		want  []float32
	}{
		{NoPool, []int{2, 6}, output},
		{NoPool, []int{2, 6, 1, 1}, output},
		{Mean, []int{2, 2, 1, 3}, []float32{2, 5, 8, 11}},
		{Mean, []int{2, 3, 2}, []float32{3, 4, 9, 10}},
		{First, []int{2, 3, 2}, []float32{1, 2, 7, 8}},
	} {
		rows, cols, err := c.pool.rows(output, c.shape, 2)
		if err != nil || cols != len(c.want)/2 || !reflect.DeepEqual(rows, c.want) {
			t.Errorf("%q of %v: %v, %d columns, %v", c.pool, c.shape, rows, cols, err)
		}
	}
	for text, shape := range map[string][]int{
		"for 2 images: its first size must be that of the batch": {3, 4},
		"no elements":           {2, 0},
		"want one row an image": {2},
		"has 12 elements and the shape [2 7]: the network is at fault": {2, 7},
	} {
		_, _, err := NoPool.rows(output, shape, 2)
		wantError(t, err, text)
	}
}
