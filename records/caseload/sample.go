package caseload

// Sample is a sample file with plainly fictional couples.
const Sample = "\uFEFF" + `Record number,First contact,Partner 1 first name,Partner 1 last name,` +
	`Partner 1 preferred name,Partner 1 email,Partner 1 phone,` +
	`Partner 2 first name,Partner 2 last name,Partner 2 preferred name,Partner 2 email,Partner 2 phone
2041-7,3/12/2021,Robin,Invented,,robin@example.org,555-0101,Sasha,Madeup,Sash,sasha@example.org,555-0102
2041-8,2022-05-30,Alex,Fictional,,,,Jules,Pretend,,,555-0104
`
