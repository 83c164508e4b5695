package project_test

import (
	"go/ast"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Fourteen programs were written from memory, before their authors looked anything
// up. What they guessed and is now a name compiles.
func TestGuessesCompile(t *testing.T) {
	t.Parallel()
	const program = "internal/project/testdata/programs/guesses/main.go"
	_, code, _ := strings.Cut(contents(t, program), "\npackage main\n")
	require.NoError(t, newCompiler(t).compile(snippet{page: program, line: 1, code: "package main\n" + code}))
}

// Where the API's own word is another, the comment of the real name has the words
// that the reader comes with.
func TestCommentsLeadFromGuesses(t *testing.T) {
	t.Parallel()
	for name, words := range map[string][]string{
		"messages.SendWhatsAppParams.Template":      {"WhatsApp", "not a pointer"},
		"messages.WhatsAppTemplate.Language":        {"en_US"},
		"messages.WhatsAppComponent":                {"sub_type", "index", "WithBodyField"},
		"messages.WhatsAppComponent.Type":           {"WhatsAppComponentTypeBody"},
		"messages.WhatsAppParameter.Type":           {"WhatsAppParameterTypeText"},
		"messages.SendEmailParams":                  {"CC", "BCC", "ReplyTo", "WithBodyField"},
		"messages.RCSCarousel":                      {"card width", "WithBodyField"},
		"messages.RCSCarousel.CardContents":         {"the cards"},
		"messages.RCSContentInfo.FileURL":           {"URL"},
		"messages.RCSSuggestion":                    {"type", "text", "postback data", "URL"},
		"verify.CheckParams.VerificationID":         {"the ID"},
		"verify.CheckParams.Code":                   {`orbit.Secret(r.FormValue("code"))`},
		"verify.Verification.Approved":              {"valid"},
		"verify.SendParams.ExpiresInSeconds":        {"in seconds", "600"},
		"voice.CreateCallParams.MaxDurationSeconds": {"timeout", "in seconds", "600"},
		"voice.Call.Duration":                       {"time.Duration"},
		"agents.CreateParams":                       {"new agent"},
		"flows.Flow.Definition":                     {"Nodes"},
		"flows.UpdateParams.Definition":             {"nodes", "SetNode"},
		"numbers.UpdateParams.SMSWebhookURL":        {`orbit.Set("https://`},
		"webhooks.NewVerifier":                      {"string", "SigningSecret"},
		"webhooks.CreateParams.Events":              {"Types"},
	} {
		comment := commentOf(t, name)
		for _, word := range words {
			assert.Contains(t, comment, word, "the comment of %s", name)
		}
	}
}

// commentOf is the comment of a type, function, method or field, on one line. Names
// are written as in voice.Calls.Wait.
func commentOf(t *testing.T, name string) string {
	t.Helper()
	parts := strings.Split(name, ".")
	var doc *ast.CommentGroup
	for _, s := range sources(t) {
		if s.Name != parts[0] || !isPublic(s.listed) {
			continue
		}
		for _, f := range s.files {
			for _, d := range f.Decls {
				if found := commentIn(d, parts[1:]); found != nil {
					doc = found
				}
			}
		}
	}
	require.NotNil(t, doc, "nothing is called %s, or it has no comment", name)
	return strings.Join(strings.Fields(doc.Text()), " ")
}

func commentIn(d ast.Decl, parts []string) *ast.CommentGroup {
	switch d := d.(type) {
	case *ast.FuncDecl:
		owned := len(parts) == 2 && d.Recv != nil && baseType(d.Recv.List[0].Type) == parts[0] && d.Name.Name == parts[1]
		if owned || len(parts) == 1 && d.Recv == nil && d.Name.Name == parts[0] {
			return d.Doc
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			spec, ok := spec.(*ast.TypeSpec)
			if !ok || spec.Name.Name != parts[0] {
				continue
			}
			if len(parts) == 1 {
				if spec.Doc != nil {
					return spec.Doc
				}
				return d.Doc
			}
			if structure, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range structure.Fields.List {
					for _, name := range field.Names {
						if name.Name == parts[1] {
							return field.Doc
						}
					}
				}
			}
		}
	}
	return nil
}
