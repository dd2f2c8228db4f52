package credentials

import (
	"testing"
)

func TestIsValid(t *testing.T) {
	t.Parallel()
	type constrained interface{ IsValid() bool }
	for _, valid := range []constrained{
		Text("a b~é"), Text("x\u00a0y"),
		Endpoint("dts.cn-hangzhou.aliyuncs.com"), Endpoint("127.0.0.1:8899"), Endpoint("[::1]:80"), Endpoint("[::1]"), Endpoint("host:65535"),
		URI("http://127.0.0.1:8080/credentials?token=x"), URI("https://host"),
		SessionExpiration(900), Natural(0), Region("cn-hangzhou"), Region("EU-Central-1"),
	} {
		if !valid.IsValid() {
			t.Errorf("%T %q is refused", valid, valid)
		}
	}
	for _, invalid := range []constrained{
		Text("key\n"), Text("\tkey"), Text("a\x7f"), Text("a\u0085b"),
		Endpoint("http://host"), Endpoint("host/path"), Endpoint("host?q"), Endpoint("host#f"), Endpoint("user@host"), Endpoint("user:secret@host"),
		Endpoint("host:"), Endpoint("host:0"), Endpoint("host:65536"), Endpoint("host:x"), Endpoint("ho st"), Endpoint("host\n"), Endpoint(":80"), Endpoint("::1"),
		URI("host/path"), URI("ftp://host"), URI("http://"), URI("http://host/\n"), URI("http://host:99999/"),
		SessionExpiration(899), SessionExpiration(-1), Natural(-1), Region("cn.hangzhou"), Region("a/b"), Region("ü"), Region("a b"),
	} {
		if invalid.IsValid() {
			t.Errorf("%T %q is accepted", invalid, invalid)
		}
	}
}

func TestIsLoopback(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[Endpoint]bool{
		"127.0.0.1:8899": true, "127.8.9.1": true, "localhost": true, "LOCALHOST:80": true, "[::1]": true, "[::1]:80": true,
		"": false, "10.0.0.1": false, "dts.aliyuncs.com": false, "localhost.example.com": false, "128.0.0.1:80": false,
	} {
		if got := endpoint.IsLoopback(); got != want {
			t.Errorf("%q: %t", endpoint, got)
		}
	}
}
