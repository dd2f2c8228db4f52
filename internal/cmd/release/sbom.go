package main

import (
	"cmp"
	"debug/buildinfo"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
)

// bom is a software bill of materials in CycloneDX format. It has no serial
// number and no time, which would make each build a different one.
type bom struct {
	Schema      string      `json:"$schema"`
	Format      string      `json:"bomFormat"`
	SpecVersion string      `json:"specVersion"`
	Version     int         `json:"version"`
	Metadata    metadata    `json:"metadata"`
	Components  []component `json:"components"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type    string `json:"type"`
	Ref     string `json:"bom-ref"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl,omitempty"`
}

// writeSBOM lists the modules that are linked into any of the programs, as the
// linker recorded them, and Go itself.
func writeSBOM(path, name, version string, programs []string) error {
	components, err := componentsOf(programs)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(bom{
		Schema:      "http://cyclonedx.org/schema/bom-1.6.schema.json",
		Format:      "CycloneDX",
		SpecVersion: "1.6",
		Version:     1,
		Metadata:    metadata{component{Type: "application", Ref: name, Name: name, Version: version}},
		Components:  components,
	}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

func componentsOf(programs []string) ([]component, error) {
	found := map[string]component{}
	for _, program := range programs {
		info, err := buildinfo.ReadFile(filepath.Clean(program))
		if err != nil {
			return nil, err
		}
		add := func(name, version string) {
			purl := "pkg:golang/" + name + "@" + version
			found[purl] = component{Type: "library", Ref: purl, Name: name, Version: version, PURL: purl}
		}
		add("stdlib", strings.TrimPrefix(info.GoVersion, "go"))
		for _, module := range info.Deps {
			module = linked(module)
			add(module.Path, module.Version)
		}
	}
	return slices.SortedFunc(maps.Values(found), func(a, b component) int { return cmp.Compare(a.PURL, b.PURL) }), nil
}

// linked returns the module that replaces another, if one does.
func linked(module *debug.Module) *debug.Module {
	if module.Replace != nil {
		return module.Replace
	}
	return module
}
