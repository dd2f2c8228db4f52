package emulator

import (
	"sync"
	"time"
)

// nonces remembers which nonces were used. It can forget one after twice the
// allowed clock skew: by then the date of a replayed request is refused.
type nonces struct {
	mu   sync.Mutex
	seen map[string]bool
	// queue holds the same nonces, oldest first.
	queue []usedNonce
}

type usedNonce struct {
	key string
	at  time.Time
}

// use reports whether an access key uses a nonce for the first time.
func (n *nonces) use(accessKey, nonce string, now time.Time) bool {
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

func (n *nonces) forget(now time.Time) {
	for len(n.queue) > 0 && now.Sub(n.queue[0].at) > 2*maxSkew {
		delete(n.seen, n.queue[0].key)
		n.queue = n.queue[1:]
	}
}

func (n *nonces) reset() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen, n.queue = nil, nil
}
