package credentials

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"
	"unicode"

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// source is where credentials come from.
type source struct {
	name   string // as the user knows it, such as credentials_uri
	advice string // what to do if it fails
	fetch  func(context.Context) (session, error)
}

// session is a credential and when it expires; the zero time is not known.
type session struct {
	rpc.Credential
	expires time.Time
}

func (s session) isValid(at time.Time) bool {
	return s.AccessKeyID != "" && (s.expires.IsZero() || at.Before(s.expires))
}

// get fetches a credential. An error names the source, unless it is that of
// another source which this one uses. A panic is an error of the source.
func (s source) get(ctx context.Context) (got session, err error) {
	defer func() {
		if r := recover(); r != nil {
			got, err = session{}, s.failed(panicked(r))
		}
	}()
	got, err = s.fetch(ctx)
	if err == nil {
		err = got.check()
	}
	if err != nil {
		return session{}, s.failed(err)
	}
	return got, nil
}

// failed attributes an error to the source.
func (s source) failed(err error) error {
	var attributed *Error
	if errors.As(err, &attributed) {
		return attributed
	}
	why := causeOf(err)
	return &Error{
		Summary:   fmt.Sprintf("unable to get credentials from %s: %s", s.name, why.text),
		Advice:    s.advice,
		temporary: why.temporary,
	}
}

// panicked is the error for a panic, with what the runtime says of it only:
// other values could hold a secret.
func panicked(value any) error {
	text := "internal error"
	if err, ok := value.(runtime.Error); ok {
		text += ": " + err.Error()
	}
	return &cause{text: text}
}

// check refuses what can't be sent in a header.
func (s session) check() error {
	if strings.ContainsFunc(s.AccessKeyID+s.AccessKeySecret+s.SecurityToken, unicode.IsControl) {
		return &cause{text: "the credential contains a control character, such as a line break"}
	}
	return nil
}

// with returns the session with a prefix to the name of how it was obtained.
func (s session) with(prefix string) session {
	s.Provider = prefix + "/" + s.Provider
	return s
}
