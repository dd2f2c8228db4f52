package credentials

import (
	"cmp"
	"context"
	"strings"
)

// method is an authentication method.
type method struct {
	// arguments of the provider block configure the method. Errors name it by the
	// first of them.
	arguments []string
	// isSet reports whether settings configure the method: the provider block, or
	// the settings that the environment completed.
	isSet func(Settings) bool
	// isPresent reports whether files or the network supply credentials without a
	// setting. Nil is never.
	isPresent func(context.Context, Config) bool
	// source is the source of the credentials.
	source func(Config) source
}

// methods are the authentication methods in their order of precedence. The
// provider block takes precedence over the environment, files and the network.
var methods = []*method{
	{
		arguments: []string{"access_key", "secret_key", "security_token"},
		isSet:     func(s Settings) bool { return s.AccessKey != "" || s.SecretKey != "" },
		source: func(c Config) source {
			switch {
			case c.AccessKey == "":
				return source{err: newError("secret_key is set, but access_key is not").advise(
					"Set access_key in the provider block, or ALICLOUD_ACCESS_KEY in the environment." + allMethods)}
			case c.SecretKey == "":
				return source{err: newError("access_key is set, but secret_key is not").advise(
					"Set secret_key where access_key is set: in the provider block, or in the environment by the " +
						"variable that belongs to that of access_key, such as ALICLOUD_SECRET_KEY to " +
						"ALICLOUD_ACCESS_KEY." + allMethods)}
			}
			got := newCredential("static_ak", string(c.AccessKey), string(c.SecretKey), string(c.SecurityToken))
			if c.SecurityToken != "" {
				got.Provider = "static_sts"
			}
			return staticSource("access_key", "Check access_key, secret_key and security_token.", got)
		},
	},
	{
		arguments: []string{"assume_role_with_oidc"},
		isSet:     func(s Settings) bool { return s.AssumeRoleWithOIDC != nil },
		source: func(c Config) source {
			const name = "assume_role_with_oidc"
			if arguments := c.AssumeRoleWithOIDC.missing(); len(arguments) > 0 {
				return source{err: newError("%s has no %s", name, strings.Join(arguments, " and no ")).advise(
					"Set it in the block assume_role_with_oidc, or by its variable in the environment." + allMethods)}
			}
			o := c.AssumeRoleWithOIDC
			role := AssumeRole{
				RoleARN: o.RoleARN, SessionName: o.RoleSessionName, Policy: o.Policy,
				SessionExpiration: o.SessionExpiration,
			}
			return oidcSource(name, c.sts, role, o.OIDCProviderARN, o.OIDCToken, o.OIDCTokenFile)
		},
	},
	{
		arguments: []string{"profile", "shared_credentials_file"},
		isSet:     func(s Settings) bool { return s.Profile != "" || s.SharedCredentialsFile != "" },
		isPresent: func(_ context.Context, c Config) bool { return !c.cliProfilesDisabled && c.cli().isConfigured() },
		source: func(c Config) source {
			if c.cliProfilesDisabled {
				return disabled("profiles of the Alibaba Cloud CLI", "ALIBABA_CLOUD_CLI_PROFILE_DISABLED")
			}
			return c.cli().source(string(c.Profile))
		},
	},
	{
		isSet:     func(Settings) bool { return false },
		isPresent: func(_ context.Context, c Config) bool { return exists(c.path(sharedFile)) },
		source:    func(c Config) source { return sharedSource(c.path(sharedFile), c.metadata, c.sts) },
	},
	{
		arguments: []string{"ecs_role_name"},
		isSet:     func(s Settings) bool { return s.ECSRoleName != "" },
		isPresent: func(ctx context.Context, c Config) bool { return !c.metadata.disabled && c.metadata.isPresent(ctx) },
		source: func(c Config) source {
			if c.ECSRoleName == "" {
				return c.metadata.source("the metadata of the ECS instance", "")
			}
			return c.metadata.source("ecs_role_name", string(c.ECSRoleName))
		},
	},
	{
		arguments: []string{"credentials_uri"},
		isSet:     func(s Settings) bool { return s.CredentialsURI != "" },
		source:    func(c Config) source { return uriSource("credentials_uri", c.http, c.CredentialsURI) },
	},
}

// find returns the source of the method that the provider block configures, or else
// of the first method that is set or present, with the role of assume_role on top.
func (c Config) find(ctx context.Context) source {
	chosen := c.configured
	for _, m := range methods {
		if len(chosen) == 0 && (m.isSet(c.Settings) || m.isPresent != nil && m.isPresent(ctx, c)) {
			chosen = []*method{m}
		}
	}
	switch len(chosen) {
	case 0:
		return source{err: errNoSource}
	case 1:
	default:
		const summary = "the provider block configures two authentication methods, %s and %s"
		return source{err: newError(summary, chosen[0].arguments[0], chosen[1].arguments[0]).advise(
			"Keep one of them. To assume a role on top of it, use the block assume_role.")}
	}
	base := chosen[0].source(c)
	switch {
	case base.err != nil || c.AssumeRole == nil:
		return base
	case c.AssumeRole.RoleARN == "":
		return source{err: newError("assume_role has no role_arn").advise(
			"Set role_arn in assume_role or ALICLOUD_ASSUME_ROLE_ARN in the environment, or remove the block.")}
	}
	service := c.sts
	service.region = cmp.Or(service.region, base.region)
	return roleSource("assume_role", service, base, *c.AssumeRole)
}
