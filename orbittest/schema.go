package orbittest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A schema is what the contract knows of a request's fields: a table, one row a
// field, in the order in which the API reports what is wrong. It is written down
// from the contract's pages by hand and shares nothing with the SDK's structs.
type schema []field

// A field is one row of a schema.
type field struct {
	name     string
	kind     kind
	required bool   // must be there, and neither null, "" nor an empty list
	min, max int    // characters of a text, items of a list, value of a number; 0: no bound
	format   format // of a text
	item     *field // of a list, or of any member of a record; its name is not used
	fields   schema // of an object
	// exactlyOne names fields of an object that exclude each other.
	exactlyOne []string
}

// A kind is the JSON type of a field.
type kind int

const (
	anything   kind = iota // any JSON: the contract keeps it raw
	text                   // a string
	integer                // a whole number
	number                 // any number
	flag                   // true or false
	list                   // an array of item
	record                 // an object of fields; without fields, any object
	textOrList             // a string, or an array of such strings
	file                   // an upload of a form
)

// A format is a rule on the characters of a text.
type format struct {
	valid    func(string) bool
	expected string              // for people: "E.164"
	code     string              // of the failure; "": VALIDATION_ERROR
	codeOf   func(string) string // in place of code, where it depends on the text
	status   int                 // of the failure; 0: 422
}

// find returns the row of a name. Schemas are short: a scan beats a map.
func (s schema) find(name string) *field {
	for i := range s {
		if s[i].name == name {
			return &s[i]
		}
	}
	return nil
}

// unknown appends the paths of all fields that the schema does not know.
func (s schema) unknown(fields map[string]any, prefix string, paths []string) []string {
	for name, value := range fields {
		if f := s.find(name); f == nil {
			paths = append(paths, prefix+name)
		} else {
			paths = f.unknownIn(value, prefix+name, paths)
		}
	}
	return paths
}

func (f *field) unknownIn(value any, path string, paths []string) []string {
	switch v := value.(type) {
	case map[string]any:
		if f.fields != nil {
			return f.fields.unknown(v, path+".", paths)
		}
	case []any:
		if f.item == nil {
			return paths
		}
		for i, item := range v {
			paths = f.item.unknownIn(item, itemPath(path, i), paths)
		}
	}
	return paths
}

// validate reports the first field, in the schema's order, that breaks a rule.
func (s schema) validate(fields map[string]any, prefix string) *failure {
	for i := range s {
		f := &s[i]
		value := fields[f.name]
		if absent(value) {
			if f.required {
				return missing(prefix + f.name)
			}
			continue
		}
		if problem := f.test(value, prefix+f.name); problem != nil {
			return problem
		}
	}
	return nil
}

// absent reports whether a value means "not given".
func absent(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	default:
		return false
	}
}

// test checks one value that was given.
func (f *field) test(value any, path string) *failure {
	switch v := value.(type) {
	case string:
		if f.kind == text || f.kind == textOrList {
			return f.testText(v, path)
		}
	case json.Number:
		switch f.kind {
		case integer:
			return f.testInteger(v, path)
		case number:
			return f.testNumber(v, path)
		}
	case bool:
		if f.kind == flag {
			return nil
		}
	case upload:
		if f.kind == file {
			return nil
		}
	case []any:
		if f.kind == list || f.kind == textOrList {
			return f.testList(v, path)
		}
	case map[string]any:
		if f.kind == record {
			return f.testRecord(v, path+".")
		}
	}
	if f.kind == anything {
		return nil
	}
	return invalid(codeValidation, path, nil, f.kind.String())
}

// itemPath names an item of a list.
func itemPath(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

func (f *field) testRecord(v map[string]any, prefix string) *failure {
	if f.exactlyOne != nil {
		if problem := exactlyOne(v, prefix, f.exactlyOne); problem != nil {
			return problem
		}
	}
	if f.item != nil {
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if problem := f.item.test(v[name], prefix+name); problem != nil {
				return problem
			}
		}
	}
	return f.fields.validate(v, prefix)
}

// exactlyOne refuses an object in which none, or several, of the names are given.
func exactlyOne(fields map[string]any, prefix string, names []string) *failure {
	given := 0
	for _, name := range names {
		if absent(fields[name]) {
			continue
		}
		if given++; given > 1 {
			return invalid(codeValidation, prefix+name, nil, "exactly one of "+strings.Join(names, ", "))
		}
	}
	if given == 0 {
		return missing(prefix + names[0])
	}
	return nil
}

func (f *field) testText(v, path string) *failure {
	if n := utf8.RuneCountInString(v); f.outOfBounds(n) {
		return invalid(codeValidation, path, n, f.bounds()+" characters")
	}
	if f.format.valid == nil || f.format.valid(v) {
		return nil
	}
	return f.format.failure(path, v)
}

func (f *field) testInteger(v json.Number, path string) *failure {
	n, err := strconv.Atoi(v.String())
	if err != nil {
		return invalid(codeValidation, path, v, "a whole number")
	}
	if f.outOfBounds(n) {
		return invalid(codeValidation, path, n, f.bounds())
	}
	return nil
}

func (f *field) testNumber(v json.Number, path string) *failure {
	n, err := v.Float64()
	if err != nil || n < float64(f.min) || f.max > 0 && n > float64(f.max) {
		return invalid(codeValidation, path, v, f.bounds())
	}
	return nil
}

func (f *field) testList(v []any, path string) *failure {
	if len(v) == 0 && f.required {
		return missing(path)
	}
	if f.outOfBounds(len(v)) {
		return invalid(codeValidation, path, len(v), f.bounds()+" items")
	}
	item := f.item
	if f.kind == textOrList {
		item = &field{kind: text, format: f.format}
	}
	if item == nil {
		return nil
	}
	for i, value := range v {
		at := itemPath(path, i)
		if absent(value) {
			return missing(at)
		}
		if problem := item.test(value, at); problem != nil {
			return problem
		}
	}
	return nil
}

func (f *field) outOfBounds(n int) bool {
	return n < f.min || f.max > 0 && n > f.max
}

func (f *field) bounds() string {
	if f.max == 0 {
		return "at least " + strconv.Itoa(f.min)
	}
	if f.min == 0 {
		return "at most " + strconv.Itoa(f.max)
	}
	return strconv.Itoa(f.min) + "-" + strconv.Itoa(f.max)
}

func (f format) failure(path, value string) *failure {
	problem := invalid(codeValidation, path, value, f.expected)
	if f.code != "" {
		problem.code = f.code
	}
	if f.codeOf != nil {
		problem.code = f.codeOf(value)
	}
	if f.status != 0 {
		problem.status = f.status
	}
	return problem
}

// String is how a failure names the kind.
func (k kind) String() string {
	switch k {
	case text:
		return "a string"
	case integer:
		return "a whole number"
	case number:
		return "a number"
	case flag:
		return "true or false"
	case list:
		return "an array"
	case record:
		return "an object"
	case textOrList:
		return "a string or an array of strings"
	case file:
		return "a file"
	default:
		return "any JSON"
	}
}

// validateQuery checks the parameters of a query against the same rows: there
// every value is a string, so that only formats and integers are looked at.
func (s schema) validateQuery(get func(string) string) *failure {
	for i := range s {
		f := &s[i]
		value := get(f.name)
		var problem *failure
		switch {
		case value == "" && f.required:
			return missing(f.name)
		case value == "":
		case f.kind == integer:
			problem = f.testInteger(json.Number(value), f.name)
		default:
			problem = f.testText(value, f.name)
		}
		if problem != nil {
			return problem
		}
	}
	return nil
}

// unsupported is the failure of a body in another format than expected.
func unsupported(contentType, expected string) *failure {
	f := invalid(codeUnsupportedMedia, "Content-Type", contentType, expected)
	f.status = http.StatusUnsupportedMediaType
	return f
}
