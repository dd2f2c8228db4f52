package emulator

import (
	"crypto/subtle"
	"strings"
	"time"
)

// maxSkew is how far a request's date may be from the server's.
const maxSkew = 15 * time.Minute

// dateLayout is the only form of a date that both signatures use.
const dateLayout = "2006-01-02T15:04:05Z"

// proof is what a request brings to show who sent it. Both signature methods
// are reduced to it, so that they are judged alike.
type proof struct {
	accessKey string
	date      string
	nonce     string
	signature string
	token     string // the security token, if there is one
	// sign computes the signature that the secret gives.
	sign func(secret string) string
	// explain is the message for a wrong signature. It shows what the server
	// signed, without security token, so that a client can be debugged.
	explain string
}

// authenticate finds out which signature method a call uses and verifies it.
func (e *Emulator) authenticate(c *call) error {
	read := readRPC
	if strings.HasPrefix(c.request.Header.Get("Authorization"), "ACS3-") {
		read = readACS3
	}
	p, err := read(c)
	if err != nil {
		return err
	}
	return e.verify(p)
}

// verify judges a proof. The nonce comes last: a request that fails otherwise
// must not use it up.
func (e *Emulator) verify(p proof) error {
	key, known := e.keyOf(p.accessKey)
	if !known {
		return errAccessKeyNotFound
	}
	now := e.now()
	if err := checkDate(p.date, now); err != nil {
		return err
	}
	expected := p.sign(key.secret)
	if subtle.ConstantTimeCompare([]byte(p.signature), []byte(expected)) != 1 {
		return errSignatureDoesNotMatch.saying(p.explain)
	}
	if err := e.checkToken(key, p.token, now); err != nil {
		return err
	}
	if !e.nonces.use(p.accessKey, p.nonce, now) {
		return errSignatureNonceUsed
	}
	return nil
}

func checkDate(date string, now time.Time) error {
	t, err := time.Parse(dateLayout, date)
	if err != nil {
		return errTimeStampFormat
	}
	if now.Sub(t).Abs() > maxSkew {
		return errTimeStampExpired
	}
	return nil
}
