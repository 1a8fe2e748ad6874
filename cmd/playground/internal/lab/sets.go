package lab

import (
	"fmt"
	"sync"

	"symgrad/data"
)

// Load gives the sets to train and to test on.
type Load func() (training, test *data.Set, err error)

// sets are loaded for the first who needs them, and let go by the last.
type sets struct {
	load Load

	mu             sync.Mutex
	users          int
	training, test *data.Set
}

func (s *sets) borrow() (training, test *data.Set, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users == 0 {
		if s.training, s.test, err = s.load(); err != nil {
			return nil, nil, fmt.Errorf("lab: %w", err)
		}
	}
	s.users++
	return s.training, s.test, nil
}

func (s *sets) giveBack() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users--; s.users == 0 {
		s.training, s.test = nil, nil
	}
}
