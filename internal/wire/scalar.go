package wire

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// object returns the members of a JSON object, nil for anything else.
func object(raw json.RawMessage) map[string]json.RawMessage {
	if !isObject(raw) {
		return nil
	}
	all := map[string]json.RawMessage{}
	for name, value := range members(raw) {
		all[unquoted(name)] = value
	}
	return all
}

// scalar returns the text of a JSON string, number or boolean; "" for the rest.
func scalar(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0, raw[0] == '{', raw[0] == '[', string(raw) == "null":
		return ""
	case raw[0] == '"':
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return ""
		}
		return strings.TrimSpace(s)
	default:
		return string(raw)
	}
}

// scalarFor turns a number or boolean into text, or text into one, where kind
// asks for it. It returns raw where it cannot help.
func scalarFor(raw json.RawMessage, kind reflect.Kind) json.RawMessage {
	if raw[0] == '{' || raw[0] == '[' {
		return raw
	}
	text := scalar(raw)
	switch kind {
	case reflect.String:
		if raw[0] != '"' {
			return json.RawMessage(strconv.Quote(text))
		}
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int16, reflect.Int8,
		reflect.Uint, reflect.Uint64, reflect.Uint32, reflect.Uint16, reflect.Uint8:
		return orRaw(raw, text, integer)
	case reflect.Float64, reflect.Float32:
		return orRaw(raw, text, number)
	case reflect.Bool:
		return orRaw(raw, text, boolean)
	}
	return raw
}

// orRaw returns what convert makes of text, null for an empty one, and raw where
// convert makes nothing.
func orRaw(raw json.RawMessage, text string, convert func(string) string) json.RawMessage {
	if text == "" {
		return json.RawMessage("null")
	}
	if out := convert(text); out != "" {
		return json.RawMessage(out)
	}
	return raw
}

// integer reads "7", "007", "+7", "7.0" and "7e0", never rounding.
func integer(text string) string {
	const exact = 1 << 53
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return strconv.FormatInt(n, 10)
	}
	f, err := strconv.ParseFloat(number(text), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= exact {
		return ""
	}
	return strconv.FormatInt(int64(f), 10)
}

// number returns text if it is a JSON number.
func number(text string) string {
	if c := text[0]; c != '-' && (c < '0' || c > '9') || !json.Valid([]byte(text)) {
		return ""
	}
	return text
}

func boolean(text string) string {
	switch strings.ToLower(text) {
	case "true", "1", "yes":
		return "true"
	case "false", "0", "no":
		return "false"
	}
	return ""
}
