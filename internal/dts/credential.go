package dts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Credential is what a request is signed with.
type Credential struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string // empty for a long-term key
	Provider        string // how it was obtained, such as static_ak; sent for statistics
}

// CredentialSource supplies credentials. It may be used from many goroutines.
//
// An error that has a method Temporary() bool returning true is retried like a
// request; see [Policy].
type CredentialSource interface {
	// Credential returns a credential that is valid now.
	Credential(ctx context.Context) (Credential, error)
	// Refresh replaces a credential that the API reports as expired. It returns
	// false if the source has no other.
	Refresh(ctx context.Context, expired Credential) (bool, error)
}

// StaticCredential is a source that always supplies the same credential.
type StaticCredential Credential

// Credential implements [CredentialSource].
func (s StaticCredential) Credential(context.Context) (Credential, error) { return Credential(s), nil }

// Refresh implements [CredentialSource].
func (s StaticCredential) Refresh(context.Context, Credential) (bool, error) { return false, nil }

// check refuses what can't be sent in a header or was not meant to be, such as
// the line break at the end of a file.
func (c Credential) check() error {
	for _, part := range []struct{ name, value string }{
		{"access key ID", c.AccessKeyID}, {"access key secret", c.AccessKeySecret},
		{"security token", c.SecurityToken}, {"credential provider", c.Provider},
	} {
		if strings.ContainsFunc(part.value, unicode.IsControl) {
			return fmt.Errorf("the %s contains a line break or another control character", part.name)
		}
	}
	return nil
}

// shortestSecret keeps a word that is not a secret, as in a test, from being
// removed from every sentence.
const shortestSecret = 8

// redact removes the secrets of the credential from a text, because the API
// returns parts of some requests in its errors. The longer one is removed first,
// because it may begin with the other.
func (c Credential) redact(text string) string {
	secrets := []string{c.SecurityToken, c.AccessKeySecret}
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	for _, secret := range secrets {
		if len(secret) >= shortestSecret {
			text = strings.ReplaceAll(text, secret, "(redacted)")
		}
	}
	return text
}
