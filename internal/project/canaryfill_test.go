package project_test

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/devotel/orbit-go"
)

// write fills arguments of a method with canaries: every field of every struct, and
// the raw forms in place of the others where raw is set.
func (c *canaries) write(of reflect.Type, raw bool) reflect.Value {
	v := reflect.New(of).Elem()
	c.set(v, raw)
	return v
}

func (c *canaries) set(v reflect.Value, raw bool) {
	switch of := v.Type(); {
	case of == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Now().Add(time.Hour)))
	case of == reflect.TypeFor[time.Duration](), of.Kind() == reflect.Func: // they are not sent
	case of == reflect.TypeFor[io.Writer]():
		v.Set(reflect.ValueOf(io.Discard))
	case of == reflect.TypeFor[io.Reader]():
		v.Set(reflect.ValueOf(strings.NewReader(c.next())))
	case isOpen(of):
		for i := range of.NumField() {
			if field := of.Field(i); (field.Name == "Raw") == raw || of.NumField() == 1 {
				c.set(v.Field(i), raw)
			}
		}
	case c.decodes(v):
	case of.Kind() == reflect.Pointer:
		v.Set(reflect.New(of.Elem()))
		c.set(v.Elem(), raw)
	case of.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(of, 2, 2))
		c.set(v.Index(0), raw)
		c.set(v.Index(1), raw)
	case of.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(of))
		key, value := reflect.New(of.Key()).Elem(), reflect.New(of.Elem()).Elem()
		c.set(key, raw)
		c.set(value, raw)
		v.SetMapIndex(key, value)
	case of.Kind() == reflect.String:
		v.SetString(c.next())
	case of.Kind() == reflect.Interface:
		v.Set(reflect.ValueOf(map[string]any{c.next(): []any{c.next()}}))
	case of.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(7)
	case v.CanUint():
		v.SetUint(7)
	case v.CanFloat():
		v.SetFloat(0.5)
	default:
		panic("nothing is known to put into a " + of.String())
	}
}

// decodes fills a value that has a way of its own to read JSON, with as much text
// as it takes.
func (c *canaries) decodes(v reflect.Value) bool {
	if _, ok := v.Addr().Interface().(json.Unmarshaler); !ok {
		return false
	}
	made := len(c.made)
	for _, form := range []string{`{%q: {%q: %q}}`, `[%q]`, `%q`, `{"mode": %q}`, `7`, `true`} {
		c.made = c.made[:made]
		var texts []any
		for range strings.Count(form, "%q") {
			texts = append(texts, c.next())
		}
		text := fmt.Sprintf(form, texts...)
		if c.sort == aSentence { // which JSON spells otherwise than Go
			for _, t := range texts {
				plain, _ := json.Marshal(t)
				text = strings.Replace(text, fmt.Sprintf("%q", t), string(plain), 1)
			}
		}
		if json.Unmarshal([]byte(text), v.Addr().Interface()) == nil && !v.IsZero() {
			return true
		}
	}
	return false
}

// options are options of a call that hold canaries.
func (c *canaries) options() []orbit.CallOption {
	header := c.next()
	if c.sort == aSentence {
		header = strings.Map(func(r rune) rune { return min(r, '~') }, header)
		c.made[len(c.made)-1] = header
	}
	return []orbit.CallOption{orbit.WithHeader("X-Canary", header), orbit.WithQuery("canary", c.next())}
}
