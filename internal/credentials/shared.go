package credentials

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"gopkg.in/ini.v1"
)

// sharedCredentials is the file that the SDKs of Alibaba Cloud share.
func (c Config) sharedCredentials() string {
	return filepath.Join(c.HomeDirectory, ".alibabacloud", "credentials")
}

// sharedProfile is the source of the section default of the shared file.
func (f finder) sharedProfile() source {
	path := f.sharedCredentials()
	return source{
		name:   path,
		advice: "Its section default must have type access_key, ecs_ram_role or ram_role_arn, and what that type requires.",
		fetch: func(ctx context.Context) (session, error) {
			s, err := f.ofSection(path)
			if err != nil {
				return session{}, err
			}
			got, err := s.get(ctx)
			return got.with("profile"), err
		},
	}
}

// ofSection returns the source that the section specifies.
func (f finder) ofSection(path string) (source, error) {
	file, err := ini.Load(path)
	if err != nil {
		var missing *os.PathError
		if errors.As(err, &missing) {
			return source{}, unreadable("the file", path, err)
		}
		return source{}, &cause{text: "it is not in INI format"}
	}
	section := file.Section("default")
	value := func(key string) string { return section.Key(key).String() }
	keys := Keys{AccessKey: value("access_key_id"), SecretKey: value("access_key_secret")}
	complete := keys.AccessKey != "" && keys.SecretKey != ""
	advice := "Check the section default."
	switch kind := value("type"); {
	case kind == "access_key" && complete:
		return keys.static(path, advice), nil
	case kind == "ecs_ram_role":
		return f.metadata(path, value("role_name"))
	case kind == "ram_role_arn" && complete && value("role_arn") != "":
		role := Role{ARN: value("role_arn"), SessionName: value("role_session_name"), Policy: value("policy")}
		return f.role(path, keys.static(path, advice), role, f.STS.host("", false)), nil
	}
	return source{}, &cause{text: "its section default is missing or incomplete"}
}
