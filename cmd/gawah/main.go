// Command gawah keeps the record of attacks on a persecuted community: what each
// source said, and what the sources together support.
package main

import (
	"os"

	"github.com/gawah-project/gawah/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
