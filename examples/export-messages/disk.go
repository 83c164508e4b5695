package main

import (
	"io"
	"os"
	"path/filepath"
)

// disk is what an export needs of the file system. What is done to names is on disk
// when a method returns.
type disk interface {
	read(name string) ([]byte, error)
	size(name string) (int64, error)
	// open opens a file to append to, and makes it if need be.
	open(name string) (file, error)
	// create makes a file, or empties it.
	create(name string) (file, error)
	// rename puts a file into the place of another.
	rename(from, to string) error
	remove(name string) error
}

// file is an open file. What is written is on disk after a Sync.
type file interface {
	io.WriteCloser
	Sync() error
	Truncate(size int64) error
}

// osDisk is the file system. Nobody else can read what it makes.
type osDisk struct{}

func (osDisk) read(name string) ([]byte, error) { return os.ReadFile(name) }

func (osDisk) size(name string) (int64, error) {
	info, err := os.Stat(name)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (osDisk) open(name string) (file, error)   { return openFile(name, os.O_APPEND) }
func (osDisk) create(name string) (file, error) { return openFile(name, os.O_TRUNC) }

func openFile(name string, how int) (file, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|how, 0o600)
	if err != nil {
		return nil, err
	}
	syncNames(name)
	return f, nil
}

func (osDisk) rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	syncNames(to)
	return nil
}

func (osDisk) remove(name string) error {
	if err := os.Remove(name); err != nil {
		return err
	}
	syncNames(name)
	return nil
}

// syncNames makes the names in a file's folder outlive a power cut, where the
// system can.
func syncNames(name string) {
	if dir, err := os.Open(filepath.Dir(name)); err == nil {
		_ = dir.Sync() // not every system can
		_ = dir.Close()
	}
}
