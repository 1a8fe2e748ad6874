package vm

// chainLayouts lets maps lie in the order (B, H, W, C), which the kernels like
// best, on their way from one convolution to the next and back: wherever nothing
// that they have to do with is bound to the order that the graph has.
func chainLayouts(p *program) {
	graph, same := rowMajor, orders{}
	for _, v := range p.values {
		v.orders(&graph, same.tie)
	}
	maps := map[*layout]bool{}
	for _, v := range p.values {
		if _, ok := v.op.(convolution); ok {
			maps[same.of(&v.layout)] = true
		}
	}
	choose := func(l *layout) {
		if of := same.of(l); maps[of] && of != same.of(&graph) {
			*l = channelsLast
		}
	}
	for _, v := range p.values {
		choose(&v.layout)
		if b := blockOf(v); b != nil {
			choose(&b.in)
			choose(&b.out)
		}
	}
}

// orders says which layouts have to be the same: each leads to another of them,
// or to none.
type orders map[*layout]*layout

func (o orders) of(l *layout) *layout {
	for o[l] != nil {
		l = o[l]
	}
	return l
}

func (o orders) tie(a, b *layout) {
	if a, b = o.of(a), o.of(b); a != b {
		o[a] = b
	}
}
