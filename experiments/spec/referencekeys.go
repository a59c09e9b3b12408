package spec

import (
	"slices"

	"gpwbench/benchmarks/names"
	"gpwbench/experiments/protocol"
	"gpwbench/results/table"
	"gpwbench/train/config"
)

// The functions below describe the keys that are no settings of a tagged block, in the
// order of the page. What a key takes is read where the decoder reads it.

var switchWords = []string{"true", "false"}

func experimentKeys() []Key {
	return slices.Concat([]Key{
		{Path: "name", Default: "needed", Values: "lower-case letters, digits and `_`, a letter first",
			What:    "names the folder of the results",
			Example: "name: mine"},
		{Path: "datasets", Default: "needed", Values: "mappings, see below",
			What:    "a list of data sets, one block of the table each",
			Example: "datasets: [{name: cub, synthetic: cub}]"},
		{Path: "baselines", Default: "`[frozen, pca, whitening]`; `untrained` is added wherever there are baselines", Values: "names, mappings, or `none`",
			What:    "rows that are not trained: `raw`, the features as they are; on preprocessed features `frozen`, `pca`, `whitening` (within classes, shrunk halfway), and `untrained`, the head as it starts, for every seed where the start is random",
			Example: "baselines: [raw, {name: pca, dim: 64}, untrained]"},
		{Path: "baselines.name", Default: "needed",
			What:    "of a baseline written as a mapping",
			Example: "baselines: [{name: frozen}]", Words: baselineNames},
		{Path: "baselines.dim", Default: "the head's if that is smaller than the features', else 512 or half of the features'", Values: "1 and more",
			What:    "dimensions of a `pca`",
			Example: "baselines: [{name: pca, dim: 64}]"},
		{Path: "losses", Default: "needed, unless there are baselines", Values: "names, `name.preset`, mappings, see below",
			What:    "a list of rows to train, or `all`, and of rows that were trained elsewhere",
			Example: "losses: [contrastive, multi_similarity.paper]"},
		{Path: "seeds", Default: "3", Values: "1 to 1,000",
			What:    "runs of every loss, with seeds 0, 1, …",
			Example: "seeds: 5"},
		{Path: "weights", Default: "first and last step", Values: "a mapping with `at`",
			What:    "pair weights to keep, of the first seed, and with them statistics of the weights over the training, of every seed",
			Example: "weights: {at: [first, 100, last]}"},
		{Path: "weights.at", Default: "`[first, last]`", Values: "`first`, `last`, steps from 0",
			What:    "the steps to keep; `[]` keeps none and no statistics, and then the run draws no weights: its figures are those of metrics alone",
			Example: "weights: {at: []}"},
		{Path: "keep", Default: "`[]`",
			What:    "what more is kept of every run: what leads from raw features to embeddings (`heads/<id>.safetensors`), the embeddings of the test rows (`embeddings/<id>.npz`), the 10 nearest test rows of each query (`neighbours/<id>.csv`). It changes no number and no id; `--dry-run` says what it takes, [export.md](export.md) what it is for",
			Example: "keep: [head, embeddings]", Words: kept},
		{Path: "sweep", Default: "none", Values: "a mapping from paths to lists of values; not `name`, `seeds`, `weights`, `keep`, `launch`, `metrics`, `reference`, nor which rows a data set has (`features`, `split`, `scale` …), nor `datasets`, `baselines` or `losses` as a whole",
			What:    "settings that have one value after the other, by their paths: those of `key=value`, of losses too. The spec runs for every combination of the values, the last key varying fastest; a row that a key does not change stands once. Where a stand-in runs in place of missing files, values of `head.dim` above its features are left out",
			Example: "sweep: {optimizer.lr: [1e-5, 1e-4], losses.contrastive.params.lambda: [0.4, 0.5]}"},
		{Path: "reference", Default: "none",
			What:    "published numbers for columns of their own, beside rows of the same loss, preset and dimension; an order of rows that they claim is tested below the table",
			Example: "reference: ms_cvpr2019", Words: table.References()},
	})
}

func datasetKeys() []Key {
	return slices.Concat([]Key{
		{Path: "datasets.name", Default: "needed", Values: "as `name`",
			What:    "its name; one that says the benchmark (`cars196_mine`) is matched with published numbers",
			Example: "datasets: [{name: cars196, synthetic: cars}]"},
		{Path: "datasets.features", Default: "needed, unless `synthetic` or for [rows trained elsewhere](#a-row-that-was-trained-elsewhere) alone", Values: "a path",
			What:    "N×D array, one row an image, in one of the [formats below](#files-of-features-and-labels)",
			Example: "datasets: [{name: a, features: $GPW_DATA/x.npy, labels: y.npy}]"},
		{Path: "datasets.labels", Default: "with `features`, unless `layout`", Values: "a path",
			What:    "N integers or strings, the class of each row, in one of the [formats below](#files-of-features-and-labels)",
			Example: "datasets: [{name: a, features: x.npy, labels: y.npy}]"},
		{Path: "datasets.layout", Default: "none", Values: "a path",
			What:    "in place of `labels`, the annotation as it is distributed: the folder or a file of one of the [layouts below](#data-sets-as-they-are-distributed). It has classes and split",
			Example: "datasets: [{name: cub, features: x.npy, layout: CUB_200_2011}]"},
		{Path: "datasets.paths", Default: "rows are in the order of the annotation", Values: "a path",
			What:    "the path of the image of each row, by which rows find their image in `layout`: a text file with one a line, or an array of strings",
			Example: "datasets: [{name: cub, features: x.npy, layout: CUB_200_2011, paths: names.txt}]"},
		{Path: "datasets.partition", Default: "needed for `split: inshop`", Values: "a path, or a mapping of `train`, `query`, `gallery`, `test`",
			What:    "which rows train and which are searched, [a division of one's own](#a-division-of-ones-own): N integers or words, in one of the [formats below](#files-of-features-and-labels): 0 or `train`, 1 or `query`, 2 or `gallery`, 3 or `test`, which is query and gallery at once; or rows, `from:to` without the last, or a list of such",
			Example: "datasets: [{name: a, features: x.npy, labels: y.npy, partition: {train: 0:5864, test: 5864:11788}}]"},
		{Path: "datasets.ignore", Default: "none", Values: "a label or a list",
			What:    "labels, as the file has them, whose rows count for nothing: [rules of the rows](#rules-of-the-rows)",
			Example: "datasets: [{name: a, features: x.npy, labels: y.npy, ignore: distractor}]"},
		{Path: "datasets.groups", Default: "none", Values: "a path",
			What:    "the group of each row, such as its camera: rows of one group are neither positives nor negatives of each other",
			Example: "datasets: [{name: a, features: x.npy, labels: y.csv:class, groups: y.csv:camera}]"},
		{Path: "datasets.train", Default: "none", Values: "a mapping of `features` and `labels`",
			What:    "the training rows, where they have files of their own, in place of `features`, `labels` and `partition`",
			Example: "datasets: [{name: a, train: {features: x.npy, labels: y.npy}, test: {features: v.npy, labels: w.npy}}]"},
		{Path: "datasets.query", Default: "none", Values: "as `train`",
			What:    "the queries, with `gallery`",
			Example: "datasets: [{name: a, train: {features: x.npy, labels: y.npy}, query: {features: q.npy, labels: p.npy}, gallery: {features: g.npy, labels: h.npy}}]"},
		{Path: "datasets.gallery", Default: "none", Values: "as `train`",
			What:    "the rows that queries search",
			Example: "datasets: [{name: a, train: {features: x.npz, labels: x.npz}, query: {features: q.npz, labels: q.npz}, gallery: {features: g.npz, labels: g.npz}}]"},
		{Path: "datasets.test", Default: "none", Values: "as `train`",
			What:    "test rows that search each other",
			Example: "datasets: [{name: a, train: {features: x.npz, labels: x.npz}, test: {features: t.npz, labels: t.npz}}]"},
		{Path: "datasets.split", Default: "`partition` where something divides the rows, `layout` where there is one, else `half` of files, the benchmark's of a stand-in, `all` of labels alone", Values: "`half`, `cub200`, `cars196`, `sop`, `inshop`, `{train_classes: n}`, `partition`, `layout`, and of labels alone `all`",
			What:    "which classes train: the first half, a benchmark's own division, or the first n; a division of one's own, or that of the layout; of labels alone also none of them",
			Example: "datasets: [{name: a, features: x.npy, labels: y.npy, split: {train_classes: 98}}]"},
		{Path: "datasets.split.train_classes", Default: "–", Values: "1 and more",
			What:    "how many classes train; the others are searched",
			Example: "datasets: [{name: a, synthetic: cub, split: {train_classes: 98}}]"},
		{Path: "datasets.synthetic", Default: "none",
			What:    "the benchmark whose made-up stand-in runs, where there are no files or where they are missing",
			Example: "datasets: [{name: a, synthetic: sop}]", Words: names.StandIns()},
		{Path: "datasets.scale", Default: "1", Values: "(0, 1]",
			What:    "of the stand-in: the share of classes",
			Example: "datasets: [{name: a, synthetic: cub, scale: 0.2}]"},
	})
}

func trainingKeys() []Key {
	return slices.Concat([]Key{
		{Path: "preprocess", Default: "`[center]`",
			What:    "steps in order, fitted on the training rows: subtract the mean, divide by the deviation, square root of features that are not negative, unit length",
			Example: "preprocess: [sqrt, l2, center]", Words: config.PreprocessSteps},
		{Path: "head", Default: "a square linear map", Values: "a mapping, or its name",
			What:    "what is trained on the features",
			Example: "head: {dim: 64, init: pca}"},
	}, blockKeys("head", "head: %s", config.DefaultHead(config.Linear), config.DefaultHead(config.Residual)), []Key{
		{Path: "sampler", Default: "`m_per_class`, 16×5", Values: "a mapping, or its name",
			What:    "how batches are drawn",
			Example: "sampler: {classes: 49, per_class: 5}"},
	}, blockKeys("sampler", "sampler: %s", config.DefaultSampler()), []Key{
		{Path: "optimizer", Default: "`adam`", Values: "a mapping, or its name",
			What:    "the algorithm that updates the head",
			Example: "optimizer: {name: sgd, lr: 0.1, momentum: 0.9}"},
	}, blockKeys("optimizer", "optimizer: %s", config.DefaultOptimizer(config.Adam), config.DefaultOptimizer(config.SGD)), []Key{
		{Path: "memory", Default: "`none`", Values: "a mapping, or its name",
			What:    "embeddings of earlier batches as candidates",
			Example: "memory: xbm"},
	}, blockKeys("memory", "memory: %s", config.Memory{Name: config.None}, config.DefaultMemory(config.XBM)), []Key{
		{Path: "augment", Default: "`none`", Values: "`none` or a mapping",
			What:    "what is done to the preprocessed features of a batch before the head while it trains, never where features are evaluated: `mix`, then `noise`, then `dropout`. The same for every loss",
			Example: "augment: {dropout: 0.1, noise: 0.1, mix: 0.5}"},
	}, blockKeys("augment", "augment: %s", config.Augment{}), []Key{
		{Path: "average", Default: "`none`", Values: "`none` or a mapping",
			What:    "the head that is evaluated is an average of the weights after the steps, which themselves go on from the last weights",
			Example: "average: {decay: 0.99}"},
	}, blockKeys("average", "average: %s", config.Average{}), []Key{
		{Path: "steps", Default: "200", Values: "1 and more",
			What:    "training steps",
			Example: "steps: 400"},
		{Path: "protocol", Default: "`fixed`", Values: "a mapping, or its name",
			What:    "which step is measured",
			Example: "protocol: {name: paper, every: 20}"},
		{Path: "protocol.name", Default: "`fixed`",
			What:    "the last step (`fixed`); the best on the test classes, which is optimistically biased, and the table says by how much (`paper`); or the best on classes held out of the training, the test classes being evaluated once (`holdout`)",
			Example: "protocol: holdout", Words: protocol.Names()},
	}, protocolKeys(), []Key{
		{Path: "metrics", Default: "Recall@K, MAP@R and R-precision", Values: "a mapping",
			What:    "what is measured",
			Example: "metrics: {recall_at: [1, 10], clustering: true}"},
		{Path: "metrics.recall_at", Default: "the benchmark's, else `[1, 2, 4, 8]`", Values: "whole numbers from 1",
			What:    "the K of Recall@K",
			Example: "metrics: {recall_at: [1, 10, 100]}"},
		{Path: "metrics.map_at_r", Default: "`true`",
			What:    "MAP@R and R-precision",
			Example: "metrics: {map_at_r: false}", Words: switchWords},
		{Path: "metrics.clustering", Default: "`false`",
			What:    "NMI and AMI of k-means",
			Example: "metrics: {clustering: true}", Words: switchWords},
		{Path: "metrics.also", Default: "none", Values: "names of `gpw eval --metrics list`, and families",
			What:    "further metrics of the [catalogue](#further-metrics), by their names; `metrics: [mrr, recall@16, nmi]` names all in one list",
			Example: "metrics: {also: [mrr, ndcg@10, precision@10, roc_auc, eer]}"},
	})
}

func lossKeys() []Key {
	return slices.Concat([]Key{
		{Path: "losses.name", Default: "needed", Values: "`gpw losses` lists them",
			What:    "the loss, also with preset",
			Example: "losses: [{name: nca}]"},
		{Path: "losses.preset", Default: "its first", Values: "`gpw losses NAME` lists them",
			What:    "its parameters and miner by name",
			Example: "losses: [{name: multi_similarity, preset: paper}]"},
		{Path: "losses.params", Default: "the preset's", Values: "those of the loss",
			What:    "parameters in place of the preset's",
			Example: "losses: [{name: multi_similarity, params: {beta: 10}}]"},
		{Path: "losses.miner", Default: "the preset's", Values: "`none`, a miner's name, or a mapping with its parameters",
			What:    "which pairs count",
			Example: "losses: [{name: multi_similarity, miner: {name: multi_similarity, eps: 0.2}}]"},
		{Path: "losses.label", Default: "title and what is not the default", Values: "a text",
			What:    "the row's name in the table",
			Example: "losses: [{name: nca, label: NCA, params: {scale: 4}}]"},
		{Path: "losses.memory", Default: "the data set's", Values: "as `memory`",
			What:    "in place of the data set's",
			Example: "losses: [{name: contrastive, memory: {name: xbm, size: 2048}}]"},
		{Path: "losses.optimizer", Default: "the data set's", Values: "as `optimizer`",
			What:    "in place of the data set's",
			Example: "losses: [{name: contrastive, optimizer: {lr: 3e-5}}]"},
		{Path: "losses.protocol", Default: "the data set's", Values: "as `protocol`",
			What:    "in place of the data set's; another protocol has its own defaults and takes no key of the data set's, such as `every`, and the table says where two grids differ",
			Example: "losses: [{name: contrastive, protocol: paper}]"},
		{Path: "losses.proxies", Default: "one a class, ten of SoftTriple", Values: "a mapping",
			What:    "of a loss that compares with trained proxies of the classes",
			Example: "losses: [{name: proxy_anchor, proxies: {per_class: 2, lr: 0.01}}]"},
	}, blockKeys("losses.proxies", "losses: [{name: proxy_anchor, proxies: %s}]", config.Proxies{}), []Key{})
}

func elsewhereKeys() []Key {
	return slices.Concat([]Key{
		{Path: "losses.embeddings", Default: "–", Values: "a path",
			What:    "test embeddings, not rounded, one row a test row, in one of the [formats above](#files-of-features-and-labels); `$VARIABLES` are replaced, `{seed}` by the seeds from 0 and `{dataset}` by the name of the data set, which a spec with several needs. Without `{seed}` it is one file of no seed, which is compared with every seed of another row. Only `label`, which is needed, and `seeds` stand beside it",
			Example: "losses: [{label: MS fine-tuned, embeddings: runs/ms_{seed}.npy}]"},
		{Path: "losses.seeds", Default: "all", Values: "whole numbers from 0, below `seeds`",
			What:    "of embeddings with `{seed}`: those of the spec's seeds that the row has a file of; two rows are compared over the seeds that both have",
			Example: "losses: [{label: MS fine-tuned, embeddings: runs/ms_{seed}.npy, seeds: [0, 2]}]"},
	})
}
