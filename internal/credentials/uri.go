package credentials

import (
	"context"
	"net/http"
)

// uri is the source that requests credentials from a URI.
func (f finder) uri(uri string) source {
	return source{
		name:   "credentials_uri",
		advice: "It must return AccessKeyId, AccessKeySecret, SecurityToken and Expiration as JSON.",
		fetch: func(ctx context.Context) (session, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, uri, http.NoBody)
			if err != nil {
				return session{}, &cause{text: "it is not a valid URL"}
			}
			body, err := f.exchange(req)
			if err != nil {
				return session{}, err
			}
			var response issued
			if err := parse(body, &response); err != nil {
				return session{}, err
			}
			return response.session("credential_uri")
		},
	}
}
