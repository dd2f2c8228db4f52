package signature

// Signature is the signature of a request, of either method.
type Signature struct {
	AccessKey string
	Token     string // the security token, if there is one
	Nonce     string

	date  string
	value string
	// sign computes the value that the secret gives.
	sign func(secret string) string
	// explanation is the message for a wrong value. It shows what the server
	// signed, without security token, so that a client can be debugged.
	explanation string
}
