package credentials

import (
	"context"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// DTS returns the source in the form that the client of the API takes.
func (s *Source) DTS() dts.CredentialSource { return dtsSource{s} }

type dtsSource struct{ source *Source }

// Credential implements [dts.CredentialSource].
func (d dtsSource) Credential(ctx context.Context) (dts.Credential, error) {
	c, err := d.source.Credential(ctx)
	if err != nil {
		return dts.Credential{}, err
	}
	converted := dts.Credential{AccessKeyID: *c.AccessKeyId, AccessKeySecret: *c.AccessKeySecret, Provider: *c.ProviderName}
	if c.SecurityToken != nil {
		converted.SecurityToken = *c.SecurityToken
	}
	return converted, nil
}

// Refresh implements [dts.CredentialSource].
func (d dtsSource) Refresh(ctx context.Context, expired dts.Credential) (bool, error) {
	stale := &Credential{AccessKeyId: &expired.AccessKeyID, AccessKeySecret: &expired.AccessKeySecret}
	if expired.SecurityToken != "" {
		stale.SecurityToken = &expired.SecurityToken
	}
	return d.source.Renew(ctx, stale)
}
