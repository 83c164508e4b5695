package bulk

import (
	"iter"
	"math/bits"
)

// index finds records by 64 bits of a hash, at 21 to 32 bytes each: a map of a million
// rows takes twice as much. Two records may have the same hash: whoever finds one reads
// it, and compares.
type index struct {
	shards [256]shard // which grow one by one
	n      int        // of all entries
}

// shard is an open-addressed table.
type shard struct {
	entries []entry
	n       int
}

// entry is the offset of a record in the journal; 0 is an empty place.
type entry struct {
	hash   uint64
	offset int64
}

// find ranges over the entries of a hash. They may be changed, until one is added.
func (x *index) find(hash uint64) iter.Seq[*entry] {
	return func(yield func(*entry) bool) {
		entries := x.shards[hash>>56].entries
		if len(entries) == 0 {
			return
		}
		for i := place(hash, len(entries)); entries[i].offset != 0; i = (i + 1) % len(entries) {
			if entries[i].hash == hash && !yield(&entries[i]) {
				return
			}
		}
	}
}

// has reports whether the index has a hash with this offset.
func (x *index) has(hash uint64, offset int64) bool {
	for e := range x.find(hash) {
		if e.offset == offset {
			return true
		}
	}
	return false
}

// move changes an offset. It adds the new one where the old one is not there.
func (x *index) move(hash uint64, from, to int64) {
	for e := range x.find(hash) {
		if e.offset == from {
			e.offset = to
			return
		}
	}
	x.add(hash, to)
}

// add adds an entry.
func (x *index) add(hash uint64, offset int64) {
	x.n++
	s := &x.shards[hash>>56]
	s.n++
	if s.n > len(s.entries)*3/4 {
		old := s.entries
		s.entries = make([]entry, max(8, len(old)*3/2))
		for _, e := range old {
			if e.offset != 0 {
				s.put(e)
			}
		}
	}
	s.put(entry{hash, offset})
}

func (s *shard) put(e entry) {
	i := place(e.hash, len(s.entries))
	for s.entries[i].offset != 0 {
		i = (i + 1) % len(s.entries)
	}
	s.entries[i] = e
}

// place is where the search for a hash begins. The bits that choose the shard do not
// count.
func place(hash uint64, n int) int {
	at, _ := bits.Mul64(hash<<8, uint64(n)) //nolint:gosec // a length
	return int(at)                          //nolint:gosec // less than n
}
