package worksheets

// breachPage is the worksheet whose first field lists the kinds of breach
// that Mend knows.
const breachPage, breachField = "how-trust-was-broken", "kinds"

// BreachKinds returns the kinds of breach, in the words of the worksheet that
// asks for them.
func (c *Catalogue) BreachKinds() []Option {
	d, _ := c.Find(breachPage)
	f, _ := d.Field(breachField)
	return f.Options
}

// BreachKindIDs returns just the values of BreachKinds.
func (c *Catalogue) BreachKindIDs() []string {
	var ids []string
	for _, o := range c.BreachKinds() {
		ids = append(ids, o.Value)
	}
	return ids
}
