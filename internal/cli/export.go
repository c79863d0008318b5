package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
)

var exportFormats = []string{"ucdp", "uwazi", "geojson", "json", "csv", "casefile", "original"}

func exportFile(c *call) error {
	if len(c.args) == 0 {
		return usagef("export takes a format; formats are %s", strings.Join(exportFormats, ", "))
	}
	format := c.args[0]
	switch {
	case format == "original" && len(c.args) != 2:
		return usagef("export original takes the identifier of an import (the desk lists them)")
	case format != "original" && len(c.args) != 1:
		return usagef("export %s takes no further argument, but got %q", format, c.args[1])
	}
	h, err := c.open(nil)
	if err != nil {
		return err
	}
	defer h.Close()
	// Whoever holds the data directory may have everything; what is not public
	// leaves only when it is asked for by name.
	viewer := access.Anyone()
	if c.config.Internal {
		viewer = access.House()
	}
	var loss *exchange.LossReport
	err = c.output(func(w io.Writer) error {
		switch format {
		case "original":
			return h.ExportOriginal(c.ctx, access.House(), record.ImportID(c.args[1]), w)
		case "casefile":
			name := c.config.Name
			if name == "" {
				name = "gawah"
			}
			return h.ExportCasefile(c.ctx, access.House(), name, w)
		}
		for _, f := range exportFormats {
			if f == format {
				l, err := h.Export(c.ctx, viewer, format, w)
				loss = &l
				return err
			}
		}
		return usagef("there is no format %q; formats are %s", format, strings.Join(exportFormats, ", "))
	})
	if err != nil || loss == nil {
		return err
	}
	return c.lossReport(loss)
}

// output runs write on standard output or on the file --o names, which appears
// only when it is complete.
func (c *call) output(write func(io.Writer) error) error {
	if c.config.Output == "" {
		return write(c.Out)
	}
	return writeFile(c.config.Output, write)
}

func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".gawah-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}

func (c *call) lossReport(loss *exchange.LossReport) error {
	b, err := json.MarshalIndent(loss, "", "  ")
	if err != nil {
		return fmt.Errorf("write the loss report: %w", err)
	}
	if c.config.Output == "" {
		fmt.Fprintf(c.Err, "the format could not hold %d things; -o FILE writes the list beside the export\n", len(loss.Items))
		return nil
	}
	path := c.config.Output + ".loss.json"
	return writeFile(path, func(w io.Writer) error {
		_, err := w.Write(append(b, '\n'))
		return err
	})
}
