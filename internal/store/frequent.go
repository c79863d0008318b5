package store

import (
	"fmt"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// frequentFor is how long words are taken to be as frequent as they were.
const frequentFor = time.Minute

// maxFrequent bounds how many words are remembered.
const maxFrequent = 2000

// frequent remembers searches with more matches than are counted. Finding out is
// the dearest part of them, and "over a thousand" hardly becomes wrong within a
// minute. Only the count and the way to the matches rest on it, never what is
// found or who sees it; of an exact count nothing is remembered.
type frequent struct {
	mu    sync.Mutex // guards what follows
	words map[string]frequentWords
}

// frequentWords is what is known of a search.
type frequentWords struct {
	asking asking
	wide   bool // has more than someDocs matches
	until  time.Time
}

// wordsKey names a search.
func wordsKey(v access.Viewer, tokens []string, kinds []record.Kind) string {
	return fmt.Sprintf("%d %q %q", v.Sees(), kinds, tokens)
}

func (c *frequent) get(key string) (frequentWords, bool) {
	if c == nil {
		return frequentWords{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	w, ok := c.words[key]
	return w, ok && time.Now().Before(w.until)
}

func (c *frequent) put(key string, w frequentWords) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.words == nil || len(c.words) >= maxFrequent {
		c.words = map[string]frequentWords{}
	}
	w.until = time.Now().Add(frequentFor)
	c.words[key] = w
}
