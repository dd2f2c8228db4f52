package record

import "regexp"

// surroundings say whose words the names of members are.
type surroundings int

const (
	// answers are objects of the API: names are the service's.
	answers surroundings = iota
	// strangers are what stands in a field that nobody knows, or in a JSON string:
	// names are kept if they are known to be settings.
	strangers
	// named are the maps of DbObject, of databases, tables and columns by name:
	// names are the user's.
	named
	// descriptions are what DbObject has for each name: its names are kept if
	// they are known.
	descriptions
)

// place is where a value stands: in a field, in some surroundings.
type place struct {
	field string
	in    surroundings
}

// member is the place of an object's member.
func (p place) member(name string) place {
	switch p.in {
	case answers:
		if _, known := fields[name]; !known {
			return place{name, strangers}
		}
	case named:
		return place{name, descriptions}
	case descriptions:
		return place{name, named}
	}
	return place{name, p.in}
}

// element is the place of an array's element. A list in a description has
// further descriptions.
func (p place) element() place {
	if p.in == named {
		return place{p.field, descriptions}
	}
	return p
}

// nested is the place of the JSON that a string holds.
func (p place) nested() place {
	if p.field == "DbObject" && p.in == answers {
		return place{in: named}
	}
	return place{p.field, strangers}
}

// fieldName is what the API's names look like. A new one of its objects is its
// own, and worth knowing.
var fieldName = regexp.MustCompile(`^[A-Z][A-Za-z0-9]{0,63}$`)

// keepsName reports whether a member of the object at the place keeps its name.
func (p place) keepsName(name string) bool {
	switch p.in {
	case answers:
		return fieldName.MatchString(name)
	case strangers:
		_, known := settings[name]
		return known
	case descriptions:
		_, known := objectSettings[name]
		return known
	}
	return false
}

// keeps reports whether a value at the place is harmless.
func (p place) keeps(value string) bool {
	if value == "" {
		return true
	}
	for _, harmless := range p.rules() {
		if harmless(value) {
			return true
		}
	}
	return false
}

func (p place) rules() []rule {
	switch p.in {
	case answers:
		return fields[p.field]
	case strangers:
		return settings[p.field]
	}
	// A scalar of a description stands where its maps do.
	return objectSettings[p.field]
}

func (p place) isID() bool { return p.in == answers && idFields[p.field] }
