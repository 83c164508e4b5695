package bulk

import "time"

// clockSlack is how far the machine's clock may step without making ages wrong: less
// than what the times of a claim leave.
const clockSlack = time.Second

// clock is a journal's clock. It never goes back: it is monotonic within the process, and
// begins no earlier than the last record of the processes before.
type clock struct {
	began   time.Time // when wall and machine were read, on the monotonic clock
	wall    time.Time // this clock
	machine time.Time // the machine's
}

func newClock() clock {
	now := time.Now()
	return clock{began: now, wall: now.Round(0), machine: now.Round(0)}
}

func (c *clock) now() time.Time { return c.wall.Add(time.Since(c.began)) }

// follow lets the clock follow where the machine's has gone ahead, and reports whether
// that was a jump: somebody set the clock, or the machine slept, which stops the
// monotonic one. How old anything is that began before is then unknown.
func (c *clock) follow() (jumped bool) {
	ahead := time.Now().Round(0).Sub(c.machine) - time.Since(c.began)
	c.machine = c.machine.Add(ahead)
	if ahead > 0 {
		c.wall = c.wall.Add(ahead)
	}
	return ahead > clockSlack
}

// reach makes sure that the clock is not behind a time of the past, and reports whether
// it was set back: by how much is then unknown.
func (c *clock) reach(past time.Time) (setBack bool) {
	behind := past.Sub(c.wall)
	if behind > 0 {
		c.wall = past
	}
	return behind > clockSlack
}
