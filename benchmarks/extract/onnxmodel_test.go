package extract

import (
	"errors"
	"testing"
)

func TestChooseInput(t *testing.T) {
	image := port{"pixels", "float", true, []int{-1, 3, 224, 224}}
	if in, err := chooseInput([]port{image}); err != nil || in.name != "pixels" {
		t.Errorf("%v, %v", in, err)
	}
	for want, inputs := range map[string][]port{
		"takes 2 inputs, pixels (float ?×3×224×224), ids (int64 ?×77): want one, of images; export the part that takes images alone": {image, {"ids", "int64", false, []int{-1, 77}}},
		"takes x (float16 1×3×8×8): want float32; export it in float32":                                                              {{"x", "float16", false, []int{1, 3, 8, 8}}},
		"takes x (float ?×8×8×3), the channels last: want images×3×height×width":                                                     {{"x", "float", true, []int{-1, 8, 8, 3}}},
		"takes x (float 1×1×8×8): want images×3×height×width":                                                                        {{"x", "float", true, []int{1, 1, 8, 8}}},
		"takes x (float ?×784): want images×3×height×width":                                                                          {{"x", "float", true, []int{-1, 784}}},
		"takes x (float of no shape): want images×3×height×width":                                                                    {{"x", "float", true, nil}},
		"takes 0 inputs": {},
	} {
		_, err := chooseInput(inputs)
		wantError(t, err, want)
	}
}

func TestChooseOutput(t *testing.T) {
	row, ids := port{"features", "float", true, []int{-1, 512}}, port{"ids", "int64", false, []int{-1}}
	if out, err := chooseOutput([]port{row}, ""); err != nil || out.name != "features" {
		t.Errorf("%v, %v", out, err)
	}
	if out, err := chooseOutput([]port{ids, row}, "features"); err != nil || out.name != "features" {
		t.Errorf("%v, %v", out, err)
	}
	_, err := chooseOutput([]port{ids, row}, "")
	wantError(t, err, "has 2 outputs, ids (int64 ?), features (float ?×512): choose one by its name")
	_, err = chooseOutput([]port{ids, row}, "embeds")
	wantError(t, err, `has no output "embeds"; it has ids (int64 ?), features (float ?×512)`)
	if wrong := new(OutputError); !errors.As(err, &wrong) {
		t.Errorf("%T, want an OutputError", err)
	}
	_, err = chooseOutput([]port{ids, row}, "ids")
	wantError(t, err, "gives ids (int64 ?): want float32")
}
