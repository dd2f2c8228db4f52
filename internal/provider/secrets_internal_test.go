package provider

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// TestSecretsAreRedacted has a secret in the log of a failed poll, and in the
// diagnostic of an error that quotes a field.
func TestSecretsAreRedacted(t *testing.T) {
	t.Parallel()
	const secret = "a-secret-of-some-length"
	c, _ := credentials.Resolve(credentials.Settings{AccessKey: "key", SecretKey: secret}, func(string) string { return "" })
	d := newProviderData(c, nil, "")
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

// TestLongTextsAreCutFirst has a text as long as a response can make it. The
// search for secrets takes hundreds of times the memory of a text.
func TestLongTextsAreCutFirst(t *testing.T) {
	c, _ := credentials.Resolve(credentials.Settings{AccessKey: "key", SecretKey: "a-secret-of-some-length"}, func(string) string { return "" })
	d := newProviderData(c, nil, "")
	text := "begin " + strings.Repeat("x", 16<<20)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	printed := d.printable(text)
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 512<<20 || !strings.HasPrefix(printed, "begin ") || !strings.HasSuffix(printed, "…") {
		t.Errorf("%d MiB were allocated for %.20s", allocated>>20, printed)
	}
}

type errFieldQuotes string

func (e errFieldQuotes) Error() string { return "a value that quotes " + string(e) }
