package credentials

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
)

const (
	metadataHost = "http://100.100.100.200"
	metadataRole = "/latest/meta-data/ram/security-credentials/"

	// metadataTimeout is short, because the address is on the same machine, or
	// not there at all.
	metadataTimeout = 2 * time.Second

	// metadataProbes is how often metadata that fails is probed.
	metadataProbes = 3
)

// metadata is the metadata of the ECS instance, at a fixed link-local address.
type metadata struct {
	http          *http.Client // without a proxy, which could supply credentials
	disabled      bool
	requiresToken bool // never request metadata without a metadata token
}

// source is the source of the RAM role of the instance. An empty role is the role
// that the instance has.
func (m metadata) source(name, role string) source {
	if m.disabled {
		return disabled("the metadata of the ECS instance", "ALIBABA_CLOUD_ECS_METADATA_DISABLED")
	}
	const advice = "Check that this machine is an ECS instance, and that the role is attached to it."
	return source{name: name, advice: advice, fetch: func(ctx context.Context, _ *redactor) (got expiring, err error) {
		role := role
		if role == "" {
			if role, err = m.roleName(ctx); err != nil {
				return expiring{}, err
			}
		}
		body, err := m.read(ctx, metadataRole+role)
		var response tokenResponse
		return response.credential("ecs_ram_role", &response, body, err)
	}}
}

// isPresent reports whether this machine is an instance with a role, which shows
// only when metadata responds. A response that is a temporary failure leaves it
// open.
func (m metadata) isPresent(ctx context.Context) bool {
	for range metadataProbes {
		_, err := m.roleName(ctx)
		if failed := new(Error); !errors.As(err, &failed) || !failed.temporary || failed.status == 0 {
			return err == nil
		}
	}
	return false
}

// roleName returns the name of the role that the instance has.
func (m metadata) roleName(ctx context.Context) (string, error) {
	body, err := m.read(ctx, metadataRole)
	name := strings.TrimSpace(string(body))
	if err == nil && !identifier.MatchString(name) {
		err = newError("the response is not the name of a role")
	}
	return name, err
}

// read requests metadata with a metadata token, or without one where the instance
// issues none, unless a token is required.
func (m metadata) read(ctx context.Context, path string) ([]byte, error) {
	token, err := m.request(ctx, http.MethodPut, "/latest/api/token", "X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds", "21600")
	failed := new(Error)
	hasResponse := !errors.As(err, &failed) || failed.status != 0
	if err == nil {
		var body []byte
		if body, err = m.request(ctx, http.MethodGet, path, "X-Aliyun-Ecs-Metadata-Token", string(token)); err == nil {
			return body, nil
		}
	}
	if m.requiresToken || !hasResponse {
		return nil, err
	}
	return m.request(ctx, http.MethodGet, path)
}

func (m metadata) request(ctx context.Context, method, path string, header ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, metadataTimeout)
	defer cancel()
	return exchange(ctx, m.http, method, metadataHost+path, "", header...)
}
