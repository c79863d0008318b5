package figure_test

import (
	"fmt"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

// The worked examples of the package documentation.
func ExampleCompute() {
	show := func(said ...figure.Said) {
		f := killed(said...)
		fmt.Println(text(&f))
	}
	hospital := []figure.Said{
		say("a", "Outlet One", exactly(11), quoting("the hospital"), asOf("2031-01-02")),
		say("b", "Outlet One", exactly(12), quoting("the hospital"), asOf("2031-01-03")),
		say("c", "Outlet Two", exactly(12), quoting("the hospital"), asOf("2031-01-03")),
	}
	show(hospital...)
	show(append(hospital, say("d", "Rescue Service", number(record.MoreThan, 10)))...)

	police, newspaper := say("e", "Outlet One", exactly(81), quoting("police")), say("f", "Outlet Two", exactly(81))
	party := say("g", "Outlet Three", number(record.AtLeast, 100), quoting("a party"))
	show(police, newspaper, party)
	show(police, party)

	dataset := say("h", "Dataset", number(record.Between, 96, 105, 96), role(record.CompiledRange))
	show(police, newspaper, party, dataset)
	show(dataset)

	first, second := killed(say("i", "Outlet One", exactly(11))), killed(say("j", "Outlet One", exactly(81)))
	whole := figure.Parts(killed(say("k", "Outlet One", exactly(92))), []figure.Figure{first, second})
	fmt.Println(*whole.Own.Best, "beside", *whole.Sum.Best, "in parts")

	// Output:
	// 12–12 best 12, 1 provisional
	// 11–12+ best 12, 2 corroborated
	// 81–100+ best 81, 3 disputed
	// 81–100+ best none, 2 disputed
	// 81–100+ best 81, 3 disputed
	// 96–105 best 96, 0 compiled
	// 92 beside 92 in parts
}
