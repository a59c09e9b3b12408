package input

// noWait is 0 in a browser, which has no files that could be pipes.
const noWait = 0
