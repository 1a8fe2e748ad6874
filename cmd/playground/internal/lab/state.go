package lab

import "slices"

// State is what the page shows of a training.
type State struct {
	Phase string `json:"phase"`
	Error string `json:"error,omitempty"`

	Rate            float64 `json:"rate"`
	Step            int     `json:"step"`
	Steps           int     `json:"steps"` // in all
	Epoch           int     `json:"epoch"`
	Epochs          int     `json:"epochs"`
	Images          int     `json:"images"` // trained on so far
	ImagesPerSecond float64 `json:"images_per_second"`

	Curve   []Point  `json:"curve"`
	Filters *Filters `json:"filters,omitempty"` // of the first convolution
	Samples []Sample `json:"samples,omitempty"`

	Places  int     `json:"places"`  // to train at, of all visitors
	Minutes float64 `json:"minutes"` // that a training may be paused
}

// Point is one of the curve.
type Point struct {
	Images   int     `json:"images"`
	Loss     float64 `json:"loss"`     // of the last steps, a running mean
	Accuracy float64 `json:"accuracy"` // on some test images
}

// Filters are weights as package looks quantises them.
type Filters struct {
	Count  int     `json:"count"`
	Side   int     `json:"side"`
	Scale  float64 `json:"scale"`
	Values []byte  `json:"values"`
}

// Sample is a test image and what the network says of it at present.
type Sample struct {
	Pixels []byte `json:"pixels"` // 28x28
	Label  int    `json:"label"`
	Answer int    `json:"answer"`
}

// State is a copy of the present state. What its slices hold is not changed
// later.
func (l *Lab) State() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.state
	s.Curve = slices.Clone(s.Curve)
	s.Places, s.Minutes = l.limits.Places, l.limits.Idle.Minutes()
	return s
}

func (l *Lab) phase() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.Phase
}

// training tells whether there is one, be it paused.
func (l *Lab) training() bool {
	return slices.Contains([]string{Loading, Running, Paused}, l.phase())
}
