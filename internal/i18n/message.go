package i18n

import (
	"fmt"
	"strings"
)

// A Message is a text to be translated when it is rendered: the key of a sentence with its
// arguments, or text that is not translated, such as an error in a counselor's form.
type Message string

// between separates a key and its arguments; nobody can type it.
const between = "\x00"

// With returns the message of a key with args in its placeholders. A number has a comma before each three
// digits, as in the United States in English and in Spanish.
func With(key Message, args ...any) Message {
	for _, arg := range args {
		said := fmt.Sprint(arg)
		if n, ok := arg.(int); ok && n > 0 {
			for i := len(said) - 3; i > 0; i -= 3 {
				said = said[:i] + "," + said[i:]
			}
		}
		key += Message(between + said)
	}
	return key
}

// Plain returns untranslated text for staff, with args in its placeholders.
func Plain(words string, args ...any) Message { return Message(fmt.Sprintf(words, args...)) }

// parts returns the key and the arguments of m.
func (m Message) parts() (key Message, args []any) {
	alone, rest, holds := strings.Cut(string(m), between)
	if !holds {
		return m, nil
	}
	for arg := range strings.SplitSeq(rest, between) {
		args = append(args, arg)
	}
	return Message(alone), args
}

// String returns m in English, for staff.
func (m Message) String() string { return English.Say(m) }

// words maps the group and the English of a sentence to its key.
var words = func() map[[2]string]Message {
	found := map[[2]string]Message{}
	for key, said := range English.said {
		if at := strings.LastIndex(string(key), "."); at > 0 {
			found[[2]string{string(key[:at]), said}] = key
		}
	}
	return found
}()

// Word returns the message of an English word in a group of keys, such as "crisis.for". Other text,
// which a practice may have typed, is returned unchanged.
func Word(group, english string) Message {
	if key, ok := words[[2]string{group, english}]; ok {
		return key
	}
	return Message(english)
}
