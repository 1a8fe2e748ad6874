package vm

// unit is what becomes one instruction: a single value, or a group of
// elementwise values of one size that are computed in one pass, block by block.
type unit struct {
	values []*value
	group  bool
}

// root looks through aliases: their numbers are their operand's.
func root(v *value) *value {
	for {
		if _, ok := v.op.(alias); !ok {
			return v
		}
		v = v.args[0]
	}
}

func isElementwise(v *value) bool {
	switch v.op.(type) {
	case unary, binary, broadcast:
		return true
	}
	return false
}

// stored tells whether a value needs no instruction: it is there already, or
// another instruction writes it.
func stored(v *value) bool {
	switch v.op.(type) {
	case alias, input, constant, fixed, besides:
		return true
	}
	return false
}

// schedule orders a program and gathers elementwise values into groups: a group
// stays open until something outside needs one of its values.
func schedule(p *program) []unit {
	var units []unit
	open := map[int]*unit{} // by size
	member := map[*value]int{}
	closeGroup := func(size int) {
		if g := open[size]; g != nil {
			units = append(units, *g)
			for _, v := range g.values {
				delete(member, v)
			}
			delete(open, size)
		}
	}
	for _, v := range p.values {
		if stored(v) {
			continue
		}
		for _, a := range v.args {
			if size, ok := member[root(a)]; ok && (!isElementwise(v) || size != v.size) {
				closeGroup(size)
			}
		}
		if !isElementwise(v) {
			units = append(units, unit{values: []*value{v}})
			continue
		}
		if open[v.size] == nil {
			open[v.size] = &unit{group: true}
		}
		open[v.size].values = append(open[v.size].values, v)
		member[v] = v.size
	}
	for _, v := range p.values { // what is left, in the order of first members
		if size, ok := member[v]; ok {
			closeGroup(size)
		}
	}
	return units
}

// lifetimes finds for each stored number when it is written and last read, as
// indices of units. Kept values live to the end.
func lifetimes(units []unit) (last map[*value]int) {
	last = map[*value]int{}
	for i, u := range units {
		for _, v := range u.values {
			last[v] = max(last[v], i)
			for _, a := range v.args {
				last[root(a)] = i
			}
		}
	}
	return last
}

// inner tells which values of a group are needed by nobody outside it: they
// live in a block of scratch.
func (u unit) inner(p *program) map[*value]bool {
	inside := map[*value]bool{}
	if !u.group {
		return inside
	}
	for _, v := range u.values {
		inside[v] = !v.keep
	}
	member := map[*value]bool{}
	for _, v := range u.values {
		member[v] = true
	}
	for _, v := range p.values {
		for _, a := range v.args {
			if r := root(a); r != v && (!member[v] || a != r) {
				delete(inside, r)
			}
		}
		if r := root(v); v.keep && r != v {
			delete(inside, r)
		}
	}
	return inside
}
