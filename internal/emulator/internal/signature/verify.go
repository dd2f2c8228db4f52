// Package signature verifies the signatures of requests: ACS3-HMAC-SHA256 and
// the classic RPC signature.
//
// Verifying takes three steps, because other rooms have a part in it: Parse tells
// whose access key signed a request, Verify checks the signature with that key's
// secret, and Nonces refuses a request that is sent again.
package signature

import (
	"crypto/subtle"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// maxSkew is how far a request's date may be from the server's.
const maxSkew = 15 * time.Minute

// Parse finds the signature of a request, by either method. An error is a
// refusal: a part of the signature is missing.
func Parse(r *wire.Request) (Signature, error) {
	if strings.HasPrefix(r.HTTP.Header.Get("Authorization"), "ACS3-") {
		return parseACS3(r)
	}
	return parseRPC(r)
}

// Verify checks date and signature. An error is a refusal.
func (s Signature) Verify(secret string, now time.Time) error {
	if err := checkDate(s.date, now); err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(s.value), []byte(s.sign(secret))) != 1 {
		return wire.ErrSignatureDoesNotMatch.WithMessage(s.explanation)
	}
	return nil
}

func checkDate(date string, now time.Time) error {
	t, err := time.Parse(wire.DateLayout, date)
	if err != nil {
		return wire.ErrTimeStampFormat
	}
	if now.Sub(t).Abs() > maxSkew {
		return wire.ErrTimeStampExpired
	}
	return nil
}
