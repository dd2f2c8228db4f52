package credentials

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// base is a source of credentials that something said to use.
type base struct {
	name  string // as the user knows it
	build func() (providers.CredentialsProvider, error)
}

// provider builds the library's provider of what the configuration says.
func (c Config) provider() (providers.CredentialsProvider, error) {
	found, err := c.base()
	if err != nil || c.Role == nil {
		return found, err
	}
	return c.assume(found)
}

// base finds the base: what the block says, or else the environment's first.
func (c Config) base() (providers.CredentialsProvider, error) {
	said := c.explicit()
	switch len(said) {
	case 0:
		return c.search()
	case 1:
		return said[0].build()
	}
	return nil, &Error{
		Summary: fmt.Sprintf("the provider block says two ways to sign in, %s and %s", said[0].name, said[1].name),
		Advice:  "Keep one of them. A role that is assumed on top of it goes into assume_role.",
	}
}

// explicit lists the bases that the provider block says.
func (c Config) explicit() []base {
	var said []base
	add := func(is bool, name string, build func() (providers.CredentialsProvider, error)) {
		if is {
			said = append(said, base{name, build})
		}
	}
	b := c.Block
	add(b.Keys.isSet(), "access_key", b.Keys.provider)
	add(b.OIDC != nil, "assume_role_with_oidc", func() (providers.CredentialsProvider, error) { return c.withOIDC(b.OIDC) })
	add(b.Profile.isSet(), "profile", func() (providers.CredentialsProvider, error) { return c.cliProfile(b.Profile) })
	add(b.ECSRole != "", "ecs_role_name", func() (providers.CredentialsProvider, error) { return c.metadata(b.ECSRole) })
	add(b.URI != "", "credentials_uri", func() (providers.CredentialsProvider, error) { return fromURI(b.URI) })
	return said
}

// search goes through the environment, the files and what may answer on the
// network, in the order of the contract.
func (c Config) search() (providers.CredentialsProvider, error) {
	e := c.Environment
	switch {
	case e.Keys.isSet():
		return e.Keys.provider()
	case e.OIDC.isComplete():
		return c.withOIDC(e.OIDC)
	case e.Profile.isSet() || c.hasProfile():
		return c.cliProfile(e.Profile)
	case exists(c.sharedCredentials()):
		return c.sharedProfile()
	case e.ECSRole != "":
		return c.metadata(e.ECSRole)
	}
	// Whether an instance has metadata shows only when it is asked.
	if !c.MetadataDisabled {
		provider, err := c.metadata("")
		if err != nil {
			return nil, err
		}
		if _, err := provider.GetCredentials(); err == nil {
			return provider, nil
		}
	}
	if e.URI != "" {
		return fromURI(e.URI)
	}
	return nil, errNone
}

// errNone is an environment that says nothing.
var errNone = &Error{
	Summary: "no Alibaba Cloud credentials were found",
	Advice: "Set access_key and secret_key in the provider block, or ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY in the environment. " +
		"The documentation of the provider lists all ways to sign in.",
}

// provider is that of a key pair, which must be whole: the library would fill
// it up from the environment.
func (k Keys) provider() (providers.CredentialsProvider, error) {
	switch {
	case k.AccessKey == "":
		return nil, halfSet("access_key", "ALICLOUD_ACCESS_KEY")
	case k.SecretKey == "":
		return nil, halfSet("secret_key", "ALICLOUD_SECRET_KEY")
	case k.SecurityToken != "":
		return providers.NewStaticSTSCredentialsProviderBuilder().
			WithAccessKeyId(k.AccessKey).WithAccessKeySecret(k.SecretKey).WithSecurityToken(k.SecurityToken).Build()
	}
	return providers.NewStaticAKCredentialsProviderBuilder().
		WithAccessKeyId(k.AccessKey).WithAccessKeySecret(k.SecretKey).Build()
}

func halfSet(missing, variable string) error {
	return &Error{
		Summary: fmt.Sprintf("half of an access key: %s is not set, though the rest is", missing),
		Advice:  fmt.Sprintf("Set %s in the provider block, or %s in the environment.", missing, variable),
	}
}

// metadata is the RAM role of an ECS instance, by name or whichever it has.
func (c Config) metadata(role string) (providers.CredentialsProvider, error) {
	if c.MetadataDisabled {
		return nil, &Error{
			Summary: "the metadata of the ECS instance may not be used",
			Advice:  "ALIBABA_CLOUD_ECS_METADATA_DISABLED is set in the environment. Unset it, or sign in another way than ecs_role_name.",
		}
	}
	return providers.NewECSRAMRoleCredentialsProviderBuilder().WithRoleName(role).Build()
}

func fromURI(uri string) (providers.CredentialsProvider, error) {
	return providers.NewURLCredentialsProviderBuilder().WithUrl(uri).Build()
}

// assume is a role on top of a base.
func (c Config) assume(base providers.CredentialsProvider) (providers.CredentialsProvider, error) {
	if c.Role.ARN == "" {
		return nil, &Error{
			Summary: "assume_role has no role_arn",
			Advice:  "Set role_arn in assume_role, or ALICLOUD_ASSUME_ROLE_ARN in the environment, or leave the block out.",
		}
	}
	return providers.NewRAMRoleARNCredentialsProviderBuilder().
		WithCredentialsProvider(base).
		WithRoleArn(c.Role.ARN).
		WithRoleSessionName(cmp.Or(c.Role.SessionName, defaultSession)).
		WithPolicy(c.Role.Policy).
		WithExternalId(c.Role.ExternalID).
		WithDurationSeconds(int(cmp.Or(c.Role.Expiration, defaultExpiration))).
		WithStsEndpoint(c.STS.host("", false)).
		Build()
}

// What a role is assumed with unless said otherwise.
const (
	defaultSession    = "terraform"
	defaultExpiration = 3600 // seconds
)

// withOIDC is a role assumed with a token of an identity provider.
func (c Config) withOIDC(o *OIDC) (providers.CredentialsProvider, error) {
	if missing := o.missing(); len(missing) > 0 {
		return nil, &Error{
			Summary: "assume_role_with_oidc lacks " + strings.Join(missing, " and "),
			Advice:  "Set it in the block assume_role_with_oidc, or by its variable in the environment.",
		}
	}
	return &tokenFile{oidc: o, build: func(token string) (providers.CredentialsProvider, error) {
		return providers.NewOIDCCredentialsProviderBuilder().
			WithOIDCProviderARN(o.ProviderARN).
			WithOIDCToken(token).
			WithRoleArn(o.RoleARN).
			WithRoleSessionName(cmp.Or(o.SessionName, defaultSession)).
			WithPolicy(o.Policy).
			WithDurationSeconds(int(cmp.Or(o.Expiration, defaultExpiration))).
			WithSTSEndpoint(c.STS.host("", false)).
			Build()
	}}, nil
}

// tokenFile gives the library each new token of a file. By itself it reads the
// file again too, but prefers a token of the environment to the file that the
// provider block names, and keeps the line break at its end.
type tokenFile struct {
	oidc  *OIDC
	build func(token string) (providers.CredentialsProvider, error)

	token string
	providers.CredentialsProvider
}

func (t *tokenFile) GetCredentials() (*providers.Credentials, error) {
	token := t.oidc.Token
	if token == "" {
		text, err := os.ReadFile(t.oidc.TokenFile)
		if err != nil {
			return nil, unreadable("oidc_token_file", t.oidc.TokenFile, err)
		}
		token = strings.TrimSpace(string(text))
	}
	if t.CredentialsProvider == nil || token != t.token {
		provider, err := t.build(token)
		if err != nil {
			return nil, err
		}
		t.CredentialsProvider, t.token = provider, token
	}
	return t.CredentialsProvider.GetCredentials()
}

// unreadable says why a file can't be read, without what may stand in it.
func unreadable(argument, path string, err error) error {
	var cause *os.PathError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	return &Error{
		Summary: fmt.Sprintf("%s %s can't be read: %s", argument, path, err),
		Advice:  "Check the path, and that the user who runs Terraform may read it.",
	}
}

func (c Config) sharedCredentials() string {
	return filepath.Join(c.HomeDirectory, ".alibabacloud", "credentials")
}

// sharedProfile is a section of ~/.alibabacloud/credentials.
func (c Config) sharedProfile() (providers.CredentialsProvider, error) {
	if file, err := os.Open(c.sharedCredentials()); err != nil {
		return nil, unreadable("the file", c.sharedCredentials(), err)
	} else if err := file.Close(); err != nil {
		return nil, unreadable("the file", c.sharedCredentials(), err)
	}
	return providers.NewProfileCredentialsProviderBuilder().Build()
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil || !errors.Is(err, os.ErrNotExist)
}
