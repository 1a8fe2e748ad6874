// Package report draws what a training leaves to look at: curves, the confusion
// matrix, mistakes, filters, feature maps, a neuron with its weights; and one
// page with all of it.
//
// Everything is a [Figure], which saves itself as PNG or SVG; in a notebook it
// shows itself as the last value of a cell.
package report
