package orbittest

import (
	"maps"
	"time"
)

// A profile is a set of settings for sending codes.
type profile struct {
	id               string
	fields           map[string]any // as they were sent
	created, updated time.Time
}

func profileFields() schema {
	return append(codeSettings(),
		field{name: "name", kind: text}, codeChannel("channel", false), field{name: "sender", kind: text})
}

func newProfileFields() schema {
	fields := profileFields()
	fields.find("name").required = true
	return fields
}

func profileQuery() schema { return listQuery() }

// object is the profile in an answer.
func (p *profile) object() object {
	o := object{{"id", p.id}}
	for _, name := range [...]string{"name", "channel", "code_length", "expires_in_seconds", "locale", "sender"} {
		if value, given := p.fields[name]; given {
			o.add(name, value)
		}
	}
	return append(o, member{"created_at", p.created}, member{"updated_at", p.updated})
}

func (v *verifications) createProfile(c *call) (result, *failure) {
	p := &profile{id: v.server.newID("vprof_"), fields: maps.Clone(c.fields), created: c.now, updated: c.now}
	v.profiles.add(p.id, p.created, p)
	return result{data: p.object()}, nil
}

func (v *verifications) listProfiles(c *call) (result, *failure) {
	all := func(*profile) bool { return true }
	return listPage(c, v.profiles, all, func(p *profile) object { return p.object() })
}

// findProfile returns the profile that a path names.
func (v *verifications) findProfile(c *call) (*profile, *failure) {
	p, ok := v.profiles.get(c.value("id"))
	if !ok {
		return nil, notFound("There is no profile with this ID.")
	}
	return p, nil
}

func (v *verifications) getProfile(c *call) (result, *failure) {
	p, problem := v.findProfile(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: p.object()}, nil
}

// updateProfile changes the given fields; null takes one away.
func (v *verifications) updateProfile(c *call) (result, *failure) {
	p, problem := v.findProfile(c)
	if problem != nil {
		return result{}, problem
	}
	for name, value := range c.fields {
		if value == nil {
			delete(p.fields, name)
		} else {
			p.fields[name] = value
		}
	}
	p.updated = c.now
	return result{data: p.object()}, nil
}

func (v *verifications) removeProfile(c *call) (result, *failure) {
	p, problem := v.findProfile(c)
	if problem == nil {
		v.profiles.remove(p.id)
	}
	return result{}, problem
}
