package credentials

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// secrets are texts that may appear nowhere.
type secrets struct {
	mu    sync.Mutex
	texts []string
}

// shortestSecret keeps a word that is no secret, as in a test, from being
// removed from every sentence.
const shortestSecret = 8

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

// Redact removes every secret that this source knows from a text.
func (s *Source) Redact(text string) string {
	s.seen.mu.Lock()
	defer s.seen.mu.Unlock()
	for _, secret := range s.seen.texts {
		text = strings.ReplaceAll(text, secret, "(redacted)")
	}
	return text
}

// secrets lists those of a configuration.
func (c Config) secrets() []string {
	var texts []string
	for _, s := range []Sources{c.Block, c.Environment} {
		texts = append(texts, s.Keys.SecretKey, s.Keys.SecurityToken)
		if s.OIDC != nil {
			texts = append(texts, s.OIDC.Token)
		}
	}
	return texts
}
