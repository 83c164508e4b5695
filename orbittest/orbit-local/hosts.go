package main

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// hosts are names that this server may be asked by, besides localhost and IP
// addresses. It is a flag that may be given several times.
type hosts []string

func (h *hosts) String() string { return strings.Join(*h, ",") }

func (h *hosts) Set(name string) error {
	if name == "" || strings.ContainsAny(name, "/:*") {
		return errors.New("must be the name of a host, without scheme and port")
	}
	*h = append(*h, normalized(name))
	return nil
}

// only refuses requests by another name. A web page can have a name of its own
// resolved to this machine, and then read here as if it were from here; an address
// of its own it cannot have.
func (h hosts) only(server http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !h.allows(r.Host) {
			http.Error(w, "orbit-local does not serve this host name; -allow-host NAME makes it", http.StatusForbidden)
			return
		}
		server.ServeHTTP(w, r)
	})
}

func (h hosts) allows(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	host = normalized(host)
	return host == "localhost" || slices.Contains(h, host)
}

func normalized(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }
