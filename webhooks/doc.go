// Package webhooks receives the events that Orbit sends: it verifies that a
// request comes from Orbit, decodes its event, and hands each event to a function
// once.
//
// A program makes one [Verifier] of the signing secret and serves a [Handler]:
//
//	verifier, err := webhooks.NewVerifier(os.Getenv("ORBIT_WEBHOOK_SECRET"))
//	if err != nil {
//		log.Fatal(err)
//	}
//	http.Handle("/orbit", webhooks.Handler(verifier,
//		webhooks.On(webhooks.MessageDelivered, func(ctx context.Context, e *webhooks.Event, data *webhooks.MessageData) error {
//			return orders.Delivered(ctx, data.MessageID, data.DeliveredAt)
//		}),
//		webhooks.OnOther(func(ctx context.Context, e *webhooks.Event) error {
//			log.Printf("event %s of type %s", e.ID, e.Type)
//			return nil
//		}),
//	))
//
// A program with a router, a framework or a cloud function of its own calls
// [Verifier.ParseRequest] or [Verifier.Parse] instead, or [Verifier.Verify] for
// the signature alone. None of this needs a client, an API key or a network.
//
// # What is verified
//
// The signature covers the time and the exact bytes of the body. Verify before
// anything decodes the body: JSON that was decoded and encoded again is other
// bytes, and does not match. The other headers of a delivery are not signed; the
// [Event] comes from the body alone.
//
// # What goes wrong
//
// errors.Is distinguishes the reasons, here in the order of the checks. The program
// sees them, in the error or through [OnReject]; the sender sees only the status:
//
//	error                what it means                                    Handler answers
//	ErrNoSignature       there is no signature header                     401
//	ErrMalformed         the header is not a signature that is accepted   401
//	ErrTooOld            signed longer ago than the tolerance             401
//	ErrTooNew            signed further ahead than the tolerance          401
//	ErrBodyTooLarge      more bytes than WithMaxBody allows               413
//	ErrBodyUnreadable    the body broke off, or took too long             400
//	ErrMismatch          another secret, or not the bytes that were sent  401
//	ErrNotJSON           well signed, but not JSON                        400
//
// The body is not read before the header was checked. The Handler then gives it
// the time of [WithReadTimeout], which replaces the ReadTimeout of http.Server.
//
// Other responses of the Handler: 405 to what is not a POST; 503 with Retry-After
// while another delivery of the event is being handled, and when the [Store] fails;
// 500 when the event's function fails or panics, or cannot have its data and there
// is no [OnOther]; 200 to an event that was handled, now or before, or that has no
// function.
package webhooks
