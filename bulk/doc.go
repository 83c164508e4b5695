// Package bulk sends each message once, whatever dies in between.
//
// A job queue runs a job at least once: a worker that is killed after Orbit
// accepted a message, and before the queue heard of it, is run again. Orbit promises
// to remember an idempotency key for 60 seconds, and queues come back later than
// that, so the message goes out twice.
//
// [Once] closes that gap. It writes the intent to a [Ledger] before it sends and the
// result after it. A rerun within the time that the idempotency key protects sends
// again under the same key. A later one looks for the message first, and sends again
// only if its absence is proved. What can be neither found nor proved absent is
// reported as [Unclear] and is never sent again in silence.
//
//	res, err := bulk.Once(ctx, ledger, "order-4711", params, client.Messages.SendSMS,
//		bulk.Options{Find: bulk.InMessages(client)})
//
// For a campaign on one machine, [Open] and [Send] do the same over a journal file, for
// any number of rows, with concurrency, progress and results.
//
// Neither the ledger nor the journal holds a text or a phone number: rows are known by a
// hash of their key. A ledger in a database must pass package bulk/ledgertest;
// [MemoryLedger] serves tests.
package bulk
