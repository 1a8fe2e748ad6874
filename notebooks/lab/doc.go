// Package lab is what notebooks call where a cell cannot go: gomacro, which
// runs the cells, knows neither generics nor range over functions, and an
// interrupt does not reach into a compiled call. The functions here have plain
// types, stop when the cell is interrupted, and print nothing.
//
// A cell has no caller to return an error to, so the functions here end the
// cell instead: they panic with the error, which the kernel shows as one line
// below the cell. What earlier cells have set is kept.
package lab
