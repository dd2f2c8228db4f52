package identity

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// Issued credentials are found, are valid with their own token, and expire.
func TestStore(t *testing.T) {
	s := &Store{AccessKey: "own", SecretKey: "secret"}
	own, known := s.Find("own")
	if !known || own.Secret != "secret" {
		t.Fatalf("own credentials are %+v", own)
	}
	if _, known := s.Find("nobody"); known {
		t.Error("unknown credentials were found")
	}
	first, second := s.issue(caller{}, time.Hour, noon), s.issue(caller{}, time.Hour, noon)
	if found, known := s.Find(first.AccessKey); !known || found != first {
		t.Errorf("found %+v, want %+v", found, first)
	}
	tests := map[string]struct {
		credentials Credentials
		token       string
		after       time.Duration
		want        error
	}{
		"own, without a token":     {own, "", 0, nil},
		"own, with any token":      {own, "any", 0, nil},
		"own, with another's":      {own, first.Token, 0, wire.ErrTokenMismatch},
		"issued, with its own":     {first, first.Token, time.Hour - 1, nil},
		"issued, expired":          {first, first.Token, time.Hour, wire.ErrTokenExpired},
		"issued, without a token":  {first, "", 0, wire.ErrMissing("SecurityToken")},
		"issued, with any token":   {first, "any", 0, wire.ErrTokenMalformed},
		"issued, with another's":   {first, second.Token, 0, wire.ErrTokenMismatch},
		"issued, another, expired": {first, second.Token, time.Hour, wire.ErrTokenMismatch},
	}
	for name, test := range tests {
		if got := s.CheckToken(test.credentials, test.token, noon.Add(test.after)); !errors.Is(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// A lifetime of the store takes precedence over what is requested.
func TestLifetime(t *testing.T) {
	const requested = "7200"
	for lifetime, want := range map[time.Duration]time.Duration{0: 2 * time.Hour, time.Second: time.Second} {
		store := &Store{Lifetime: lifetime}
		sts := &STS{Store: store}
		r := &wire.Request{Parameters: url.Values{
			"RoleArn": {"acs:ram::1234567890123456:role/reader"}, "RoleSessionName": {"terraform"}, "DurationSeconds": {requested},
		}}
		response, err := sts.AssumeRole(r, noon)
		if err != nil {
			t.Fatal(err)
		}
		issued, known := store.Find(response.IssuedKey)
		if !known || !issued.expires.Equal(noon.Add(want)) {
			t.Errorf("lifetime %v: expires %v, want %v", lifetime, issued.expires, noon.Add(want))
		}
	}
}
