package bulk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/api"
)

// MetadataField is the member of a message's metadata that holds the row's key, so
// that the message can be found again. Channels without metadata do not have it.
const MetadataField = "orbit_key"

const (
	defaultPrefix = "orbit"
	maxPrefix     = 24
	maxKey        = 1024
)

// identity names a row.
type identity struct {
	key         string // the idempotency key
	fingerprint string // of the params
	metadata    bool   // the params have a place for the key
}

// identify derives the names of a row. The row's own key stays with the caller.
func identify(prefix, key string, params any) (identity, error) {
	if prefix == "" {
		prefix = defaultPrefix
	}
	if len(prefix) > maxPrefix || !isPlain(prefix) {
		return identity{}, &orbit.ParamError{Op: "bulk.Once", Field: "Options.Prefix", Rule: fmt.Sprintf("must be at most %d letters, digits, dots, dashes and underscores", maxPrefix)}
	}
	if key == "" {
		return identity{}, &orbit.ParamError{Op: "bulk.Once", Field: "key", Rule: "must not be empty"}
	}
	if len(key) > maxKey {
		return identity{}, &orbit.ParamError{Op: "bulk.Once", Field: "key", Rule: fmt.Sprintf("must be at most %d bytes", maxKey)}
	}
	body, err := json.Marshal(params)
	if err != nil {
		return identity{}, &orbit.ParamError{Op: "bulk.Once", Field: "params", Rule: "must be encodable as JSON"}
	}
	return identity{
		key:         prefix + "_" + hash(prefix, key),
		fingerprint: hash(key, string(body)),
		metadata:    hasMetadata(params),
	}, nil
}

// hash is 128 bits of a hash over the parts, as hexadecimal digits.
func hash(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func isPlain(s string) bool {
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
		default:
			return false
		}
	}
	return true
}

func hasMetadata(params any) bool {
	t := reflect.TypeOf(params)
	if t == nil || t.Kind() != reflect.Struct {
		return false
	}
	_, found := t.FieldByName("Metadata")
	return found
}

// options are the caller's, and those that carry the key.
func (id identity) options(own []api.CallOption) []api.CallOption {
	opts := append(make([]api.CallOption, 0, len(own)+2), own...)
	if id.metadata {
		opts = append(opts, orbit.WithBodyField("/metadata/"+MetadataField, id.key))
	}
	return append(opts, orbit.WithIdempotencyKey(id.key))
}
