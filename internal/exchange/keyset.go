package exchange

// keySet remembers on which line each key of a file was first seen, in 12 bytes
// a slot. It keeps 64-bit hashes instead of keys: among a million keys the
// chance that two different ones are taken for the same is below 1 in 30
// million.
type keySet struct {
	hashes []uint64 // 0 marks a free slot
	lines  []uint32
	used   int
}

// add returns the line on which key was added before, or 0 and remembers it.
func (s *keySet) add(key string, line int) int {
	if s.used*3 >= len(s.hashes)*2 {
		s.grow()
	}
	h := hashKey(key)
	slot := s.find(h)
	if s.hashes[slot] != 0 {
		return int(s.lines[slot])
	}
	s.hashes[slot], s.lines[slot] = h, uint32(min(line, 1<<32-1))
	s.used++
	return 0
}

func (s *keySet) find(h uint64) int {
	mask := uint64(len(s.hashes) - 1)
	slot := h & mask
	for s.hashes[slot] != 0 && s.hashes[slot] != h {
		slot = (slot + 1) & mask
	}
	return int(slot)
}

func (s *keySet) grow() {
	old := *s
	size := max(1024, len(old.hashes)*2)
	s.hashes, s.lines = make([]uint64, size), make([]uint32, size)
	for i, h := range old.hashes {
		if h != 0 {
			slot := s.find(h)
			s.hashes[slot], s.lines[slot] = h, old.lines[i]
		}
	}
}

// hashKey is FNV-1a with a final mix, which spreads keys that differ only in
// their last digits over all bits. It never returns 0.
func hashKey(key string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	return max(h, 1)
}

// has reports whether key was added.
func (s *keySet) has(key string) bool {
	return len(s.hashes) > 0 && s.hashes[s.find(hashKey(key))] != 0
}
