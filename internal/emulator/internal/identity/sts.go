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

// How long a session lasts if the client requests no time, and the times that it
// can request. The maximum is a setting of each role, at most 12 hours; here every
// role has these.
const (
	defaultSession = time.Hour
	minSession     = 15 * time.Minute
	maxSession     = 12 * time.Hour
)

var (
	roleArn     = regexp.MustCompile(`^acs:ram::([^:]+):role/(.+)$`)
	sessionName = regexp.MustCompile(`^[a-zA-Z0-9.@_-]{2,64}$`)
)

// AssumeRole issues credentials for a role. ExternalId and Policy change
// nothing: the emulator knows no trust policies, and all credentials may do
// anything.
func (s *Store) AssumeRole(r *wire.Request, now time.Time) (wire.Response, error) {
	lifetime, err := sessionLifetime(r)
	if err != nil {
		return wire.Response{}, err
	}
	arn, name := r.Parameters.Get("RoleArn"), r.Parameters.Get("RoleSessionName")
	switch {
	case strings.HasSuffix(arn, "denied"):
		return wire.Response{}, wire.ErrNoPermission
	case s.Roles != nil && !slices.Contains(s.Roles, arn):
		return wire.Response{}, wire.ErrRoleNotFound
	}
	parts := roleArn.FindStringSubmatch(arn)
	issued := s.issue(caller{parts[1], parts[2], name}, lifetime, now)
	user := wire.Object{wire.Text("Arn", arn+"/"+name), wire.Text("AssumedRoleId", roleID+":"+name)}
	response := wire.OK(wire.Object{
		wire.Text("RequestId", r.ID),
		{Name: "AssumedRoleUser", Value: user.Bytes()},
		{Name: "Credentials", Value: issued.members().Bytes()},
	}.Bytes())
	response.IssuedKey = issued.AccessKey
	return response, nil
}

// AssumeRoleWithOIDC does the same for a request with an OIDC token in place of
// a signature. The contents of the token are not checked.
func (s *Store) AssumeRoleWithOIDC(r *wire.Request, now time.Time) (wire.Response, error) {
	if err := r.Require("OIDCProviderArn", "OIDCToken"); err != nil {
		return wire.Response{}, err
	}
	if s.AcceptToken != nil && !s.AcceptToken(r.Parameters.Get("OIDCToken")) {
		return wire.Response{}, wire.ErrOIDCToken
	}
	return s.AssumeRole(r, now)
}

// GetCallerIdentity returns whose credentials signed a request.
func GetCallerIdentity(r *wire.Request, credentials Credentials) wire.Response {
	c := credentials.caller
	if c.role == "" {
		return wire.OK(wire.Object{
			wire.Text("IdentityType", "Account"), wire.Text("AccountId", accountID), wire.Text("UserId", accountID),
			wire.Text("PrincipalId", accountID), wire.Text("Arn", "acs:ram::"+accountID+":root"), wire.Text("RequestId", r.ID),
		}.Bytes())
	}
	return wire.OK(wire.Object{
		wire.Text("IdentityType", "AssumedRoleUser"), wire.Text("AccountId", c.account), wire.Text("RoleId", roleID),
		wire.Text("PrincipalId", roleID+":"+c.session), wire.Text("Arn", "acs:sts::"+c.account+":assumed-role/"+c.role+"/"+c.session),
		wire.Text("RequestId", r.ID),
	}.Bytes())
}

// sessionLifetime checks the parameters of both operations, and returns how long the
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
