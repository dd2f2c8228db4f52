package credentials

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/tag"
)

// Config is the effective configuration of the provider: the provider block,
// completed by the environment. A zero field is not set.
type Config struct {
	Settings
	Client rpc.Config // from Settings; Credentials, UserAgent and functions are not set

	configured []*method // authentication methods of the provider block; at most one is valid

	// Sources are built from the fields below. NewSource sets the HTTP clients.
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
		c.home = home // A relative directory would let a module supply credentials.
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
		c.SecurityToken = "" // A token without an access key belongs to none.
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

// Setting describes an argument of the provider block.
type Setting struct {
	Path      []string // its block, if it is in one, and its name
	Variables []string // environment variables that can set it; the first that is set counts

	value reflect.Value
}

// Name returns the name under which diagnostics report the setting, such as
// endpoints.dts.
func (s Setting) Name() string { return strings.Join(s.Path, ".") }

// List describes all arguments, in the order in which they are declared.
func List() []Setting {
	all := &Settings{Endpoints: &Endpoints{}, AssumeRole: &AssumeRole{}, AssumeRoleWithOIDC: &AssumeRoleWithOIDC{}}
	return settingsIn(reflect.ValueOf(all))
}

// settingsIn returns the settings in a pointer to a struct, and in the blocks of
// the struct that are present.
func settingsIn(pointer reflect.Value, path ...string) (list []Setting) {
	v := pointer.Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		switch fieldPath := append(slices.Clone(path), tag.Name(field)); {
		case field.Type.Kind() != reflect.Pointer:
			list = append(list, Setting{fieldPath, tag.List(field, "env"), v.Field(i)})
		case !v.Field(i).IsNil():
			list = append(list, settingsIn(v.Field(i), fieldPath...)...)
		}
	}
	return list
}

// VariableError is an environment variable with a value that its argument can't
// have. The error doesn't contain the value, which may be a secret.
type VariableError struct {
	Path []string // of the argument that the variable sets

	text string
}

func (e *VariableError) Error() string { return e.text }

// complete sets the settings that are not set from the environment, each from the
// first of its variables that is set, but for excluded arguments. The variables of
// access key, secret and token at one index belong together: those of the first
// access key that is set count, unless the settings have an access key.
func (s *Settings) complete(getenv func(string) string, excluded []string) (invalid []*VariableError) {
	isSet := func(variable string) bool { return getenv(variable) != "" }
	family := -1
	for _, setting := range settingsIn(reflect.ValueOf(s)) {
		isExcluded := slices.Contains(excluded, setting.Path[0]) || slices.Contains(excluded, setting.Name())
		if isExcluded || !setting.value.IsZero() {
			continue
		}
		variables := setting.Variables
		i := slices.IndexFunc(variables, isSet)
		switch setting.Name() {
		case "access_key":
			family = i
		case "secret_key", "security_token":
			i = family
		}
		if i < 0 {
			continue
		}
		if constraint := set(setting.value, getenv(variables[i])); constraint != "" {
			invalid = append(invalid, &VariableError{setting.Path, fmt.Sprintf(
				"The environment variable %s sets %s, which must be %s.", variables[i], setting.Name(), constraint)})
		}
	}
	return invalid
}

// set sets a field from text, and returns the constraint that the value violates,
// or "".
func set(v reflect.Value, text string) (constraint string) {
	if v.Kind() == reflect.String {
		v.SetString(text)
	} else {
		number, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return "an integer"
		}
		v.SetInt(number)
	}
	constrained, ok := v.Interface().(interface {
		IsValid() bool
		Constraint() string
	})
	if ok && !constrained.IsValid() {
		return constrained.Constraint()
	}
	return ""
}
