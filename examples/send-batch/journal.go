package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// journal is a file of JSON lines that only grows: an intent before each send, a
// result after it. Each line is on disk before the program goes on, so that no
// message is sent which a later run does not know of.
type journal struct {
	mu     sync.Mutex
	file   disk
	broken error // the first failed write: behind it nothing more can be trusted
}

// disk is what a journal needs of its file.
type disk interface {
	io.WriteCloser
	Sync() error
}

// entry is a line of the journal. It holds no number and no text.
type entry struct {
	Event event     `json:"event"` // first, see torn
	Key   string    `json:"key"`
	Time  time.Time `json:"time"`
	result
}

type event string

const (
	eventIntent event = "intent"
	eventResult event = "result"
)

// past is what the journal knows of a key.
type past struct {
	result           // empty after an intent alone
	intent time.Time // when it was about to be sent
}

// openJournal opens or makes a journal, and tells what it knows. A line that a
// kill cut short is removed: an intent that was cut was not followed by a send,
// and a result that was cut leaves its intent behind.
func openJournal(path string) (*journal, map[string]past, error) {
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, err
	}
	whole := bytes.LastIndexByte(data, '\n') + 1
	known, err := replay(data[:whole])
	if err == nil && !torn(data[whole:]) {
		err = errors.New("the last line is none of a journal")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	if whole < len(data) {
		if err := os.Truncate(path, int64(whole)); err != nil {
			return nil, nil, err
		}
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, err
	}
	syncDir(filepath.Dir(path))
	return &journal{file: file}, known, nil
}

// torn reports whether data can be the beginning of an entry, so that no other
// file is cut by mistake.
func torn(data []byte) bool {
	const head = `{"event":"`
	n := min(len(data), len(head))
	return string(data[:n]) == head[:n]
}

// syncDir makes the name of a new file outlive a power cut, where the system can.
func syncDir(path string) {
	if dir, err := os.Open(path); err == nil {
		_ = dir.Sync() // not every system can
		_ = dir.Close()
	}
}

// replay reads whole lines. A damaged one is an error: what it said is not known.
func replay(lines []byte) (map[string]past, error) {
	known := make(map[string]past)
	number := 0
	for line := range bytes.Lines(lines) {
		number++
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("line %d is not of a journal: %w", number, err)
		}
		switch {
		case e.Key == "":
			return nil, fmt.Errorf("line %d names no key", number)
		case e.Event == eventIntent:
			known[e.Key] = past{intent: e.Time}
		case e.Event == eventResult && e.Status == statusNotSent:
			delete(known, e.Key)
		case e.Event == eventResult && e.Status != "":
			known[e.Key] = past{result: e.result, intent: known[e.Key].intent}
		default:
			return nil, fmt.Errorf("line %d is of a journal that this program does not know", number)
		}
	}
	return known, nil
}

// intend says that a key is about to be sent.
func (j *journal) intend(key string) error {
	return j.append(entry{Event: eventIntent, Key: key})
}

// settle says what came of it.
func (j *journal) settle(key string, r result) error {
	return j.append(entry{Event: eventResult, Key: key, result: r})
}

func (j *journal) append(e entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken != nil {
		return j.broken
	}
	e.Time = time.Now().UTC()
	line, err := json.Marshal(e)
	if err == nil {
		_, err = j.file.Write(append(line, '\n'))
	}
	if err == nil {
		err = j.file.Sync()
	}
	j.broken = err
	return err
}

func (j *journal) close() error { return j.file.Close() }
