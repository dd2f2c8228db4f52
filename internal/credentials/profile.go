package credentials

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// profileFile is the configuration file of the Alibaba Cloud CLI.
type profileFile struct {
	Current  string    `json:"current"`
	Profiles []profile `json:"profiles"`

	path string
}

// profile is what this package needs to know of a profile.
type profile struct {
	Name         string `json:"name"`
	Mode         string `json:"mode"`
	RegionID     string `json:"region_id"`
	AccessKey    string `json:"access_key_id"`
	SecretKey    string `json:"access_key_secret"`
	Token        string `json:"sts_token"`
	Source       string `json:"source_profile"`
	ECSRole      string `json:"ram_role_name"`
	RoleARN      string `json:"ram_role_arn"`
	SessionName  string `json:"ram_session_name"`
	Expiration   int64  `json:"expired_seconds"`
	Policy       string `json:"policy"`
	ExternalID   string `json:"external_id"`
	OIDCProvider string `json:"oidc_provider_arn"`
	OIDCToken    string `json:"oidc_token"`
	OIDCFile     string `json:"oidc_token_file"`
	STSRegion    string `json:"sts_region"`
	VPC          bool   `json:"enable_vpc"`
}

// profilePath returns the file in which a profile is looked for.
func (c Config) profilePath(p Profile) string {
	return cmp.Or(expandHome(p.File, c.HomeDirectory), filepath.Join(c.HomeDirectory, ".aliyun", "config.json"))
}

func expandHome(path, home string) string {
	if rest, found := strings.CutPrefix(path, "~/"); found {
		return filepath.Join(home, rest)
	}
	return path
}

// readProfile returns the file and the profile in it.
func (c Config) readProfile(p Profile) (profileFile, profile, error) {
	file := profileFile{path: c.profilePath(p)}
	text, err := os.ReadFile(file.path)
	if err != nil {
		return file, profile{}, unreadable("shared_credentials_file", file.path, err)
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return file, profile{}, &Error{
			Summary: fmt.Sprintf("shared_credentials_file %s is not a configuration file of the Alibaba Cloud CLI", file.path),
			Advice:  "It must be the JSON that aliyun configure writes.",
		}
	}
	found, err := file.profile(cmp.Or(p.Name, file.Current, "default"))
	return file, found, err
}

// profile returns a profile by name.
func (f profileFile) profile(name string) (profile, error) {
	i := slices.IndexFunc(f.Profiles, func(p profile) bool { return p.Name == name })
	if i >= 0 {
		return f.Profiles[i], nil
	}
	names := make([]string, len(f.Profiles))
	for i, p := range f.Profiles {
		names[i] = p.Name
	}
	advice := "Its profiles are: " + strings.Join(names, ", ") + "."
	if len(names) == 0 {
		advice = "It has none. Create one with aliyun configure."
	}
	return profile{}, &Error{Summary: fmt.Sprintf("there is no profile %q in %s", name, f.path), Advice: advice}
}

// cliProfile is the source of a profile. The file is read whenever credentials
// are fetched, because the CLI may have renewed them.
func (f finder) cliProfile(p Profile) (source, error) {
	if f.CLIProfileDisabled {
		return source{}, &Error{
			Summary: "profiles of the Alibaba Cloud CLI must not be used",
			Advice:  "ALIBABA_CLOUD_CLI_PROFILE_DISABLED is set in the environment. Unset it, or use another authentication method.",
		}
	}
	return source{
		name:   "the profile of the Alibaba Cloud CLI",
		advice: "Check the profile in " + f.profilePath(p) + ".",
		fetch: func(ctx context.Context) (session, error) {
			file, found, err := f.readProfile(p)
			if err != nil {
				return session{}, err
			}
			s, err := f.ofProfile(file, found)
			if err != nil {
				return session{}, err
			}
			got, err := s.get(ctx)
			return got.with("cli_profile"), err
		},
	}, nil
}

// ofProfile returns the source that a profile specifies, with those of the
// profiles that it refers to. A profile is referred to by those in referring.
func (f finder) ofProfile(file profileFile, p profile, referring ...string) (source, error) {
	if slices.Contains(referring, p.Name) {
		return source{}, cycle(file, append(referring, p.Name))
	}
	if err := file.check(p); err != nil {
		return source{}, err
	}
	name, host := fmt.Sprintf("profile %q", p.Name), f.STS.host(p.STSRegion, p.VPC)
	role := Role{p.RoleARN, p.SessionName, p.Policy, p.ExternalID, p.Expiration}
	keys := Keys{AccessKey: p.AccessKey, SecretKey: p.SecretKey}
	switch p.Mode {
	case "AK":
		return keys.static(name, file.advice(p)), nil
	case "StsToken":
		keys.SecurityToken = p.Token
		return keys.static(name, file.advice(p)), nil
	case "RamRoleArn":
		return f.role(name, keys.static(name, file.advice(p)), role, host), nil
	case "EcsRamRole":
		return f.metadata(name, p.ECSRole)
	case "OIDC":
		return f.oidc(name, OIDC{p.OIDCProvider, p.OIDCToken, p.OIDCFile, p.RoleARN, p.SessionName, p.Policy, p.Expiration}, host), nil
	case "ChainableRamRoleArn":
		next, err := file.profile(p.Source)
		if err != nil {
			return source{}, err
		}
		base, err := f.ofProfile(file, next, append(referring, p.Name)...)
		return f.role(name, base, role, host), err
	}
	return file.ofLibrary(p), nil
}

func cycle(file profileFile, names []string) error {
	return &Error{
		Summary: fmt.Sprintf("the source profiles in %s form a cycle: %s", file.path, strings.Join(names, " -> ")),
		Advice:  "Set source_profile of one of them to a profile of another mode.",
	}
}

// profileModes lists the modes of a profile and what each requires.
var profileModes = []struct {
	name     string
	required []string
}{
	{"AK", []string{"access_key_id", "access_key_secret"}},
	{"StsToken", []string{"access_key_id", "access_key_secret", "sts_token"}},
	{"RamRoleArn", []string{"access_key_id", "access_key_secret", "ram_role_arn"}},
	{"EcsRamRole", nil},
	{"OIDC", []string{"oidc_provider_arn", "ram_role_arn", "oidc_token or oidc_token_file"}},
	{"ChainableRamRoleArn", []string{"source_profile", "ram_role_arn"}},
	{"CloudSSO", nil}, // The library checks these.
	{"OAuth", nil},
	{"External", nil},
}

// check refuses a profile of an unknown mode, or without what its mode requires.
func (f profileFile) check(p profile) error {
	values := map[string]string{
		"access_key_id": p.AccessKey, "access_key_secret": p.SecretKey, "sts_token": p.Token, "ram_role_arn": p.RoleARN,
		"source_profile": p.Source, "oidc_provider_arn": p.OIDCProvider, "oidc_token or oidc_token_file": p.OIDCToken + p.OIDCFile,
	}
	var known []string
	for _, mode := range profileModes {
		known = append(known, mode.name)
		if mode.name != p.Mode {
			continue
		}
		for _, field := range mode.required {
			if values[field] == "" {
				return &Error{Summary: fmt.Sprintf("profile %q in %s has no %s", p.Name, f.path, field), Advice: f.advice(p)}
			}
		}
		return nil
	}
	return &Error{
		Summary: fmt.Sprintf("profile %q in %s has the unknown mode %q", p.Name, f.path, p.Mode),
		Advice:  "Known modes are: " + strings.Join(known, ", ") + ".",
	}
}

func (f profileFile) advice(p profile) string {
	return fmt.Sprintf("Configure it with aliyun configure --profile %s --mode %s.", p.Name, p.Mode)
}

// ofLibrary is the source of a profile that the library reads. When its
// credentials expire is not known.
func (f profileFile) ofLibrary(p profile) source {
	return source{fmt.Sprintf("profile %q", p.Name), f.advice(p), func(context.Context) (session, error) {
		provider, err := providers.NewCLIProfileCredentialsProviderBuilder().WithProfileFile(f.path).WithProfileName(p.Name).Build()
		if err != nil {
			return session{}, err
		}
		keys, err := provider.GetCredentials()
		if err != nil {
			return session{}, err
		}
		got := session{}
		got.AccessKeyID, got.AccessKeySecret, got.SecurityToken = keys.AccessKeyId, keys.AccessKeySecret, keys.SecurityToken
		got.Provider = strings.TrimPrefix(keys.ProviderName, "cli_profile/")
		return got, nil
	}}
}

// hasProfile reports whether the CLI's file exists and its current profile was
// configured.
func (c Config) hasProfile() bool {
	if !exists(c.profilePath(Profile{})) {
		return false
	}
	_, current, err := c.readProfile(Profile{})
	isBlank := current.Mode == "AK" && current.AccessKey == "" && current.SecretKey == ""
	return err != nil || !isBlank
}

// Region returns the region of the profile that credentials come from, or "".
func (s *Source) Region() string {
	f, p := s.finder, s.config.Block.Profile
	if set := f.inBlock(); len(set) == 0 && !f.Environment.Keys.isSet() && !f.Environment.OIDC.isComplete() {
		p = f.Environment.Profile
	} else if !p.isSet() {
		return ""
	}
	_, found, err := f.readProfile(p)
	if err != nil || f.CLIProfileDisabled {
		return "" // The read of credentials reports it.
	}
	return found.RegionID
}
