//go:build !amd64

package f64

func expKernel(dst, src []float64) { expGeneric(dst, src) }

func expSumKernel(dst, src []float64, shift float64) float64 { return expSumGeneric(dst, src, shift) }

func sigmoidKernel(value, slope, src []float64) (values, slopes float64) {
	return sigmoidGeneric(value, slope, src)
}

func softplusKernel(value, slope, src []float64) (values, slopes float64) {
	return softplusGeneric(value, slope, src)
}

func scaleKernel(dst, src []float64, scale, shift float64) { scaleGeneric(dst, src, scale, shift) }

func addScaledKernel(dst, src []float64, by float64) { addScaledGeneric(dst, src, by) }

func sumKernel(x []float64) float64 { return sumGeneric(x) }

func dotKernel(x, y []float64) float64 { return dotGeneric(x, y) }

func rampKernel(dst, src []float64, from float64) float64 { return rampGeneric(dst, src, from) }

func divideKernel(x []float64, by float64) { divideGeneric(x, by) }

func maxKernel(x []float64, most float64) float64 { return maxGeneric(x, most) }

func minKernel(x []float64, most float64) float64 { return minGeneric(x, most) }

func finiteKernel(x []float64) float64 { return finiteGeneric(x) }

func distancesKernel(d, slope, s []float64) { distancesGeneric(d, slope, s) }

func multiplyKernel(x, by []float64) { multiplyGeneric(x, by) }

func addBetweenKernel(to, values []float64, low, high, weight float64) (sum float64, count int) {
	return addBetweenGeneric(to, values, low, high, weight)
}

func addNearerKernel(toX, toY, x, y []float64, bound float64) (count int) {
	return addNearerGeneric(toX, toY, x, y, bound)
}

func addWideKernel(to, x, y, d []float64, least, bound float64) (count int) {
	return addWideGeneric(to, x, y, d, least, bound)
}

func maxBelowKernel(x []float64, bound, most float64) float64 { return maxBelowGeneric(x, bound, most) }

// These do no blocks: the loops of the exported functions process all elements.

func aboveBlocks(keep []bool, src []float64, threshold float64) (done int) { return 0 }

func belowBlocks(keep []bool, src []float64, threshold float64) (done int) { return 0 }

func compressBlocks(dst, src []float64, keep []bool) (done, count int) { return 0, 0 }

func expandBlocks(dst, src []float64, keep []bool) (done, count int) { return 0, 0 }

func indexBlocks(x []float64, value float64) (done, at int) { return 0, 0 }
