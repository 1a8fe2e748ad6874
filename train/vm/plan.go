package vm

// plan gives every value that an instruction writes a place, shared by values
// that do not live at the same time; size is how much memory that takes. Values
// that the user reads, and operands of operators that are not ours and may keep
// them for their own way back, live to the end of a run. With overlap false no
// place is used twice.
func plan(p *program, units []unit, overlap bool) (places map[*value]place, size int) {
	places = map[*value]place{}
	var mem memory
	dying := lastReads(units)
	lasting, moved := p.lasting(), map[*value]bool{} // moved: its place is another's now
	if !overlap {
		dying = make([][]*value, len(units))
	}
	for i, u := range units {
		if x := u.overwrites(dying[i], func(x *value) bool {
			_, mine := places[x]
			return mine && !lasting[x]
		}); x != nil {
			places[u.values[len(u.values)-1]], moved[x] = places[x], true
		}
		for _, v := range u.written() {
			if _, done := places[v]; !done {
				places[v] = mem.take(v.size)
			}
		}
		for _, v := range dying[i] {
			if at, ok := places[v]; ok && !lasting[v] && !moved[v] {
				mem.give(at)
			}
		}
	}
	return places, mem.size
}

// lasting are the values whose numbers must be there when a run ends.
func (p *program) lasting() map[*value]bool {
	lasting := map[*value]bool{}
	for _, v := range p.values {
		if v.keep {
			lasting[root(v)] = true
		}
		if _, ok := v.op.(opaque); ok {
			for _, a := range v.args {
				lasting[root(a)] = true
			}
		}
	}
	return lasting
}

// lastReads lists for each unit the values that are read, or written and never
// read, for the last time there.
func lastReads(units []unit) [][]*value {
	last := map[*value]int{}
	var order []*value
	note := func(v *value, i int) {
		if _, known := last[v]; !known {
			order = append(order, v)
		}
		last[v] = i
	}
	for i, u := range units {
		for _, v := range u.values {
			for _, a := range v.before() {
				note(root(a), i)
			}
		}
		for _, v := range u.written() {
			note(v, i)
		}
	}
	dying := make([][]*value, len(units))
	for _, v := range order {
		dying[last[v]] = append(dying[last[v]], v)
	}
	return dying
}

// overwrites chooses an operand that a group may write over: one that dies with
// it and is as long, where the group's last value alone is stored, since then
// all reading of a block comes before its writing.
func (u *unit) overwrites(dying []*value, may func(*value) bool) *value {
	last := u.values[len(u.values)-1]
	if !u.group || len(u.inside) != len(u.values)-1 {
		return nil
	}
	for _, x := range dying {
		if x.size == last.size && may(x) {
			return x
		}
	}
	return nil
}
