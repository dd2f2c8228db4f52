package credentials

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
)

// finder finds the source that a configuration specifies.
type finder struct {
	Config
	http *http.Client
}

// errNone is a configuration without any credentials.
var errNone = &Error{
	Summary: "no Alibaba Cloud credentials were found",
	Advice: "Set access_key and secret_key in the provider block, or ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY in the environment. " +
		"The documentation of the provider lists all authentication methods.",
}

// find returns the source of the configuration, with the role on top.
func (f finder) find(ctx context.Context) (source, error) {
	base, err := f.base(ctx)
	if err != nil || f.Role == nil {
		return base, err
	}
	return f.assumeRole(base)
}

// base returns the source that the provider block sets, or else the first one of
// the environment.
func (f finder) base(ctx context.Context) (source, error) {
	set := f.inBlock()
	switch len(set) {
	case 0:
		return f.search(ctx)
	case 1:
		return set[0].build()
	}
	return source{}, &Error{
		Summary: fmt.Sprintf("the provider block configures two authentication methods, %s and %s", set[0].argument, set[1].argument),
		Advice:  "Keep one of them. To assume a role on top of it, use the block assume_role.",
	}
}

// candidate is a source that the provider block sets.
type candidate struct {
	argument string
	build    func() (source, error)
}

// inBlock lists the sources that the provider block sets.
func (f finder) inBlock() []candidate {
	var set []candidate
	add := func(isSet bool, argument string, build func() (source, error)) {
		if isSet {
			set = append(set, candidate{argument, build})
		}
	}
	b := f.Block
	add(b.Keys.isSet(), "access_key", b.Keys.source)
	add(b.OIDC != nil, "assume_role_with_oidc", func() (source, error) { return f.assumeRoleWithOIDC(b.OIDC) })
	add(b.Profile.isSet(), "profile", func() (source, error) { return f.cliProfile(b.Profile) })
	add(b.ECSRole != "", "ecs_role_name", func() (source, error) { return f.metadata("ecs_role_name", b.ECSRole) })
	add(b.URI != "", "credentials_uri", func() (source, error) { return f.uri(b.URI), nil })
	return set
}

// search returns the first source of the environment, the files and the network,
// in the order of precedence.
func (f finder) search(ctx context.Context) (source, error) {
	e := f.Environment
	switch {
	case e.Keys.isSet():
		return e.Keys.source()
	case e.OIDC.isComplete():
		return f.assumeRoleWithOIDC(e.OIDC)
	case e.Profile.isSet() || !f.CLIProfileDisabled && f.hasProfile():
		return f.cliProfile(e.Profile)
	case exists(f.sharedCredentials()):
		return f.sharedProfile(), nil
	case e.ECSRole != "":
		return f.metadata("ecs_role_name", e.ECSRole)
	}
	if role := f.probeMetadata(ctx); role != "" {
		return f.metadata("the metadata of the ECS instance", role)
	}
	if e.URI != "" {
		return f.uri(e.URI), nil
	}
	return source{}, errNone
}

// source returns the source of an access key, which must be complete.
func (k Keys) source() (source, error) {
	switch {
	case k.AccessKey == "":
		return source{}, &Error{
			Summary: "secret_key is set, but access_key is not",
			Advice:  "Set access_key in the provider block, or ALICLOUD_ACCESS_KEY in the environment.",
		}
	case k.SecretKey == "":
		return source{}, &Error{
			Summary: "access_key is set, but secret_key is not",
			Advice:  "Set " + cmp.Or(k.SecretSetting, "secret_key in the provider block") + ".",
		}
	}
	return k.static("access_key", "Set access_key, secret_key and security_token without line breaks."), nil
}

// static returns the source that always has the same keys.
func (k Keys) static(name, advice string) source {
	got := session{}
	got.AccessKeyID, got.AccessKeySecret, got.SecurityToken, got.Provider = k.AccessKey, k.SecretKey, k.SecurityToken, "static_ak"
	if k.SecurityToken != "" {
		got.Provider = "static_sts"
	}
	return source{name, advice, func(context.Context) (session, error) { return got, nil }}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil || !errors.Is(err, os.ErrNotExist)
}
