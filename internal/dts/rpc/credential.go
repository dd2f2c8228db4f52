package rpc

import (
	"context"
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
// request.
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
