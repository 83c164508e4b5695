package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	_ "modernc.org/sqlite" // the driver

	"github.com/devotel/orbit-go/bulk"
)

// writers is how many goroutines write to a store at once.
const writers = 64

// store is a place for the intent and the result of a row. Both are durable when the
// method returns.
type store interface {
	intend(key string) error
	settle(key, id string) error
	close() error
}

// stores are those that are measured, each with how it is opened.
func stores() []struct {
	name, how string
	open      func(path string) (store, error)
} {
	return []struct {
		name, how string
		open      func(path string) (store, error)
	}{
		{"bulk", "its journal, written in groups", openJournal},
		{"bbolt", "`DB.Batch`, which groups", openBolt},
		{"SQLite", "a transaction a write; WAL, `synchronous=FULL`", openSQLite},
		{"SQLite, grouped", "the same, with writes that come meanwhile in one transaction", openGroupedSQLite},
	}
}

// intentsAndResults measures bulk's journal beside databases.
func intentsAndResults(o options) (*table, error) {
	seconds := o.of(10, 1)
	t := newTable("Intents and results of messages, on disk",
		fmt.Sprintf("What a campaign writes for each message: an intent, and then a result with the message's ID, both durable before the next step. "+
			"%d goroutines write for %d s, each store in a process of its own. SQLite is modernc.org/sqlite, without cgo. "+
			"Nothing is sent.", writers, seconds),
		"store", "how", "messages a second", "file, bytes a message", "peak memory, MB")
	folder, err := os.MkdirTemp("", "orbit-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder
	for i, s := range stores() {
		path := filepath.Join(folder, fmt.Sprint(i))
		m, err := runPart(part{Task: s.name, Path: path, Seconds: float64(seconds)})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		file, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		cells := m.row(s.name)
		t.row(s.name, s.how, cells[3], file.Size()/int64(max(m.Rows, 1)), cells[4])
	}
	return t, nil
}

// write writes to a store for a while.
func (p part) write() (measured, error) {
	for _, s := range stores() {
		if s.name == p.Task {
			db, err := s.open(p.Path)
			if err != nil {
				return measured{}, err
			}
			m, err := writeTo(db, time.Duration(p.Seconds*float64(time.Second)))
			return m, errors.Join(err, db.close())
		}
	}
	return measured{}, fmt.Errorf("there is no task %q", p.Task)
}

func writeTo(db store, length time.Duration) (measured, error) {
	started := time.Now()
	var rows atomic.Int64
	var failed error
	var once sync.Once
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for time.Since(started) < length {
				n := rows.Add(1)
				row := sha256.Sum256(strconv.AppendInt(nil, n, 10)) // keys are hashes
				key := fmt.Sprintf("orbit_%x", row[:16])
				err := db.intend(key)
				if err == nil {
					err = db.settle(key, fmt.Sprintf("msg_%020d", n))
				}
				if err != nil {
					once.Do(func() { failed = err })
					return
				}
			}
		})
	}
	all.Wait()
	return measured{Rows: int(rows.Load()), Seconds: time.Since(started).Seconds()}, failed
}

type journalStore struct{ job *bulk.Job }

func openJournal(path string) (store, error) {
	job, err := bulk.Open(path)
	return journalStore{job}, err
}

func (s journalStore) claim(key string) bulk.Claim {
	return bulk.Claim{Key: key, Fingerprint: key[len(key)-32:], Keyed: true, Token: key, Lease: time.Minute}
}

func (s journalStore) intend(key string) error {
	_, err := s.job.Claim(context.Background(), s.claim(key))
	return err
}

func (s journalStore) settle(key, id string) error {
	return s.job.Settle(context.Background(), s.claim(key), bulk.Settlement{Outcome: bulk.Sent, MessageID: id})
}

func (s journalStore) close() error { return s.job.Close() }

type boltStore struct{ db *bbolt.DB }

func openBolt(path string) (store, error) {
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		return nil, err
	}
	db.MaxBatchDelay = time.Millisecond // what is faster here than its default of 10
	return boltStore{db}, db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("rows"))
		return err
	})
}

func (s boltStore) put(key, value string) error {
	return s.db.Batch(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("rows")).Put([]byte(key), []byte(value)) })
}

func (s boltStore) intend(key string) error {
	return s.put(key, time.Now().UTC().Format(time.RFC3339Nano))
}
func (s boltStore) settle(key, id string) error { return s.put(key, id) }
func (s boltStore) close() error                { return s.db.Close() }

// The statements of a table of rows.
const (
	createRows = `CREATE TABLE rows (key TEXT PRIMARY KEY, intended INTEGER NOT NULL, id TEXT) WITHOUT ROWID`
	intendRow  = `INSERT INTO rows (key, intended) VALUES (?, ?)`
	settleRow  = `UPDATE rows SET id = ? WHERE key = ?`
)

type sqliteStore struct{ db *sql.DB }

func openSQLite(path string) (store, error) {
	db, err := sql.Open("sqlite", path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // there is one writer at a time anyway
	_, err = db.Exec(createRows)
	return sqliteStore{db}, err
}

func (s sqliteStore) intend(key string) error {
	_, err := s.db.Exec(intendRow, key, time.Now().UnixMilli())
	return err
}

func (s sqliteStore) settle(key, id string) error {
	_, err := s.db.Exec(settleRow, id, key)
	return err
}

func (s sqliteStore) close() error { return s.db.Close() }

// groupedSQLite writes what comes while it writes in one transaction.
type groupedSQLite struct {
	sqliteStore

	writes chan write
	ended  chan struct{}
}

type write struct {
	statement string
	args      []any
	done      chan error
}

func openGroupedSQLite(path string) (store, error) {
	s, err := openSQLite(path)
	if err != nil {
		return nil, err
	}
	g := &groupedSQLite{s.(sqliteStore), make(chan write, writers), make(chan struct{})} //nolint:forcetypeassert // as openSQLite returns
	go g.run()
	return g, nil
}

func (g *groupedSQLite) run() {
	defer close(g.ended)
	for first := range g.writes {
		group := []write{first}
		for more := true; more; {
			select {
			case w, ok := <-g.writes:
				if more = ok; ok {
					group = append(group, w)
				}
			default:
				more = false
			}
		}
		err := g.commit(group)
		for _, w := range group {
			w.done <- err
		}
	}
}

func (g *groupedSQLite) commit(group []write) error {
	tx, err := g.db.Begin()
	if err != nil {
		return err
	}
	for _, w := range group {
		if _, err := tx.Exec(w.statement, w.args...); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

func (g *groupedSQLite) do(statement string, args ...any) error {
	w := write{statement, args, make(chan error, 1)}
	g.writes <- w
	return <-w.done
}

func (g *groupedSQLite) intend(key string) error     { return g.do(intendRow, key, time.Now().UnixMilli()) }
func (g *groupedSQLite) settle(key, id string) error { return g.do(settleRow, id, key) }

func (g *groupedSQLite) close() error {
	close(g.writes)
	<-g.ended
	return g.sqliteStore.close()
}
