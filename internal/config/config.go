// Package config declares the settings of the provider once: their names, types,
// environment variables and descriptions. The provider derives its schema from
// them; programs that use the same environment variables need no Terraform
// library to read them.
package config

import (
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
)

// Config is what the provider block and the environment come to. A zero field is
// not set: its user has the default.
type Config struct {
	Region         string // empty is the region of the CLI profile
	Endpoint       Endpoint
	Protocol       Protocol
	ConnectTimeout time.Duration
	ReadTimeout    time.Duration
	RetryTimeout   time.Duration
	RequestRate    int
	UserAgent      string // to append to the User-Agent header
	Credentials    credentials.Config
}

// Resolve sets what the provider block leaves unset from the environment,
// setting by setting. The variables of assume_role count only if the block has
// it, and those of authentication methods only if the block configures none, or
// that one.
//
// An error is returned for each variable that counts and has the wrong form.
// Credentials that are missing or contradict each other are no error here, but
// when they are used.
func Resolve(block Settings, getenv func(string) string) (Config, []*Error) {
	visible, secretVariable := oneFamily(getenv, block)
	s := block.copy()
	if block.AccessKey == "" {
		s.SecurityToken = "" // It belongs to an access key that is not there.
	}
	failed := fromEnvironment(s, visible)

	chosen := block.methods()
	failed = slices.DeleteFunc(failed, func(e *Error) bool { return isOutranked(e.Path[0], chosen) })

	c := Config{
		Region:         string(s.Region),
		Endpoint:       s.Endpoints.DTS,
		Protocol:       s.Protocol,
		ConnectTimeout: duration(int64(s.ClientConnectTimeout), time.Millisecond),
		ReadTimeout:    duration(int64(s.ClientReadTimeout), time.Millisecond),
		RetryTimeout:   duration(int64(s.MaxRetryTimeout), time.Second),
		RequestRate:    int(s.MaxRequestsPerSecond),
		UserAgent:      string(s.ConfigurationSource),
		Credentials:    around(s, getenv),
	}
	sources := s.sources(block, secretVariable)
	if len(chosen) == 0 {
		c.Credentials.Environment = sources
	} else {
		c.Credentials.Block = only(sources, chosen)
	}
	return c, failed
}

// duration returns at most the longest duration that there is.
func duration(n int64, unit time.Duration) time.Duration {
	return time.Duration(min(n, math.MaxInt64/int64(unit))) * unit
}

// copy returns settings whose blocks can be changed. Endpoints and the OIDC role
// are present, since the environment can set them alone.
func (s Settings) copy() *Settings {
	c := withBlocks(s)
	endpoints, oidc := *c.Endpoints, *c.AssumeRoleWithOIDC
	c.Endpoints, c.AssumeRoleWithOIDC, c.AssumeRole = &endpoints, &oidc, nil
	if s.AssumeRole != nil {
		role := *s.AssumeRole
		c.AssumeRole = &role
	}
	return c
}

// around returns everything about credentials but their sources.
func around(s *Settings, getenv func(string) string) credentials.Config {
	isTrue := func(variable string) bool { return strings.EqualFold(getenv(variable), "true") }
	home, _ := os.UserHomeDir() // Without one, no file is in it.
	c := credentials.Config{
		STS: credentials.STS{
			Endpoint: string(s.Endpoints.STS),
			Region:   getenv("ALIBABA_CLOUD_STS_REGION"),
			VPC:      isTrue("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"),
		},
		HomeDirectory:      home,
		MetadataDisabled:   isTrue("ALIBABA_CLOUD_ECS_METADATA_DISABLED"),
		IMDSv1Disabled:     isTrue("ALIBABA_CLOUD_IMDSV1_DISABLED"),
		CLIProfileDisabled: isTrue("ALIBABA_CLOUD_CLI_PROFILE_DISABLED"),
	}
	if r := s.AssumeRole; r != nil {
		c.Role = &credentials.Role{
			ARN:         string(r.RoleARN),
			SessionName: string(r.SessionName),
			Policy:      r.Policy,
			ExternalID:  string(r.ExternalID),
			Expiration:  int64(r.SessionExpiration),
		}
	}
	return c
}
