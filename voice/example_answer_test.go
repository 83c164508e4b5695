package voice_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/devotel/orbit-go/voice"
)

// The handler at the answer URL of a number. What it may answer is not published.
func ExampleParseAnswerRequest() {
	answer := func(w http.ResponseWriter, r *http.Request) {
		call, err := voice.ParseAnswerRequest(r)
		if err != nil {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		if call.From == "" {
			call.From = "somebody"
		}
		fmt.Println(call.From, "calls", call.DialedE164, "attempt", string(call.Extra["attempt"]))
	}

	body := `{"callSid":"CA1","from":null,"to":"+14155550199","dialedE164":"+14155550199","routeId":"r1","organizationId":"o1","attempt":1}`
	answer(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/answer", strings.NewReader(body)))
	answer(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/answer?callSid=CA2&from=%2B14155550100&dialedE164=%2B14155550199", nil))
	// Output:
	// somebody calls +14155550199 attempt 1
	// +14155550100 calls +14155550199 attempt
}
