package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/devotel/orbit-go/internal/check"
)

func TestIsLoopback(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.9.9.9": true, "::1": true,
		"": false, "localhost.example.com": false, "10.0.0.1": false, "0.0.0.0": false, "128.0.0.1": false, "[::1]": false,
	} {
		assert.Equal(t, want, check.IsLoopback(host), host)
	}
}
