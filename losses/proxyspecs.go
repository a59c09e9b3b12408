package losses

var proxyNCA = Spec{
	Name:     "proxy_nca",
	Title:    "ProxyNCA",
	Cite:     "Movshovitz-Attias et al., ICCV 2017",
	Year:     2017,
	Family:   Proxies,
	Formula:  "L = (1/k) Σ_i log( Σ_{N_i} e^{−s d²} / Σ_{P_i} e^{−s d²} )",
	Revision: 1,
	Presets: []Preset{
		{Name: "paper", Source: "Movshovitz-Attias et al., ICCV 2017", Form: "losses.ProxyNCA", Value: ProxyNCA{Scale: 1}, Oracle: "golden proxynca_paper"},
		{Name: "pml", Source: "pytorch-metric-learning's default: the positive in the denominator", Code: codePML, Form: "losses.NCA", Value: NCA{Scale: 1}, Oracle: "golden proxynca_pml"},
		{Name: "plus_plus", Source: "ProxyNCA++, Teh et al., ECCV 2020: temperature 1/9", Form: "losses.NCA", Value: NCA{Scale: 9}, Oracle: "golden proxyncapp_T1_9"},
	},
}

var cosFace = Spec{
	Name:     "cosface",
	Title:    "CosFace",
	Cite:     "Wang et al., CVPR 2018",
	Year:     2018,
	Family:   Proxies,
	Formula:  "L = mean_{(i,p)} log(1 + Σ_{N_i} e^{s (S_in − S_ip + m)})",
	Revision: 1,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default", Code: codePML, Form: "losses.CosFace", Value: CosFace{Margin: 0.35, Scale: 64}, Oracle: "golden cosface"},
	},
}

var normalizedSoftmax = Spec{
	Name:     "normalized_softmax",
	Title:    "Normalised softmax",
	Cite:     "Zhai & Wu, BMVC 2019",
	Year:     2019,
	Family:   Proxies,
	Formula:  "L = −mean_{(i,p)} log( e^{S_ip/τ} / (e^{S_ip/τ} + Σ_{N_i} e^{S_in/τ}) )",
	Revision: 1,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default", Code: codePML, Form: "losses.NTXent", Value: NTXent{Temperature: 0.05}, Oracle: "golden norm_softmax"},
	},
}

var arcFace = Spec{
	Name:     "arcface",
	Title:    "ArcFace",
	Cite:     "Deng et al., CVPR 2019",
	Year:     2019,
	Family:   Proxies,
	Formula:  "L = mean_{(i,p)} log(1 + Σ_{N_i} e^{s (S_in − cos(θ_ip + m))})",
	Revision: 2,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default", Code: codePML, Form: "losses.ArcFace", Value: ArcFace{Margin: 28.6, Scale: 64}, Oracle: "golden arcface"},
	},
}

var proxyAnchor = Spec{
	Name:     "proxy_anchor",
	Title:    "Proxy-Anchor",
	Cite:     "Kim et al., CVPR 2020",
	Year:     2020,
	Family:   Proxies,
	Formula:  "L = mean_{P⁺} log(1 + Σ_P e^{−α(S−δ)}) + mean log(1 + Σ_N e^{α(S+δ)})",
	Revision: 2,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default; the proxies are the anchors", Code: codePML, Form: "losses.ProxyAnchor", Value: ProxyAnchor{Margin: 0.1, Alpha: 32}, Oracle: "golden proxy_anchor"},
	},
}
