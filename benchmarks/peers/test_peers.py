"""python -m unittest, in this folder: the parts of a comparison that need neither this project nor torch."""

import sys
import unittest

import numpy as np

import arrays
import plan
import ranks
import workers

EATER = """
import sys
for line in sys.stdin:
    if "eat" in line:
        kept = [bytearray(b"x" * (1 << 22)) for _ in range(1 << 12)]
    if "leave" in line:
        sys.exit(3)
    print('{"wall": [1]}', flush=True)
"""


class Limits(unittest.TestCase):
    def setUp(self):
        self.worker = workers.Worker([sys.executable, "-c", EATER], 1, 200 << 20)

    def tearDown(self):
        self.worker.stop()

    def test_memory(self):
        with self.assertRaisesRegex(workers.OutOfMemory, "out of memory .limit 0.195312 GB."):
            self.worker.ask({"task": "eat"})
        self.assertEqual(self.worker.ask({"task": "rest"}), {"wall": [1]})

    def test_exit(self):
        with self.assertRaisesRegex(workers.Failed, "exit code 3"):
            self.worker.ask({"task": "leave"})
        self.assertEqual(self.worker.ask({"task": "rest"}), {"wall": [1]})


class Numbers(unittest.TestCase):
    def test_tell_apart(self):
        x = arrays.matrix(3, 5)
        same, wave = arrays.numbers_of(x.copy()), np.sin(np.arange(1, 16))
        self.assertAlmostEqual(same["norm"] ** 2, float((x.astype(np.float64) ** 2).sum()))
        self.assertAlmostEqual(same["projection"], sum(float(v) * w for v, w in zip(x.ravel(), wave)))
        check = plan.values(["norm", "projection"])

        def told(y):
            return check({"gpw": {"checks": same}, "theirs": {"checks": arrays.numbers_of(y)}})
        self.assertEqual(told(x.copy()), "equal")
        for wrong in (-x, x[::-1], 1.001 * x):
            self.assertRegex(told(wrong), "projection .*, theirs ")


class Ranks(unittest.TestCase):
    def setUp(self):
        self.x, self.labels = arrays.clusters(60, 40, 7)
        s = self.x @ self.x.T
        self.order = np.argsort(-s, axis=1, kind="stable")
        self.queries = np.arange(60)

    def brute(self):
        """Yields every query's list without itself."""
        for i in range(60):
            yield i, [j for j in self.order[i] if j != i]

    def test_first_positive(self):
        got = ranks.of_first_positive(self.order, self.queries, self.labels)
        for i, others in self.brute():
            self.assertEqual(got[i], [self.labels[j] == self.labels[i] for j in others].index(True))
        few = ranks.of_first_positive(self.order[:, :3], self.queries, self.labels)
        self.assertTrue(np.array_equal(few, np.where(got < 2, got, -1)))

    def test_average_precision(self):
        positives = np.bincount(self.labels)[self.labels] - 1
        k = int(positives.max()) + 1
        got = ranks.average_precision(ranks.without_self(self.order[:, :k].copy(), self.queries), self.labels, self.labels, positives)
        for i, others in self.brute():
            found, total = 0, 0.0
            for place, j in enumerate(others[:positives[i]], 1):
                if self.labels[j] == self.labels[i]:
                    found += 1
                    total += found / place
            self.assertAlmostEqual(got[i], total / positives[i])

    def test_without_self(self):
        lists = np.array([[4, 0, 3, 1], [1, 2, 3, 0], [3, 4, 1, 0]])
        self.assertEqual(ranks.without_self(lists, np.arange(3)).tolist(), [[4, 3, 1], [2, 3, 0], [3, 4, 1]])

    def test_disagreements(self):
        ours = ranks.of_first_positive(self.order, self.queries, self.labels)
        theirs = ours.copy()
        self.assertEqual(ranks.disagreements(self.x, self.labels, self.queries, ours, theirs, 61), (0, 0))
        theirs[5] += 1
        self.assertEqual(ranks.disagreements(self.x, self.labels, self.queries, ours, theirs, 61), (1, 1))
        self.assertEqual(ranks.disagreements(self.x, self.labels, self.queries, ours, theirs, 61, slack=2), (1, 0))

    def test_precision_disagreements(self):
        ours = np.linspace(0, 1, 60)
        self.assertEqual(ranks.precision_disagreements(self.x, self.labels, self.queries, ours, ours), (0, 0))
        theirs = ours.copy()
        theirs[5] += 0.01
        self.assertEqual(ranks.precision_disagreements(self.x, self.labels, self.queries, ours, theirs), (1, 1))
        self.assertEqual(ranks.precision_disagreements(self.x, self.labels, self.queries, ours, theirs, slack=2), (1, 0))


if __name__ == "__main__":
    unittest.main()
