package credentials

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// profileFile is what this package needs to know of the CLI's file. The
// library reads the rest.
type profileFile struct {
	Current  string    `json:"current"`
	Profiles []profile `json:"profiles"`
}

type profile struct {
	Name      string `json:"name"`
	Mode      string `json:"mode"`
	RegionID  string `json:"region_id"`
	AccessKey string `json:"access_key_id"`
	SecretKey string `json:"access_key_secret"`
	Token     string `json:"sts_token"`
	Source    string `json:"source_profile"`
}

// profileModes are those that the library can sign in with.
var profileModes = []string{"AK", "StsToken", "RamRoleArn", "EcsRamRole", "OIDC", "ChainableRamRoleArn", "CloudSSO", "OAuth", "External"}

// path is the file that a profile is looked for in.
func (c Config) path(p Profile) string {
	return cmp.Or(expandHome(p.File, c.HomeDirectory), filepath.Join(c.HomeDirectory, ".aliyun", "config.json"))
}

func expandHome(path, home string) string {
	if rest, found := strings.CutPrefix(path, "~/"); found {
		return filepath.Join(home, rest)
	}
	return path
}

// read returns the file and the profile in it that is asked for.
func (c Config) read(p Profile) (profileFile, profile, error) {
	var file profileFile
	path := c.path(p)
	text, err := os.ReadFile(path)
	if err != nil {
		return file, profile{}, unreadable("shared_credentials_file", path, err)
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return file, profile{}, &Error{
			Summary: fmt.Sprintf("shared_credentials_file %s is not a file of the Alibaba Cloud CLI", path),
			Advice:  "It must be the JSON that aliyun configure writes.",
		}
	}
	found, err := file.profile(cmp.Or(p.Name, file.Current, "default"), path)
	return file, found, err
}

// profile returns a profile by name.
func (f profileFile) profile(name, path string) (profile, error) {
	i := slices.IndexFunc(f.Profiles, func(p profile) bool { return p.Name == name })
	if i >= 0 {
		return f.Profiles[i], nil
	}
	names := make([]string, len(f.Profiles))
	for i, p := range f.Profiles {
		names[i] = p.Name
	}
	advice := "There are: " + strings.Join(names, ", ") + "."
	if len(names) == 0 {
		advice = "There is none. Make one with aliyun configure."
	}
	return profile{}, &Error{Summary: fmt.Sprintf("no profile %q in %s", name, path), Advice: advice}
}

// cliProfile is a profile of the CLI's file.
func (c Config) cliProfile(p Profile) (providers.CredentialsProvider, error) {
	file, found, err := c.read(p)
	if err != nil {
		return nil, err
	}
	if err := file.check(found, c.path(p)); err != nil {
		return nil, err
	}
	provider, err := providers.NewCLIProfileCredentialsProviderBuilder().WithProfileFile(c.path(p)).WithProfileName(found.Name).Build()
	if err != nil {
		return nil, &Error{
			Summary: "profiles of the Alibaba Cloud CLI may not be used",
			Advice:  "ALIBABA_CLOUD_CLI_PROFILE_DISABLED is set in the environment. Unset it, or sign in another way than profile.",
		}
	}
	return provider, nil
}

// check refuses a profile that the library would fill up from the environment,
// or fail at with the file's text in its error.
func (f profileFile) check(p profile, path string) error {
	refuse := func(why, advice string) error {
		return &Error{Summary: fmt.Sprintf("profile %q in %s %s", p.Name, path, why), Advice: advice}
	}
	switch {
	case !slices.Contains(profileModes, p.Mode):
		return refuse(fmt.Sprintf("has the mode %q, which is not known", p.Mode), "Known are: "+strings.Join(profileModes, ", ")+".")
	case slices.Contains([]string{"AK", "StsToken", "RamRoleArn"}, p.Mode) && (p.AccessKey == "" || p.SecretKey == ""):
		return refuse("has no access key", "Set it with aliyun configure --profile "+p.Name+".")
	case p.Mode == "StsToken" && p.Token == "":
		return refuse("has no sts_token", "Get a new set of temporary keys.")
	case p.Mode == "ChainableRamRoleArn":
		source, err := f.profile(p.Source, path)
		if err != nil {
			return err
		}
		if source.Name == p.Name {
			return refuse("is its own source_profile", "Name another profile there.")
		}
		return f.check(source, path)
	}
	return nil
}

// hasProfile reports whether the CLI's file is there and somebody has put
// something into its current profile.
func (c Config) hasProfile() bool {
	if !exists(c.path(Profile{})) {
		return false
	}
	_, current, err := c.read(Profile{})
	blank := current.Mode == "AK" && current.AccessKey == "" && current.SecretKey == ""
	return err != nil || !blank
}

// Region returns the region of the profile that credentials come from, or "".
func (s *Source) Region() string {
	c := s.config
	p := c.Block.Profile
	if !p.isSet() {
		searched := len(c.explicit()) == 0 && !c.Environment.Keys.isSet() && !c.Environment.OIDC.isComplete()
		if !searched {
			return ""
		}
		p = c.Environment.Profile
	}
	_, found, err := c.read(p)
	if err != nil {
		return "" // The read of credentials says why.
	}
	return found.RegionID
}
