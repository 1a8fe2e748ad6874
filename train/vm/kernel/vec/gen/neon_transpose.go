package main

import (
	"fmt"

	"symgrad/train/vm/kernel/internal/neon"
)

// transposeStrip transposes square blocks of two vectors a row.
func (w *neonWriter) transposeStrip() {
	size := 2 * w.count()
	w.define("transposeStrip", "(dst *float, dstStep int, src *float, srcStep, blocks int)",
		fmt.Sprintf("transposes %[1]d rows of %[1]d*blocks numbers; blocks > 0.", size), func() {
			dst, dstStep, src, srcStep := w.Param("dst"), w.bytes("dstStep"), w.Param("src"), w.bytes("srcStep")
			p, blocks := w.Register(), w.Param("blocks")
			w.repeat("blocks", blocks, func() {
				w.Go("MOVD %v, %v", src, p)
				var left, right []vec
				for range size {
					row := w.pairs(2, p, false)
					left, right = append(left, row[0]), append(right, row[1])
					w.Go("ADD %v, %v", srcStep, p)
				}
				for _, rows := range [][]vec{left, right} {
					above, below := w.square(rows[:size/2]), w.square(rows[size/2:])
					for i := range above {
						w.Go("FSTPQ (F%v, F%v), (%v)", above[i], below[i], dst)
						w.Go("ADD %v, %v", dstStep, dst)
					}
				}
				w.Go("ADD $32, %v", src)
			})
		})
}

// square transposes four rows of four float32, or two of two float64.
func (w *neonWriter) square(a []vec) []vec {
	wide := func(o neon.Op, a, b vec) vec {
		d := w.New()
		w.Into(neon.D2, o, d, a, b)
		return d
	}
	if w.bits == 64 {
		return []vec{wide(neon.ZIP1, a[0], a[1]), wide(neon.ZIP2, a[0], a[1])}
	}
	even, odd := w.op(neon.TRN1, a[0], a[1]), w.op(neon.TRN2, a[0], a[1])
	even2, odd2 := w.op(neon.TRN1, a[2], a[3]), w.op(neon.TRN2, a[2], a[3])
	return []vec{wide(neon.ZIP1, even, even2), wide(neon.ZIP1, odd, odd2), wide(neon.ZIP2, even, even2), wide(neon.ZIP2, odd, odd2)}
}
