package vm

// unit is what becomes one instruction: a single value, or a group of
// elementwise values of one size that are computed in one pass, block by block.
type unit struct {
	values []*value
	group  bool
	inside map[*value]bool // values of a group that nobody outside it needs: they live in a block of scratch
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
	users := p.users()
	open := map[int]*unit{} // by size
	member := map[*value]int{}
	closeGroup := func(size int) {
		g := open[size]
		g.findInside(users)
		units = append(units, *g)
		for _, v := range g.values {
			delete(member, v)
		}
		delete(open, size)
	}
	for _, v := range p.values {
		if stored(v) {
			continue
		}
		for _, a := range v.before() {
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

func (u *unit) findInside(users map[*value][]*value) {
	member := map[*value]bool{}
	for _, v := range u.values {
		member[v] = true
	}
	u.inside = map[*value]bool{}
	for _, v := range u.values {
		inner := !v.keep
		for _, reader := range users[v] {
			inner = inner && member[reader]
		}
		if inner {
			u.inside[v] = true
		}
	}
}

// written lists what the unit leaves in memory.
func (u *unit) written() (out []*value) {
	for _, v := range u.values {
		if !u.inside[v] {
			out = append(append(out, v), v.side...)
		}
	}
	return out
}
