package provider

import (
	"bytes"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/config"
	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// TestSecretsAreRedacted has a secret in the log of a failed poll, and in the
// diagnostic of an error that quotes a field.
func TestSecretsAreRedacted(t *testing.T) {
	t.Parallel()
	const secret = "a-secret-of-some-length"
	d := newProviderData(config.Config{Credentials: credentials.Config{
		Block: credentials.Sources{Keys: credentials.Keys{AccessKey: "key", SecretKey: secret}},
	}}, nil, "")
	var log bytes.Buffer
	d.log(tflogtest.RootLogger(t.Context(), &log), "a poll failed", map[string]any{"error": "quotes " + secret})
	failure := &rpc.Error{Request: rpc.Request{Operation: "o"}, Err: &api.FieldError{Path: "Delay", Err: errFieldQuotes(secret)}}
	detail := readDiagnostic[jobsConfig](t.Context(), d, "summary", failure).Detail()
	for where, text := range map[string]string{"log": log.String(), "detail": detail} {
		if strings.Contains(text, secret) || !strings.Contains(text, "quotes") {
			t.Errorf("%s: %s", where, text)
		}
	}
}

type errFieldQuotes string

func (e errFieldQuotes) Error() string { return "a value that quotes " + string(e) }
