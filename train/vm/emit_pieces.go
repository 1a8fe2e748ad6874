package vm

// mostPieces is how many pieces a job is cut into at most, worthSharing how many
// operations pay for one.
const (
	mostPieces   = 16
	worthSharing = 1 << 16
)

// rowPieces is how many pieces a job of m rows is worth, each row costing so
// many operations.
func rowPieces(m, cost int) int {
	return max(1, min(m, mostPieces, m*cost/worthSharing))
}

// once adds an instruction that one worker runs.
func (c *compiled[F]) once(v *value, run func(worker int)) {
	c.add(v, 1, func(worker, _ int) { run(worker) })
}

// ranges adds an instruction on n things, cut into so many pieces, if there are so
// many things.
func (c *compiled[F]) ranges(v *value, n, pieces int, run func(worker, from, to int)) {
	c.strips(v, n, 1, pieces, run)
}

// strips adds an instruction on n things, cut into pieces at multiples of a
// width: so many pieces, if there are so many strips.
func (c *compiled[F]) strips(v *value, n, width, pieces int, run func(worker, from, to int)) {
	all := (n + width - 1) / width
	pieces = min(pieces, all)
	c.add(v, pieces, func(worker, piece int) {
		from, to := piece*all/pieces, (piece+1)*all/pieces
		run(worker, from*width, min(to*width, n))
	})
}
