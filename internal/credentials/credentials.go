// Package credentials turns what the provider block and the environment say
// into one source of credentials, and says clearly why when there is none.
//
// It exists because the order in which arguments and environment count is the
// provider's promise, while what each source does is the business of Alibaba
// Cloud's own credentials library.
package credentials

import (
	"context"
	"fmt"

	"github.com/alibabacloud-go/tea/dara"
	aliyun "github.com/aliyun/credentials-go/credentials"
)

// Credential is what a call is signed with.
type Credential = aliyun.CredentialModel

// Source gives the credential for a call.
type Source func(context.Context) (*Credential, error)

// Keys is an access key pair, with a token when it is a temporary one. An
// empty string is a part that is not set.
type Keys struct {
	AccessKey     string
	SecretKey     string
	SecurityToken string
}

// Error is why there are no credentials, and what to do.
type Error struct {
	Summary string
	Advice  string
}

func (e *Error) Error() string { return e.Summary + ". " + e.Advice }

// Static returns the source of a key pair. A pair that is missing or half set
// is an error of the source, not of the call, for nothing about credentials
// may fail before they are needed.
func Static(keys Keys) Source {
	if err := keys.check(); err != nil {
		return failing(err)
	}
	config := &aliyun.Config{
		Type:            dara.String("access_key"),
		AccessKeyId:     &keys.AccessKey,
		AccessKeySecret: &keys.SecretKey,
	}
	if keys.SecurityToken != "" {
		config.Type = dara.String("sts")
		config.SecurityToken = &keys.SecurityToken
	}
	credential, err := aliyun.NewCredential(config)
	if err != nil {
		return failing(err)
	}
	return func(context.Context) (*Credential, error) { return credential.GetCredential() }
}

func failing(err error) Source {
	return func(context.Context) (*Credential, error) { return nil, err }
}

func (k Keys) check() error {
	half := func(missing, given string) error {
		return &Error{
			Summary: fmt.Sprintf("%s is not set, though %s is", missing, given),
			Advice:  fmt.Sprintf("An access key is a pair: set %s too, in the provider block or in the environment.", missing),
		}
	}
	switch {
	case k.AccessKey == "" && k.SecretKey == "":
		return &Error{
			Summary: "no Alibaba Cloud credentials were found",
			Advice: "Set access_key and secret_key in the provider block, or ALICLOUD_ACCESS_KEY and " +
				"ALICLOUD_SECRET_KEY in the environment.",
		}
	case k.SecretKey == "":
		return half("secret_key", "access_key")
	case k.AccessKey == "":
		return half("access_key", "secret_key")
	}
	return nil
}
