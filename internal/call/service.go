package call

// Service is embedded, under a name that is not exported, by all that makes calls
// for users. New alone can fill it, so that no package has a constructor in its
// documentation that programs cannot call. It has no exported method, since users
// would see it.
type Service struct{ client *Client }

func (s *Service) bind(c *Client)  { s.client = c }
func (s Service) through() *Client { return s.client }

// New returns a service that makes its calls through c.
func New[T any, S interface {
	*T
	bind(c *Client)
}](c *Client) S {
	s := S(new(T))
	s.bind(c)
	return s
}

// ClientOf returns what a service makes its calls through.
func ClientOf(s Service) *Client { return s.client }

// caller is a Service, or a Client.
type caller interface{ through() *Client }

func (c *Client) through() *Client { return c }
