package orbit

import (
	"context"
	"log/slog"

	"github.com/devotel/orbit-go/api"
)

type (
	// Observer sees every call and attempt of a client, for traces and metrics.
	Observer = api.Observer
	// CallEvent describes a call to an Observer.
	CallEvent = api.CallEvent
	// AttemptEvent describes one HTTP request to an Observer.
	AttemptEvent = api.AttemptEvent
)

// logObserver writes one line an attempt, and one a wait.
func logObserver(logger *slog.Logger) Observer {
	return Observer{
		AttemptDone: func(ctx context.Context, e AttemptEvent) {
			logger.LogAttrs(ctx, slog.LevelDebug, "orbit attempt", append(attemptAttrs(e), slog.Duration("duration", e.Duration))...)
		},
		RetryWait: func(ctx context.Context, e AttemptEvent) {
			logger.LogAttrs(ctx, slog.LevelWarn, "orbit retry", append(attemptAttrs(e), slog.Duration("wait", e.Wait))...)
		},
	}
}

func attemptAttrs(e AttemptEvent) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("op", e.Op), slog.String("route", e.Method+" "+e.Route), slog.Int("attempt", e.Attempt),
		slog.Int("status", e.StatusCode), slog.String("request_id", e.RequestID),
	}
	if e.Code != "" {
		attrs = append(attrs, slog.String("code", string(e.Code)))
	}
	if e.Reason != "" {
		attrs = append(attrs, slog.String("reason", e.Reason))
	}
	return attrs
}
