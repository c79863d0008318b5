package casework

import (
	"reflect"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// jsonFields lists the JSON names of a record's fields, those of nested structs
// with their path.
func jsonFields(rec record.Record) map[string]bool {
	out := map[string]bool{}
	var visit func(reflect.Type, string, int)
	visit = func(t reflect.Type, path string, depth int) {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || depth > 3 {
			return
		}
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			if name == "" || name == "-" {
				continue
			}
			out[path+name] = true
			visit(t.Field(i).Type, path+name+".", depth+1)
		}
	}
	visit(reflect.TypeOf(rec), "", 0)
	return out
}
