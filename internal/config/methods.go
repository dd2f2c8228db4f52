package config

import (
	"slices"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
)

// method is an authentication method: the arguments that configure it, and how
// it is one of the sources of credentials.
type method struct {
	arguments []string
	isSet     func(Settings) bool
	keep      func(to *credentials.Sources, from credentials.Sources)
}

// authenticationMethods are those that the provider block can configure. A token
// alone is not one.
var authenticationMethods = []method{
	{
		[]string{"access_key", "secret_key", "security_token"},
		func(s Settings) bool { return s.AccessKey != "" || s.SecretKey != "" },
		func(to *credentials.Sources, from credentials.Sources) { to.Keys = from.Keys },
	},
	{
		[]string{"assume_role_with_oidc"},
		func(s Settings) bool { return s.AssumeRoleWithOIDC != nil },
		func(to *credentials.Sources, from credentials.Sources) { to.OIDC = from.OIDC },
	},
	{
		[]string{"profile", "shared_credentials_file"},
		func(s Settings) bool { return s.Profile != "" || s.SharedCredentialsFile != "" },
		func(to *credentials.Sources, from credentials.Sources) { to.Profile = from.Profile },
	},
	{
		[]string{"ecs_role_name"},
		func(s Settings) bool { return s.ECSRoleName != "" },
		func(to *credentials.Sources, from credentials.Sources) { to.ECSRole = from.ECSRole },
	},
	{
		[]string{"credentials_uri"},
		func(s Settings) bool { return s.CredentialsURI != "" },
		func(to *credentials.Sources, from credentials.Sources) { to.URI = from.URI },
	},
}

// methods lists the authentication methods that a provider block configures.
func (s Settings) methods() []method {
	var set []method
	for _, m := range authenticationMethods {
		if m.isSet(s) {
			set = append(set, m)
		}
	}
	return set
}

// isOutranked reports whether an argument belongs to an authentication method
// that does not count beside the chosen ones.
func isOutranked(argument string, chosen []method) bool {
	has := func(m method) bool { return slices.Contains(m.arguments, argument) }
	return len(chosen) > 0 && slices.ContainsFunc(authenticationMethods, has) && !slices.ContainsFunc(chosen, has)
}

// only returns the sources of the chosen methods.
func only(all credentials.Sources, chosen []method) credentials.Sources {
	var sources credentials.Sources
	for _, m := range chosen {
		m.keep(&sources, all)
	}
	return sources
}

// sources returns the sources of settings that the environment has completed.
func (s *Settings) sources(block Settings, secretVariable string) credentials.Sources {
	return credentials.Sources{
		Keys:    s.keys(block, secretVariable),
		OIDC:    s.oidc(block),
		Profile: credentials.Profile{Name: string(s.Profile), File: string(s.SharedCredentialsFile)},
		ECSRole: string(s.ECSRoleName),
		URI:     string(s.CredentialsURI),
	}
}

func (s *Settings) keys(block Settings, secretVariable string) credentials.Keys {
	keys := credentials.Keys{
		AccessKey:     string(s.AccessKey),
		SecretKey:     string(s.SecretKey),
		SecurityToken: string(s.SecurityToken),
		SecretSetting: "secret_key in the provider block",
	}
	if block.AccessKey == "" && secretVariable != "" {
		keys.SecretSetting = secretVariable + " in the environment"
	}
	return keys
}

// oidc returns the role to assume with a token, or nil if nothing sets one. A
// token file of the block takes precedence over a token of the environment.
func (s *Settings) oidc(block Settings) *credentials.OIDC {
	o := s.AssumeRoleWithOIDC
	if block.AssumeRoleWithOIDC == nil && *o == (AssumeRoleWithOIDC{}) {
		return nil
	}
	if b := block.AssumeRoleWithOIDC; b != nil && b.OIDCTokenFile != "" {
		o.OIDCToken = b.OIDCToken
	}
	return &credentials.OIDC{
		ProviderARN: string(o.OIDCProviderARN),
		Token:       string(o.OIDCToken),
		TokenFile:   string(o.OIDCTokenFile),
		RoleARN:     string(o.RoleARN),
		SessionName: string(o.RoleSessionName),
		Policy:      o.Policy,
		Expiration:  int64(o.SessionExpiration),
	}
}
