package main

import (
	"cmp"
	"debug/elf"
	"slices"
	"sort"
	"strings"
)

// table is a program's functions by address.
type table []elf.Symbol

// symbols reads a program's table.
func symbols(program string) (table, error) {
	f, err := elf.Open(program)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := f.Symbols()
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(s elf.Symbol) bool { return elf.ST_TYPE(s.Info) != elf.STT_FUNC })
	slices.SortFunc(all, func(a, b elf.Symbol) int { return cmp.Compare(a.Value, b.Value) })
	return all, nil
}

// at is the function that an address lies in.
func (t table) at(address uint64) string {
	i := sort.Search(len(t), func(i int) bool { return t[i].Value > address })
	if i == 0 {
		return "?"
	}
	return strings.TrimPrefix(t[i-1].Name, "symgrad/train/vm/kernel/")
}
