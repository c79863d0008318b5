package figure

// Independent counts the independent origins behind claims of any kind: several
// outlets that quote one officer are one. Compilers are none.
func Independent(said []Said) int {
	o := origins{items: sorted(said)}
	var seen index
	for i := range o.items {
		if o.items[i].said.Claim.Role.Compiled() {
			continue
		}
		key, _ := o.of(i)
		seen.number(key)
	}
	return len(seen.keys)
}
