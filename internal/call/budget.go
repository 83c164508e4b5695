package call

import (
	"sync"
	"time"
)

// The retry budget of a client. While most calls succeed it is never felt; when
// everything fails, it keeps a client from multiplying the load.
const (
	// budgetSize is how many repeats are saved up at most, and at the start.
	budgetSize = 100
	// budgetPerSuccess is what a successful call adds.
	budgetPerSuccess = 0.2
	// budgetPerSecond is what time adds.
	budgetPerSecond = 1.0
)

// budget counts the repeats that a client may still make.
type budget struct {
	mu    sync.Mutex
	left  float64
	asked time.Time // when left was last brought up to date
}

func newBudget() *budget { return &budget{left: budgetSize, asked: time.Now()} }

// take pays for a repeat, if there is enough.
func (b *budget) take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill()
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}

// earn is told of a success. A full budget, as almost always, is left alone.
func (b *budget) earn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < budgetSize {
		b.refill()
		b.left = min(b.left+budgetPerSuccess, budgetSize)
	}
}

// remaining is the number of repeats left.
func (b *budget) remaining() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refill()
	return int(b.left)
}

func (b *budget) refill() {
	now := time.Now()
	b.left = min(b.left+budgetPerSecond*now.Sub(b.asked).Seconds(), budgetSize)
	b.asked = now
}
