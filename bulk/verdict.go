package bulk

import (
	"errors"
	"net/http"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
)

const (
	errRunning = api.Sentinel("bulk: another claim has the row")
	errState   = api.Sentinel("bulk: the ledger returned an unknown state")
	errNoID    = api.Sentinel("bulk: the result of the send has no ID")
)

// verdict is where a row stands after one claim.
type verdict struct {
	Settlement

	retryAt time.Time
	err     error
	// open means that the row may have been sent: its intent stays.
	open bool
}

// unsettled reports whether the row has no final outcome.
func (v *verdict) unsettled() bool { return v.Outcome == Later || v.Outcome == Unclear }

// forLedger is what the ledger is told. Params that the SDK rejected are not held
// against the row: they never reached Orbit.
func (v *verdict) forLedger() Settlement {
	s := v.Settlement
	switch {
	case s.Outcome == Later && v.open:
		s.Outcome = Unclear
	case s.Outcome == Rejected && s.StatusCode == 0:
		s.Outcome = Later
	}
	return s
}

// judge decides what one send means for its row.
func judge(id string, err error) verdict {
	switch {
	case id != "":
		return verdict{Settlement: Settlement{Outcome: Sent, MessageID: id}}
	case err == nil:
		return verdict{Settlement: Settlement{Outcome: Unclear}, err: errNoID}
	}
	v := verdict{err: err}
	var refused *orbit.Error
	var invalid *orbit.ParamError
	switch sent := orbit.MaybeSent(err); {
	case errors.As(err, &invalid), errors.Is(err, orbit.CodeMessageSendFailed):
		v.Outcome = Rejected
	case errors.Is(err, orbit.ErrNotSent), !sent && (blocksAll(err) || orbit.Retryable(err)):
		v.Outcome, v.retryAt = Later, retryAt(err)
	case errors.Is(err, orbit.ErrConflict): // the key belongs to a request that Orbit has
		v.Outcome = Unclear
	case !sent && errors.As(err, &refused):
		v.Outcome = Rejected
	default:
		v.Outcome = Unclear
	}
	if v.Outcome == Rejected && errors.As(err, &refused) {
		v.StatusCode, v.Code = refused.StatusCode, string(refused.Code)
	}
	return v
}

// blocksAll reports whether an error would meet every row: the key, the account or the
// way to Orbit is at fault, not what the row says.
func blocksAll(err error) bool {
	var refused *orbit.Error
	if errors.As(err, &refused) && !fromOrbit(refused) {
		return true
	}
	return errors.Is(err, orbit.ErrUnauthorized) || errors.Is(err, orbit.ErrForbidden) || errors.Is(err, orbit.ErrNoBalance)
}

// fromOrbit reports whether an error is Orbit's own, and not that of a proxy, a portal or
// a wrong address: those redirect, and have neither code nor message.
func fromOrbit(e *orbit.Error) bool {
	redirect := e.StatusCode >= http.StatusMultipleChoices && e.StatusCode < http.StatusBadRequest
	return !redirect && (e.Code != "" || e.Message != "")
}

// retryAt is when an error says to come back, zero where time does not help.
func retryAt(err error) time.Time {
	var refused *orbit.Error
	var silent *orbit.TransportError
	switch {
	case blocksAll(err):
		return time.Time{}
	case errors.As(err, &silent) && !silent.RetryAt.IsZero():
		return silent.RetryAt
	case errors.As(err, &refused) && !refused.RetryAt.IsZero():
		return refused.RetryAt
	}
	return time.Now().Add(notSentPause)
}
