package signature

import (
	"sync"
	"time"
)

// Nonces remembers which nonces were used; its zero value knows none. It can
// forget one after twice the allowed clock skew: by then the date of a request
// that is sent again is refused.
type Nonces struct {
	mu   sync.Mutex
	seen map[string]bool
	// queue holds the same nonces, oldest first.
	queue []usedNonce
}

type usedNonce struct {
	key string
	at  time.Time
}

// Use reports whether an access key uses a nonce for the first time. A request
// that fails otherwise must not use its nonce up, so this is the last check.
func (n *Nonces) Use(accessKey, nonce string, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.forget(now)
	key := accessKey + "\n" + nonce
	if n.seen[key] {
		return false
	}
	if n.seen == nil {
		n.seen = map[string]bool{}
	}
	n.seen[key] = true
	n.queue = append(n.queue, usedNonce{key, now})
	return true
}

func (n *Nonces) forget(now time.Time) {
	for len(n.queue) > 0 && now.Sub(n.queue[0].at) > 2*maxSkew {
		delete(n.seen, n.queue[0].key)
		n.queue = n.queue[1:]
	}
}

// Reset forgets all nonces.
func (n *Nonces) Reset() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen, n.queue = nil, nil
}
