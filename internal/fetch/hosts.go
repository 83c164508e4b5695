package fetch

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/check"
)

// Why an address is not asked, as constants. No retry changes that.
const (
	// ErrUnsafe is an address, or the target of a redirect, that is not https.
	ErrUnsafe = api.Sentinel("the address is not an https one")
	// ErrPrivate is an address within this machine or a private network.
	ErrPrivate = api.Sentinel("the address is private, and orbit.WithDownloadHosts does not name its host")
	// ErrLost is a chain of redirects without an end.
	ErrLost = api.Sentinel("the host redirects again and again")
)

// Hosts says which hosts files may come from. An address is what a response says,
// and a program within a private network must not be made to ask anybody there.
type Hosts struct {
	// Loopback allows this machine, over plain http too: where the API itself is
	// there.
	Loopback bool
	// Named lists hosts, in lower case, that may have any address.
	Named []string
}

// next reads an address, as a redirect from another one may give it, and refuses
// what must not be asked. Plain http could be read and answered by anyone on the
// network path. Only what is on this machine may lead to it.
func (h *Hosts) next(from *url.URL, address string) (*url.URL, error) {
	to, err := from.Parse(address)
	if err != nil || to.Hostname() == "" {
		return nil, ErrUnsafe
	}
	local := h.Loopback && check.IsLoopback(to.Hostname()) && (from.Host == "" || check.IsLoopback(from.Hostname()))
	switch {
	case local && (to.Scheme == "http" || to.Scheme == "https"):
		return to, nil
	case to.Scheme != "https":
		return nil, ErrUnsafe
	case h.names(to.Hostname()):
		return to, nil
	case isPrivateName(to.Hostname()):
		return nil, ErrPrivate
	}
	return to, nil
}

// names reports whether a host is one of those that may have any address.
func (h *Hosts) names(host string) bool {
	for _, name := range h.Named {
		if strings.EqualFold(strings.TrimSuffix(host, "."), name) {
			return true
		}
	}
	return false
}

// allows reports whether an address that a name was resolved to may be dialled.
func (h *Hosts) allows(a netip.Addr) bool {
	return !isPrivate(a) || h.Loopback && a.Unmap().IsLoopback()
}

// isPrivateName reports whether a host is private by its name alone: a literal
// address, or what resolvers take for one, such as "127.1" and "0x7f000001".
func isPrivateName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if a, err := netip.ParseAddr(host); err == nil {
		return isPrivate(a)
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	return last == "localhost" || strings.HasPrefix(last, "0x") || strings.Trim(last, "0123456789") == ""
}

// isPrivate reports whether an address is of this machine, of a private network,
// or of nobody. Addresses of IPv6 that stand for one of IPv4 are as private as that.
func isPrivate(a netip.Addr) bool {
	a = a.Unmap()
	if nat64 := netip.MustParsePrefix("64:ff9b::/96"); nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return true
	}
	for _, network := range []string{
		"0.0.0.0/8",     // this network
		"100.64.0.0/10", // shared by the customers of a provider
		"::/96",         // IPv4 in an older form
		"fec0::/10",     // private in an older form
	} {
		if netip.MustParsePrefix(network).Contains(a) {
			return true
		}
	}
	return false
}
