package wire

import (
	"net/url"
	"reflect"
	"time"

	"github.com/google/go-querystring/query"
)

// Query encodes params by their url tags, times in UTC.
func Query(params any) (url.Values, error) {
	switch p := params.(type) {
	case nil:
		return url.Values{}, nil
	case url.Values:
		return cloneValues(p), nil
	}
	return query.Values(UTC(params))
}

func cloneValues(in url.Values) url.Values {
	out := make(url.Values, len(in))
	for k, v := range in {
		out[k] = append([]string(nil), v...)
	}
	return out
}

// UTC returns params with its times in UTC, so that they are written with a Z.
// The caller's value is not changed; without times it comes back as it is.
func UTC(params any) any {
	if t, ok := params.(time.Time); ok {
		return t.UTC()
	}
	given := reflect.ValueOf(params)
	v := given
	if given.Kind() == reflect.Pointer {
		v = given.Elem()
	}
	if v.Kind() != reflect.Struct || !hasTime(v) {
		return params
	}
	out := reflect.New(v.Type())
	out.Elem().Set(v)
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			toUTC(out.Elem().Field(i))
		}
	}
	if given.Kind() == reflect.Pointer {
		return out.Interface()
	}
	return out.Elem().Interface()
}

// hasTime asks the value for its types, since the type itself would make up a
// description of each field.
func hasTime(v reflect.Value) bool {
	for i := range v.NumField() {
		switch v.Field(i).Type() {
		case reflect.TypeFor[time.Time](), reflect.TypeFor[*time.Time]():
			return true
		}
	}
	return false
}

func toUTC(field reflect.Value) {
	switch t := field.Interface().(type) {
	case time.Time:
		field.Set(reflect.ValueOf(t.UTC()))
	case *time.Time:
		if t != nil {
			utc := t.UTC()
			field.Set(reflect.ValueOf(&utc))
		}
	}
}
