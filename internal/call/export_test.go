package call

// Gates is the number of routes that the client remembers.
func (c *Client) Gates() int { return len(*c.gate.(*gates).routes.Load()) }
