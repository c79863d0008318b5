package mail

import (
	"fmt"
	"testing"

	"github.com/gawah-project/gawah/internal/testdb"
)

// BenchmarkSend is one message from the outbox to a server on this machine, each
// noted before the next.
func BenchmarkSend(b *testing.B) {
	for _, engine := range testdb.Engines() {
		b.Run(engine.Name, func(b *testing.B) {
			f := newFixture(b, engine.New(b))
			for i := range b.N {
				if _, err := f.outbox.Post(b.Context(), Post{Fact: fmt.Sprint(i), Kind: "confirm", Message: message(fmt.Sprintf("testfall%d@example.net", i))}); err != nil {
					b.Fatal(err)
				}
			}
			w := f.worker("a", func(c *WorkerConfig) { c.Server.PerMinute = 100_000_000 })
			b.ResetTimer()
			if n := w.Pass(b.Context()); n != b.N {
				b.Fatalf("sent %d of %d", n, b.N)
			}
		})
	}
}
