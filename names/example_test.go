package names_test

import (
	"fmt"

	"github.com/gawah-project/gawah/names"
)

func ExampleFold() {
	fmt.Println(names.Fold("Qur’an Street, Example-Town"))
	fmt.Println(names.Fold("كويته") == names.Fold("کویتہ"))
	fmt.Println(names.Fold("۱۰ جنوری ۲۰۱۳"))
	// Output:
	// quran street example town
	// true
	// 10 جنوری 2013
}

func ExampleTokens() {
	fmt.Printf("%q\n", names.Tokens("#ExampleTag: Muḥammad ʿAlī, O’Brien"))
	// Output: ["exampletag" "muhammad" "ali" "obrien"]
}
