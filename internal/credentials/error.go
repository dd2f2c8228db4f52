package credentials

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Error is why there are no credentials, and what to do. It holds no secret.
type Error struct {
	Summary string
	Advice  string
}

func (e *Error) Error() string { return e.Summary + ". " + e.Advice }

// The parts of an answer that may be shown: the library puts whole answers,
// and URLs with tokens in them, into its errors.
var (
	answerCode    = regexp.MustCompile(`"Code"\s*:\s*"([A-Za-z0-9._-]{1,64})"`)
	answerID      = regexp.MustCompile(`"RequestId"\s*:\s*"([A-Za-z0-9-]{1,64})"`)
	metadataError = regexp.MustCompile(`100\.100\.100\.200|get role name|refresh Ecs sts|metadata token`)
	stsError      = regexp.MustCompile(`refresh session token|get session token|RoleArn sts token|oidc sts token`)
	uriError      = regexp.MustCompile(`(get|refresh) credentials from`)
	networkError  = regexp.MustCompile(`": ((?:dial|read|write|proxyconnect|lookup|context|net/http|EOF)[^"]*)$`)
)

// explain turns an error of the library into one that says what to do. What an
// answer said beyond code and request id is left out.
func (s *Source) explain(err error) error {
	var ours *Error
	if errors.As(err, &ours) {
		return ours
	}
	text := err.Error()
	facts := answerFacts(text)
	var wrapped *url.Error
	asked := ""
	if errors.As(err, &wrapped) {
		asked = wrapped.URL
	}
	switch {
	case metadataError.MatchString(text):
		return s.error("the metadata of the ECS instance gave no credentials"+facts,
			"Check that this machine is an ECS instance, that ecs_role_name is the RAM role attached to it, and that no proxy stands before 100.100.100.200.")
	case uriError.MatchString(text), asked != "" && (asked == s.config.Block.URI || asked == s.config.Environment.URI):
		return s.error("credentials_uri gave no credentials"+facts,
			"It must answer with AccessKeyId, AccessKeySecret, SecurityToken and Expiration as JSON.")
	case stsError.MatchString(text), asked != "":
		return s.error("STS gave no credentials for the role"+facts,
			"Check that the role exists, that its trust policy lets this identity assume it, and endpoints.sts.")
	}
	return s.error("the credentials could not be read"+facts,
		"Check the profile that is used: it must have all that its mode or type needs.")
}

func answerFacts(text string) string {
	var facts []string
	if found := networkError.FindStringSubmatch(text); found != nil {
		return ": " + found[1]
	}
	for _, part := range []struct {
		name string
		form *regexp.Regexp
	}{{"code", answerCode}, {"request id", answerID}} {
		if found := part.form.FindStringSubmatch(text); found != nil {
			facts = append(facts, part.name+" "+found[1])
		}
	}
	if len(facts) == 0 {
		return ""
	}
	return " (" + strings.Join(facts, ", ") + ")"
}

func (s *Source) error(summary, advice string) error {
	return &Error{Summary: s.Redact(summary), Advice: advice}
}

// Redact takes every secret that this source knows out of a text.
func (s *Source) Redact(text string) string {
	s.seen.mu.Lock()
	defer s.seen.mu.Unlock()
	for _, secret := range s.seen.texts {
		text = strings.ReplaceAll(text, secret, "(redacted)")
	}
	return text
}

// add remembers secrets, in the forms in which they may turn up, the longest
// first, since one may be part of another.
func (s *secrets) add(texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, text := range texts {
		for _, form := range []string{text, url.QueryEscape(text), strings.Trim(fmt.Sprintf("%q", text), `"`)} {
			if len(text) >= shortestSecret && !slices.Contains(s.texts, form) {
				s.texts = append(s.texts, form)
			}
		}
	}
	slices.SortFunc(s.texts, func(a, b string) int { return len(b) - len(a) })
}

// shortestSecret keeps a word that is no secret, as in a test, from being
// taken out of every sentence.
const shortestSecret = 8

// secrets are those that a configuration says.
func (c Config) secrets() []string {
	var texts []string
	for _, b := range []Sources{c.Block, c.Environment} {
		texts = append(texts, b.Keys.SecretKey, b.Keys.SecurityToken)
		if b.OIDC != nil {
			texts = append(texts, b.OIDC.Token)
		}
	}
	return texts
}
