package main

// assembler writes kernels of one type of number, for AVX2 or for NEON.
type assembler interface {
	operation(o operation)
	expRows()
	sum()
	columnSums(vectors int, weighted bool)
	matVec()
	outer()
	transposeStrip()
}

// kernels writes what both have for both types, in the order of the files.
func kernels(w assembler, all []operation) {
	for _, o := range all {
		w.operation(o)
	}
	w.expRows()
	w.sum()
	for _, weighted := range []bool{false, true} {
		w.columnSums(8, weighted)
		w.columnSums(2, weighted)
	}
	w.matVec()
	w.outer()
	w.transposeStrip()
}
