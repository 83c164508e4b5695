package api_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/api"
)

func TestCallOption(t *testing.T) {
	t.Parallel()
	var s api.CallSettings
	api.CallOption{}.Apply(&s)
	assert.Zero(t, s, "the zero option changes nothing")

	api.NewCallOption(func(s *api.CallSettings) { s.MaxAttempts = 5 }).Apply(&s)
	api.NewCallOption(nil).Apply(&s)
	assert.Equal(t, api.CallSettings{MaxAttempts: 5}, s)
}

// TestRetryPolicyZero proves that settings made by hand leave the choice to the
// operation.
func TestRetryPolicyZero(t *testing.T) {
	t.Parallel()
	assert.Equal(t, api.RetryUnset, api.CallSettings{}.Retry)
	assert.Less(t, api.RetryDefault, api.RetryNone)
}
