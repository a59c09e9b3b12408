package f64

import "golang.org/x/sys/cpu"

// fast says that this machine runs the assembly for AVX2, and wide that it runs that for
// AVX-512. Tests clear them to compare.
var (
	fast = cpu.X86.HasAVX2 && cpu.X86.HasFMA && cpu.X86.HasPOPCNT
	wide = fast && cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ
)

func expKernel(dst, src []float64) {
	switch {
	case wide:
		expAVX512(&dst[0], &src[0], len(src))
	case fast:
		expAVX2(&dst[0], &src[0], len(src))
	default:
		expGeneric(dst, src)
	}
}

func expSumKernel(dst, src []float64, shift float64) float64 {
	switch {
	case wide:
		return expSumAVX512(&dst[0], &src[0], len(src), shift)
	case fast:
		return expSumAVX2(&dst[0], &src[0], len(src), shift)
	}
	return expSumGeneric(dst, src, shift)
}

func sigmoidKernel(value, slope, src []float64) (values, slopes float64) {
	switch {
	case wide:
		return sigmoidAVX512(&value[0], &slope[0], &src[0], len(src))
	case fast:
		return sigmoidAVX2(&value[0], &slope[0], &src[0], len(src))
	}
	return sigmoidGeneric(value, slope, src)
}

func softplusKernel(value, slope, src []float64) (values, slopes float64) {
	switch {
	case wide:
		return softplusAVX512(&value[0], &slope[0], &src[0], len(src))
	case fast:
		return softplusAVX2(&value[0], &slope[0], &src[0], len(src))
	}
	return softplusGeneric(value, slope, src)
}

func scaleKernel(dst, src []float64, scale, shift float64) {
	switch {
	case wide:
		scaledAVX512(&dst[0], &src[0], len(src), scale, shift)
	case fast:
		scaledAVX2(&dst[0], &src[0], len(src), scale, shift)
	default:
		scaleGeneric(dst, src, scale, shift)
	}
}

func addScaledKernel(dst, src []float64, by float64) {
	switch {
	case wide:
		addScaledAVX512(&dst[0], &src[0], len(src), by)
	case fast:
		addScaledAVX2(&dst[0], &src[0], len(src), by)
	default:
		addScaledGeneric(dst, src, by)
	}
}

func sumKernel(x []float64) float64 {
	switch {
	case wide:
		return sumAVX512(&x[0], len(x))
	case fast:
		return sumAVX2(&x[0], len(x))
	}
	return sumGeneric(x)
}

func dotKernel(x, y []float64) float64 {
	switch {
	case wide:
		return dotAVX512(&x[0], &y[0], len(x))
	case fast:
		return dotAVX2(&x[0], &y[0], len(x))
	}
	return dotGeneric(x, y)
}

func rampKernel(dst, src []float64, from float64) float64 {
	switch {
	case wide:
		return rampAVX512(&dst[0], &src[0], len(src), from)
	case fast:
		return rampAVX2(&dst[0], &src[0], len(src), from)
	}
	return rampGeneric(dst, src, from)
}

func divideKernel(x []float64, by float64) {
	switch {
	case wide:
		divideAVX512(&x[0], len(x), by)
	case fast:
		divideAVX2(&x[0], len(x), by)
	default:
		divideGeneric(x, by)
	}
}

func maxKernel(x []float64, most float64) float64 {
	switch {
	case wide:
		return maxAVX512(&x[0], len(x), most)
	case fast:
		return maxAVX2(&x[0], len(x), most)
	}
	return maxGeneric(x, most)
}

func minKernel(x []float64, most float64) float64 {
	switch {
	case wide:
		return minAVX512(&x[0], len(x), most)
	case fast:
		return minAVX2(&x[0], len(x), most)
	}
	return minGeneric(x, most)
}

func finiteKernel(x []float64) float64 {
	switch {
	case wide:
		return finiteAVX512(&x[0], len(x))
	case fast:
		return finiteAVX2(&x[0], len(x))
	}
	return finiteGeneric(x)
}

func distancesKernel(d, slope, s []float64) {
	switch {
	case wide:
		distanceAVX512(&d[0], &slope[0], &s[0], len(s))
	case fast:
		distanceAVX2(&d[0], &slope[0], &s[0], len(s))
	default:
		distancesGeneric(d, slope, s)
	}
}

func multiplyKernel(x, by []float64) {
	switch {
	case wide:
		multiplyAVX512(&x[0], &by[0], len(x))
	case fast:
		multiplyAVX2(&x[0], &by[0], len(x))
	default:
		multiplyGeneric(x, by)
	}
}

func addBetweenKernel(to, values []float64, low, high, weight float64) (sum float64, count int) {
	switch {
	case wide:
		return addBetweenAVX512(&to[0], &values[0], len(values), low, high, weight)
	case fast:
		return addBetweenAVX2(&to[0], &values[0], len(values), low, high, weight)
	}
	return addBetweenGeneric(to, values, low, high, weight)
}

func addNearerKernel(toX, toY, x, y []float64, bound float64) (count int) {
	switch {
	case wide:
		return addNearerAVX512(&toX[0], &toY[0], &x[0], &y[0], len(x), bound)
	case fast:
		return addNearerAVX2(&toX[0], &toY[0], &x[0], &y[0], len(x), bound)
	default:
		return addNearerGeneric(toX, toY, x, y, bound)
	}
}

func addWideKernel(to, x, y, d []float64, least, bound float64) (count int) {
	switch {
	case wide:
		return addWideAVX512(&to[0], &x[0], &y[0], &d[0], len(d), least, bound)
	case fast:
		return addWideAVX2(&to[0], &x[0], &y[0], &d[0], len(d), least, bound)
	default:
		return addWideGeneric(to, x, y, d, least, bound)
	}
}

func maxBelowKernel(x []float64, bound, most float64) float64 {
	switch {
	case wide:
		return maxBelowAVX512(&x[0], len(x), bound, most)
	case fast:
		return maxBelowAVX2(&x[0], len(x), bound, most)
	}
	return maxBelowGeneric(x, bound, most)
}

func aboveBlocks(keep []bool, src []float64, threshold float64) (done int) {
	blocks := len(src) / 8
	switch {
	case blocks == 0 || !fast:
		return 0
	case wide:
		aboveAVX512(&keep[0], &src[0], blocks, threshold)
	default:
		aboveAVX2(&keep[0], &src[0], blocks, threshold)
	}
	return 8 * blocks
}

func belowBlocks(keep []bool, src []float64, threshold float64) (done int) {
	blocks := len(src) / 8
	switch {
	case blocks == 0 || !fast:
		return 0
	case wide:
		belowAVX512(&keep[0], &src[0], blocks, threshold)
	default:
		belowAVX2(&keep[0], &src[0], blocks, threshold)
	}
	return 8 * blocks
}

func compressBlocks(dst, src []float64, keep []bool) (done, count int) {
	blocks := len(src) / 8
	switch {
	case blocks == 0 || !fast:
		return 0, 0
	case wide:
		count = compressAVX512(&dst[0], &src[0], &keep[0], blocks)
	default:
		count = compressAVX2(&dst[0], &src[0], &keep[0], blocks)
	}
	return 8 * blocks, count
}

func expandBlocks(dst, src []float64, keep []bool) (done, count int) {
	blocks := len(dst) / 8
	switch {
	case blocks == 0 || !fast:
		return 0, 0
	case wide:
		count = expandAVX512(&dst[0], &src[0], &keep[0], blocks)
	default:
		count = expandAVX2(&dst[0], &src[0], &keep[0], blocks)
	}
	return 8 * blocks, count
}

func indexBlocks(x []float64, value float64) (done, at int) {
	blocks := len(x) / 8
	switch {
	case blocks == 0 || !fast:
		return 0, 0
	case wide:
		at = indexAVX512(&x[0], blocks, value)
	default:
		at = indexAVX2(&x[0], blocks, value)
	}
	return 8 * blocks, at
}
