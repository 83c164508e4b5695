package orbittest

import (
	"cmp"
	"slices"
	"strconv"
)

// An account is what one organization has on the server. Each API key has one of
// its own, unless WithAccount says otherwise.
type account struct {
	name     string
	server   *Server
	messages *messages
	agents   *agents
	flows    *flows
	verify   *verifications
	webhooks *webhooks
	voice    *voice
	numbers  *numbers
	work     []work // of each route, in the order of the server's routes
}

// A work is what carries out an operation on an account.
type work struct {
	check  func(*call) *failure
	handle func(*call) (result, *failure)
}

// WithAccount gives several API keys one account: what one of them sends, the
// others list. By default each key has an account of its own; the first key that is
// used has the one that methods such as [Server.AddMessage] fill, unless they name
// another. With this option that is the first account named so.
func WithAccount(name string, apiKeys ...string) Option {
	return func(c *config) { c.accounts = append(c.accounts, namedAccount{name, apiKeys}) }
}

type namedAccount struct {
	name    string
	apiKeys []string
}

// openAccounts makes the accounts that were named, or the first one.
func (s *Server) openAccounts() {
	for _, named := range s.cfg.accounts {
		a := s.newAccount(named.name)
		for _, key := range named.apiKeys {
			s.owners[key] = a
		}
	}
	if len(s.accounts) == 0 {
		s.newAccount("")
	}
}

// newAccount adds an empty account; without a name it is numbered.
func (s *Server) newAccount(name string) *account {
	a := &account{name: cmp.Or(name, "account_"+strconv.Itoa(len(s.accounts)+1)), server: s}
	routes := a.routes()
	for _, r := range routes {
		a.work = append(a.work, work{r.check, r.handle})
	}
	if len(s.accounts) == 0 {
		s.routes(routes)
	}
	s.accounts = append(s.accounts, a)
	for _, h := range s.receivers {
		a.webhooks.rows.add(h.id, h.created, h)
	}
	return a
}

// routes makes the services and lists what they do.
func (a *account) routes() []*route {
	a.messages, a.agents, a.flows, a.verify = newMessages(a), newAgents(a), newFlows(a), newVerifications(a)
	a.numbers, a.voice, a.webhooks = newNumbers(a), newVoice(a), newWebhooks(a)
	var all []*route
	for _, svc := range []service{a.messages, a.agents, a.flows, a.verify, a.numbers, a.voice, a.webhooks} {
		all = append(all, svc.routes()...)
	}
	return all
}

// routes makes the server route requests by the operations of an account.
func (s *Server) routes(all []*route) {
	for i, r := range all {
		r.index = i
		r.limit = s.cfg.rateOf(r)
		s.tree.add(r)
	}
}

// accountOf is the account of an API key that was accepted. The first key has the
// first account, unless accounts were named.
func (s *Server) accountOf(apiKey string) *account {
	if a := s.owners[apiKey]; a != nil {
		return a
	}
	a := s.accounts[0]
	if len(s.owners) > 0 || len(s.cfg.accounts) > 0 {
		a = s.newAccount("")
	}
	s.owners[apiKey] = a
	return a
}

// named is the account of that name, the first one for "". One that the server does
// not have fails the test.
func (s *Server) named(name string) *account {
	for _, a := range s.accounts {
		if name == "" || name == a.name {
			return a
		}
	}
	s.misused("there is no account %s", name)
	return s.accounts[0]
}

// held finds a resource by its ID in the accounts that have one like it.
func held[T any](s *Server, id string, rows func(*account) *collection[T]) (*account, T, bool) {
	for _, a := range s.accounts {
		if value, ok := rows(a).get(id); ok {
			return a, value, true
		}
	}
	var none T
	return nil, none, false
}

// ofAll lists the resources of all accounts, oldest first.
func ofAll[T, P any](s *Server, rows func(*account) *collection[T], public func(T) P) []P {
	var found []*row[T]
	for _, a := range s.accounts {
		found = append(found, rows(a).rows...)
	}
	slices.SortStableFunc(found, func(a, b *row[T]) int { return cmp.Compare(a.at.created, b.at.created) })
	all := make([]P, len(found))
	for i, r := range found {
		all[i] = public(r.value)
	}
	return all
}
