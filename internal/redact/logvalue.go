package redact

import (
	"log/slog"
	"reflect"
	"time"

	"github.com/devotel/orbit-go/api"
)

// LogValue is what slog gets of a struct that holds an [api.Secret]: its fields by
// their names in JSON, without the empty ones, and each secret as it prints itself.
// A handler that writes JSON would encode the struct, and the secret with it, since
// that is how it is sent.
func LogValue(v any) slog.Value { return logged(reflect.ValueOf(v)) }

func logged(v reflect.Value) slog.Value {
	if secret, ok := v.Interface().(api.Secret); ok {
		return secret.LogValue()
	}
	if _, ok := v.Interface().(time.Time); ok {
		return slog.AnyValue(v.Interface())
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return logged(v.Elem())
		}
	case reflect.Struct:
		var attrs []slog.Attr
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !ignored(f) && !v.Field(i).IsZero() {
				attrs = append(attrs, slog.Attr{Key: NameOf(f), Value: logged(v.Field(i))})
			}
		}
		return slog.GroupValue(attrs...)
	}
	return slog.AnyValue(v.Interface())
}
