package orbittest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
)

// FATE-2: fakes of a program can return every kind of error, and each says what
// one of a client would.
func TestNewTransportError(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		cause   error
		notSent bool
	}{{orbit.ErrNotSent, true}, {io.ErrUnexpectedEOF, false}, {context.DeadlineExceeded, false}, {nil, false}} {
		e := orbittest.NewTransportError("Messages.SendSMS", smsRoute, test.cause)
		err := fmt.Errorf("job 7: %w", error(e))
		assert.Equal(t, !test.notSent, orbit.MaybeSent(err))
		assert.True(t, orbit.Retryable(err))
		if test.cause != nil {
			require.ErrorIs(t, err, test.cause)
		}
		assert.Equal(t, test.notSent, errors.Is(err, orbit.ErrNotSent))
		assert.Contains(t, e.Error(), "orbit: Messages.SendSMS: POST /messages/sms: no ")
		assert.NotEmpty(t, e.IdempotencyKey)
		assert.Equal(t, 1, e.Attempts)
	}
}

func TestNewDecodeError(t *testing.T) {
	t.Parallel()
	e := orbittest.NewDecodeError("Messages.SendSMS", smsRoute, 202)
	assert.Equal(t, 202, e.StatusCode)
	assert.True(t, orbit.MaybeSent(e) && orbit.Retryable(e))
	assert.NotEmpty(t, e.IdempotencyKey)
	assert.Contains(t, e.Error(), "orbit: Messages.SendSMS: POST /messages/sms: 202, but ")
	assert.NotEmpty(t, e.RequestID)
}

func ExampleNewTransportError() {
	err := orbittest.NewTransportError("Messages.SendSMS", "POST /messages/sms", orbit.ErrNotSent)
	fmt.Println(orbit.MaybeSent(err), errors.Is(err, orbit.ErrNotSent))
	// Output: false true
}
