package bulk

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"
)

// lookForAll settles the rows that were put aside, with one pass over the list for all
// of them, and another where that can settle more. reserve is a row that was kept back:
// it is sent first, and then is the canary that proves the absence of others.
func (r *runner) lookForAll(ctx context.Context, reserve *task) error {
	for len(r.aside) > 0 {
		rows := r.aside
		r.aside = nil
		if r.opts.Find == nil {
			for _, t := range rows {
				r.settled(t, verdict{Settlement: Settlement{Outcome: Unclear}, err: ErrUnclear})
			}
			break
		}
		if err := sleep(ctx, r.job.untilLate(rows)); err != nil {
			return context.Cause(ctx)
		}
		if r.sendOne(ctx, reserve); ctx.Err() != nil {
			return context.Cause(ctx)
		}
		reserve = nil
		s, claims, err := r.claimAll(ctx, rows)
		if err != nil {
			return err
		}
		lookErr := s.run(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if lookErr != nil && r.stalled() {
			return fmt.Errorf("%w: %w", ErrPaused, lookErr)
		}
		settledNow := r.concludeAll(ctx, rows, claims, s, lookErr)
		if len(r.aside) > 0 && !settledNow {
			if err := sleep(ctx, lookPause); err != nil {
				return context.Cause(ctx)
			}
		}
	}
	r.sendOne(ctx, reserve)
	return nil
}

// claimAll claims rows that are to be looked for.
func (r *runner) claimAll(ctx context.Context, rows []task) (*search, []Claim, error) {
	s := newSearch(r.opts.Find, r.job)
	claims := make([]Claim, len(rows))
	for i, t := range rows {
		claims[i] = Claim{Key: t.row.key, Fingerprint: t.row.fingerprint, Keyed: t.row.metadata, Token: rand.Text(), Lease: lease}
		entry, err := r.job.Claim(ctx, claims[i])
		if err != nil {
			return nil, nil, err
		}
		s.want(t.row.key, entry.Age)
	}
	return s, claims, nil
}

// concludeAll does what follows from a search. It puts aside again what another one may
// settle, and reports whether this one has settled anything.
func (r *runner) concludeAll(ctx context.Context, rows []task, claims []Claim, s *search, lookErr error) bool {
	before := r.progress().Done()
	var undecided []int
	var all sync.WaitGroup
	places := make(chan struct{}, max(r.opts.Concurrency, firstWorkers))
	for i, t := range rows {
		if s.found[t.row.key] == "" && (lookErr != nil || !s.absent(t.row.key, t.row.metadata)) {
			undecided = append(undecided, i)
			continue
		}
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			r.job.name(t.row, t.key)
			w := worker{ledger: r.job, find: r.opts.Find, row: t.row, send: t.send}
			v := w.conclude(ctx, claims[i], s, lookErr)
			r.conclude(t, v, w.settle(ctx, claims[i], v))
		})
	}
	all.Wait()
	settledNow := r.progress().Done() > before
	for _, i := range undecided {
		t := rows[i]
		unclear := verdict{Settlement: Settlement{Outcome: Unclear}, err: ErrUnclear, open: true}
		if err := r.job.Settle(ctx, claims[i], unclear.Settlement); err != nil {
			r.conclude(t, unclear, err)
			continue
		}
		age := s.wanted[t.row.key]
		canCome := s.catalog != nil && !s.hasCanary(t.row.key) && age < lookTime && r.job.hasCanary(age+time.Since(s.began))
		if lookErr != nil || settledNow || canCome {
			r.putAside(t)
		} else {
			r.settled(t, unclear)
		}
	}
	return settledNow
}
