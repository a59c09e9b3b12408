// Package metrics is the catalogue of what can be asked of embeddings.
//
// # Route
//
//   - [All] lists the metrics, each with its name, its definition and its source.
//   - [Parse] reads names as users write them, such as ndcg@10.
//   - [Evaluate] answers any number of them, and makes each pass over the similarities
//     once, whatever number of metrics need it.
//
// # Conventions
//
//   - A metric of queries is the mean over the queries that have a positive in the
//     gallery. Similarities that are equal have no order: a value is the expectation over
//     random orders, and comes with the values for every tie broken against and for the
//     query. Recall@K alone follows the reference rule, with ties for the query.
//   - What cannot be answered, such as NMI of one class, has a reason in the place of a
//     number, and all other metrics are answered.
//   - No N×N matrix is stored: the memory is that of the embeddings, of the positive
//     pairs where their ranks are needed, and 24 bytes for each query and metric.
//
// To add a metric, write a file with its [Metric] and add a line to [All].
package metrics
