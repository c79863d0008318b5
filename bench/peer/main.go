// Command peer is PocketBase with one collection that takes a record from
// anybody, to be measured beside Gawah. It is a module of its own so that
// nothing of it comes into the program or its benchmarks:
//
//	peer DIR ADDRESS
package main

import (
	"fmt"
	"os"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: peer DIR ADDRESS")
		os.Exit(2)
	}
	if err := serve(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

func serve(dir, addr string) error {
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: dir, HideStartBanner: true})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	c := core.NewBaseCollection("signatures")
	anybody := ""
	c.CreateRule = &anybody
	for _, name := range []string{"name", "email", "country", "city"} {
		c.Fields.Add(&core.TextField{Name: name})
	}
	if err := app.Save(c); err != nil {
		return err
	}
	return apis.Serve(app, apis.ServeConfig{HttpAddr: addr, ShowStartBanner: false})
}
