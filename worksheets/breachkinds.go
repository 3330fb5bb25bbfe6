package worksheets

// breachPage and breachField name the worksheet and the question that list the kinds of breach.
const breachPage, breachField = "how-trust-was-broken", "kinds"

// BreachKinds returns the kinds of breach as the worksheet words them.
func (c *Catalogue) BreachKinds() []Option {
	d, _ := c.Find(breachPage)
	f, _ := d.Field(breachField)
	return f.Options
}

// BreachKindIDs returns the values of BreachKinds.
func (c *Catalogue) BreachKindIDs() []string {
	var ids []string
	for _, o := range c.BreachKinds() {
		ids = append(ids, o.Value)
	}
	return ids
}
