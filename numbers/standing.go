package numbers

import (
	"context"
	"encoding/json"
	"time"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/call"
)

// Warming is how much a number may send while networks get used to it. All of it
// is zero for numbers that need no warming: those that are not used for 10DLC.
type Warming struct {
	api.Meta `json:"-"`

	// Phase is how far the warming has come; empty where there is none.
	Phase WarmingPhase `json:"warming_phase,omitzero"`
	// DailyCap is how many messages it may send on one day.
	DailyCap int `json:"daily_cap,omitzero"`
	// CurrentDayCount is how many it has sent today.
	CurrentDayCount int `json:"current_day_count,omitzero"`
	// TrustScore is how far networks trust it, in the API's measure.
	TrustScore float64 `json:"trust_score,omitzero"`
	// StartedAt is when the warming began.
	StartedAt time.Time `json:"warming_started_at,omitzero"`
}

// WarmingPhase is a step of warming. The set is open.
type WarmingPhase string

// The documented phases, in their order.
const (
	// WarmingPhaseInitial is the first step, with the smallest cap.
	WarmingPhaseInitial WarmingPhase = "initial"
	// WarmingPhaseRamp is the step in which the cap grows.
	WarmingPhaseRamp WarmingPhase = "ramp"
	// WarmingPhaseSteady is the step in which the cap has come to its height.
	WarmingPhaseSteady WarmingPhase = "steady"
	// WarmingPhaseVerified is a number that networks have got used to.
	WarmingPhaseVerified WarmingPhase = "verified"
)

// Known reports whether this version of the SDK has a constant for the phase.
func (p WarmingPhase) Known() bool {
	switch p {
	case WarmingPhaseInitial, WarmingPhaseRamp, WarmingPhaseSteady, WarmingPhaseVerified:
		return true
	}
	return false
}

// GetWarming tells how far the warming of a number has come.
//
// GET /numbers/{id}/warming
func (s *Service) GetWarming(ctx context.Context, id string, opts ...api.CallOption) (*Warming, error) {
	// The answer for a number that is not used for 10DLC may be null.
	route := call.Get("Numbers.GetWarming", "/numbers/{id}/warming", id).MayBeEmpty()
	return call.Do[Warming, warmingWire](ctx, s.core, route, nil, opts)
}

// warmingWire is a Warming on the wire.
type warmingWire struct{ Warming }

// Public returns the warming.
func (w *warmingWire) Public(info *api.ResponseInfo) *Warming {
	w.Info = info
	return &w.Warming
}

// WarmingProgression is how the warming of a number is expected to go on. All of
// it is zero for numbers that need no warming.
type WarmingProgression struct {
	api.Meta `json:"-"`

	// Phase is where the warming is, in the API's words.
	Phase WarmingPhase `json:"warming_state,omitzero"`
	// StartedAt is when the warming began.
	StartedAt time.Time `json:"warming_started_at,omitzero"`
	// MaxDailySMS is how many messages it may send on one day now.
	MaxDailySMS int `json:"warming_max_daily_sms,omitzero"`
	// Forecast is what is expected of the days to come, as the API writes it. Its
	// shape is not documented.
	Forecast json.RawMessage `json:"forecast,omitzero"`
}

// GetWarmingProgression tells how the warming of a number is expected to go on.
//
// GET /numbers/{id}/warming/progression
func (s *Service) GetWarmingProgression(ctx context.Context, id string, opts ...api.CallOption) (*WarmingProgression, error) {
	route := call.Get("Numbers.GetWarmingProgression", "/numbers/{id}/warming/progression", id).MayBeEmpty()
	return call.Do[WarmingProgression, progressionWire](ctx, s.core, route, nil, opts)
}

// progressionWire is a WarmingProgression on the wire.
type progressionWire struct{ WarmingProgression }

// Public returns the progression.
func (w *progressionWire) Public(info *api.ResponseInfo) *WarmingProgression {
	w.Info = info
	return &w.WarmingProgression
}

// Health is how well messages and calls of a number get through.
type Health struct {
	api.Meta `json:"-"`

	// Raw is the data of the answer as it came, since its shape is not documented.
	Raw json.RawMessage `json:"-"`
}

// GetHealth tells how well messages and calls of a number get through. The shape
// of the answer is not documented.
//
// GET /numbers/{id}/health
func (s *Service) GetHealth(ctx context.Context, id string, opts ...api.CallOption) (*Health, error) {
	return call.Do[Health, healthWire](ctx, s.core, call.Get("Numbers.GetHealth", "/numbers/{id}/health", id), nil, opts)
}

// healthWire is a Health of any shape.
type healthWire struct{ rawWire }

// Public returns the raw answer.
func (w *healthWire) Public(info *api.ResponseInfo) *Health {
	return &Health{Meta: api.Meta{Info: info}, Raw: w.raw}
}

// Reputation is what networks and those who are called think of a number.
type Reputation struct {
	api.Meta `json:"-"`

	// Monitored tells whether Orbit watches the number's reputation. Status says
	// nothing where it does not.
	Monitored bool `json:"monitored"`
	// Status is the reputation, in the API's words.
	Status string `json:"status,omitzero"`
}

// GetReputation tells what networks and those who are called think of a number.
//
// GET /numbers/{id}/reputation
func (s *Service) GetReputation(ctx context.Context, id string, opts ...api.CallOption) (*Reputation, error) {
	return call.Do[Reputation, reputationWire](ctx, s.core, call.Get("Numbers.GetReputation", "/numbers/{id}/reputation", id), nil, opts)
}

// reputationWire is a Reputation on the wire.
type reputationWire struct{ Reputation }

// Public returns the reputation.
func (w *reputationWire) Public(info *api.ResponseInfo) *Reputation {
	w.Info = info
	return &w.Reputation
}
