package project_test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// VER-4, VER-6, BLD-4: the modules in a program that sends are those of the golden
// file, and no module that only tests need. A new one there needs a reason.
func (u *user) linksFewModules(t *testing.T) {
	out := u.must(t, "go", "version", "-m", u.build(t, "sms"))
	var modules []string
	for _, m := range regexp.MustCompile(`(?m)^\tdep\t(\S+)`).FindAllStringSubmatch(out, -1) {
		modules = append(modules, m[1])
	}
	slices.Sort(modules)
	assert.Equal(t, contents(t, "internal/project/testdata/linked-modules.txt"), strings.Join(modules, "\n")+"\n")
	for _, module := range modules {
		assert.False(t, isHeavy(module), "%s is linked", module)
	}
}

// BLD-2: a method that is never called is not in the program, also when the
// client is kept behind an interface of the user's own.
func (u *user) linksCalledMethodsOnly(t *testing.T) {
	for _, name := range []string{"sms", "interface"} {
		symbols := u.must(t, "go", "tool", "nm", u.build(t, name))
		for _, service := range services(t) {
			for i := range service.NumMethod() {
				method := service.Method(i).Name
				assert.Equal(t, method == "SendSMS", strings.Contains(symbols, symbol(service, method)), "%s: %s", name, symbol(service, method))
			}
		}
	}
}

// symbol is the name of a method in a program.
func symbol(service reflect.Type, method string) string {
	return service.Elem().PkgPath() + ".(*" + service.Elem().Name() + ")." + method + "\n"
}

// A program that only receives deliveries has nothing of a service or of the
// pipeline of calls in it, though package webhooks has a service of its own.
func (u *user) receiverLinksNoService(t *testing.T) {
	symbols := u.must(t, "go", "tool", "nm", u.build(t, "receiver"))
	require.Contains(t, symbols, modulePath+"/webhooks.Handler\n")
	assert.NotContains(t, symbols, modulePath+"/internal/call.")
	for _, service := range services(t) {
		symbol := service.Elem().PkgPath() + "."
		if service.Elem().PkgPath() == modulePath+"/webhooks" {
			symbol += "(*" + service.Elem().Name() + ")"
		}
		assert.NotContains(t, symbols, symbol)
	}
}

// BLD-1: the SDK adds at most a mebibyte to a program that does the same by hand.
func (u *user) isSmall(t *testing.T) {
	const limit = 1 << 20
	size := func(name string) int64 {
		info, err := os.Stat(u.build(t, name, "-ldflags=-s -w"))
		require.NoError(t, err)
		return info.Size()
	}
	byHand, ours := size("byhand"), size("sms")
	t.Logf("by hand %d bytes, with the SDK %d: %d more", byHand, ours, ours-byHand)
	assert.Less(t, ours-byHand, int64(limit))
}
