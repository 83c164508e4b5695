package messages_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

// slowList is a list of ten pages, each of which takes four seconds.
type slowList struct{ requests int }

func (l *slowList) RoundTrip(r *http.Request) (*http.Response, error) {
	l.requests++
	select {
	case <-time.After(4 * time.Second):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	body := fmt.Sprintf(`{"data":[{"id":"msg_%d"}],"meta":{"pagination":{"cursor":"cur_%d","has_more":%t}}}`, l.requests, l.requests, l.requests < 10)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// TestIterationBoundByOptions proves that a time limit given to an iterator bounds
// the whole iteration, and one of the client each of its calls.
func TestIterationBoundByOptions(t *testing.T) { // FATE-7, PAG-4
	t.Parallel()
	ranges := map[string]func(*messages.Service, context.Context, ...orbit.CallOption) (int, error){
		"All": func(s *messages.Service, ctx context.Context, opts ...orbit.CallOption) (n int, err error) {
			for _, err = range s.All(ctx, messages.ListParams{}, opts...) {
				if err == nil {
					n++
				}
			}
			return n, err
		},
		"Pages": func(s *messages.Service, ctx context.Context, opts ...orbit.CallOption) (n int, err error) {
			for _, err = range s.Pages(ctx, messages.ListParams{}, opts...) {
				if err == nil {
					n++
				}
			}
			return n, err
		},
	}
	for name, count := range ranges {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				n, err := count(newService(t, &slowList{}), t.Context(), orbit.WithTimeout(10*time.Second))
				require.ErrorIs(t, err, context.DeadlineExceeded)
				assert.Equal(t, 2, n)
				assert.Equal(t, 10*time.Second, time.Since(began))

				for _, opts := range [][]orbit.CallOption{{}, {orbit.WithTimeout(time.Minute)}, {orbit.WithTimeout(0)}} {
					n, err = count(newService(t, &slowList{}, orbit.WithDefaults(orbit.WithTimeout(5*time.Second))), t.Context(), opts...)
					require.NoError(t, err)
					assert.Equal(t, 10, n)
				}
			})
		})
	}
}

// TestPageNextBound proves that the Next of a page is a call of its own, under the
// options that the page came with.
func TestPageNextBound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := newService(t, &slowList{})
		page, err := service.List(t.Context(), messages.ListParams{}, orbit.WithTimeout(5*time.Second))
		for range 9 {
			require.NoError(t, err)
			page, err = page.Next(t.Context())
		}
		require.NoError(t, err)
		for page, err := range newService(t, &slowList{}).Pages(t.Context(), messages.ListParams{}, orbit.WithTimeout(7*time.Second)) {
			require.NoError(t, err)
			time.Sleep(time.Minute)
			_, err = page.Next(t.Context())
			require.NoError(t, err)
			break
		}
	})
}
