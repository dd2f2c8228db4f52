package fault

import (
	"net/http"
	"slices"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/paging"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Active are the faults that one request meets, in the order of the table of
// kinds.
type Active []planned

// Kinds returns the kinds, none as nil.
func (a Active) Kinds() []Kind {
	var kinds []Kind
	for _, f := range a {
		kinds = append(kinds, f.Kind)
	}
	return kinds
}

// Replace returns the response that takes the place of the operation's, if there
// is one.
func (a Active) Replace(r *wire.Request) (response wire.Response, isReplaced bool) {
	for _, f := range a {
		if f.kind.replace != nil {
			return f.kind.replace(r, f.Fault), true
		}
	}
	return wire.Response{}, false
}

// CheckSize accepts or refuses the size of a page.
func (a Active) CheckSize(list *paging.List) error {
	for _, f := range a {
		if f.kind.size == nil {
			continue
		}
		if err := f.kind.size(list, f.Fault); err != nil {
			return err
		}
	}
	return list.CheckSize()
}

// Page cuts the page that the request gets.
func (a Active) Page(list *paging.List) (*paging.Page, error) {
	for _, f := range a {
		if f.kind.list == nil {
			continue
		}
		if err := f.kind.list(list, f.Fault); err != nil {
			return nil, err
		}
	}
	page := list.Cut()
	for _, f := range a {
		if f.kind.page == nil {
			continue
		}
		if err := f.kind.page(page, f.Fault); err != nil {
			return nil, err
		}
	}
	return page, nil
}

// Rewrite returns the body that the request gets.
func (a Active) Rewrite(body []byte) []byte {
	for _, f := range a {
		if f.kind.rewrite != nil {
			body = f.kind.rewrite(body)
		}
	}
	return body
}

// DropsResponse reports whether no part of the response will arrive.
func (a Active) DropsResponse() bool {
	return slices.ContainsFunc(a, func(f planned) bool { return f.kind.isSilent })
}

// Deliver sends a response.
func (a Active) Deliver(w http.ResponseWriter, r *wire.Request, response wire.Response) {
	for _, f := range a {
		if f.kind.deliver != nil {
			f.kind.deliver(delivery{response, w, r, f.Fault})
			return
		}
	}
	response.Write(w, r.ID)
}
