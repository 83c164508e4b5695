package gate

import (
	"context"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// full is a response of a route with plenty left.
func full(started time.Time) *Report {
	return &Report{
		Started: started, Received: started.Add(time.Millisecond),
		Known: true, Limit: 1 << 30, Remaining: 1 << 30, Ends: time.Minute,
	}
}

func attempt(tb testing.TB, r *Route, c *Call, rep *Report) { //nolint:thelper // it is measured
	*c = Call{MaxWait: 75 * time.Second}
	now, err := r.Enter(context.Background(), c, time.Time{})
	if err != nil {
		tb.Fatal(err)
	}
	rep.Started, rep.Received = now, now
	r.Leave(c, rep)
	r.End(c)
}

// GATE-11: to enter and leave allocates nothing.
func TestEnterAllocatesNothing(t *testing.T) {
	r, c, rep := newRoute(standard()), new(Call), full(time.Now())
	attempt(t, r, c, rep)
	if n := testing.AllocsPerRun(1000, func() { attempt(t, r, c, rep) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkEnterLeave is what the gate costs a call that need not wait.
func BenchmarkEnterLeave(b *testing.B) {
	r, c, rep := newRoute(standard()), new(Call), full(time.Now())
	b.ReportAllocs()
	for b.Loop() {
		attempt(b, r, c, rep)
	}
}

// BenchmarkEnterLeaveContended has 256 goroutines at one route.
func BenchmarkEnterLeaveContended(b *testing.B) {
	r := newRoute(standard())
	b.ReportAllocs()
	b.SetParallelism(256 / runtime.GOMAXPROCS(0))
	b.RunParallel(func(pb *testing.PB) {
		c, rep := new(Call), full(time.Now())
		for pb.Next() {
			attempt(b, r, c, rep)
		}
	})
}

// BenchmarkWaiter is a call that queues and is let in.
func BenchmarkWaiter(b *testing.B) {
	b.ReportAllocs()
	r, first, second := newRoute(standard()), new(Call), new(Call)
	for b.Loop() {
		*r = Route{rules: r.rules, start: r.start}
		r.enterDoubt()
		*first, *second = Call{MaxWait: time.Minute}, Call{MaxWait: time.Minute}
		now, _ := r.Enter(context.Background(), first, time.Time{})
		done := make(chan error, 1)
		go func() {
			_, err := r.Enter(context.Background(), second, time.Time{})
			done <- err
		}()
		for r.idleQueue() {
			runtime.Gosched()
		}
		r.Leave(first, full(now))
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
}

func (r *Route) idleQueue() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.queued() == 0
}

// GATE-10: a call that waits costs at most 2 KB beside its goroutine.
func TestWaiterIsSmall(t *testing.T) { //nolint:paralleltest // it measures memory
	if strconv.IntSize < 64 {
		t.Skip("pointers are smaller here")
	}
	synctest.Test(t, func(t *testing.T) {
		const n = 5000
		r := newRoute(standard())
		first := &Call{MaxWait: 75 * time.Second}
		if _, err := r.Enter(t.Context(), first, time.Time{}); err != nil {
			t.Fatal(err)
		}
		calls := make([]Call, n)
		var wg sync.WaitGroup
		before := heap()
		for i := range calls {
			calls[i].MaxWait = 75 * time.Second
			wg.Go(func() {
				if _, err := r.Enter(t.Context(), &calls[i], time.Time{}); err == nil {
					r.Leave(&calls[i], &Report{Started: time.Now(), Received: time.Now()})
				}
			})
		}
		synctest.Wait()
		each := (heap() - before) / n
		r.Leave(first, &Report{Started: time.Now(), Received: time.Now()})
		wg.Wait()
		t.Logf("%d bytes each", each)
		if each > 2048 {
			t.Errorf("%d bytes each", each)
		}
	})
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
