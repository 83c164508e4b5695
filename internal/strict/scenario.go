package strict

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// Load is who makes calls.
type Load struct {
	// Calls is their number, Goroutines how many make them; 0 for one each, which
	// begins with its call.
	Calls, Goroutines int
	// Clients is how many clients the goroutines are spread over; 1 if 0.
	Clients int
	// Every is the time from call to call; 0 for as fast as the goroutines are.
	Every time.Duration
	// Early is how many calls come before a break of Idle, which does not count.
	Early int
	Idle  time.Duration
	// MaxWait is theirs; 75 s if nil.
	MaxWait *time.Duration
	// Once tells that they make one attempt each.
	Once bool
	// Timeout is that of an attempt; 30 s if 0.
	Timeout time.Duration
	// Cancelled is the share of calls that are given up within two minutes.
	Cancelled float64
}

// Patience is the MaxWait of the calls.
func (l *Load) Patience() time.Duration {
	if l.MaxWait == nil {
		return 75 * time.Second
	}
	return *l.MaxWait
}

// Run makes the calls, each by a client, and returns the time that they took.
func (l *Load) Run(call func(client, i int)) time.Duration {
	start := time.Now()
	jobs := make(chan int)
	var running sync.WaitGroup
	for g := range l.Goroutines {
		running.Go(func() {
			for i := range jobs {
				call(g%max(l.Clients, 1), i)
			}
		})
	}
	for i := range l.Calls {
		if i == l.Early && l.Idle > 0 {
			time.Sleep(l.Idle)
			start = time.Now()
		}
		if l.Every > 0 {
			time.Sleep(time.Until(start.Add(time.Duration(i-l.Early) * l.Every)))
		}
		if l.Goroutines == 0 {
			running.Go(func() { call(i%max(l.Clients, 1), i) })
		} else {
			jobs <- i
		}
	}
	close(jobs)
	running.Wait()
	return time.Since(start)
}

// Bounds is what a scenario may cost at the most; 0 allows nothing, but any number
// of requests in trouble and in a second after it.
type Bounds struct {
	Took      time.Duration
	Refused   int
	Failed    int
	InTrouble int
	Busiest   int
}

// Scenario is a load on a server, and what it may cost.
type Scenario struct {
	Name string
	Load
	Server
	Bounds
}

// Judge compares a run with its bounds.
func (s *Scenario) Judge(took time.Duration, failed int) (wrong []string) {
	unless := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	unless(took <= s.Bounds.Took, "took %s", took)
	unless(s.Refusals() <= s.Bounds.Refused, "%d refusals", s.Refusals())
	unless(failed <= s.Bounds.Failed, "%d failed", failed)
	unless(s.Doubled() == 0, "%d doubled", s.Doubled())
	unless(s.Bounds.InTrouble == 0 || s.Server.InTrouble() <= s.Bounds.InTrouble, "%d requests in trouble", s.Server.InTrouble())
	unless(s.Bounds.Busiest == 0 || s.Server.Busiest() <= s.Bounds.Busiest, "%d requests in a second after it", s.Server.Busiest())
	return wrong
}

// Shortest is the least time of the policy, in words.
func (s *Scenario) Shortest() string {
	if s.Policy == nil {
		return "-"
	}
	return Least(s.Policy, s.Calls).Round(time.Millisecond).String()
}

// Between is a latency between two others.
func Between(low, high time.Duration) func(*rand.Rand) time.Duration {
	return func(r *rand.Rand) time.Duration { return low + time.Duration(r.Int64N(int64(high-low+1))) }
}

func calls(n, goroutines int) Load { return Load{Calls: n, Goroutines: goroutines} }

func limited(p Policy) Server { return Server{Policy: p} }

// Limits are servers that limit requests, in every way that a client has to live
// with.
func Limits() []Scenario {
	const ms, s, m = time.Millisecond, time.Second, time.Minute
	plain := calls(1500, 64)
	many := calls(5000, 500)
	told := func(h Headers) Server { return Server{Policy: PerMinute(300), Headers: h} }
	shared := func(l Load, n int) Load {
		l.Clients = n
		return l
	}
	waits := func(l Load, d time.Duration) Load {
		l.MaxWait = &d
		return l
	}
	early := func(l Load, idle time.Duration) Load {
		l.Early, l.Idle = 1, idle
		return l
	}
	quiet := limited(&Both{PerMinute(6000), PerSecond(50)})
	quiet.Troubles = []Trouble{{0, 100 * ms, Refused, s}}
	slow := calls(200, 64)
	slow.Timeout = time.Hour
	steady := plain
	steady.Every = 150 * ms
	cut := &Fixed{Limit: 300, Window: m, Phase: 17700 * ms}
	up := &Fixed{Limit: 300, After: 600, Window: m}
	return []Scenario{
		{"fixed, aligned", plain, limited(PerMinute(300)), Bounds{Took: 4*m + 600*ms}},
		{"fixed, 500 goroutines", calls(1500, 500), limited(PerMinute(100)), Bounds{Took: 14*m + 1*s}},
		{"fixed, not aligned, cut to seconds", plain, limited(cut), Bounds{Took: 3*m + 19*s, Refused: 1}},
		{"windows of 1 s", calls(300, 32), limited(PerSecond(10)), Bounds{Took: 34 * s}},
		{"sliding", plain, limited(&Sliding{Limit: 300, Window: m}), Bounds{Took: 4*m + 3*s, Refused: 10}},
		{"sliding, after steady traffic", steady, limited(&Sliding{Limit: 300, Window: m}), Bounds{Took: 5 * m, Refused: 110}},
		{"token bucket", plain, limited(&Bucket{Size: 60, Every: 200 * ms}), Bounds{Took: 4*m + 56*s}},
		{"20 a second in 600 a minute", calls(1800, 64), limited(&Both{PerMinute(600), PerSecond(20)}), Bounds{Took: 2*m + 37*s, Refused: 80}},
		{"20 a second in 6000 a minute", calls(1800, 64), limited(&Both{PerMinute(6000), PerSecond(20)}), Bounds{Took: 1*m + 45*s, Refused: 80}},
		{"4 clients", shared(calls(1500, 128), 4), limited(PerMinute(300)), Bounds{Took: 4*m + 1900*ms, Refused: 400}},
		{"16 clients", shared(calls(3000, 256), 16), limited(PerMinute(300)), Bounds{Took: 9*m + 3*s, Refused: 2000, Failed: 5}},
		{"goes up within a window", calls(2100, 64), limited(up), Bounds{Took: 4*m + 2*s}},
		{"responses take 90 s", slow, Server{Policy: PerMinute(20), Latency: Between(45*s, 45*s)}, Bounds{Took: 12*m + 36*s, Refused: 5}},
		{"latency of 5 ms to 3 s", plain, Server{Policy: PerMinute(300), Latency: Between(2500*time.Microsecond, 1500*ms)}, Bounds{Took: 4*m + 13*s}},
		{"clock 3 h ahead", plain, told(Headers{Ahead: 3 * time.Hour}), Bounds{Took: 4*m + 600*ms}},
		{"clock steps 1 h back", plain, told(Headers{Jump: -time.Hour}), Bounds{Took: 4*m + 2*s, Refused: 5}},
		{"no Date, 20 s ahead", plain, told(Headers{Undated: true, Ahead: 20 * s}), Bounds{Took: 4*m + 6*s, Refused: 5}},
		{"no Date, 20 s behind", plain, told(Headers{Undated: true, Ahead: -20 * s}), Bounds{Took: 4*m + 6*s, Refused: 20}},
		{"headers on every other response", plain, told(Headers{Nth: 2}), Bounds{Took: 4*m + 3*s, Refused: 150}},
		{"headers on 429s only", plain, told(Headers{Only429: true}), Bounds{Took: 4*m + 10*s, Refused: 300}},
		{"only Retry-After", plain, told(Headers{None: true}), Bounds{Took: 4*m + 10*s, Refused: 300}},
		{"nothing but 429", plain, told(Headers{None: true, NoWait: true}), Bounds{Took: 4*m + 30*s, Refused: 300}},
		{
			"bucket, only Retry-After", calls(1500, 256),
			Server{Policy: &Bucket{Size: 60, Every: 200 * ms}, Headers: Headers{None: true}}, Bounds{Took: 5*m + 48*s, Refused: 1500},
		},
		{
			"some name a reset 50 min away", calls(500, 4),
			Server{Policy: PerMinute(1000), Headers: Headers{Lie: 50 * m}}, Bounds{Took: 6 * m},
		},
		{
			"half of the responses lost", calls(2000, 64),
			Server{Policy: PerMinute(600), Lost: 0.5}, Bounds{Took: 6 * m, Refused: 5, Failed: 400},
		},
		{"2 % of the responses lost", many, Server{Policy: PerMinute(600), Lost: 0.02}, Bounds{Took: 8*m + 3*s, Failed: 8}},
		{"2 % busy", many, Server{Policy: PerMinute(600), Busy: 0.02}, Bounds{Took: 8*m + 3*s, Failed: 8}},
		{"MaxWait shorter than the reset", waits(calls(200, 200), 30*s), limited(PerMinute(100)), Bounds{Took: 1 * s, Failed: 100}},
		{"MaxWait 0", waits(calls(200, 200), 0), limited(PerMinute(100)), Bounds{Took: 2 * s, Refused: 100, Failed: 100}},
		{"MaxWait 0, limit known", waits(early(calls(200, 200), s), 0), limited(PerMinute(100)), Bounds{Took: 1 * s, Failed: 100}},
		{"a burst after one 429", early(calls(1001, 64), 5*s), quiet, Bounds{Took: 25 * s, Refused: 100}},
		{"ten minutes after one 429", early(calls(1001, 64), 10*m), quiet, Bounds{Took: 25 * s, Refused: 100}},
	}
}

// Troubles are servers in trouble.
func Troubles() []Scenario {
	const ms, s, m = time.Millisecond, time.Second, time.Minute
	in := func(from, to time.Duration, f Fate, wait time.Duration) Server {
		return Server{Troubles: []Trouble{{from, to, f, wait}}}
	}
	steady := func(n int) Load { return Load{Calls: n, Every: 2 * ms, Timeout: 10 * s} }
	lighter := Load{Calls: 14000, Every: 10 * ms}
	once := calls(40, 40)
	once.Once = true
	quick := in(20*s, 30*s, Busy, 0)
	quick.Latency = Between(0, 0)
	broken := in(0, time.Hour, Broken, 0)
	broken.Latency = Between(300*ms, 300*ms)
	seldom := Load{Calls: 100, Goroutines: 100, Every: 10 * s}
	const later = 60 * ms // than the first response
	return []Scenario{
		{"429 for 60 s, asks for 1 s", calls(2000, 1000), in(0, m, Refused, s), Bounds{Took: m + 3*s, Refused: 60}},
		{"429 for 60 s, asks for nothing", calls(128, 64), in(0, m, Refused, 0), Bounds{Took: m + 9*s, Refused: 15}},
		{"429 for 20 s, asks for 30 s", calls(1000, 100), in(later, 20*s, Refused, 30*s), Bounds{Took: 35 * s, Refused: 110}},
		{"429 for 100 s, asks for 10 s", calls(50, 50), in(0, 100*s, Refused, 10*s), Bounds{Took: 105 * s, Refused: 12}},
		{"429 for ever", calls(50, 50), in(0, time.Hour, Refused, s), Bounds{Took: 5*m + 5*s, Refused: 310, Failed: 50}},
		{"refused for 50 min, wrongly", seldom, in(9*s, 11*s, Refused, 50*m), Bounds{Took: 17 * m, Refused: 2, Failed: 10}},
		{"503 for 10 s, 1000 at once", calls(1000, 1000), in(later, later+10*s, Busy, 0), Bounds{Took: 15 * s, InTrouble: 1300}},
		{"503 for 10 s, 50 at once", calls(50, 50), in(0, 10*s, Busy, 0), Bounds{Took: 13 * s, InTrouble: 65}},
		{"503 for 10 s, 10 at once", calls(10, 10), in(0, 10*s, Busy, 0), Bounds{Took: 13 * s, InTrouble: 25}},
		{"503 for 10 s, alone", calls(1, 1), in(0, 10*s, Busy, 0), Bounds{Took: 2 * s, Failed: 1, InTrouble: 3}},
		{"no connection for 3 s", calls(50, 50), in(0, 3*s, Unconnected, 0), Bounds{Took: 6 * s, InTrouble: 60}},
		{"503 for 10 s at 500 a second", steady(30000), in(20*s, 30*s, Busy, 0), Bounds{Took: 61 * s, InTrouble: 250, Busiest: 800}},
		{"503 for 10 s at 500 a second, at once", steady(30000), quick, Bounds{Took: 61 * s, InTrouble: 250, Busiest: 800}},
		{"hangs for 10 s at 500 a second", steady(30000), in(20*s, 30*s, Hanging, 0), Bounds{Took: 61 * s, InTrouble: 5100}},
		{
			"503 for 100 s at 100 a second", lighter, in(20*s, 120*s, Busy, 0),
			Bounds{Took: 4 * m, Failed: 2800, InTrouble: 200, Busiest: 160},
		},
		{"one attempt each, never answered", once, broken, Bounds{Took: 2 * s, Failed: 40}},
		{"503 for ever, 1000 at once", calls(1000, 1000), in(0, time.Hour, Busy, 0), Bounds{Took: 80 * s, Failed: 1000, InTrouble: 1200}},
	}
}

// Scenarios are all of them.
func Scenarios() []Scenario { return append(Limits(), Troubles()...) }
