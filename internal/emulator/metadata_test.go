package emulator

import (
	"encoding/json"
	"net/http/httptest"
	"testing"
	"time"
)

// readMetadata sends a request as an instance does.
func readMetadata(e *Emulator, method, path string, headers map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://100.100.100.200"+path, nil)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	return serveRecorded(e, r)
}

func TestMetadata(t *testing.T) {
	const directory, tokens = "/latest/meta-data/ram/security-credentials/", "/latest/api/token"
	ttl := func(seconds string) map[string]string {
		return map[string]string{"X-aliyun-ecs-metadata-token-ttl-seconds": seconds}
	}
	token := func(text string) map[string]string { return map[string]string{"X-aliyun-ecs-metadata-token": text} }
	for _, isHardened := range []bool{false, true} {
		e, clock := newEmulator(t)
		e.HardenedMetadata = isHardened
		valid := readMetadata(e, "PUT", tokens, ttl("21600")).Body.String()
		expired := readMetadata(e, "PUT", tokens, ttl("1")).Body.String()
		clock.advance(time.Second)
		for name, test := range map[string]struct {
			method, path   string
			headers        map[string]string
			open, hardened int // statuses
		}{
			"role":                   {"GET", directory, nil, 200, 403},
			"role, token":            {"GET", directory, token(valid), 200, 200},
			"role, expired token":    {"GET", directory, token(expired), 403, 403},
			"role, no such token":    {"GET", directory, token("none"), 403, 403},
			"credentials":            {"GET", directory + "emulator", nil, 200, 403},
			"credentials, token":     {"GET", directory + "emulator", token(valid), 200, 200},
			"credentials of no role": {"GET", directory + "nobody", token(valid), 404, 404},
			"other metadata":         {"GET", "/latest/meta-data/instance-id", token(valid), 404, 404},
			"credentials by POST":    {"POST", directory + "emulator", token(valid), 405, 405},
			"token":                  {"PUT", tokens, ttl("60"), 200, 200},
			"token by GET":           {"GET", tokens, ttl("60"), 405, 405},
			"token without a ttl":    {"PUT", tokens, nil, 400, 400},
			"token for too long":     {"PUT", tokens, ttl("21601"), 400, 400},
			"token for no time":      {"PUT", tokens, ttl("0"), 400, 400},
		} {
			want := map[bool]int{false: test.open, true: test.hardened}[isHardened]
			if got := readMetadata(e, test.method, test.path, test.headers); got.Code != want {
				t.Errorf("%s, hardened %v: %d %s", name, isHardened, got.Code, got.Body)
			}
		}
	}
}

func TestMetadataCredentials(t *testing.T) {
	_, clock := newEmulator(t)
	e := &Emulator{ECSRole: "builder", Rate: -1, clock: clock.Now}
	const directory = "/latest/meta-data/ram/security-credentials/"
	if got := readMetadata(e, "GET", directory, nil); got.Body.String() != "builder" || got.Header().Get("Content-Type") != "text/plain" {
		t.Errorf("role is %q", got.Body)
	}
	var got credentials
	if err := json.Unmarshal(readMetadata(e, "GET", directory+"builder", nil).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Code != "Success" || got.LastUpdated != testDate || got.Expiration != "2026-11-20T13:24:45Z" {
		t.Errorf("got %+v", got)
	}
	if a := send(t, e, acs3Request(pairs{"Region": "cn-hangzhou"}, got.signing())); !a.Success {
		t.Errorf("the key is not good: %s", a.raw)
	}
	if recorded := e.Requests(); len(recorded) != 3 || recorded[1].IssuedKey != got.AccessKeyId || recorded[2].AccessKey != got.AccessKeyId {
		t.Errorf("recorded %+v", recorded)
	}
}
