// Package verify checks that a phone number or an e-mail address belongs to
// somebody: it sends a one-time code there and checks what the person types. Its
// [Service] is the Verify field of an orbit.Client.
//
//	sent, err := client.Verify.Send(ctx, verify.SendParams{To: "+14155552671", Channel: verify.ChannelSMS})
//	if err != nil {
//		return err
//	}
//	checked, err := client.Verify.Check(ctx, verify.CheckParams{VerificationID: sent.ID, Code: "123456"})
//	if err != nil {
//		return err
//	}
//	fmt.Println(checked.Approved())
//
// A wrong code is a result, not an error: only Approved lets anybody in. Codes are
// api.Secret and appear in no error, log, hook or dump of the SDK.
//
// Magic links, push challenges and other factors have no documented path: where an
// account has them, call them with the Call method of the client.
package verify

import (
	"github.com/devotel/orbit-go/internal/call"
)

// core is what every service here embeds.
type core = call.Service

// Service sends and checks codes. It is safe for concurrent use.
type Service struct {
	// Profiles keeps sets of settings for sending codes.
	Profiles *Profiles

	core
}
