package petitions

// config is what the stand's desk works with.
func (s *stand) config() Config {
	return Config{
		House: s.house, Store: s.store, Blobs: s.blobs, Keys: s.keys, Departed: s.list, Outbox: s.box, URL: "https://petitions.example", Now: s.now,
	}
}
