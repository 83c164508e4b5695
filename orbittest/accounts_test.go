package orbittest_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go/orbittest"
)

const otherKey = "dv_test_sk_other"

// Each key has an account of its own, with everything in it.
func TestEachKeyHasAnAccount(t *testing.T) {
	s := orbittest.New(t)
	theirs := func(method, path, body string) answer { return do(t, s, method, path, body, "X-API-Key", otherKey) }
	mine := sendSMS(t, s).id()
	agent := createAgent(t, s, `{"name":"x"}`).id()
	call := makeCall(t, s, `{"to":"+15005550002"}`)
	number := buy(t, s)
	code := verificationID(do(t, s, "POST", "/verify/send", `{"to":"+14155550171","channel":"sms"}`))
	hook := registered(t, s, `{"url":"https://shop.example/","events":["*"]}`)
	for _, path := range []string{
		"/messages/" + mine, "/agents/" + agent, "/voice/calls/" + call, "/numbers/" + number, "/verify/" + code, "/webhooks/" + hook,
	} {
		assert.Equal(t, 200, do(t, s, "GET", path, "").status, path)
		assert.Equal(t, 404, theirs("GET", path, "").status, path)
	}
	for _, path := range []string{"/messages", "/agents", "/voice/calls", "/numbers", "/verify/", "/webhooks"} {
		assert.Equal(t, []any{}, theirs("GET", path, "").at("data"), path)
	}
	assert.Equal(t, 404, theirs("POST", "/verify/check", `{"verification_id":"`+code+`","code":"`+s.Code(code)+`"}`).status)
	assert.Equal(t, 409, theirs("POST", "/numbers/purchase", `{"number":"`+aNumber+`"}`).status, "a number is sold once")

	their := theirs("POST", "/messages/sms", anSMS).id()
	assert.Equal(t, []string{mine}, do(t, s, "GET", "/messages", "").ids())
	all := s.Messages()
	require.Len(t, all, 2, "the test sees all")
	assert.Equal(t, []string{mine, their}, []string{all[0].ID, all[1].ID})
	assert.Equal(t, "account_1", all[0].Account)
	assert.Equal(t, "account_2", all[1].Account)
	s.SetMessageStatus(their, "read")
	assert.Equal(t, "read", theirs("GET", "/messages/"+their, "").at("data.status"))

	requests := s.Requests("POST /messages/sms")
	assert.Equal(t, "account_1", requests[0].Account)
	assert.Equal(t, "account_2", requests[1].Account)
	do(t, s, "GET", "/messages", "", "X-API-Key", "wrong")
	requests = s.Requests()
	assert.Empty(t, requests[len(requests)-1].Account, "of a key that was refused")
}

// A test with one key need not know of accounts: what it adds is that key's, whichever
// it is.
func TestFirstKeyHasWhatWasAdded(t *testing.T) {
	s := orbittest.New(t)
	m := s.AddMessage(orbittest.Message{Body: "x"})
	assert.Equal(t, []string{m.ID}, do(t, s, "GET", "/messages", "", "X-API-Key", otherKey).ids())
	assert.Empty(t, do(t, s, "GET", "/messages", "").ids())
}

func TestWithAccount(t *testing.T) {
	s := orbittest.New(t, orbittest.WithAccount("shop", orbittest.DefaultAPIKey, "dv_live_sk_x"), orbittest.WithAccount("bank", otherKey))
	one := s.AddMessage(orbittest.Message{Body: "x"})
	two := s.AddMessage(orbittest.Message{Body: "x", Account: "bank"})
	call := s.AddCall(orbittest.Call{Account: "bank"})
	number := s.AddNumber(orbittest.Number{PhoneNumber: "+14155550177", Account: "bank"})
	assert.Equal(t, []string{"shop", "bank", "bank", "bank"}, []string{one.Account, two.Account, call.Account, number.Account})
	for key, want := range map[string][]string{orbittest.DefaultAPIKey: {one.ID}, "dv_live_sk_x": {one.ID}, otherKey: {two.ID}, "dv_test_sk_new": nil} {
		assert.Equal(t, want, do(t, s, "GET", "/messages", "", "X-API-Key", key).ids(), key)
	}
	assert.Equal(t, []string{call.ID}, do(t, s, "GET", "/voice/calls", "", "X-API-Key", otherKey).ids())
	assert.Equal(t, []string{number.ID}, do(t, s, "GET", "/numbers", "", "X-API-Key", otherKey).ids())

	tb := &fakeTB{}
	orbittest.New(tb).AddMessage(orbittest.Message{Account: "nobody"})
	assert.Equal(t, "orbittest: there is no account nobody", tb.fatal)
}

// Events go to the webhooks of their account, and all of them to DeliverTo.
func TestEventsOfAccounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seen := make(map[string]int)
		s := orbittest.New(t, orbittest.WithWebhookHandler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			seen[r.Host+" "+r.Header.Get("X-Devotel-Event-Type")]++
		})))
		all := 0
		s.DeliverTo(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { all++ }), hookSecret)
		registered(t, s, `{"url":"https://mine.example/","events":["message.delivered"]}`)
		do(t, s, "POST", "/webhooks", `{"url":"https://theirs.example/","events":["message.delivered"]}`, "X-API-Key", otherKey)
		do(t, s, "POST", "/messages/sms", anSMS, "X-API-Key", otherKey)
		time.Sleep(time.Second)
		deliver(t, s)
		assert.Equal(t, map[string]int{"theirs.example message.delivered": 1}, seen)
		assert.Equal(t, 3, all, "created, sent, delivered")
		sendSMS(t, s)
		time.Sleep(time.Second)
		deliver(t, s)
		assert.Equal(t, 1, seen["mine.example message.delivered"])
		assert.Equal(t, 1, seen["theirs.example message.delivered"])
		assert.Equal(t, 6, all)
	})
}
