package web

// shelf holds values up to a number of bytes. They stand in two generations: what
// is put or asked for again is in the younger, and when that has filled half the
// room, the older goes and the younger takes its place. What readers come back to
// so stays, without any order to keep.
type shelf[V any] struct {
	limit      int
	weigh      func(v V, key string) int
	size       int // of the younger
	young, old map[string]V
}

func newShelf[V any](limit int, weigh func(V, string) int) *shelf[V] {
	s := &shelf[V]{limit: limit, weigh: weigh}
	s.clear()
	return s
}

func (s *shelf[V]) get(key string) (V, bool) {
	if v, ok := s.young[key]; ok {
		return v, true
	}
	v, ok := s.old[key]
	if ok {
		s.put(key, v)
	}
	return v, ok
}

func (s *shelf[V]) put(key string, v V) {
	if old, ok := s.young[key]; ok {
		s.size -= s.weigh(old, key)
		delete(s.young, key)
	}
	delete(s.old, key)
	n := s.weigh(v, key)
	if n > s.limit/2 {
		return
	}
	if s.size+n > s.limit/2 {
		s.old, s.young, s.size = s.young, map[string]V{}, 0
	}
	s.size += n
	s.young[key] = v
}

func (s *shelf[V]) clear() { s.size, s.young, s.old = 0, map[string]V{}, map[string]V{} }
