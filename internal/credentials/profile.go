package credentials

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// profile is a profile of the Alibaba Cloud CLI, as far as it is used here.
type profile struct {
	Name            string `json:"name"`
	Mode            string `json:"mode"`
	RegionID        string `json:"region_id"`
	AccessKey       string `json:"access_key_id"`
	SecretKey       string `json:"access_key_secret"`
	Token           string `json:"sts_token"`
	TokenExpiration int64  `json:"sts_expiration"` // seconds since 1970
	Source          string `json:"source_profile"`
	ECSRole         string `json:"ram_role_name"`
	RoleARN         string `json:"ram_role_arn"`
	SessionName     string `json:"ram_session_name"`
	Expiration      int64  `json:"expired_seconds"`
	Policy          string `json:"policy"`
	ExternalID      string `json:"external_id"`
	OIDCProvider    string `json:"oidc_provider_arn"`
	OIDCToken       string `json:"oidc_token"`
	OIDCFile        string `json:"oidc_token_file"`
	STSRegion       string `json:"sts_region"`
	STSEndpoint     string `json:"sts_endpoint"`
	VPC             bool   `json:"enable_vpc"`
	CredentialsURI  string `json:"credentials_uri"`
	Command         string `json:"process_command"`
	SignInURL       string `json:"cloud_sso_sign_in_url"`
	Account         string `json:"cloud_sso_account_id"`
	AccessConfig    string `json:"cloud_sso_access_config"`
	SignIn          string `json:"access_token"`
	SignInExpires   int64  `json:"cloud_sso_access_token_expire"` // seconds since 1970
	OAuthAccess     string `json:"oauth_access_token"`
	OAuthRefresh    string `json:"oauth_refresh_token"`
}

// secrets lists the secrets of the profile.
func (p profile) secrets() []string {
	return append(URI(p.CredentialsURI).secrets(), p.SecretKey, p.Token, p.OIDCToken, p.SignIn, p.OAuthAccess, p.OAuthRefresh)
}

// role is the role of the profile.
func (p profile) role() AssumeRole {
	return AssumeRole{
		RoleARN: Text(p.RoleARN), SessionName: Text(p.SessionName), Policy: p.Policy,
		ExternalID: Text(p.ExternalID), SessionExpiration: SessionExpiration(p.Expiration),
	}
}

// has reports whether a field is set, by its name in the file.
func (p profile) has(name string) bool {
	v := reflect.ValueOf(p)
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("json") == name {
			return !v.Field(i).IsZero()
		}
	}
	return false
}

// cliFile is the configuration file of the Alibaba Cloud CLI, with the services
// that its profiles need. The file is never written.
type cliFile struct {
	path     string // "" without a home directory
	http     *http.Client
	metadata metadata
	sts      sts
}

// filePath returns the path of the CLI's file: the configured one, in which ~ is
// the home directory, or the default one.
func filePath(configured, home string) string {
	rest, isInHome := strings.CutPrefix(configured, "~/")
	switch {
	case configured != "" && !isInHome:
		return configured
	case home == "":
		return ""
	case isInHome:
		return filepath.Join(home, rest)
	}
	return filepath.Join(home, ".aliyun", "config.json")
}

// exists reports whether there is a file, which may be unreadable.
func exists(path string) bool {
	_, err := os.Stat(path)
	return path != "" && !errors.Is(err, os.ErrNotExist)
}

// profiles returns the profiles of the file and the name of the current one.
func (f cliFile) profiles() (profiles []profile, current string, err error) {
	if f.path == "" {
		return nil, "", &Error{
			Summary: "there is no home directory with a configuration file of the Alibaba Cloud CLI",
			Advice:  "Set shared_credentials_file to the path of the file, or HOME in the environment.",
		}
	}
	text, err := os.ReadFile(f.path)
	if err != nil {
		return nil, "", readError("shared_credentials_file", f.path, err)
	}
	var file struct {
		Current  string    `json:"current"`
		Profiles []profile `json:"profiles"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, "", &Error{
			Summary: fmt.Sprintf("shared_credentials_file %s is not a configuration file of the Alibaba Cloud CLI", f.path),
			Advice:  "It must be the JSON that aliyun configure writes.",
		}
	}
	return file.Profiles, cmp.Or(file.Current, "default"), nil
}

// profile returns a profile by name, or the current one.
func (f cliFile) profile(name string) (profile, error) {
	profiles, current, err := f.profiles()
	if err != nil {
		return profile{}, err
	}
	name = cmp.Or(name, current)
	names := make([]string, len(profiles))
	for i, p := range profiles {
		if p.Name == name {
			return p, nil
		}
		names[i] = p.Name
	}
	advice := "Its profiles are: " + strings.Join(names, ", ") + "."
	if len(names) == 0 {
		advice = "It has none. Create one with aliyun configure."
	}
	return profile{}, missing(fmt.Sprintf("there is no profile %q in %s", name, f.path), advice)
}

// isConfigured reports whether the file exists and its current profile was
// configured. A file that can't be read is reported when it is used.
func (f cliFile) isConfigured() bool {
	if !exists(f.path) {
		return false
	}
	current, err := f.profile("")
	return err != nil || current.Mode != "AK" || current.has("access_key_id") || current.has("access_key_secret")
}

// source is the source of a profile, or of the current one. The file is read
// whenever credentials are fetched, because the CLI may have renewed them.
func (f cliFile) source(name string) (source, error) {
	found, err := f.profile(name)
	if err != nil {
		return source{}, err
	}
	s := source{name: fmt.Sprintf("profile %q", found.Name), region: found.RegionID}
	s.fetch = func(ctx context.Context, seen *redactor) (expiring, error) {
		specified, err := f.build(name, nil, seen)
		if err != nil {
			return expiring{}, err
		}
		got, err := specified.get(ctx, seen)
		got.Provider = "cli_profile/" + got.Provider
		return got, err
	}
	return s, nil
}

// build returns the source that a profile specifies, on top of the sources of the
// profiles that it refers to. The profiles in referring refer to it.
func (f cliFile) build(name string, referring []string, seen *redactor) (source, error) {
	p, err := f.profile(name)
	if err != nil {
		return source{}, err
	}
	seen.add(p.secrets()...)
	if slices.Contains(referring, p.Name) {
		return source{}, &Error{
			Summary: fmt.Sprintf("the source profiles in %s form a cycle: %s", f.path, strings.Join(append(referring, p.Name), " -> ")),
			Advice:  "Set source_profile of one of them to a profile of another mode.",
		}
	}
	advice := fmt.Sprintf("Configure it with aliyun configure --profile %s --mode %s.", p.Name, p.Mode)
	modes := profileModes()
	i := slices.IndexFunc(modes, func(m profileMode) bool { return m.name == p.Mode })
	if i < 0 {
		names := make([]string, len(modes))
		for i, m := range modes {
			names[i] = m.name
		}
		return source{}, &Error{
			Summary: fmt.Sprintf("profile %q in %s has the unknown mode %q", p.Name, f.path, p.Mode),
			Advice:  "Known modes are: " + strings.Join(names, ", ") + ".",
		}
	}
	for _, field := range modes[i].required {
		if !slices.ContainsFunc(strings.Split(field, " or "), p.has) {
			return source{}, missing(fmt.Sprintf("profile %q in %s has no %s", p.Name, f.path, field), advice)
		}
	}
	service := f.sts
	service.endpoint = cmp.Or(service.endpoint, Endpoint(p.STSEndpoint))
	service.region = Region(cmp.Or(p.STSRegion, string(service.region), p.RegionID))
	service.vpc = service.vpc || p.VPC
	return modes[i].build(profileContext{
		profile: p, file: f, sts: service, name: fmt.Sprintf("profile %q", p.Name), advice: advice,
		referring: append(referring, p.Name), seen: seen,
	})
}
