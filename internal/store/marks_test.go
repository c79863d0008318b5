package store

import "testing"

func TestCountedMarks(t *testing.T) {
	for query, want := range map[string]string{
		"select 1": "select 1",
		"select a from t where b = $1 and c in ($2,$3)":             "select a from t where b = ? and c in (?,?)",
		"insert into t values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)": "insert into t values (?,?,?,?,?,?,?,?,?,?,?)",
		// A number used twice, or out of order, means something.
		"select $1 where a = $1":            "select $1 where a = $1",
		"update t set a = $2 where id = $1": "update t set a = $2 where id = $1",
		"select a from t where b = $2":      "select a from t where b = $2",
		"insert into t values (?), ($1)":    "insert into t values (?), ($1)",
		"select '$2' where b = $1":          "select '$2' where b = ?",
		"select 'it''s $7' || $1":           "select 'it''s $7' || ?",
		`select "a$3" from t where c = $1`:  `select "a$3" from t where c = ?`,
		"select '$1":                        "select '$1",
		"select $ from t":                   "select $ from t",
	} {
		if got := countedMarks(query); got != want {
			t.Errorf("countedMarks(%q) = %q, want %q", query, got, want)
		}
	}
}
