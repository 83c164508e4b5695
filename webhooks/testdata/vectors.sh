#!/bin/sh
# Makes vectors.tsv, with openssl alone: time, secret, body in hexadecimal, v1
# signature, older signature (of the body without the time).
#
#	sh vectors.sh > vectors.tsv
set -eu

hex() { od -An -v -tx1 | tr -d ' \n'; }
hmac() { openssl dgst -sha256 -mac HMAC -macopt "hexkey:$(printf '%s' "$1" | hex)" -binary | hex; }

vector() { # time secret; the body is on standard input
	cat >body.tmp
	printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$(hex <body.tmp)" \
		"$({ printf '%s.' "$1"; cat body.tmp; } | hmac "$2")" "$(hmac "$2" <body.tmp)"
	rm body.tmp
}

event='{"id":"evt_1","type":"message.delivered","created_at":"2026-03-08T12:00:00Z","data":{"message_id":"msg_1","status":"delivered"}}'

printf '%s' "$event" | vector 1772971200 whsec_8Zk1vN0rT5yQ2xLw
printf '%s\n' "$event" | vector 1772971200 whsec_8Zk1vN0rT5yQ2xLw
printf '%s' "$event" | vector 1772971201 whsec_8Zk1vN0rT5yQ2xLw
printf '%s' "$event" | vector 1772971200 8Zk1vN0rT5yQ2xLw
printf '%s' '{"data":{"body":"Grüße, 世界 👋"}}' | vector 1772971200 whsec_schlüssel
printf '{"data":{"body":"\000\377"}}' | vector 1772971200 whsec_8Zk1vN0rT5yQ2xLw
printf '{}' | vector 0 k
printf '{}' | vector 1772971200 "whsec_$(printf '%0200d' 7)"
