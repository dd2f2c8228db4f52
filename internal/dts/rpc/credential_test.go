package rpc

import "testing"

// TestRedactTheLongerSecretFirst leaves nothing of a secret that begins with
// the other.
func TestRedactTheLongerSecretFirst(t *testing.T) {
	for _, c := range []Credential{
		{AccessKeySecret: "a-long-secret-and-more", SecurityToken: "a-long-secret"},
		{AccessKeySecret: "a-long-secret", SecurityToken: "a-long-secret-and-more"},
	} {
		if got := c.redact("signed with a-long-secret-and-more, a-long-secret"); got != "signed with (redacted), (redacted)" {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
