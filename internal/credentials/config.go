package credentials

import (
	"cmp"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// Config is the effective configuration of the provider: the provider block,
// completed by the environment. A zero field is not set.
type Config struct {
	Settings
	Client rpc.Config // what the settings specify of it

	configured []*method // authentication methods of the provider block; at most one is valid

	// What sources are built from. The HTTP clients are those of a [Source].
	home                string // directory of the default files; empty: there are none
	http                *http.Client
	sts                 sts
	metadata            metadata
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
	c := Config{Settings: block, cliProfilesDisabled: isTrue("ALIBABA_CLOUD_CLI_PROFILE_DISABLED")}
	if home, err := os.UserHomeDir(); err == nil && filepath.IsAbs(home) {
		c.home = home // A relative one would let a module supply credentials.
	}
	var excluded []string // arguments that the environment doesn't set
	for _, m := range methods {
		if m.isSet(block) {
			c.configured = append(c.configured, m)
		} else {
			excluded = append(excluded, m.arguments...)
		}
	}
	if len(c.configured) == 0 {
		excluded = nil
	}
	if block.AccessKey == "" {
		c.SecurityToken = "" // It belongs to none.
	}
	// The environment can set endpoints and the OIDC role without a block.
	c.Endpoints = new(*cmp.Or(block.Endpoints, &Endpoints{}))
	c.AssumeRoleWithOIDC = new(*cmp.Or(block.AssumeRoleWithOIDC, &AssumeRoleWithOIDC{}))
	if block.AssumeRole != nil {
		c.AssumeRole = new(*block.AssumeRole)
	}
	if c.AssumeRoleWithOIDC.OIDCTokenFile != "" {
		excluded = append(excluded, "assume_role_with_oidc.oidc_token") // The block sets the token, by a file.
	}
	invalid := c.complete(getenv, excluded)
	if block.AssumeRoleWithOIDC == nil && len(c.AssumeRoleWithOIDC.missing()) > 0 {
		c.AssumeRoleWithOIDC = nil // Parts of it in the environment are no authentication method.
	}
	c.metadata.disabled = isTrue("ALIBABA_CLOUD_ECS_METADATA_DISABLED")
	c.metadata.requiresToken = isTrue("ALIBABA_CLOUD_IMDSV1_DISABLED")
	c.sts = sts{
		endpoint: c.Endpoints.STS,
		region:   cmp.Or(Region(getenv("ALIBABA_CLOUD_STS_REGION")), c.Region),
		vpc:      isTrue("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"),
	}
	c.Client = rpc.Config{
		Endpoint:       string(c.Endpoints.DTS),
		Protocol:       string(c.Protocol),
		ConnectTimeout: duration(c.ClientConnectTimeout, time.Millisecond),
		ReadTimeout:    duration(c.ClientReadTimeout, time.Millisecond),
		RetryTimeout:   duration(c.MaxRetryTimeout, time.Second),
		RequestRate:    int(c.MaxRequestsPerSecond),
	}
	return c, invalid
}

// SendsURIUnencrypted reports whether credentials_uri is the authentication
// method that is set, and its host sends credentials in plain text over a network.
func (c Config) SendsURIUnencrypted() bool {
	i := slices.IndexFunc(methods, func(m *method) bool { return m.isSet(c.Settings) })
	return i >= 0 && slices.Contains(methods[i].arguments, "credentials_uri") && c.CredentialsURI.isUnencrypted()
}

// path returns a path, in which ~ is the home directory, or "" without one.
func (c Config) path(path string) string {
	rest, isInHome := strings.CutPrefix(path, "~/")
	switch {
	case !isInHome:
		return path
	case c.home == "":
		return ""
	}
	return filepath.Join(c.home, rest)
}

// cli returns the configuration file of the CLI.
func (c Config) cli() cliFile {
	path := c.path(cmp.Or(string(c.SharedCredentialsFile), "~/.aliyun/config.json"))
	return cliFile{path: path, http: c.http, metadata: c.metadata, sts: c.sts}
}

// missing lists the arguments that are not set and have no default.
func (o AssumeRoleWithOIDC) missing() []string {
	return absent(o, "oidc_provider_arn", "role_arn", "oidc_token or oidc_token_file")
}

// secrets lists the secrets that the settings contain.
func (s *Settings) secrets() []string {
	secrets := append(s.CredentialsURI.secrets(), string(s.SecretKey), string(s.SecurityToken))
	if s.AssumeRoleWithOIDC != nil {
		secrets = append(secrets, string(s.AssumeRoleWithOIDC.OIDCToken))
	}
	return secrets
}

// duration returns at most the longest duration that there is.
func duration(n Natural, unit time.Duration) time.Duration {
	return time.Duration(min(int64(n), math.MaxInt64/int64(unit))) * unit
}
