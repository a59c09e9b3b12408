package extract

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Preprocessing makes the input of a network of an image: it resizes the shorter side,
// takes the centre, and scales the channels. Its JSON is in the files of features.
type Preprocessing struct {
	// Resize is the length of the shorter side in pixels; the longer one is rounded down.
	// At 0 the whole image is squeezed into the crop, whatever its sides.
	Resize int `json:"resize"`
	// Crop is the height and the width of the input, the centre of the resized image.
	Crop   [2]int `json:"crop"`
	Filter Filter `json:"filter"`
	// Channels is rgb or bgr. Mean and Std are in that order, in units of the range
	// [0, 1]: a channel v of 8 bits becomes (v/255 − mean)/std, in float32.
	Channels string     `json:"channels"`
	Mean     [3]float32 `json:"mean"`
	Std      [3]float32 `json:"std"`
	// IgnoreOrientation leaves images as they are stored, as torchvision does, and does
	// not turn them by the orientation of EXIF.
	IgnoreOrientation bool `json:"ignore_orientation"`
}

// A NamedPreprocessing is one that networks were published with.
type NamedPreprocessing struct {
	Name, Title string
	Preprocessing
}

var (
	imagenetMean, imagenetStd = [3]float32{0.485, 0.456, 0.406}, [3]float32{0.229, 0.224, 0.225}

	// Preprocessings lists those that have a name. The first is the default.
	Preprocessings = []NamedPreprocessing{
		{"imagenet", "torchvision's networks, and the metric-learning papers on ResNet-50", Preprocessing{
			Resize: 256, Crop: [2]int{224, 224}, Filter: Bilinear, Channels: "rgb", Mean: imagenetMean, Std: imagenetStd,
		}},
		{"dinov2", "DINO and DINOv2", Preprocessing{
			Resize: 256, Crop: [2]int{224, 224}, Filter: Bicubic, Channels: "rgb", Mean: imagenetMean, Std: imagenetStd,
		}},
		{"clip", "OpenAI's CLIP and OpenCLIP at 224 pixels", Preprocessing{
			Resize: 224, Crop: [2]int{224, 224}, Filter: Bicubic, Channels: "rgb",
			Mean: [3]float32{0.48145466, 0.4578275, 0.40821073}, Std: [3]float32{0.26862954, 0.26130258, 0.27577711},
		}},
		{"half", "networks that want [−1, 1]: Inception, the vision transformers of Google", Preprocessing{
			Resize: 256, Crop: [2]int{224, 224}, Filter: Bicubic, Channels: "rgb",
			Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.5, 0.5, 0.5},
		}},
		{"bn_inception", "BN-Inception of Caffe, of the metric-learning papers: BGR, 0 to 255", Preprocessing{
			Resize: 256, Crop: [2]int{224, 224}, Filter: Bilinear, Channels: "bgr",
			Mean: [3]float32{104. / 255, 117. / 255, 128. / 255}, Std: [3]float32{1. / 255, 1. / 255, 1. / 255},
		}},
	}
)

// Check reports the first setting that cannot be, and what it may be.
func (p *Preprocessing) Check() error {
	const most = 8192
	for _, side := range p.Crop {
		if side < 1 || side > most {
			return fmt.Errorf("a crop of %d×%d: the sides are 1 to %d pixels", p.Crop[0], p.Crop[1], most)
		}
	}
	if p.Resize < 0 || p.Resize > most {
		return fmt.Errorf("resize to %d: it is 1 to %d pixels, or 0 to squeeze the whole image into the crop", p.Resize, most)
	}
	if long := max(p.Crop[0], p.Crop[1]); p.Resize > 0 && p.Resize < long {
		return fmt.Errorf("a crop of %d×%d does not fit in an image whose shorter side is resized to %d: resize to %d at least", p.Crop[0], p.Crop[1], p.Resize, long)
	}
	if !slices.Contains(Filters, p.Filter) {
		return fmt.Errorf("unknown filter %q; known: bilinear, bicubic", p.Filter)
	}
	if p.Channels != "rgb" && p.Channels != "bgr" {
		return fmt.Errorf("unknown channels %q; known: rgb, bgr", p.Channels)
	}
	for k := range 3 {
		mean, std := float64(p.Mean[k]), float64(p.Std[k])
		if math.IsNaN(mean) || math.IsInf(mean, 0) || math.Abs(mean) > 1e6 {
			return fmt.Errorf("a mean of %g: want three numbers in units of the range [0, 1]", mean)
		}
		if !(std >= 1e-6 && std <= 1e6) {
			return fmt.Errorf("a standard deviation of %g: want three positive numbers in units of the range [0, 1]", std)
		}
	}
	return nil
}

// String is the preprocessing in one line.
func (p Preprocessing) String() string {
	steps := []string{fmt.Sprintf("shorter side to %d pixels, %s", p.Resize, p.Filter), fmt.Sprintf("centre of %d×%d", p.Crop[0], p.Crop[1])}
	if p.Resize == 0 {
		steps = []string{fmt.Sprintf("squeezed to %d×%d pixels, %s", p.Crop[0], p.Crop[1], p.Filter)}
	}
	steps = append(steps, fmt.Sprintf("%s, mean %v, std %v", p.Channels, p.Mean, p.Std))
	if p.IgnoreOrientation {
		steps = append(steps, "orientation ignored")
	}
	return strings.Join(steps, "; ")
}

// floats is the length of an input.
func (p *Preprocessing) floats() int { return 3 * p.Crop[0] * p.Crop[1] }

// Apply writes the input that a JPEG or PNG file becomes into to, channel by channel, and
// row by row in each. It reports whether the image was turned by its orientation. Apply
// panics if to does not have 3·height·width elements of the crop.
func (p *Preprocessing) Apply(to []float32, file []byte) (turned bool, err error) {
	if len(to) != p.floats() {
		panic(fmt.Sprintf("extract: %d elements for an input of %d", len(to), p.floats()))
	}
	b, err := decode(file)
	if err != nil {
		return false, err
	}
	if !p.IgnoreOrientation {
		o := orientation(file)
		turned, b = o > 1, b.upright(o)
	}

	if p.Resize == 0 {
		p.scale(to, b.resize(p.Crop[1], p.Crop[0], p.Filter))
		return turned, nil
	}
	width, height := p.Resize, p.Resize
	if b.width > b.height {
		width = p.Resize * b.width / b.height
	} else {
		height = p.Resize * b.height / b.width
	}
	if width > maxPixels/height { // a line of pixels is not a picture
		return false, fmt.Errorf("has %d×%d pixels, and resized %d×%d, the limit is %d: leave it out, or squeeze", b.width, b.height, width, height, maxPixels)
	}
	b = b.resize(width, height, p.Filter)
	p.scale(to, b.crop(middle(width, p.Crop[1]), middle(height, p.Crop[0]), p.Crop[1], p.Crop[0]))
	return turned, nil
}

// middle is where a crop begins: halves are rounded to the even number, as Python does.
func middle(whole, part int) int { return int(math.RoundToEven(float64(whole-part) / 2)) }

// scale writes the channels in float32, with the roundings of ToTensor and Normalize.
func (p *Preprocessing) scale(to []float32, b *bitmap) {
	plane := b.width * b.height
	for k := range 3 {
		var level [256]float32
		for v := range level {
			level[v] = (float32(v)/255 - p.Mean[k]) / p.Std[k]
		}
		from := k
		if p.Channels == "bgr" {
			from = 2 - k
		}
		for i := range plane {
			to[k*plane+i] = level[b.pix[3*i+from]]
		}
	}
}
