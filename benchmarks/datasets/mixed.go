package datasets

import (
	"fmt"
	"strconv"
)

// MixedKinds says in a sentence that some names of classes are numbers and others words,
// "" where they are of one kind. They may all be right, for a class may be called 911; or
// some may be a header, or a sign for a missing value.
func MixedKinds(names []string) string {
	var number, word *string
	for k := range names {
		if _, err := strconv.Atoi(names[k]); err == nil {
			number = &names[k]
		} else {
			word = &names[k]
		}
	}
	if number == nil || word == nil {
		return ""
	}
	return fmt.Sprintf("labels are of mixed kinds, such as the number %q and the word %q, and are read as names of classes: "+
		"correct what is no label of a class, such as a header or a sign for a missing value", *number, *word)
}
