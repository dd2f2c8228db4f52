package credentials

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// profile has the fields of an Alibaba Cloud CLI profile that the provider uses.
type profile struct {
	Name            string            `json:"name"`
	Mode            string            `json:"mode"`
	RegionID        Region            `json:"region_id"`
	AccessKey       string            `json:"access_key_id"`
	SecretKey       string            `json:"access_key_secret"`
	Token           string            `json:"sts_token"`
	TokenExpiration int64             `json:"sts_expiration"` // seconds since 1970
	Source          string            `json:"source_profile"`
	ECSRole         string            `json:"ram_role_name"`
	RoleARN         Text              `json:"ram_role_arn"`
	SessionName     Text              `json:"ram_session_name"`
	Expiration      SessionExpiration `json:"expired_seconds"`
	Policy          string            `json:"policy"`
	ExternalID      Text              `json:"external_id"`
	OIDCProvider    Text              `json:"oidc_provider_arn"`
	OIDCToken       Text              `json:"oidc_token"`
	OIDCFile        Text              `json:"oidc_token_file"`
	STSRegion       Region            `json:"sts_region"`
	STSEndpoint     Endpoint          `json:"sts_endpoint"`
	VPC             bool              `json:"enable_vpc"`
	CredentialsURI  URI               `json:"credentials_uri"`
	Command         string            `json:"process_command"`
	SignInURL       string            `json:"cloud_sso_sign_in_url"`
	Account         string            `json:"cloud_sso_account_id"`
	AccessConfig    string            `json:"cloud_sso_access_config"`
	SignIn          string            `json:"access_token"`
	SignInExpires   int64             `json:"cloud_sso_access_token_expire"` // seconds since 1970
	OAuthAccess     string            `json:"oauth_access_token"`
	OAuthRefresh    string            `json:"oauth_refresh_token"`
}

// secrets lists the secrets of the profile.
func (p profile) secrets() []string {
	tokens := []string{p.Token, string(p.OIDCToken), p.SignIn, p.OAuthAccess, p.OAuthRefresh}
	return slices.Concat(p.CredentialsURI.secrets(), tokens, []string{p.SecretKey})
}

// advice is the next step for a profile that can't be used.
func (p profile) advice() string {
	return fmt.Sprintf("Configure it with aliyun configure --profile %s --mode %s.", p.Name, p.Mode)
}

// role is the role of the profile.
func (p profile) role() AssumeRole {
	return AssumeRole{
		RoleARN: p.RoleARN, SessionName: p.SessionName, Policy: p.Policy, ExternalID: p.ExternalID,
		SessionExpiration: p.Expiration,
	}
}

// cliFile is the configuration file of the Alibaba Cloud CLI, with the services
// that its profiles need. The file is never written.
type cliFile struct {
	path     string // "" without a home directory
	http     *http.Client
	metadata metadata
	sts      sts
}

// exists reports whether there is a file, which may be unreadable.
func exists(path string) bool {
	_, err := os.Stat(path)
	return path != "" && !errors.Is(err, os.ErrNotExist)
}

// profile returns a profile of the file by name, or the current one.
func (f cliFile) profile(name string) (profile, error) {
	if f.path == "" {
		return profile{}, newError("there is no home directory with a configuration file of the Alibaba Cloud CLI").
			advise("Set shared_credentials_file to the path of the file, or HOME in the environment.")
	}
	text, err := os.ReadFile(f.path)
	if err != nil {
		return profile{}, readError("shared_credentials_file", f.path, err)
	}
	var file struct {
		Current  string    `json:"current"`
		Profiles []profile `json:"profiles"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		notJSON := newError("shared_credentials_file %s is not a configuration file of the Alibaba Cloud CLI", f.path)
		return profile{}, notJSON.advise("It must be the JSON that aliyun configure writes.")
	}
	name = cmp.Or(name, file.Current, "default")
	var names []string
	for _, p := range file.Profiles {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	advice := "Its profiles are: " + strings.Join(names, ", ") + "."
	if len(names) == 0 {
		advice = "It has none. Create one with aliyun configure."
	}
	return profile{}, newError("there is no profile %q in %s", name, f.path).advise(advice + allMethods)
}

// isConfigured reports whether the file exists and its current profile was
// configured. A file that can't be read is reported when it is used.
func (f cliFile) isConfigured() bool {
	if !exists(f.path) {
		return false
	}
	current, err := f.profile("")
	return err != nil || current.Mode != "AK" || current.AccessKey != "" || current.SecretKey != ""
}

// source is the source of a profile, or of the current one. The file is read
// whenever credentials are fetched, because the CLI may have renewed them.
func (f cliFile) source(name string) source {
	found, err := f.profile(name)
	if err != nil {
		return source{err: err}
	}
	s := source{name: fmt.Sprintf("profile %q", found.Name), region: found.RegionID}
	s.fetch = func(ctx context.Context, seen *redactor) (expiring, error) {
		got, err := f.fetch(ctx, name, nil, seen)
		got.Provider = "cli_profile/" + got.Provider
		return got, err
	}
	return s
}

// fetch obtains the credential of a profile, on top of the profiles that it refers
// to. The profiles in referring refer to it.
func (f cliFile) fetch(ctx context.Context, name string, referring []string, seen *redactor) (expiring, error) {
	p, err := f.profile(name)
	if err != nil {
		return expiring{}, err
	}
	seen.add(p.secrets()...)
	if slices.Contains(referring, p.Name) {
		names := strings.Join(append(referring, p.Name), " -> ")
		return expiring{}, newError("the source profiles in %s form a cycle: %s", f.path, names).
			advise("Set source_profile of one of them to a profile of another mode.")
	}
	modes := f.modes(p, source{fetch: func(ctx context.Context, seen *redactor) (expiring, error) {
		return f.fetch(ctx, p.Source, append(referring, p.Name), seen)
	}})
	var names []string
	for _, mode := range modes {
		if mode.name == p.Mode {
			if fields := absent(p, mode.required...); len(fields) > 0 {
				return expiring{}, newError("profile %q in %s has no %s", p.Name, f.path, fields[0]).
					advise(p.advice() + allMethods)
			}
			return mode.source.get(ctx, seen)
		}
		names = append(names, mode.name)
	}
	return expiring{}, newError("profile %q in %s has the unknown mode %q", p.Name, f.path, p.Mode).
		advise("Known modes are: " + strings.Join(names, ", ") + ".")
}

// profileMode is a mode of a profile: the fields that it requires, and the source
// that they specify.
type profileMode struct {
	name     string
	required []string
	source   source
}

// modes lists the source that a profile specifies in each mode, in the order of the
// CLI's documentation. Base is the source of the profile that it refers to.
func (f cliFile) modes(p profile, base source) []profileMode {
	type fields []string
	name, service := fmt.Sprintf("profile %q", p.Name), f.sts
	service.endpoint = cmp.Or(service.endpoint, p.STSEndpoint)
	service.region = cmp.Or(p.STSRegion, service.region, p.RegionID)
	service.vpc = service.vpc || p.VPC
	key := staticSource(name, p.advice(), newCredential("static_ak", p.AccessKey, p.SecretKey, ""))
	temporaryKey := staticSource(name, p.advice(), newCredential("static_sts", p.AccessKey, p.SecretKey, p.Token))
	return []profileMode{
		{"AK", fields{"access_key_id", "access_key_secret"}, key},
		{"StsToken", fields{"access_key_id", "access_key_secret", "sts_token"}, temporaryKey},
		{"RamRoleArn", fields{"access_key_id", "access_key_secret", "ram_role_arn"},
			roleSource(name, service, key, p.role())},
		{"ChainableRamRoleArn", fields{"source_profile", "ram_role_arn"}, roleSource(name, service, base, p.role())},
		{"EcsRamRole", nil, f.metadata.source(name, p.ECSRole)},
		{"OIDC", fields{"oidc_provider_arn", "ram_role_arn", "oidc_token or oidc_token_file"},
			oidcSource(name, service, p.role(), p.OIDCProvider, p.OIDCToken, p.OIDCFile)},
		{"CredentialsURI", fields{"credentials_uri"}, uriSource(name, f.http, p.CredentialsURI)},
		{"External", fields{"process_command"}, externalSource(name, p.Command)},
		{"CloudSSO", fields{"cloud_sso_sign_in_url", "cloud_sso_account_id", "cloud_sso_access_config", "access_token"},
			cloudSSOSource(name, f.http, p)},
		{"OAuth", nil, oauthSource(name, f.path, p)},
	}
}

// cloudSSOSource is the source that exchanges the token of a CloudSSO user, which
// the CLI has stored, for a credential.
func cloudSSOSource(name string, client *http.Client, p profile) source {
	signIn := fmt.Sprintf("Log in with aliyun configure --profile %s --mode CloudSSO.", p.Name)
	return source{name: name, advice: signIn, fetch: func(ctx context.Context, _ *redactor) (expiring, error) {
		if p.SignInExpires <= time.Now().Unix() {
			return expiring{}, newError("the CloudSSO access token of %s has expired", name).advise(signIn)
		}
		u, err := url.Parse(p.SignInURL)
		if err != nil || !URI(p.SignInURL).IsValid() || URI(p.SignInURL).isUnencrypted() {
			return expiring{}, newError("cloud_sso_sign_in_url of %s is not an HTTPS URL", name).advise(p.advice())
		}
		account := map[string]string{"AccountId": p.Account, "AccessConfigurationId": p.AccessConfig}
		sent, _ := json.Marshal(account) // Strings always have a JSON form.
		body, err := exchange(ctx, client, http.MethodPost, u.Scheme+"://"+u.Host+"/cloud-credentials", string(sent),
			"Accept", "application/json", "Content-Type", "application/json", "Authorization", "Bearer "+p.SignIn)
		var response struct{ CloudCredential tokenResponse }
		return response.CloudCredential.credential("cloud_sso", &response, body, err)
	}}
}

// oauthSource is the source of the temporary credential that the CLI has stored
// for an OAuth user. Another one would have to be stored, too, because it replaces
// the token that it was obtained with, so only the CLI renews it.
func oauthSource(name, path string, p profile) source {
	got := newCredential("oauth", p.AccessKey, p.SecretKey, p.Token)
	got.expires = time.Unix(p.TokenExpiration, 0)
	if p.Token == "" || p.SecretKey == "" || !got.isValid(time.Now()) {
		const summary = "the credentials of %s in %s have expired, and only the Alibaba Cloud CLI can renew them"
		advice := fmt.Sprintf("Renew them with aliyun sts GetCallerIdentity --profile %[1]s. "+
			"If that fails, log in with aliyun configure --profile %[1]s --mode OAuth.", p.Name)
		return source{err: newError(summary, name, path).advise(advice)}
	}
	return staticSource(name, p.advice(), got)
}
