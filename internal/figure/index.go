package figure

// index numbers keys in the order in which they are first seen. A handful of
// keys, the usual case, is searched in place; only a long list pays for a map.
type index struct {
	keys  []string
	byKey map[string]int
}

const longIndex = 24

// number returns the number of key, giving it the next one when it is new.
func (x *index) number(key string) int {
	if n, ok := x.find(key); ok {
		return n
	}
	x.keys = append(x.keys, key)
	switch {
	case x.byKey != nil:
		x.byKey[key] = len(x.keys) - 1
	case len(x.keys) > longIndex:
		x.byKey = make(map[string]int, 2*len(x.keys))
		for i, k := range x.keys {
			x.byKey[k] = i
		}
	}
	return len(x.keys) - 1
}

func (x *index) find(key string) (int, bool) {
	if x.byKey != nil {
		n, ok := x.byKey[key]
		return n, ok
	}
	for i, k := range x.keys {
		if k == key {
			return i, true
		}
	}
	return 0, false
}
