//go:build !linux

package project_test

import "testing"

func (u *user) buildsQuickly(t *testing.T) { t.Skip("the cost of a build is measured on Linux") }
