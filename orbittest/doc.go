// Package orbittest is an Orbit API in memory, for testing code that sends
// messages through Orbit.
//
// A server made by [New] runs in the test's own process, without a socket and
// without goroutines, and ends with the test:
//
//	func TestWelcome(t *testing.T) {
//		server := orbittest.New(t)
//		shop := NewShop(server.Client())
//
//		shop.Welcome(t.Context(), "+15005550002")
//
//		sent := server.Messages()
//		require.Len(t, sent, 1)
//		require.Equal(t, "Welcome!", sent[0].Body)
//	}
//
// # What it does
//
// The server stores what it accepts: messages are listed, fetched, filtered and
// paged through with cursors. It validates like Orbit and responds with Orbit's
// errors, honours idempotency keys, counts rate limits a key and route, and shows
// every request that arrived ([Server.Requests]). A request with a field that
// Orbit does not know fails the test, since the real API would drop the field
// without a word.
//
// Responses hold what Orbit's documentation prints: a message that was just sent has
// an ID and a status, but no body. Look at [Server.Messages], or fetch it. What is
// printed nowhere has all fields; see [WithFullResponses].
//
// Its state follows from the clock whenever somebody looks. With sandbox keys,
// which start with dv_test_sk_, or the header X-Test-Mode: true, the last digit
// of the recipient decides how a message ends:
//
//	digit   status        after
//	1       submitted     50 ms, and stays so
//	2       delivered     100 ms
//	3       undelivered   1 s
//	4       failed        100 ms
//	5       expired       3 s
//	6       unknown       5 s
//	7       rejected      100 ms
//	8       blocked       100 ms
//	9       undelivered   1 s
//	0       submitted_no_receipt after 10 s
//
// Those of 7, 8, 9 and 0 are inferred: the documentation prints six of its ten rows.
// Recipients that do not end in a digit are delivered to.
// With live keys, dv_live_sk_, every message is sent after 200 ms and delivered
// after 1 s. In a [testing/synctest] bubble none of this takes time.
//
// Calls move likewise, from initiating over ringing after 50 ms and in_progress
// after 100 ms. How they end with sandbox keys:
//
//	digit   status        after
//	1       ringing       50 ms, and stays so
//	3       no_answer     1 s
//	4       failed        100 ms, without ringing
//	5       busy          100 ms
//	6       voicemail     250 ms
//	others  completed     250 ms
//
// With live keys they ring after 1 s, are answered after 5 s, and completed after
// 35 s. A call that was made with record and answered has a recording soon after
// its end, on a storage host that the server answers for as well: see
// [Server.SetRecording].
//
// Agents say what the test scripts with [Server.ReplyNext], or what their knowledge
// bases hold. Flows run when they are triggered, see [Server.TriggerFlow], and
// [Server.Code] tells the code of a verification. A right code may be checked again,
// as a double click does, until it expires.
//
// Phone numbers are searched for in an inventory that is made up: a hundred in
// each area, in US, CA, GB, DE, FR and AU. A number that is bought is purchased, and
// active once an agent or a routing makes use of it; in DE and FR it waits for
// papers unless they are named. A scheduled release happens at its time. See
// [Server.Numbers], [Server.AddNumber] and [Server.SetNumberStatus].
//
// # Webhooks
//
// What happens on the server makes events: of messages, calls, verifications and
// executions, and those of [Server.AddEvent]. They go, signed as Orbit signs them,
// to the webhooks that are registered, when the test says so:
//
//	server.DeliverTo(http.DefaultServeMux, "whsec_example") // or any other handler
//	server.AddMessage(orbittest.Message{From: "+14155550100", To: []string{"+14155550199"}, Body: "STOP"})
//	made, err := server.DeliverEvents(t.Context())
//	fmt.Println(len(made), err)
//
// [Server.FailDeliveries] scripts deliveries that are stale, tampered with, signed
// twice, repeated, out of order, cut down or too large. What is not answered with a 2xx comes
// again, up to a day later; see [Server.DeliverEvents]. [Server.AnswerRequest] is
// what a number's answer URL is asked when a call comes in.
//
// # What goes wrong
//
// [Server.FailNext] scripts faults for the next requests on a route:
//
//	server.FailNext("POST /messages/sms",
//		orbittest.RateLimited(30*time.Second), // "wait 30 s"
//		orbittest.ResetAfter(),                // accepted, but nobody is told
//	)
//
// # Accounts
//
// Each API key has an account of its own: what one key sends, another does not
// list. Numbers for sale are the only thing that accounts share. [WithAccount] gives
// several keys one account, [Request.Account] names it, and the test itself sees all
// of them. A test with one key need not know.
//
// # Rate limits
//
// The published limits a minute apply for each key and route, in windows that
// start at full minutes of the server's clock. A request counts when its key is
// valid and its route known: also when it is invalid, repeats an idempotency key,
// or is met by a fault. It does not count when it is refused by a limit, or when
// its connection breaks before it arrives. Every answer carries the X-RateLimit
// headers; routes without a published limit say 600 of 600.
//
// # Idempotency
//
// The same Idempotency-Key with the same API key, route, path and body within
// 60 seconds gets the first answer again, body and status alike. With another
// body it gets a 409; so it does while the first request is still being answered
// (see [Fault] on delays and [WithLatency]). Requests that were refused are not
// remembered. A key of less than 8 or more than 255 characters is refused.
//
// # Elsewhere
//
// A [Server] is a [net/http.RoundTripper] for any HTTP client, and a
// [net/http.Handler] for code that needs a real address.
package orbittest
