package anonymize

import "regexp"

// location is where a value is.
type location struct {
	field string
	in    scope // of the object that has the field
	holds scope // of an object in the field
}

var root = location{in: apiObject, holds: apiObject}

// member is the location of a member of the object at l.
func (l location) member(name string) location {
	m := location{field: name, in: l.holds, holds: unknownObject}
	switch m.in {
	case nameMap:
		m.holds = nameEntry
	case nameEntry:
		m.holds = nameMap
	case apiObject:
		if held, isKnown := objectFields[name]; isKnown {
			m.holds = held
		}
	}
	return m
}

// element is the location of an element of the array at l. A list of tags has
// objects of the API; a list in a map of names has one entry per name.
func (l location) element() location {
	switch {
	case l.in == apiObject && l.field == "TagList":
		l.holds = apiObject
	case l.holds == nameMap:
		l.holds = nameEntry
	}
	return l
}

// nested is the location of the JSON that a string at l holds. Rules of the field
// are about the string, not about what is in it.
func (l location) nested() location { return location{in: l.holds, holds: l.holds} }

// fieldName matches names as the API has them. A new one in an object of the API
// is kept, because it is worth knowing.
var fieldName = regexp.MustCompile(`^[A-Z][A-Za-z0-9]{0,63}$`)

// keepsName reports whether a member of the object at l keeps its name.
func (l location) keepsName(name string) bool {
	if l.holds == apiObject {
		return fieldName.MatchString(name)
	}
	_, isKnown := rulesByScope[l.holds][name]
	return isKnown
}

// keeps reports whether a text at l is harmless.
func (l location) keeps(text string) bool {
	for _, isHarmless := range rulesByScope[l.in][l.field] {
		if isHarmless(text) {
			return true
		}
	}
	return false
}

// shortestAccount is how many digits identify somebody in a field that is not
// known: the oldest account IDs of Alibaba Cloud have five.
const shortestAccount = 5

// keepsNumber reports whether a JSON number at l is harmless.
func (l location) keepsNumber(number string) bool {
	_, isKnown := rulesByScope[l.in][l.field]
	if isKnown || l.in == nameMap {
		return l.keeps(number)
	}
	return len(onlyDigits(number)) < shortestAccount
}

func (l location) isID() bool { return l.in == apiObject && idFields[l.field] }
