//go:build go1.26

package orbit_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// From Go 1.26 on, errors.AsType needs no variable of its own.
func ExampleError_asType() {
	server := orbittest.NewServer()
	server.FailNext("POST /messages/sms", orbittest.Fault{Status: 422, Code: "INVALID_PHONE_NUMBER"})
	_, err := server.Client().Messages.SendSMS(context.Background(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
	if refused, ok := errors.AsType[*orbit.Error](err); ok {
		fmt.Println(refused.StatusCode, refused.Code)
	}
	// Output: 422 INVALID_PHONE_NUMBER
}
