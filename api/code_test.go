package api_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/api"
)

func TestCode(t *testing.T) { // FWD-2
	t.Parallel()
	assert.True(t, api.CodeMMSNANPOnly.Known())
	assert.True(t, api.CodeTokenLimit.Known())
	assert.False(t, api.Code("NEW_TOMORROW").Known())
	assert.False(t, api.Code("").Known())
	assert.Equal(t, "MMS_NANP_ONLY", api.CodeMMSNANPOnly.Error())
	var err error = api.Code("NEW_TOMORROW")
	assert.ErrorIs(t, err, api.Code("NEW_TOMORROW"))
	assert.False(t, errors.Is(err, api.CodeTokenLimit))
}
