package datasets

// A sizeCount is a number of rows, and how many classes have it.
type sizeCount struct{ rows, classes int }

// countedSizes are the numbers of rows of the classes of a benchmark, ascending: of the
// training classes, and of the test classes.
type countedSizes [2][]sizeCount

// inShopSizes were counted in In-Shop's own partition (list_eval_partition.txt of
// DeepFashion, Liu et al., CVPR 2016), queries and gallery of a class together.
var inShopSizes = &countedSizes{
	{
		{1, 12}, {2, 10}, {3, 416}, {4, 1575}, {5, 671}, {6, 126}, {7, 139}, {8, 367}, {9, 138}, {10, 93}, {11, 42}, {12, 116},
		{13, 29}, {14, 36}, {15, 45}, {16, 55}, {17, 15}, {18, 10}, {19, 16}, {20, 15}, {21, 1}, {22, 4}, {23, 5}, {24, 11},
		{25, 4}, {27, 5}, {28, 3}, {29, 1}, {30, 5}, {31, 3}, {32, 2}, {34, 1}, {35, 2}, {38, 1}, {39, 1}, {40, 2},
		{42, 1}, {45, 2}, {46, 3}, {47, 1}, {49, 1}, {55, 3}, {56, 1}, {62, 1}, {73, 1}, {79, 1}, {89, 1}, {102, 1},
		{111, 1}, {112, 1}, {162, 1},
	},
	{
		{2, 13}, {3, 420}, {4, 1495}, {5, 694}, {6, 110}, {7, 128}, {8, 387}, {9, 133}, {10, 107}, {11, 60}, {12, 107}, {13, 44},
		{14, 27}, {15, 53}, {16, 48}, {17, 21}, {18, 15}, {19, 8}, {20, 24}, {21, 6}, {22, 4}, {23, 6}, {24, 11}, {25, 6},
		{26, 6}, {27, 3}, {28, 3}, {30, 3}, {31, 2}, {32, 3}, {33, 4}, {34, 4}, {35, 4}, {36, 1}, {39, 2}, {40, 1},
		{41, 1}, {42, 1}, {43, 1}, {46, 1}, {47, 1}, {48, 1}, {49, 1}, {50, 1}, {51, 1}, {61, 1}, {66, 1}, {72, 1},
		{73, 1}, {74, 1}, {75, 1}, {76, 1}, {77, 1}, {89, 1}, {102, 1}, {121, 1}, {128, 1}, {131, 1},
	},
}

// draw gives each of the classes of a half a size: the middle of each of as many equal
// parts of the ascending sizes, in a random order. All classes have the sizes that were
// counted.
func (c *countedSizes) draw(half, classes int, r *stream) []int {
	all := 0
	for _, s := range c[half] {
		all += s.classes
	}
	sizes, at, below := make([]int, classes), 0, 0
	for k := range sizes {
		rank := (2*k + 1) * all / (2 * classes)
		for rank >= below+c[half][at].classes {
			below += c[half][at].classes
			at++
		}
		sizes[k] = c[half][at].rows
	}

	for k := len(sizes) - 1; k > 0; k-- {
		j := r.below(k + 1)
		sizes[k], sizes[j] = sizes[j], sizes[k]
	}
	return sizes
}

// halvedPartition divides test rows as In-Shop's partition does: of each class the larger
// half is queries. Rows alternate, a query first.
func halvedPartition(sizes [2][]int) []int {
	const query, gallery = 1, 2
	var part []int
	for _, n := range sizes[0] {
		part = append(part, make([]int, n)...)
	}
	for _, n := range sizes[1] {
		for k := range n {
			part = append(part, query+k%2*(gallery-query))
		}
	}
	return part
}
