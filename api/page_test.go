package api_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/api"
)

// TestPageMadeByHand proves that a user's fake can make pages: without a source
// there is nothing behind them, whatever they say.
func TestPageMadeByHand(t *testing.T) { // TST-5
	t.Parallel()
	for name, page := range map[string]*api.Page[int]{
		"empty":             {},
		"last":              {Items: []int{1, 2}},
		"says there's more": {Items: []int{1}, HasMore: true, NextCursor: "cur_2"},
	} {
		next, err := page.Next(t.Context())
		assert.Nil(t, next, name)
		require.ErrorIs(t, err, api.ErrNoMorePages, name)
		assert.Empty(t, page.RequestID(), name)
	}
}

func TestPageNext(t *testing.T) { // PAG-6
	t.Parallel()
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "caller's")
	asked := 0
	source := func(got context.Context) (*api.Page[int], error) {
		asked++
		assert.Equal(t, "caller's", got.Value(key{}))
		return &api.Page[int]{Items: []int{2}}, nil
	}
	first := api.NewPage(api.Page[int]{Items: []int{1}, HasMore: true}, source)
	second, err := first.Next(ctx)
	require.NoError(t, err)
	assert.Equal(t, []int{2}, second.Items)
	assert.Equal(t, 1, asked)

	last := api.NewPage(api.Page[int]{Items: []int{1}}, source)
	_, err = last.Next(ctx)
	require.ErrorIs(t, err, api.ErrNoMorePages)
	assert.Equal(t, 1, asked, "nothing is asked for behind the last page")
}

func TestPageTotal(t *testing.T) {
	t.Parallel()
	none := 0
	assert.Nil(t, api.Page[int]{}.Total, "unknown")
	assert.Zero(t, *api.Page[int]{Total: &none}.Total, "known to be empty")
}

func TestSentinel(t *testing.T) {
	t.Parallel()
	assert.EqualError(t, api.ErrNoMorePages, "orbit: no more pages")
	wrapped := errors.Join(errors.New("other"), api.ErrNoMorePages)
	assert.ErrorIs(t, wrapped, api.ErrNoMorePages)
	assert.NotErrorIs(t, wrapped, api.Sentinel("orbit: another"))
}
