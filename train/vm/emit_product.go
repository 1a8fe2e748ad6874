package vm

import (
	"gorgonia.org/tensor"

	"symgrad/models/ops"
)

func dtype[F ops.Float]() tensor.Dtype {
	if _, ok := any(F(0)).(float32); ok {
		return tensor.Float32
	}
	return tensor.Float64
}

// product emits act(A B + bias), for each of a batch.
func (c *compiled[F]) product(v *value, op product, out *slot[F], in []*slot[F]) error {
	if len(in) < 3 {
		in = append(in, &slot[F]{})
	}
	if single, ok := any(c).(*compiled[float32]); ok && op.batch == 1 {
		return product32(single, v, op, any(out).(*slot[float32]), any(in).([]*slot[float32]))
	}
	if single, ok := any(c).(*compiled[float32]); ok {
		return batchProduct32(single, v, op, any(out).(*slot[float32]), any(in).([]*slot[float32]))
	}
	act := func([]F) {}
	if op.act != opCopy {
		loop := unaryLoop[F](op.act)
		act = func(rows []F) { loop(rows, rows) }
	}
	m, n, k := op.m, op.n, op.k
	pieces := rowPieces(op.batch*m, n*k)
	if op.batch > 1 {
		pieces = min(pieces, op.batch)
	}
	c.add(v, pieces, func(_, piece int) {
		if op.batch == 1 {
			from, to := piece*m/pieces, (piece+1)*m/pieces
			rows := out.data[from*n : to*n]
			multiply(op, rows, in[0].data, in[1].data, in[2].data, from, to)
			act(rows)
			return
		}
		for b := piece * op.batch / pieces; b < (piece+1)*op.batch/pieces; b++ {
			rows := out.data[b*m*n : (b+1)*m*n]
			multiply(op, rows, in[0].data[b*m*k:(b+1)*m*k], in[1].data[b*k*n:(b+1)*k*n], nil, 0, m)
		}
	})
	return nil
}

// rowPieces is how many pieces a job of m rows is worth, each row costing so
// many operations.
func rowPieces(m, cost int) int {
	const worth = 1 << 16 // operations that pay for sharing them
	return max(1, min(m, 16, m*cost/worth))
}

// multiply computes rows [from, to) of A B + bias in plain Go, each element a
// sum in the order of k.
func multiply[F ops.Float](op product, rows, a, b, bias []F, from, to int) {
	m, n, k := op.m, op.n, op.k
	if bias == nil {
		clear(rows)
	} else {
		for at := 0; at < len(rows); at += n {
			copy(rows[at:at+n], bias)
		}
	}
	stepRow, stepK := k, 1
	if op.transA {
		stepRow, stepK = 1, m
	}
	for i := from; i < to; i++ {
		row := rows[(i-from)*n : (i-from+1)*n]
		if op.transB {
			for j := range row {
				sum := row[j]
				for p, bv := range b[j*k : (j+1)*k] {
					sum += a[i*stepRow+p*stepK] * bv
				}
				row[j] = sum
			}
			continue
		}
		for p := range k {
			av := a[i*stepRow+p*stepK]
			for j, bv := range b[p*n : (p+1)*n][:len(row)] {
				row[j] += av * bv
			}
		}
	}
}
