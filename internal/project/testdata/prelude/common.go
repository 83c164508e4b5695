// Package snippet is what blocks of Go in documents and comments take for
// granted: what their readers have at hand. Each block is compiled with common.go,
// one in a comment also with the file of its folder, if there is one.
package snippet

import (
	"context"
	"log/slog"
	"testing"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

var (
	ctx    context.Context
	t      *testing.T
	client *orbit.Client
	server *orbittest.Server
	logger *slog.Logger
	err    error
	params messages.SendSMSParams

	// Who is to get a message, and a limit that somebody keeps.
	recipients []string
	limiter    orbit.RateLimiter
)
