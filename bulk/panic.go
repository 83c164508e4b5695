package bulk

import (
	"fmt"
	"runtime/debug"

	"github.com/devotel/orbit-go/api"
)

// errPanicked stops a run in which a function of the caller's panicked.
const errPanicked = api.Sentinel("bulk: a function of the caller's panicked")

// panicked is what [Send] panics with when a function of the caller's did so on another
// goroutine.
type panicked struct {
	value any // nil where the function ended its goroutine
	stack []byte
}

// Error is the panic and where it happened.
func (p *panicked) Error() string { return fmt.Sprintf("%v\n\n%s", p.value, p.stack) }

// Unwrap returns the value of the panic, if it was an error.
func (p *panicked) Unwrap() error {
	err, _ := p.value.(error)
	return err
}

func (r *runner) firstPanic() *panicked {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.panicked
}

// guard calls f on a goroutine of the run. A panic in it stops the run.
func (r *runner) guard(f func()) {
	returned := false
	defer func() {
		if returned {
			return
		}
		p := &panicked{value: recover(), stack: debug.Stack()}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.panicked == nil {
			r.panicked = p
		}
		r.cancel(errPanicked)
	}()
	f()
	returned = true
}
