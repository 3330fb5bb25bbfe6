package account

type spellingForm struct {
	Spelling string `form:"spelling"`
}
