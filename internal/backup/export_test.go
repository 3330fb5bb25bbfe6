package backup

import "encoding/json"

// Total adds up rows, each a line of a file.
func Total(rows []string) Sum {
	var a adder
	for _, row := range rows {
		var said []*string
		if err := json.Unmarshal([]byte(row), &said); err != nil {
			panic(err)
		}
		a.add(said)
	}
	return a.sum()
}
