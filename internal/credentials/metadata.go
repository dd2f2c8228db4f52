package credentials

import (
	"context"
	"encoding/json"
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
func (m metadata) source(name, role string) (source, error) {
	if m.disabled {
		return source{}, disabled("the metadata of the ECS instance", "ALIBABA_CLOUD_ECS_METADATA_DISABLED")
	}
	const advice = "Check that this machine is an ECS instance, and that the role is attached to it."
	return source{name: name, advice: advice, fetch: func(ctx context.Context, _ *redactor) (expiring, error) {
		role := role
		if role == "" {
			found, err := m.roleName(ctx)
			if err != nil {
				return expiring{}, err
			}
			role = found
		}
		var response tokenResponse
		body, err := m.read(ctx, metadataRole+role)
		if err == nil && json.Unmarshal(body, &response) != nil {
			err = errNotJSON
		}
		return response.credential("ecs_ram_role", err)
	}}, nil
}

// isPresent reports whether this machine is an instance with a role, which shows
// only when metadata responds. A response that is a temporary failure leaves it
// open.
func (m metadata) isPresent(ctx context.Context) bool {
	if m.disabled {
		return false
	}
	for range metadataProbes {
		_, err := m.roleName(ctx)
		if err == nil {
			return true
		}
		if f := describe(err); f.status == 0 || !f.temporary {
			return false
		}
	}
	return false
}

// roleName returns the name of the role that the instance has.
func (m metadata) roleName(ctx context.Context) (string, error) {
	body, err := m.read(ctx, metadataRole)
	if err != nil {
		return "", err
	}
	name := strings.TrimSpace(string(body))
	if !identifier.MatchString(name) {
		return "", &failure{text: "the response is not the name of a role"}
	}
	return name, nil
}

// read requests metadata with a metadata token, or without one where the instance
// issues none, unless a token is required.
func (m metadata) read(ctx context.Context, path string) ([]byte, error) {
	token, err := m.request(ctx, http.MethodPut, "/latest/api/token", "X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds", "21600")
	if err == nil {
		body, err := m.request(ctx, http.MethodGet, path, "X-Aliyun-Ecs-Metadata-Token", string(token))
		if err == nil || m.requiresToken {
			return body, err
		}
	} else if m.requiresToken || describe(err).status == 0 {
		return nil, err
	}
	return m.request(ctx, http.MethodGet, path, "", "")
}

func (m metadata) request(ctx context.Context, method, path, header, value string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, metadataTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, metadataHost+path, http.NoBody)
	if err != nil {
		return nil, &failure{text: "the name of the role is not valid"}
	}
	if header != "" {
		req.Header.Set(header, value)
	}
	return exchange(m.http, req)
}
