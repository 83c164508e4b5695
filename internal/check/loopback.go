package check

import "net"

// IsLoopback reports whether a host is this machine: plain http is safe there.
func IsLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
