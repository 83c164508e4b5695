package wire

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
)

// field is a field of a struct under its JSON name.
type field struct {
	name   string
	index  []int
	tagged bool
	inner  *plan // of the struct that the field is, or holds several of
}

// plan is what encoding/json knows of a struct type: its fields by their JSON
// names, those of embedded structs included.
type plan struct {
	fields []field
	exact  map[string]int // by name
	folded map[string]int // by name without regard to case
	words  map[string]int // by name without regard to case and underscores
	// other are the marks of names in the other casing: those that the fields'
	// own names of several words do not have.
	other mark
	// anywhere are the marks of this plan and of those of its fields.
	anywhere mark
	nested   bool // some field has a plan of its own
}

// mark is what a name of several words is told by.
type mark uint8

const (
	underscore mark = 1 << iota
	capital
)

// marksOf returns the marks of a name.
func marksOf(name []byte) mark {
	var m mark
	for _, c := range name {
		if c == '_' {
			m |= underscore
		} else if 'A' <= c && c <= 'Z' {
			m |= capital
		}
	}
	return m
}

// plans keeps the plans of types, since each takes some microseconds to make. Its
// zero value is ready for use, also by several goroutines. A sync.Map would do the same,
// but as a generic type it is compiled anew for every package that knows of it.
type plans struct {
	byType atomic.Value // of map[reflect.Type]*plan, replaced as a whole
	mu     sync.Mutex   // of those who replace it
}

// of returns the plan of the struct that t is, points to, or is a slice of; nil where
// there is none, or where it reads its own JSON.
func (p *plans) of(t reflect.Type) *plan {
	known, _ := p.byType.Load().(map[reflect.Type]*plan)
	if of, ok := known[t]; ok {
		return of
	}
	made := map[reflect.Type]*plan{t: nil}
	if of := structIn(t); of != nil {
		made[t] = planOf(of, made)
	}
	for grows := true; grows; { // types may hold one another
		grows = false
		for _, one := range made {
			grows = one != nil && one.widen() || grows
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	known, _ = p.byType.Load().(map[reflect.Type]*plan)
	all := maps.Clone(known)
	if all == nil {
		all = map[reflect.Type]*plan{}
	}
	maps.Copy(all, made)
	p.byType.Store(all)
	return made[t]
}

// structIn returns the struct type behind pointers and slices, or nil. The names in
// a map are free.
func structIn(t reflect.Type) reflect.Type {
	for {
		switch {
		case readsItself(t):
			return nil
		case t.Kind() == reflect.Struct:
			return t
		case t.Kind() == reflect.Pointer, t.Kind() == reflect.Slice:
			t = t.Elem()
		default:
			return nil
		}
	}
}

// planOf makes the plan of a struct type, and of those inside it.
func planOf(t reflect.Type, made map[reflect.Type]*plan) *plan {
	if p := made[t]; p != nil {
		return p
	}
	p := &plan{exact: map[string]int{}, folded: map[string]int{}, words: map[string]int{}}
	made[t] = p
	p.fields = dominant(collect(t, nil, nil))
	var own mark
	for i := range p.fields {
		f := &p.fields[i]
		p.exact[f.name] = i
		setFirst(p.folded, fold(f.name), i)
		setFirst(p.words, wordsOf(f.name), i)
		own |= marksOf([]byte(f.name))
		if inner := structIn(t.FieldByIndex(f.index).Type); inner != nil {
			f.inner, p.nested = planOf(inner, made), true
		}
	}
	if own&underscore != 0 {
		p.other |= capital
	}
	if own&capital != 0 {
		p.other |= underscore
	}
	return p
}

// widen adds the marks of the fields' plans, and reports whether there were others.
func (p *plan) widen() bool {
	before := p.anywhere
	p.anywhere |= p.other
	for _, f := range p.fields {
		if f.inner != nil {
			p.anywhere |= f.inner.anywhere
		}
	}
	return p.anywhere != before
}

func setFirst(m map[string]int, key string, i int) {
	if _, ok := m[key]; !ok {
		m[key] = i
	}
}

// collect returns the fields of a struct and of those that it embeds, before it is
// decided which of those with one name counts. within are the structs around it.
func collect(t reflect.Type, index []int, within []reflect.Type) []field {
	if slices.Contains(within, t) {
		return nil
	}
	var all []field
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(slices.Clone(index), i)
		tag := f.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		embedded := f.Type
		if f.Anonymous && f.IsExported() && embedded.Kind() == reflect.Pointer {
			embedded = embedded.Elem()
		}
		isStruct := f.Anonymous && embedded.Kind() == reflect.Struct
		switch {
		case tag == "-", !f.IsExported() && !isStruct:
		case isStruct && name == "":
			all = append(all, collect(embedded, at, append(slices.Clone(within), t))...)
		case f.IsExported():
			all = append(all, field{name: cmp.Or(name, f.Name), index: at, tagged: name != ""})
		}
	}
	return all
}

// dominant keeps, of the fields with one name, the one that encoding/json keeps: the
// least embedded; of those the only one with a tag; none where several are left.
func dominant(all []field) []field {
	rank := func(f field) int {
		if f.tagged {
			return 2 * len(f.index)
		}
		return 2*len(f.index) + 1
	}
	best, rivals := map[string]int{}, map[string]int{}
	for _, f := range all {
		switch r, known := best[f.name]; {
		case !known || rank(f) < r:
			best[f.name], rivals[f.name] = rank(f), 1
		case rank(f) == r:
			rivals[f.name]++
		}
	}
	return slices.DeleteFunc(all, func(f field) bool { return rank(f) != best[f.name] || rivals[f.name] > 1 })
}

// own returns the field that encoding/json fills from a name, or -1.
func (p *plan) own(name string) int {
	if i, ok := p.exact[name]; ok {
		return i
	}
	if i, ok := p.folded[fold(name)]; ok {
		return i
	}
	return -1
}

// cousin returns the field whose name in the other casing a name is, or -1.
func (p *plan) cousin(name string) int {
	if marksOf([]byte(name))&p.other == 0 {
		return -1
	}
	if i, ok := p.words[wordsOf(name)]; ok {
		return i
	}
	return -1
}

// fold makes names equal that encoding/json takes for the same.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return unicode.ToLower(least)
	}, name)
}

func wordsOf(name string) string { return strings.ReplaceAll(fold(name), "_", "") }
