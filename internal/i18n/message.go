package i18n

import (
	"fmt"
	"strings"
)

// A Message is what will be said to somebody whose language is not known yet: the key of a sentence, with what
// stands in its places, or words that nobody translates, such as what is wrong with a field of a counselor's form.
type Message string

// between stands between a key and what stands in its places; nobody can type it.
const between = "\x00"

// With returns the message of a key with args in its places.
func With(key Message, args ...any) Message {
	for _, arg := range args {
		key += Message(between + fmt.Sprint(arg))
	}
	return key
}

// Plain returns words for staff alone, which nobody translates, with args in their places.
func Plain(words string, args ...any) Message { return Message(fmt.Sprintf(words, args...)) }

// parts returns the key of m and what stands in its places.
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

// words are the keys of the sentences by their group and the English.
var words = func() map[[2]string]Message {
	found := map[[2]string]Message{}
	for key, said := range English.said {
		if at := strings.LastIndex(string(key), "."); at > 0 {
			found[[2]string{string(key[:at]), said}] = key
		}
	}
	return found
}()

// Word returns the message of an English word of a group of keys, such as "crisis.for". A practice may have typed
// another word in its place, which is returned as it is.
func Word(group, english string) Message {
	if key, ok := words[[2]string{group, english}]; ok {
		return key
	}
	return Message(english)
}
