package credentials

import (
	"cmp"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Config is the effective configuration of the provider: the provider block,
// completed by the environment. A zero field is not set.
type Config struct {
	Region         string // empty: the region of the CLI profile
	Endpoint       Endpoint
	Protocol       Protocol
	ConnectTimeout time.Duration
	ReadTimeout    time.Duration
	RetryTimeout   time.Duration
	RequestRate    int    // per second and region
	UserAgent      string // to append to the User-Agent header

	settings   Settings
	configured []*method // authentication methods of the provider block; at most one is valid

	home                string // directory of the default files; empty: there are none
	stsEndpoint         Endpoint
	stsRegion           Region
	vpc                 bool // use the STS endpoint inside the VPC
	metadataDisabled    bool // never use the metadata of an ECS instance
	imdsv1Disabled      bool // use metadata with a metadata token only
	cliProfilesDisabled bool // never use the profiles of the CLI
}

// Resolve completes the provider block from the environment, setting by setting.
// The variables of assume_role count only if the block has it, and those of
// authentication methods only if the block configures no other method.
//
// An error is returned for each variable that counts and has an invalid value.
// Credentials that are missing or contradict each other cause an error when they
// are used.
func Resolve(block Settings, getenv func(string) string) (Config, []*VariableError) {
	isTrue := func(variable string) bool { return strings.EqualFold(getenv(variable), "true") }
	c := Config{
		home:                homeDirectory(),
		stsRegion:           Region(getenv("ALIBABA_CLOUD_STS_REGION")),
		vpc:                 isTrue("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"),
		metadataDisabled:    isTrue("ALIBABA_CLOUD_ECS_METADATA_DISABLED"),
		imdsv1Disabled:      isTrue("ALIBABA_CLOUD_IMDSV1_DISABLED"),
		cliProfilesDisabled: isTrue("ALIBABA_CLOUD_CLI_PROFILE_DISABLED"),
	}
	for _, m := range methods {
		if m.isSet(block) {
			c.configured = append(c.configured, m)
		}
	}
	family := keyFamily(block, getenv)
	c.settings = block.clone()
	hasTokenFile := c.settings.AssumeRoleWithOIDC.OIDCTokenFile != ""
	invalid := c.settings.complete(getenv, func(s Setting) []string {
		m := methodOf(s)
		switch {
		case m != nil && len(c.configured) > 0 && !slices.Contains(c.configured, m):
			return nil
		case hasTokenFile && s.Name() == "assume_role_with_oidc.oidc_token":
			return nil // The provider block sets the token, by a file.
		case m == accessKey && family < 0:
			return nil
		case m == accessKey:
			return s.Variables[family : family+1]
		}
		return s.Variables
	})
	s := &c.settings
	if block.AssumeRoleWithOIDC == nil && len(s.AssumeRoleWithOIDC.missing()) > 0 {
		s.AssumeRoleWithOIDC = nil // Parts of it in the environment are no authentication method.
	}
	c.Region, c.Endpoint, c.Protocol, c.UserAgent = string(s.Region), s.Endpoints.DTS, s.Protocol, string(s.ConfigurationSource)
	c.stsEndpoint = s.Endpoints.STS
	c.ConnectTimeout = duration(s.ClientConnectTimeout, time.Millisecond)
	c.ReadTimeout = duration(s.ClientReadTimeout, time.Millisecond)
	c.RetryTimeout = duration(s.MaxRetryTimeout, time.Second)
	c.RequestRate = int(s.MaxRequestsPerSecond)
	return c, invalid
}

// SendsURIUnencrypted reports whether credentials_uri is the authentication
// method that is set, and its host sends credentials in plain text over a network.
func (c Config) SendsURIUnencrypted() bool {
	i := slices.IndexFunc(methods, func(m *method) bool { return m.isSet(c.settings) })
	return i >= 0 && slices.Contains(methods[i].arguments, "credentials_uri") && c.settings.CredentialsURI.isUnencrypted()
}

// keyFamily returns the index of the first variable that sets an access key. The
// variables of access key, secret and token at one index belong together, and no
// others count. The index is -1 if there is none, or if the provider block has an
// access key.
func keyFamily(block Settings, getenv func(string) string) int {
	list := List()
	i := slices.IndexFunc(list, func(s Setting) bool { return s.Name() == "access_key" })
	if block.AccessKey != "" {
		return -1
	}
	return slices.IndexFunc(list[i].Variables, func(variable string) bool { return getenv(variable) != "" })
}

// clone returns settings whose blocks can be changed. Endpoints and the OIDC role
// are present, because the environment can set them alone. A security token
// without an access key belongs to none, and is ignored.
func (s Settings) clone() Settings {
	if s.AccessKey == "" {
		s.SecurityToken = ""
	}
	s.Endpoints = new(*cmp.Or(s.Endpoints, &Endpoints{}))
	s.AssumeRoleWithOIDC = new(*cmp.Or(s.AssumeRoleWithOIDC, &AssumeRoleWithOIDC{}))
	if s.AssumeRole != nil {
		s.AssumeRole = new(*s.AssumeRole)
	}
	return s
}

// missing lists the arguments that are not set and have no default.
func (o *AssumeRoleWithOIDC) missing() []string {
	var missing []string
	for _, required := range []struct {
		name  string
		value Text
	}{
		{"oidc_provider_arn", o.OIDCProviderARN},
		{"role_arn", o.RoleARN},
		{"oidc_token or oidc_token_file", o.OIDCToken + o.OIDCTokenFile},
	} {
		if required.value == "" {
			missing = append(missing, required.name)
		}
	}
	return missing
}

// secrets lists the secrets that the settings contain.
func (s *Settings) secrets() []string {
	secrets := []string{string(s.SecretKey), string(s.SecurityToken)}
	if s.AssumeRoleWithOIDC != nil {
		secrets = append(secrets, string(s.AssumeRoleWithOIDC.OIDCToken))
	}
	return append(secrets, s.CredentialsURI.secrets()...)
}

// homeDirectory returns the home directory, or "". A relative one would let a
// module supply credentials.
func homeDirectory() string {
	home, err := os.UserHomeDir()
	if err != nil || !filepath.IsAbs(home) {
		return ""
	}
	return home
}

// duration returns at most the longest duration that there is.
func duration(n Natural, unit time.Duration) time.Duration {
	return time.Duration(min(int64(n), math.MaxInt64/int64(unit))) * unit
}

// methodOf returns the authentication method that a setting configures, or nil.
func methodOf(s Setting) *method {
	for _, m := range methods {
		if slices.Contains(m.arguments, s.Path[0]) {
			return m
		}
	}
	return nil
}
