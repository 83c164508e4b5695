// Package flows keeps the flows of an account, which are graphs of nodes that run
// when something happens, and the executions of these flows. Its [Service] is the
// Flows field of an orbit.Client.
//
// A flow is changed by reading it, changing what has to change in its
// [Definition], and giving the definition back:
//
//	flow, err := client.Flows.Get(ctx, "flw_1")
//	if err != nil {
//		return err
//	}
//	greet, _ := flow.Definition.Node("greet")
//	if err := greet.Set("/data/text", "Good morning"); err != nil {
//		return err
//	}
//	if err := flow.Definition.SetNode(greet); err != nil {
//		return err
//	}
//	flow, err = client.Flows.Update(ctx, flow.ID, flows.UpdateParams{
//		Definition: flow.Definition,
//		Version:    flow.Version,
//	})
//
// Whatever was not touched goes back as it came, byte for byte.
//
// Orbit documents no path for publishing a flow, for triggering one, for
// cancelling an execution or for watching one: where an account has them, call
// them with the Call method of the client.
package flows

import (
	"github.com/devotel/orbit-go/internal/call"
)

// core is what every service here embeds.
type core = call.Service

// Service creates, reads and changes flows. It is safe for concurrent use.
type Service struct {
	// Executions reads and replays the executions of flows.
	Executions *Executions

	core
}
