package emulator

import (
	"embed"
	"io/fs"
	"sync"
	"sync/atomic"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/scenario"
)

//go:embed account scenarios/*.json
var embedded embed.FS

// library is what responses are made from. It can be read again while it is in
// use.
type library struct {
	read    func() (contents, error)
	current atomic.Pointer[contents]
}

// contents are the fixtures and scenarios of one reading. They do not change.
type contents struct {
	account   *account.Account
	scenarios map[string]*scenario.Scenario
	// forAll, if set, is the scenario that is played for every job ID.
	forAll *scenario.Scenario
}

// newLibrary reads fixtures and scenarios, the built-in ones where they are nil.
func newLibrary(fixtures, scenarios fs.FS, forAll string) (*library, error) {
	l := &library{read: func() (contents, error) { return readContents(fixtures, scenarios, forAll) }}
	return l, l.reload()
}

func (l *library) reload() error {
	read, err := l.read()
	if err != nil {
		return err
	}
	l.current.Store(&read)
	return nil
}

func (l *library) contents() contents { return *l.current.Load() }

// scenarioOf returns the scenario that is played for a job, nil if there is none.
func (c contents) scenarioOf(dtsJobID string) *scenario.Scenario {
	if c.forAll != nil {
		return c.forAll
	}
	return c.scenarios[dtsJobID]
}

func readContents(fixtures, scenarios fs.FS, forAll string) (read contents, err error) {
	if read.account, err = readAccount(fixtures); err != nil {
		return contents{}, err
	}
	if forAll == "" {
		read.scenarios, err = readScenarios(scenarios)
		return read, err
	}
	if scenarios == nil {
		scenarios = builtIn("scenarios")
	}
	read.forAll, err = scenario.Read(scenarios, forAll)
	read.scenarios = map[string]*scenario.Scenario{forAll: read.forAll}
	return read, err
}

func readAccount(fixtures fs.FS) (*account.Account, error) {
	if fixtures == nil {
		return builtInAccount()
	}
	return account.Read(fixtures)
}

func readScenarios(scenarios fs.FS) (map[string]*scenario.Scenario, error) {
	if scenarios == nil {
		return builtInScenarios()
	}
	return scenario.ReadAll(scenarios)
}

// The built-in account and scenarios are parsed once. Nothing changes them, so all
// emulators share them.
var (
	builtInAccount   = sync.OnceValues(func() (*account.Account, error) { return account.Read(builtIn("account")) })
	builtInScenarios = sync.OnceValues(func() (map[string]*scenario.Scenario, error) { return scenario.ReadAll(builtIn("scenarios")) })
)

func builtIn(directory string) fs.FS {
	sub, err := fs.Sub(embedded, directory)
	if err != nil {
		panic(err) // only if the name were not a valid path
	}
	return sub
}

// BuiltInFixtures returns the files of the built-in account, to copy and change.
func BuiltInFixtures() fs.FS { return builtIn("account") }

// BuiltInScenarios returns the descriptions of the built-in scenarios, by name.
func BuiltInScenarios() (map[string]string, error) {
	all, err := builtInScenarios()
	descriptions := map[string]string{}
	for name, s := range all {
		descriptions[name] = s.Description
	}
	return descriptions, err
}
