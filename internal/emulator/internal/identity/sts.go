package identity

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// How long a session lasts, if the client does not tell, and what it can request.
// The maximum is a setting of each role, at most 12 hours; here every role has
// these.
const (
	defaultSession = time.Hour
	minSession     = 15 * time.Minute
	maxSession     = 12 * time.Hour
)

var (
	roleArn     = regexp.MustCompile(`^acs:ram::([^:]+):role/(.+)$`)
	sessionName = regexp.MustCompile(`^[a-zA-Z0-9.@_-]{2,64}$`)
)

// STS is the service that issues credentials for roles.
type STS struct {
	Store *Store
	// Roles are the ARNs of the roles that can be assumed; nil is any. One that
	// ends in "denied" does not trust the client.
	Roles []string
	// AcceptToken, if set, reports which OIDC tokens are valid.
	AcceptToken func(oidcToken string) bool
}

// AssumeRole issues credentials for a role. ExternalId and Policy change
// nothing: the emulator knows no trust policies, and all credentials may do
// anything.
func (s *STS) AssumeRole(r *wire.Request, now time.Time) (wire.Response, error) {
	lifetime, err := sessionLifetime(r)
	if err != nil {
		return wire.Response{}, err
	}
	arn, name := r.Parameters.Get("RoleArn"), r.Parameters.Get("RoleSessionName")
	if err := s.checkRole(arn); err != nil {
		return wire.Response{}, err
	}
	parts := roleArn.FindStringSubmatch(arn)
	issued := s.Store.issue(caller{parts[1], parts[2], name}, lifetime, now)
	response := wire.OK(wire.Object(
		wire.Member{Name: "RequestId", Value: wire.Quote(r.ID)},
		wire.Member{Name: "AssumedRoleUser", Value: wire.Object(
			wire.Member{Name: "Arn", Value: wire.Quote(arn + "/" + name)},
			wire.Member{Name: "AssumedRoleId", Value: wire.Quote(roleID + ":" + name)},
		)},
		wire.Member{Name: "Credentials", Value: wire.Object(issued.members()...)},
	))
	response.IssuedKey = issued.AccessKey
	return response, nil
}

// AssumeRoleWithOIDC does the same for a request with an OIDC token in place of
// a signature. What the token contains is not checked.
func (s *STS) AssumeRoleWithOIDC(r *wire.Request, now time.Time) (wire.Response, error) {
	if err := r.Require("OIDCProviderArn", "OIDCToken"); err != nil {
		return wire.Response{}, err
	}
	if s.AcceptToken != nil && !s.AcceptToken(r.Parameters.Get("OIDCToken")) {
		return wire.Response{}, wire.ErrOIDCToken
	}
	return s.AssumeRole(r, now)
}

// GetCallerIdentity tells whose credentials signed a request.
func (s *STS) GetCallerIdentity(r *wire.Request, c Credentials) wire.Response {
	return wire.OK(wire.Object(append(c.caller.members(), wire.Member{Name: "RequestId", Value: wire.Quote(r.ID)})...))
}

// sessionLifetime checks what both operations take, and returns how long the
// session is to last.
func sessionLifetime(r *wire.Request) (time.Duration, error) {
	if err := r.Require("RoleArn", "RoleSessionName"); err != nil {
		return 0, err
	}
	p := r.Parameters
	switch {
	case !roleArn.MatchString(p.Get("RoleArn")):
		return 0, wire.ErrMalformed("RoleArn")
	case !sessionName.MatchString(p.Get("RoleSessionName")):
		return 0, wire.ErrMalformed("RoleSessionName")
	case p.Has("Policy") && !json.Valid([]byte(p.Get("Policy"))):
		return 0, wire.ErrPolicyGrammar
	case !p.Has("DurationSeconds"):
		return defaultSession, nil
	}
	seconds, err := strconv.Atoi(p.Get("DurationSeconds"))
	lifetime := time.Duration(seconds) * time.Second
	if err != nil || lifetime < minSession || lifetime > maxSession {
		return 0, wire.ErrDurationSeconds
	}
	return lifetime, nil
}

// checkRole refuses a role that does not trust the client, and one that does not
// exist.
func (s *STS) checkRole(arn string) error {
	switch {
	case strings.HasSuffix(arn, "denied"):
		return wire.ErrNoPermission
	case s.Roles != nil && !slices.Contains(s.Roles, arn):
		return wire.ErrRoleNotFound
	}
	return nil
}
