package credentials

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
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
	isPresent func(context.Context, tools) bool
	// build returns the source of the credentials.
	build func(tools) (source, error)
}

// tools are the configuration and the HTTP clients that sources are built from.
type tools struct {
	Config
	http     *http.Client
	metadata metadata
}

// methods are the authentication methods in their order of precedence. The
// provider block takes precedence over the environment, files and the network.
var methods = []*method{
	accessKey,
	{
		arguments: []string{"assume_role_with_oidc"},
		isSet:     func(s Settings) bool { return s.AssumeRoleWithOIDC != nil },
		build: func(t tools) (source, error) {
			return oidcSource("assume_role_with_oidc", t.sts(t.Region), *t.settings.AssumeRoleWithOIDC)
		},
	},
	{
		arguments: []string{"profile", "shared_credentials_file"},
		isSet:     func(s Settings) bool { return s.Profile != "" || s.SharedCredentialsFile != "" },
		isPresent: func(_ context.Context, t tools) bool { return !t.cliProfilesDisabled && t.cli().isConfigured() },
		build: func(t tools) (source, error) {
			if t.cliProfilesDisabled {
				return source{}, disabled("profiles of the Alibaba Cloud CLI", "ALIBABA_CLOUD_CLI_PROFILE_DISABLED")
			}
			return t.cli().source(string(t.settings.Profile))
		},
	},
	{
		isSet:     func(Settings) bool { return false },
		isPresent: func(_ context.Context, t tools) bool { return exists(sharedFile(t.home)) },
		build: func(t tools) (source, error) {
			return sharedSource(sharedFile(t.home), t.metadata, t.sts(t.Region)), nil
		},
	},
	{
		arguments: []string{"ecs_role_name"},
		isSet:     func(s Settings) bool { return s.ECSRoleName != "" },
		isPresent: func(ctx context.Context, t tools) bool { return t.metadata.isPresent(ctx) },
		build: func(t tools) (source, error) {
			if t.settings.ECSRoleName == "" {
				return t.metadata.source("the metadata of the ECS instance", "")
			}
			return t.metadata.source("ecs_role_name", string(t.settings.ECSRoleName))
		},
	},
	{
		arguments: []string{"credentials_uri"},
		isSet:     func(s Settings) bool { return s.CredentialsURI != "" },
		build: func(t tools) (source, error) {
			return uriSource("credentials_uri", t.http, t.settings.CredentialsURI), nil
		},
	},
}

// accessKey is the method whose variables belong together by family.
var accessKey = &method{
	arguments: []string{"access_key", "secret_key", "security_token"},
	isSet:     func(s Settings) bool { return s.AccessKey != "" || s.SecretKey != "" },
	build: func(t tools) (source, error) {
		s := t.settings
		switch {
		case s.AccessKey == "":
			return source{}, missing("secret_key is set, but access_key is not",
				"Set access_key in the provider block, or ALICLOUD_ACCESS_KEY in the environment.")
		case s.SecretKey == "":
			return source{}, missing("access_key is set, but secret_key is not",
				"Set secret_key where access_key is set: in the provider block, or in the environment by the variable that belongs "+
					"to that of access_key, such as ALICLOUD_SECRET_KEY to ALICLOUD_ACCESS_KEY.")
		}
		return staticSource("access_key", "Check access_key, secret_key and security_token.",
			string(s.AccessKey), string(s.SecretKey), string(s.SecurityToken)), nil
	},
}

// choose returns the method that the provider block configures, or else the first
// method that is set or present.
func (t tools) choose(ctx context.Context) (*method, error) {
	switch c := t.configured; len(c) {
	case 0:
	case 1:
		return c[0], nil
	default:
		return nil, &Error{
			Summary: fmt.Sprintf("the provider block configures two authentication methods, %s and %s",
				c[0].arguments[0], c[1].arguments[0]),
			Advice: "Keep one of them. To assume a role on top of it, use the block assume_role.",
		}
	}
	for _, m := range methods {
		if m.isSet(t.settings) || m.isPresent != nil && m.isPresent(ctx, t) {
			return m, nil
		}
	}
	return nil, errNoSource
}

// find returns the source of the chosen method, with the role of assume_role on
// top.
func (t tools) find(ctx context.Context) (source, error) {
	chosen, err := t.choose(ctx)
	if err != nil {
		return source{}, err
	}
	base, err := chosen.build(t)
	role := t.settings.AssumeRole
	switch {
	case err != nil || role == nil:
		return base, err
	case role.RoleARN == "":
		return source{}, &Error{
			Summary: "assume_role has no role_arn",
			Advice:  "Set role_arn in assume_role or ALICLOUD_ASSUME_ROLE_ARN in the environment, or remove the block.",
		}
	}
	return roleSource("assume_role", t.sts(cmp.Or(t.Region, base.region)), base, *role), nil
}

// sts returns STS for a region, which may be unknown.
func (t tools) sts(region string) sts {
	return sts{http: t.http, endpoint: t.stsEndpoint, region: cmp.Or(t.stsRegion, Region(region)), vpc: t.vpc}
}

// cli returns the configuration file of the CLI.
func (t tools) cli() cliFile {
	path := filePath(string(t.settings.SharedCredentialsFile), t.home)
	return cliFile{path: path, http: t.http, metadata: t.metadata, sts: t.sts(t.Region)}
}
