// Command gawah keeps the record of attacks on a persecuted community: what each
// source said, and what the sources together support.
package main

import (
	"os"

	"github.com/gawah-project/gawah/internal/capture/text"
	"github.com/gawah-project/gawah/internal/cli"
)

func main() {
	// Hostile documents are read in a child process of this same program, which
	// ends here.
	text.ServeIfChild()
	os.Exit(cli.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
