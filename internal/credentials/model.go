package credentials

import (
	"context"

	aliyun "github.com/aliyun/credentials-go/credentials"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// Model returns the credential in the form of the core library.
func (s *Source) Model(ctx context.Context) (*aliyun.CredentialModel, error) {
	c, err := s.Credential(ctx)
	if err != nil {
		return nil, err
	}
	kind := "access_key"
	m := &aliyun.CredentialModel{AccessKeyId: &c.AccessKeyID, AccessKeySecret: &c.AccessKeySecret, ProviderName: &c.Provider, Type: &kind}
	if c.SecurityToken != "" {
		kind, m.SecurityToken = "sts", &c.SecurityToken
	}
	return m, nil
}

// Renew is Refresh in the form of the core library.
func (s *Source) Renew(ctx context.Context, expired *aliyun.CredentialModel) (bool, error) {
	c := dts.Credential{AccessKeyID: *expired.AccessKeyId, AccessKeySecret: *expired.AccessKeySecret, Provider: *expired.ProviderName}
	if expired.SecurityToken != nil {
		c.SecurityToken = *expired.SecurityToken
	}
	return s.Refresh(ctx, c)
}
