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
	for ctx.Err() == nil && (r.waiting() > 0 || reserve != nil) {
		if r.conflicts.Load() { // no row may wait until its key is forgotten, too
			r.sendOne(ctx, reserve)
			reserve = nil
		}
		rows := r.takeAside()
		if err := sleep(ctx, r.job.untilLate(rows)); err != nil {
			break
		}
		r.sendOne(ctx, reserve)
		reserve = nil
		settledAny, err := r.lookFor(ctx, rows)
		if err != nil {
			return err
		}
		if r.waiting() > 0 && !settledAny {
			_ = sleep(ctx, lookPause)
		}
	}
	return context.Cause(ctx)
}

// claimed is a row with the claim that looks for it.
type claimed struct {
	task

	claim Claim
}

// lookFor makes one pass over the list. It reports whether it has settled anything.
func (r *runner) lookFor(ctx context.Context, rows []task) (settledAny bool, err error) {
	if len(rows) == 0 || ctx.Err() != nil {
		return true, nil //nolint:nilerr // the caller asks the context
	}
	before := r.progress().Done()
	s := newSearch(r.opts.Find, r.job)
	claims, err := r.claimAll(ctx, s, rows)
	if err == nil && len(claims) > 0 {
		lookErr := s.run(ctx)
		if lookErr != nil && r.stalledBy(0) {
			err = fmt.Errorf("%w: %w", ErrPaused, lookErr)
		}
		if err == nil && ctx.Err() == nil {
			r.concludeAll(ctx, claims, s, lookErr)
			claims = nil
		}
	}
	r.giveBack(ctx, claims)
	return r.progress().Done() > before, err
}

// claimAll claims rows that are to be looked for. A row that another Send has meanwhile
// claimed is put aside again.
func (r *runner) claimAll(ctx context.Context, s *search, rows []task) (claims []claimed, err error) {
	for _, t := range rows {
		c := Claim{Key: t.row.key, Fingerprint: t.row.fingerprint, Keyed: t.row.metadata, Token: rand.Text(), Lease: lease}
		entry, err := r.job.Claim(ctx, c)
		switch {
		case err != nil:
			return claims, err
		case entry.State == Granted:
			claims = append(claims, claimed{t, c})
			s.want(c.Key, entry.Age)
		case entry.State == Running:
			r.unclearRow(t, verdict{})
		default:
			r.settled(t, known(entry.Settlement))
		}
	}
	return claims, nil
}

// giveBack ends claims that have changed nothing.
func (r *runner) giveBack(ctx context.Context, claims []claimed) {
	for _, c := range claims {
		_ = r.job.Settle(ctx, c.claim, Settlement{Outcome: Later}) // writes nothing
	}
}

// concludeAll does what follows from a search. It puts aside again what another one may
// settle.
func (r *runner) concludeAll(ctx context.Context, claims []claimed, s *search, lookErr error) {
	before := r.progress().Done()
	var undecided []claimed
	var all sync.WaitGroup
	places := make(chan struct{}, max(r.opts.Concurrency, firstWorkers))
	for _, c := range claims {
		found := s.found[c.row.key] != ""
		if !found && (lookErr != nil || !s.absent(c.row.key, c.row.metadata)) || !found && r.pace.wait(ctx) != nil {
			undecided = append(undecided, c)
			continue
		}
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			r.guard(func() { r.concludeOne(ctx, c, s, lookErr) })
		})
	}
	all.Wait()
	settledAny := r.progress().Done() > before
	r.giveBack(ctx, undecided)
	for _, c := range undecided {
		key := c.row.key
		canCome := !s.ended(key) && r.job.hasCanary(s.wanted[key]+time.Since(s.began))
		if lookErr != nil || settledAny || canCome || ctx.Err() != nil {
			r.unclearRow(c.task, verdict{})
		} else {
			r.settled(c.task, verdict{Settlement: Settlement{Outcome: Unclear}, err: ErrUnclear})
		}
	}
}

// concludeOne settles a row that is found, and sends one that is proved absent.
func (r *runner) concludeOne(ctx context.Context, c claimed, s *search, lookErr error) {
	r.job.name(c.row, c.key)
	w := worker{ledger: r.job, row: c.row, send: c.send}
	v := w.conclude(ctx, c.claim, s, lookErr)
	err := w.settle(ctx, c.claim, v)
	left := time.Until(v.retryAt)
	if err == nil && v.Outcome == Later && !v.retryAt.IsZero() && left <= r.opts.Patience && sleep(ctx, left) == nil {
		r.sendRow(ctx, c.task) // a limit or an outage was in the way
		return
	}
	r.conclude(c.task, v, err)
}
