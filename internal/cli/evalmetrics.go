package cli

import (
	"bytes"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/metrics"
	answers "gpwbench/benchmarks/metrics/report"
	"gpwbench/benchmarks/retrieval"
	"gpwbench/benchmarks/retrieval/report"
	"gpwbench/experiments/spec"
)

// A questionFlags is what eval asks beside its own figures.
type questionFlags struct {
	metrics   []string
	perClass  bool
	perQuery  string
	worst     int
	intervals string

	similarity     string
	ignore         []string
	groups         string
	galleryGroups  string
	groupNegatives bool
	noCopies       bool
	separator      string
	expansion      expansionFlag
	reranking      rerankingFlag
}

var similarities = []string{"cosine", "euclidean", "dot"}

func (f *questionFlags) add(cmd *cobra.Command) {
	s := cmd.Flags()
	s.StringArrayVar(&f.metrics, "metrics", nil, "metrics in place of the usual ones, with commas between, such as mrr,ndcg@10; list prints all of them")
	s.BoolVar(&f.perClass, "per-class", false, "also the means of each class, and their mean (macro)")
	s.StringVar(&f.perQuery, "per-query", "", "file for the value of each query, .csv or .npz")
	s.IntVar(&f.worst, "worst", 0, "also the N worst queries by the first metric, with what outranks them")
	s.StringVar(&f.intervals, "intervals", "", "95 % intervals by bootstrap over "+strings.Join(answers.Units, " or "))
	s.StringVar(&f.similarity, "similarity", similarities[0], "how rows are searched: "+list(similarities))
	s.StringArrayVar(&f.ignore, "ignore", nil, "label whose rows are neither positive nor negative, nor queries")
	s.StringVar(&f.groups, "groups", "", "N integers or strings, such as cameras: rows of the query's group are neither positive nor negative")
	s.StringVar(&f.galleryGroups, "gallery-groups", "", "M integers or strings")
	s.BoolVar(&f.groupNegatives, "group-negatives", false, "negatives of the query's group count after all, as in re-identification")
	s.BoolVar(&f.noCopies, "no-copies", false, "leave out rows that equal the query value for value")
	s.Var(&f.expansion, "query-expansion", "search again with each query moved towards the K rows that it finds first, weighted by similarity to the power alpha (default 0)")
	s.Var(&f.reranking, "rerank", "re-rank by k-reciprocal encodings; the paper has 20,6,0.3")
	s.StringVar(&f.separator, "label-separator", "", "text between several labels of a row, such as ';': a row is positive if it shares one with the query")
}

// needsAnswers reports whether anything is asked that the usual figures do not have.
func (f *questionFlags) needsAnswers() bool {
	return f.metrics != nil || f.perClass || f.perQuery != "" || f.worst > 0 || f.intervals != "" || f.similarity != similarities[0] ||
		f.ignore != nil || f.groups != "" || f.galleryGroups != "" || f.groupNegatives || f.noCopies || f.separator != "" ||
		f.expansion.K > 0 || f.reranking.K1 > 0
}

// check refuses questions that do not fit each other.
func (f *evalFlags) checkQuestions(cmd *cobra.Command) error {
	gallery := len(f.gallery) > 0
	switch {
	case !slices.Contains(similarities, f.similarity):
		return usagef("--similarity = %s; known: %s", f.similarity, list(similarities))
	case f.intervals != "" && !slices.Contains(answers.Units, f.intervals):
		return usagef("--intervals = %s; known: %s", f.intervals, list(answers.Units))
	case cmd.Flags().Changed("worst") && f.worst < 1:
		return usagef("--worst = %d: ask for 1 at least", f.worst)
	case f.groups == "" && f.galleryGroups != "" || gallery && f.groups != "" && f.galleryGroups == "":
		return usagef("--groups and --gallery-groups go together where there is a gallery")
	case !gallery && f.galleryGroups != "":
		return usagef("--gallery-groups are of a gallery; --groups alone are those of both where rows search each other")
	case f.groupNegatives && f.groups == "":
		return usagef("--group-negatives says something of --groups; give both")
	case f.expansion.K > 0 && f.similarity != similarities[0]:
		return usagef("--query-expansion is of cosines; leave --similarity out")
	case f.expansion.K > 0 && f.noCopies:
		return usagef("--no-copies leaves out rows that equal the query, and an expanded query equals none; leave one of them out")
	case f.reranking.K1 > 0 && f.similarity != similarities[0]:
		return usagef("--rerank is of rows at length 1, so of cosines; leave --similarity out")
	case f.reranking.K1 > 0 && f.expansion.K > 0:
		return usagef("--rerank encodes the queries with the rows that they search, and expanded queries are no such rows; leave --rerank or --query-expansion out")
	case f.separator != "" && f.perClass:
		return usagef("--per-class is of one class a row, and --label-separator gives several")
	case f.separator != "" && f.intervals == "classes":
		return usagef("--intervals classes is of one class a row, and --label-separator gives several; choose queries")
	case f.nearest > 0 && f.needsAnswers():
		return usagef("--neighbours prints no metrics and follows no rules; leave it or the other flags out")
	}
	if f.perQuery != "" {
		return f.checkPerQuery()
	}
	return nil
}

// checkAsked refuses questions on queries where no metric is of queries.
func (f *evalFlags) checkAsked(asked []metrics.Asked) error {
	ranks := slices.ContainsFunc(asked, func(a metrics.Asked) bool { return a.Query != nil })
	for flag, given := range map[string]bool{"query-expansion": f.expansion.K > 0, "rerank": f.reranking.K1 > 0} {
		if given && !ranks {
			return usagef("--%s is of metrics that rank, and none is asked; name one, such as map_at_r, or leave it out", flag)
		}
	}
	if slices.ContainsFunc(asked, func(a metrics.Asked) bool { return a.OfQueries() }) {
		return nil
	}
	for _, flag := range []struct {
		name  string
		given bool
	}{{"per-class", f.perClass}, {"per-query", f.perQuery != ""}, {"worst", f.worst > 0}, {"intervals", f.intervals != ""}} {
		if flag.given {
			return usagef("--%s is of metrics that are means over queries, and none is asked; name one, such as recall@1, or leave it out", flag.name)
		}
	}
	return nil
}

func (f *evalFlags) checkPerQuery() error {
	if !slices.ContainsFunc(answers.PerQueryFormats, func(ext string) bool { return strings.HasSuffix(strings.ToLower(f.perQuery), ext) }) {
		return usagef("--per-query %s: its name ends in %s", f.perQuery, strings.Join(answers.PerQueryFormats, " or "))
	}
	if f.perQuery == f.out {
		return usagef("--per-query and --output name the same file")
	}
	return nil
}

// asked are the metrics that the command line names, or those that eval has of itself.
func (f *evalFlags) asked(cmd *cobra.Command) ([]metrics.Asked, error) {
	slices.Sort(f.ks)
	f.ks = slices.Compact(f.ks)
	asked := metrics.Default(f.ks)
	if f.metrics != nil {
		var ks []int // of metrics that are named without one
		if cmd.Flags().Changed("k") {
			ks = f.ks
		}
		var err error
		if asked, err = metrics.ParseAll(f.metrics, ks); err != nil {
			return nil, usagef("--metrics: %w; gpw eval --metrics list prints them all", err)
		}
	}
	if !f.clustering {
		return asked, nil
	}

	more, err := metrics.ParseAll([]string{"nmi,ami"}, nil)
	for _, a := range more {
		if !slices.ContainsFunc(asked, func(b metrics.Asked) bool { return a.Key() == b.Key() }) {
			asked = append(asked, a)
		}
	}
	return asked, err
}

// answer prints what is asked of all embeddings, which are read one after the other.
func (f *evalFlags) answer(cmd *cobra.Command) error {
	asked, err := f.asked(cmd)
	if err != nil {
		return err
	}
	if err := f.fits(cmd, asked); err != nil {
		return err
	}
	if err := f.checkAsked(asked); err != nil {
		return err
	}

	all := make([]answers.Answered, len(f.embeddings))
	for i := range f.embeddings {
		if all[i], err = f.answerOne(cmd, i, asked); err != nil {
			return interrupted(err)
		}
	}

	if err := f.maps.Changed(); err != nil {
		return err
	}
	if f.perQuery != "" {
		var b bytes.Buffer
		if err := answers.WritePerQuery(&b, f.perQuery, all); err != nil {
			return err
		}
		if err := writeFile(f.perQuery, b.Bytes()); err != nil {
			return err
		}
	}
	return printTo(cmd, f.out, func(w writer) error { return answers.Write(w, f.format, all, f.perClass) })
}

// answerOne evaluates one of the embeddings.
func (f *evalFlags) answerOne(cmd *cobra.Command, i int, asked []metrics.Asked) (answers.Answered, error) {
	q, err := f.question(i)
	if err != nil {
		return answers.Answered{}, err
	}
	ks := ksOf(asked)
	if f.metrics == nil {
		ks = f.chosenKs(cmd)
	}
	f.suspect(cmd, i, q.queries.Vectors, vectorsOf(q.gallery), q.rules.Similarity, ks, q.names)

	step, done := counter(cmd.ErrOrStderr(), "queries", q.queries.Rows)
	e, err := metrics.Evaluate(cmd.Context(), q.queries, q.gallery, asked, f.pairFlags.options(metrics.Options{Rules: q.rules, Expansion: retrieval.Expansion(f.expansion), Worst: f.worst, Compared: step}))
	done()
	if err != nil {
		return answers.Answered{}, err
	}
	if e.Scores != nil && e.Scores.Copies > 0 && !f.noCopies {
		say(cmd, "%s", f.of(i)+retrieval.CopiesRemark(e.Scores.Copies, e.Scores.Queries))
	}

	a := answers.Answered{Name: f.embeddings[i], Evaluation: e, Names: q.names, Rows: q.rows, GalleryRows: q.galleryRows}
	if f.intervals != "" {
		a.Intervals(f.intervals)
	}
	return a, nil
}

// suspect says on standard error what is rarely meant of a set-up.
func (f *evalFlags) suspect(cmd *cobra.Command, i int, q retrieval.Vectors, g *retrieval.Vectors, similarity retrieval.Similarity, ks []int, names []string) {
	if mixed := datasets.MixedKinds(names); mixed != "" {
		say(cmd, "%s", f.of(i)+mixed)
	}
	for _, s := range retrieval.Suspicions(q, g, similarity, ks) {
		say(cmd, "%s", f.of(i)+s)
	}
}

// chosenKs are the K that the command line gives.
func (f *evalFlags) chosenKs(cmd *cobra.Command) []int {
	if !cmd.Flags().Changed("k") {
		return nil
	}
	return slices.Clone(f.ks)
}

// of names one of several embeddings before a sentence on it.
func (f *evalFlags) of(i int) string {
	if len(f.embeddings) == 1 {
		return ""
	}
	return f.embeddings[i] + ": "
}

func vectorsOf(s *metrics.Set) *retrieval.Vectors {
	if s == nil {
		return nil
	}
	return &s.Vectors
}

func ksOf(asked []metrics.Asked) []int {
	var ks []int
	for _, a := range asked {
		if a.Parameter == metrics.K {
			ks = append(ks, a.K)
		}
	}
	return ks
}

// A question is what is evaluated of one of the embeddings.
type question struct {
	queries           metrics.Set
	gallery           *metrics.Set
	rules             retrieval.Rules
	names             []string
	rows, galleryRows []int // of the files, where some are ignored
}

// question reads one of the embeddings and applies the rules to it.
func (f *evalFlags) question(i int) (*question, error) {
	naming := datasets.Naming{Maps: f.maps}
	queries, gallery, err := f.readNamed(i, &naming)
	if err != nil {
		return nil, err
	}
	q := &question{queries: set(queries), gallery: setOf(gallery)}
	q.rules.Similarity = map[string]retrieval.Similarity{"cosine": retrieval.Cosine, "euclidean": retrieval.Euclidean, "dot": retrieval.Dot}[f.similarity]
	q.rules.NoCopies, q.rules.SameClassOnly = f.noCopies, f.groupNegatives
	q.rules.Reranking = retrieval.Reranking(f.reranking)
	if err := f.readGroups(q); err != nil {
		return nil, err
	}

	if err := f.leaveOut(q, &naming); err != nil {
		return nil, err
	}
	q.names = naming.Names
	if f.separator != "" {
		q.rules.Labels = naming.Split(q.queries.Labels, f.separator)
		q.queries.Labels, q.names = nil, nil
		if q.gallery != nil {
			q.rules.GalleryLabels = naming.Split(q.gallery.Labels, f.separator)
			q.gallery.Labels = nil
		}
	}
	return q, nil
}

// readGroups reads the groups of both sides.
func (f *evalFlags) readGroups(q *question) (err error) {
	if f.groups == "" {
		return nil
	}
	var groups datasets.Naming
	if q.rules.Groups, err = f.groupsOf(&groups, f.groups, f.labels, q.queries.Rows); err != nil || q.gallery == nil {
		return err
	}
	q.rules.GalleryGroups, err = f.groupsOf(&groups, f.galleryGroups, f.galleryLabels, q.gallery.Rows)
	return err
}

func (f *evalFlags) groupsOf(naming *datasets.Naming, path, labels string, rows int) ([]int, error) {
	groups, err := naming.LoadLabels(path)
	if err == nil && len(groups) != rows {
		err = usagef("%s has %d groups, and %s labels of %d rows: they must agree", path, len(groups), labels, rows)
	}
	return groups, err
}

// leaveOut takes the rows with a label to ignore out of both sides.
func (f *evalFlags) leaveOut(q *question, naming *datasets.Naming) error {
	if f.ignore == nil {
		return nil
	}
	var ignored []int
	for _, text := range f.ignore {
		label, known := naming.Label(text)
		known = known && (slices.Contains(q.queries.Labels, label) || q.gallery != nil && slices.Contains(q.gallery.Labels, label))
		if !known {
			return usagef("--ignore %s: no row has this label%s", text, spec.DidYouMean(text, naming.Names))
		}
		ignored = append(ignored, label)
	}

	q.rows = kept(&q.queries, &q.rules.Groups, ignored)
	if q.queries.Rows == 0 {
		return usagef("--ignore %s leaves no query", strings.Join(f.ignore, ", "))
	}
	if q.gallery == nil {
		return nil
	}
	q.galleryRows = kept(q.gallery, &q.rules.GalleryGroups, ignored)
	if q.gallery.Rows == 0 {
		return usagef("--ignore %s leaves no row of the gallery", strings.Join(f.ignore, ", "))
	}
	return nil
}

// kept takes rows with certain labels out of a set and returns the rows that stay.
func kept(s *metrics.Set, groups *[]int, ignored []int) []int {
	rows, labels, group := []int{}, []int{}, []int{}
	for row, label := range s.Labels {
		if slices.Contains(ignored, label) {
			continue
		}
		rows, labels = append(rows, row), append(labels, label)
		if *groups != nil {
			group = append(group, (*groups)[row])
		}
	}
	s.Vectors, s.Labels = s.Take(rows), labels
	if *groups != nil {
		*groups = group
	}
	return rows
}

func set(l report.Labelled) metrics.Set { return metrics.Set{Vectors: l.Vectors, Labels: l.Labels} }

// setOf returns no set for no rows.
func setOf(l *report.Labelled) *metrics.Set {
	if l == nil {
		return nil
	}
	s := set(*l)
	return &s
}
