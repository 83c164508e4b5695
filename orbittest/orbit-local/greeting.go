package main

import (
	"fmt"
	"io"
	"net"
	"strconv"
)

// key is the key that the greeting names: one of many that work.
const key = "dv_test_sk_local"

// greet says how to use the server, and where it delivers events to, if it does.
func greet(out io.Writer, at *net.TCPAddr, webhook string) {
	base := baseURL(at)
	fmt.Fprintf(out, `An Orbit in memory: it sends nothing to anybody, and forgets everything when it ends.
For programs with the SDK:
  export ORBIT_BASE_URL=%[1]s ORBIT_API_KEY=%[2]s
By hand, to send a message and to see what became of it:
  curl -H 'X-API-Key: %[2]s' -H 'Content-Type: application/json' -d '{"to": "+15005550002", "body": "Hello"}' %[1]s/messages/sms
  curl -H 'X-API-Key: %[2]s' %[1]s/messages
`, base, key)
	if webhook != "" {
		fmt.Fprintf(out, "Events go to %s, signed with %s.\n", webhook, webhookSecret)
	}
	if !at.IP.IsLoopback() {
		fmt.Fprintln(out, "Other machines reach it too, by address or by the names of -allow-host. There the SDK needs the option WithInsecureBaseURL.")
	}
	fmt.Fprintln(out, "Requests, until Ctrl-C:")
}

// baseURL is what programs on this machine are to take for Orbit's address.
func baseURL(at *net.TCPAddr) string {
	host := at.IP.String()
	if at.IP.IsUnspecified() { // every address of the machine
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(at.Port)) + "/api/v1"
}
