package phone_test

import (
	"errors"
	"fmt"

	"github.com/devotel/orbit-go/phone"
)

func ExampleParse() {
	for _, input := range []string{"(415) 555-2671", "0044 20 7183 8750", "tel:+1-415-555-2671", "1-800-FLOWERS"} {
		n, err := phone.Parse(input, "us")
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(n)
	}
	// Output:
	// +14155552671
	// +442071838750
	// +14155552671
	// phone: *****: region US: letters in the number; write the digits
}

func ExampleError() {
	_, err := phone.Parse("+1 415 555 2671 ext. 12", "")
	var refused *phone.Error
	if errors.As(err, &refused) {
		fmt.Println(refused.Masked)
	}
	// Output: +141*****12
}

func ExampleError_Error() {
	_, err := phone.Parse("555-2671", "US")
	fmt.Println(err)
	// Output: phone: *****71: region US: too few or too many digits
}

func ExampleError_Unwrap() {
	_, err := phone.Parse("+44 020 7183 8750", "")
	fmt.Println(errors.Is(err, phone.ErrTrunkPrefix))
	// Output: true
}

func ExampleRule_Error() {
	fmt.Println(phone.ErrEmpty.Error())
	// Output: no digits
}

func ExampleMask() {
	fmt.Println(phone.Mask("+1 (415) 555-2671"))
	// Output: +141*****71
}

func ExampleNumber_String() {
	n, err := phone.Parse("020 7183 8750", "GB")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n.String())
	// Output: +442071838750
}

func ExampleNumber_IsPossible() {
	fmt.Println(phone.Number("+14155552671").IsPossible(), phone.Number("+1415555267").IsPossible())
	// Output: true false
}

// A number of the sandbox is not valid, and is sent all the same.
func ExampleNumber_IsValid() {
	n := phone.Number("+15550000001")
	if !n.IsValid() {
		fmt.Println("please check:", n.International())
	}
	// Output: please check: +1 555-000-0001
}

func ExampleNumber_Region() {
	fmt.Println(phone.Number("+442071838750").Region())
	// Output: GB
}

func ExampleNumber_CountryCode() {
	fmt.Println(phone.Number("+442071838750").CountryCode())
	// Output: 44
}

func ExampleNumber_Type() {
	if phone.Number("+442071838750").Type() == phone.TypeFixedLine {
		fmt.Println("a call may do better than an SMS")
	}
	// Output: a call may do better than an SMS
}

func ExampleNumber_National() {
	fmt.Println(phone.Number("+14155552671").National())
	// Output: (415) 555-2671
}

func ExampleNumber_International() {
	fmt.Println(phone.Number("+442071838750").International())
	// Output: +44 20 7183 8750
}
