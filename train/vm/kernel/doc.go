// Package kernel holds the numerical inner loops of train/vm.
package kernel
