package neon

// d = n op m, number by number. Where a number is NaN, so is the result; but the
// NM ones give the other number, and comparisons are false.
var (
	FADD   = Op{"FADD", 0x4E20D400, size}
	FSUB   = Op{"FSUB", 0x4EA0D400, size}
	FMUL   = Op{"FMUL", 0x6E20DC00, size}
	FDIV   = Op{"FDIV", 0x6E20FC00, size}
	FMAX   = Op{"FMAX", 0x4E20F400, size}
	FMIN   = Op{"FMIN", 0x4EA0F400, size}
	FMAXNM = Op{"FMAXNM", 0x4E20C400, size}
	FMINNM = Op{"FMINNM", 0x4EA0C400, size}
	FMLA   = Op{"FMLA", 0x4E20CC00, size} // d += n m, rounded once
	FMLS   = Op{"FMLS", 0x4EA0CC00, size} // d -= n m, rounded once
	FCMEQ  = Op{"FCMEQ", 0x4E20E400, size}
	FCMGE  = Op{"FCMGE", 0x6E20E400, size}
	FCMGT  = Op{"FCMGT", 0x6EA0E400, size}
	FADDP  = Op{"FADDP", 0x6E20D400, size} // sums of neighbours: n's, then m's
	FMAXP  = Op{"FMAXP", 0x6E20F400, size}
)

// d = op n, number by number.
var (
	FNEG   = Op{"FNEG", 0x6EA0F800, size}
	FABS   = Op{"FABS", 0x4EA0F800, size}
	FSQRT  = Op{"FSQRT", 0x6EA1F800, size}
	FRINTN = Op{"FRINTN", 0x4E218800, size} // to a whole number, ties to even
	FCVTNS = Op{"FCVTNS", 0x4E21A800, size} // to an integer, ties to even
	SCVTF  = Op{"SCVTF", 0x4E21D800, size}  // from an integer
	UCVTF  = Op{"UCVTF", 0x6E21D800, size}  // from an unsigned one
	FCMGT0 = Op{"FCMGT0", 0x4EA0C800, size} // n > 0
	FCMGE0 = Op{"FCMGE0", 0x6EA0C800, size}
	FCMEQ0 = Op{"FCMEQ0", 0x4EA0D800, size}
	FCMLE0 = Op{"FCMLE0", 0x6EA0D800, size}
	FCMLT0 = Op{"FCMLT0", 0x4EA0E800, size}
	CMLT0  = Op{"CMLT0", 0x4EA0A800, size} // of integers: the sign bit everywhere
	FCVTL  = Op{"FCVTL", 0x0E617800, 0}    // float64 of the two lower float32
	FCVTL2 = Op{"FCVTL2", 0x4E617800, 0}   // of the two upper ones
	FCVTN  = Op{"FCVTN", 0x0E616800, 0}    // to the two lower float32, zeros above
	FCVTN2 = Op{"FCVTN2", 0x4E616800, 0}   // to the two upper float32, the others stay
)

// d = n op m of integers.
var (
	ADD = Op{"ADD", 0x4EA08400, size}
	SUB = Op{"SUB", 0x6EA08400, size}
)

// d = n op m, bit by bit; lanes don't matter.
var (
	AND = Op{"AND", 0x4E201C00, 0}
	BIC = Op{"BIC", 0x4E601C00, 0} // n and not m
	ORR = Op{"ORR", 0x4EA01C00, 0}
	EOR = Op{"EOR", 0x6E201C00, 0}
	BSL = Op{"BSL", 0x6E601C00, 0} // n where d is set, else m
	BIT = Op{"BIT", 0x6EA01C00, 0} // n where m is set, else d
	BIF = Op{"BIF", 0x6EE01C00, 0} // n where m is not set, else d
)

// Permutations, as Go's VZIP1 and so on.
var (
	ZIP1 = Op{"ZIP1", 0x4E803800, size} // n and m in turns, the lower halves
	ZIP2 = Op{"ZIP2", 0x4E807800, size}
	UZP1 = Op{"UZP1", 0x4E801800, size} // even lanes of n, then of m
	UZP2 = Op{"UZP2", 0x4E805800, size}
	TRN1 = Op{"TRN1", 0x4E802800, size} // even lanes of n and m in turns
	TRN2 = Op{"TRN2", 0x4E806800, size}
)
