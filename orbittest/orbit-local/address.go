package main

import (
	"context"
	"fmt"
	"net"
)

// listen opens the address. One that other machines reach is refused unless that
// is wanted: nothing here asks who somebody is.
func listen(ctx context.Context, addr string, insecure bool) (net.Listener, error) {
	resolved, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("-addr: %w", err)
	}
	if !resolved.IP.IsLoopback() && !insecure {
		return nil, fmt.Errorf("-addr: %s is not a loopback address: whoever reaches it could use this server with "+
			"a key of his own making, and read along, since it speaks plain HTTP; -insecure serves there all the same", addr)
	}
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", resolved.String())
}
