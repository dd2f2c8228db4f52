package emulator

import (
	"net/http"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/identity"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// server is an emulator whose settings were read. It finds out by the path what
// is requested.
type server struct {
	exchange exchange
	gateway  gateway
	metadata identity.Metadata
	control  http.Handler // of the control paths
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case path == credentialsURIPath:
		s.exchange.serve(w, r, withoutFaults(s.gateway.store.CredentialsURI))
	case strings.HasPrefix(path, controlPrefix):
		s.control.ServeHTTP(w, r)
	case strings.HasPrefix(path, identity.MetadataPrefix):
		s.exchange.serve(w, r, withoutFaults(s.metadata.Respond))
	default:
		s.exchange.serve(w, r, s.gateway.respond)
	}
}

// setControl makes the control paths, which need no signature and are not
// recorded.
func (s *server) setControl() {
	s.control = control{
		library: s.gateway.backend.library,
		journal: &s.exchange.journal,
		faults:  &s.gateway.faults,
		reset:   s.reset,
		reload:  s.reload,
	}.handler()
}

func (s *server) reset() {
	s.exchange.journal.reset()
	s.gateway.reset()
}

func (s *server) reload() error {
	if err := s.gateway.backend.library.reload(); err != nil {
		return err
	}
	s.gateway.backend.progress.Reset()
	return nil
}

// refuseAll is the response of an emulator whose settings, fixtures or scenarios
// are wrong.
func refuseAll(w http.ResponseWriter, r *http.Request, err error) {
	if strings.HasPrefix(r.URL.Path, controlPrefix) {
		writeJSON(w, http.StatusInternalServerError, map[string]any{"status": "error", "error": err.Error()})
		return
	}
	request := wire.NewRequest(r)
	request.Refuse(wire.ErrInternal.WithMessage("The emulator cannot serve: "+err.Error())).Write(w, request.ID)
}
