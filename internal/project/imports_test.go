package project_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// allowed says what of this module, and of which other modules, a package may
// import by itself. The tests of a package may import anything.
func allowed(below string, services []string) (own, others []string) {
	const internal = "internal/"
	switch {
	case below == ".":
		return append([]string{"api", internal}, services...), nil
	case below == "api":
		return nil, nil
	case below == "internal/call":
		return []string{"api", internal}, []string{"github.com/cenkalti/backoff/v4", "github.com/hashicorp/go-retryablehttp"}
	case below == "internal/wire":
		return []string{"api", internal}, []string{"github.com/google/go-querystring/query"}
	case strings.HasPrefix(below, internal):
		return []string{"api", internal}, nil
	case slices.Contains(services, below):
		return []string{"api", internal}, nil
	case below == "bulk":
		return []string{".", "api", "messages"}, nil
	case below == "bulk/ledgertest":
		return []string{"bulk"}, nil
	case below == "phone":
		return []string{internal}, []string{"github.com/nyaruka/phonenumbers"}
	case below == "orbittest":
		return []string{".", "api", internal}, nil
	case below == "orbittest/orbit-local":
		return []string{"orbittest", internal}, nil
	case strings.HasPrefix(below, "examples/"): // they are what users write
		return append([]string{".", "api", "bulk", "orbittest", "phone", "webhooks"}, services...), nil
	default:
		return nil, nil
	}
}

// serviceNames are the packages behind the fields of orbit.Client: what the root
// imports of this module, but for the words that all share.
func serviceNames(packages []source) []string {
	var names []string
	for _, p := range packages {
		if inModule(p.ImportPath) != "." {
			continue
		}
		for _, imported := range p.Imports {
			below := inModule(imported)
			if below != "" && below != "api" && !strings.HasPrefix(below, "internal/") {
				names = append(names, below)
			}
		}
	}
	return names
}

// Imports point downwards only: services know api and internal packages, never
// the root or one another; api knows the standard library; each library is known
// to one package.
func TestImportsPointDownwards(t *testing.T) {
	t.Parallel()
	packages := sources(t)
	services := serviceNames(packages)
	require.Contains(t, services, "messages")
	for _, p := range packages {
		below := inModule(p.ImportPath)
		own, others := allowed(below, services)
		for _, imported := range p.Imports {
			ok := slices.Contains(others, imported)
			if to := inModule(imported); to != "" {
				ok = slices.ContainsFunc(own, func(a string) bool {
					return a == to || strings.HasSuffix(a, "/") && strings.HasPrefix(to, a)
				})
			} else if !strings.Contains(strings.Split(imported, "/")[0], ".") {
				ok = true // of the standard library
			}
			assert.True(t, ok, "%s must not import %s (see func allowed)", below, imported)
		}
	}
}

// BLD-3, BLD-4: what a sending program links holds nothing of tests, templates,
// protobuf or phone number tables.
func TestSendingProgramsLinkNothingHeavy(t *testing.T) {
	t.Parallel()
	for _, p := range sources(t) {
		below := inModule(p.ImportPath)
		if below == "phone" || below == "orbittest" || below == "bulk/ledgertest" || strings.HasPrefix(below, "examples/") || !isPublic(p.listed) {
			continue
		}
		for _, dep := range p.Deps {
			assert.False(t, isHeavy(dep), "%s depends on %s", below, dep)
		}
	}
}

// isHeavy reports whether a package has no place in a program that sends.
func isHeavy(importPath string) bool {
	switch importPath {
	case "testing", "text/template", "html/template", modulePath + "/orbittest", modulePath + "/phone":
		return true
	}
	for _, module := range []string{
		"github.com/stretchr/testify", "github.com/jarcoal/httpmock", "github.com/nyaruka/phonenumbers",
		"google.golang.org/protobuf", "golang.org/x/text", "go.yaml.in/yaml",
	} {
		if importPath == module || strings.HasPrefix(importPath, module+"/") {
			return true
		}
	}
	return false
}
