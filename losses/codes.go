package losses

// The codes that presets are named after. Each is the version that was read or run for
// comparison.
const (
	codePML        = "pytorch-metric-learning 2.9.0"
	codeMS         = "msight-tech/research-ms-loss at b68507d (2021-10-28)"
	codeDeepMetric = "bnu-wangxun/Deep_Metric at 04ca510 (2020-08-10)"
	codeSupCon     = "HobbitLong/SupContrast at 66a8fe5 (2023-12-26)"
	codeRecallAtK  = "yash0307/RecallatK_surrogate at ed05202 (2024-11-04)"
	codePNP        = "interestingzhuo/PNPloss at 582ffab (2023-04-10)"
	codeSoftTriple = "idstcv/SoftTriple at cc1c32d (2020-04-13)"
	codeTensorFlow = "tensorflow/addons at 02e1240"
)
