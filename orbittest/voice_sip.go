package orbittest

import (
	"encoding/hex"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A sipTrunk is a connection to a carrier.
type sipTrunk struct {
	id               string
	fields           map[string]any // as they were sent
	created, updated time.Time
}

func (v *voice) trunkRoutes() []*route {
	return []*route{
		{method: "POST", path: "/voice/sip-trunks", scope: voiceWrite, status: http.StatusCreated, body: trunkFields, handle: v.createTrunk},
		{method: "GET", path: "/voice/sip-trunks", scope: voiceRead, query: plainListQuery, handle: v.listTrunks},
		{method: "GET", path: "/voice/sip-trunks/{id}", scope: voiceRead, handle: v.getTrunk},
		{method: "PUT", path: "/voice/sip-trunks/{id}", scope: voiceWrite, body: trunkFields, handle: v.replaceTrunk},
		{method: "DELETE", path: "/voice/sip-trunks/{id}", scope: voiceWrite, status: http.StatusNoContent, handle: v.removeTrunk},
	}
}

func plainListQuery() schema { return listQuery() }

func trunkFields() schema {
	return schema{
		{name: "name", kind: text},
		{name: "outbound_uri", kind: text, format: sipURI()},
		{name: "inbound_uris", kind: list, item: &field{kind: text, format: sipURI()}},
		{name: "username", kind: text},
		{name: "password", kind: text},
		{name: "codecs", kind: list, item: &field{kind: text}},
		{name: "encryption", kind: text, format: oneOf("tls_srtp", "tls", "none")},
	}
}

func sipURI() format {
	return format{expected: "a SIP URI", valid: func(s string) bool {
		return strings.HasPrefix(s, "sip:") || strings.HasPrefix(s, "sips:")
	}}
}

// object is the trunk in an answer: without its password.
func (t *sipTrunk) object() object {
	o := object{{"id", t.id}}
	for _, name := range [...]string{"name", "outbound_uri", "inbound_uris", "username", "codecs", "encryption"} {
		if value, given := t.fields[name]; given {
			o.add(name, value)
		}
	}
	return append(o, member{"status", "active"}, member{"created_at", t.created}, member{"updated_at", t.updated})
}

func (v *voice) createTrunk(c *call) (result, *failure) {
	t := &sipTrunk{id: v.server.newID("trunk_"), fields: c.fields, created: c.now, updated: c.now}
	v.trunks.add(t.id, t.created, t)
	return result{data: t.object()}, nil
}

func (v *voice) listTrunks(c *call) (result, *failure) {
	return listPage(c, v.trunks, func(*sipTrunk) bool { return true }, (*sipTrunk).object)
}

func (v *voice) findTrunk(c *call) (*sipTrunk, *failure) {
	t, ok := v.trunks.get(c.value("id"))
	if !ok {
		return nil, notFound("There is no SIP trunk with this ID.")
	}
	return t, nil
}

func (v *voice) getTrunk(c *call) (result, *failure) {
	t, problem := v.findTrunk(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: t.object()}, nil
}

func (v *voice) replaceTrunk(c *call) (result, *failure) {
	t, problem := v.findTrunk(c)
	if problem != nil {
		return result{}, problem
	}
	t.fields, t.updated = c.fields, c.now
	return result{data: t.object()}, nil
}

func (v *voice) removeTrunk(c *call) (result, *failure) {
	t, problem := v.findTrunk(c)
	if problem == nil {
		v.trunks.remove(t.id)
	}
	return result{}, problem
}

// A sipCredential is what a phone registers with.
type sipCredential struct {
	id, extension, password string
	fields                  map[string]any // as they were sent
	created                 time.Time
	rotations               int
}

func (v *voice) credentialRoutes() []*route {
	const none = http.StatusNoContent
	return []*route{
		{method: "POST", path: "/sip-credentials/", scope: voiceWrite, status: http.StatusCreated, body: newCredentialFields, handle: v.createCredential},
		{method: "GET", path: "/sip-credentials/", scope: voiceRead, query: plainListQuery, handle: v.listCredentials},
		{method: "GET", path: "/sip-credentials/{id}", scope: voiceRead, handle: v.getCredential},
		{method: "PATCH", path: "/sip-credentials/{id}", scope: voiceWrite, body: credentialFields, handle: v.updateCredential},
		{method: "DELETE", path: "/sip-credentials/{id}", scope: voiceWrite, status: none, handle: v.removeCredential},
		{method: "POST", path: "/sip-credentials/{id}/rotate", scope: voiceWrite, handle: v.rotateCredential},
		{method: "POST", path: "/sip-credentials/{id}/unregister", scope: voiceWrite, status: none, handle: v.unregister},
	}
}

func credentialFields() schema {
	return schema{{name: "label", kind: text}, {name: "allowed_outbound", kind: flag}}
}

func newCredentialFields() schema {
	return append(credentialFields(), field{name: "extension", kind: text})
}

// object is the credential in an answer.
func (s *sipCredential) object() object {
	o := object{{"id", s.id}}
	o.text("label", orElse(textOf(s.fields["label"]), "Phone "+s.extension))
	o.text("extension", s.extension)
	o.add("allowed_outbound", s.fields["allowed_outbound"] != false)
	o.add("sip_username", "u"+s.extension)
	o.add("sip_server", "sip.orbit.devotel.io")
	o.add("sip_port", 5061)
	o.add("created_at", s.created)
	return o
}

// withPassword is the one answer in which a new password stands.
func (s *sipCredential) withPassword() object {
	return append(s.object(), member{"sip_password", s.password})
}

// renew gives the credential a password, the next of those that follow from its
// ID.
func (s *sipCredential) renew() {
	s.rotations++
	s.password = "pw-" + hex.EncodeToString([]byte(s.id+"/"+strconv.Itoa(s.rotations)))
}

func textOf(value any) string {
	s, _ := value.(string)
	return s
}

func (v *voice) createCredential(c *call) (result, *failure) {
	s := &sipCredential{id: v.server.newID("sipcred_"), extension: c.text("extension"), fields: maps.Clone(c.fields), created: c.now}
	if s.extension == "" {
		s.extension = strconv.Itoa(1001 + len(v.credentials.rows))
	}
	s.renew()
	v.credentials.add(s.id, s.created, s)
	return result{data: s.withPassword()}, nil
}

func (v *voice) listCredentials(c *call) (result, *failure) {
	return listPage(c, v.credentials, func(*sipCredential) bool { return true }, (*sipCredential).object)
}

func (v *voice) findCredential(c *call) (*sipCredential, *failure) {
	s, ok := v.credentials.get(c.value("id"))
	if !ok {
		return nil, notFound("There is no SIP credential with this ID.")
	}
	return s, nil
}

func (v *voice) getCredential(c *call) (result, *failure) {
	s, problem := v.findCredential(c)
	if problem != nil {
		return result{}, problem
	}
	return result{data: s.object()}, nil
}

func (v *voice) updateCredential(c *call) (result, *failure) {
	s, problem := v.findCredential(c)
	if problem != nil {
		return result{}, problem
	}
	maps.Copy(s.fields, c.fields)
	return result{data: s.object()}, nil
}

func (v *voice) removeCredential(c *call) (result, *failure) {
	s, problem := v.findCredential(c)
	if problem == nil {
		v.credentials.remove(s.id)
	}
	return result{}, problem
}

func (v *voice) rotateCredential(c *call) (result, *failure) {
	s, problem := v.findCredential(c)
	if problem != nil {
		return result{}, problem
	}
	s.renew()
	return result{data: s.withPassword()}, nil
}

func (v *voice) unregister(c *call) (result, *failure) {
	_, problem := v.findCredential(c)
	return result{}, problem
}
