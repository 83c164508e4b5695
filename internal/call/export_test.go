package call

import "unsafe"

// Gates is the number of routes that the client remembers.
func (c *Client) Gates() int { return len(*c.gate.(*gates).routes.Load()) }

// ExchangeSize is what a call that waits costs in the pipeline, in bytes.
const ExchangeSize = unsafe.Sizeof(exchange{})
