package emulator

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// How long a session lasts, if the caller does not say, and what can be asked
// for. The maximum is a setting of each role, at most 12 hours; here every role
// has these.
const (
	defaultSession = time.Hour
	minSession     = 15 * time.Minute
	maxSession     = 12 * time.Hour
)

var (
	roleArn     = regexp.MustCompile(`^acs:ram::[^:]+:role/.+$`)
	sessionName = regexp.MustCompile(`^[a-zA-Z0-9.@_-]{2,64}$`)
)

// assumeRole answers AssumeRole. Nothing is done with ExternalId and Policy: the
// emulator knows no trust policies, and every key may do anything.
func assumeRole(e *Emulator, c *call) ([]byte, error) {
	return e.assume(c)
}

// assumeRoleWithOIDC answers AssumeRoleWithOIDC, in which an OIDC token takes the
// place of the signature. What the token says is not looked into.
func assumeRoleWithOIDC(e *Emulator, c *call) ([]byte, error) {
	for _, mandatory := range []string{"OIDCProviderArn", "OIDCToken"} {
		if !c.parameters.Has(mandatory) {
			return nil, errMissing(mandatory)
		}
	}
	if e.AcceptOIDCToken != nil && !e.AcceptOIDCToken(c.parameters.Get("OIDCToken")) {
		return nil, errOIDCToken
	}
	return e.assume(c)
}

// assume issues a key for a role.
func (e *Emulator) assume(c *call) ([]byte, error) {
	lifetime, err := readSession(c)
	if err != nil {
		return nil, err
	}
	arn, name := c.parameters.Get("RoleArn"), c.parameters.Get("RoleSessionName")
	if err := e.mayAssume(arn); err != nil {
		return nil, err
	}
	return object(
		member{"RequestId", quote(c.requestID)},
		member{"AssumedRoleUser", object(
			member{"Arn", quote(arn + "/" + name)},
			member{"AssumedRoleId", quote("300000000000000001:" + name)},
		)},
		member{"Credentials", object(e.issue(c, lifetime).members()...)},
	), nil
}

// readSession reads what both operations take, and returns how long the session
// is to last.
func readSession(c *call) (time.Duration, error) {
	for _, mandatory := range []string{"RoleArn", "RoleSessionName"} {
		if !c.parameters.Has(mandatory) {
			return 0, errMissing(mandatory)
		}
	}
	policy := c.parameters.Get("Policy")
	switch {
	case !roleArn.MatchString(c.parameters.Get("RoleArn")):
		return 0, errWronglyFormed("RoleArn")
	case !sessionName.MatchString(c.parameters.Get("RoleSessionName")):
		return 0, errWronglyFormed("RoleSessionName")
	case policy != "" && !json.Valid([]byte(policy)):
		return 0, errPolicyGrammar
	case !c.parameters.Has("DurationSeconds"):
		return defaultSession, nil
	}
	seconds, err := strconv.Atoi(c.parameters.Get("DurationSeconds"))
	lifetime := time.Duration(seconds) * time.Second
	if err != nil || lifetime < minSession || lifetime > maxSession {
		return 0, errDurationSeconds
	}
	return lifetime, nil
}

// mayAssume refuses a role that does not trust the caller, and one that does not
// exist.
func (e *Emulator) mayAssume(arn string) error {
	switch {
	case strings.HasSuffix(arn, "denied"):
		return errNoPermission
	case e.Roles != nil && !slices.Contains(e.Roles, arn):
		return errRoleNotFound
	}
	return nil
}
