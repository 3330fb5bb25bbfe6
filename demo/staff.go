package demo

import (
	"context"
	"time"

	"mend/accounts"
)

// staff are the staff accounts of the practice.
var staff = []Person{
	{Role: "owner", Name: "Dana Okafor-Lind", SignIn: "dana@riverbend.example", Password: Password},
	{Role: "counselor", Name: "Ellis Marrowby", SignIn: "ellis@riverbend.example", Password: Password},
	{Role: "supervisor", Name: "Sam Thistledown", SignIn: "sam@riverbend.example", Password: Password},
	{Role: "front desk", Name: "Drew Pennyfold", SignIn: "drew@riverbend.example", Password: Password},
}

// colleagues creates Dana's supervisor and the front desk.
func colleagues(ctx context.Context, st Stores, practice string, dana accounts.Counselor, now time.Time) error {
	for _, p := range staff[2:] {
		c := accounts.Counselor{Name: p.Name, Email: p.SignIn, Role: accounts.Role(p.Role)}
		if err := st.Accounts.AddCounselor(ctx, practice, &c, Password, now.AddDate(0, -6, 0)); err != nil {
			return err
		}
		if c.Role == accounts.Supervisor {
			if err := st.Couples.Supervise(ctx, practice, dana.ID, c.ID, dana.ID, "", now.AddDate(0, -6, 0)); err != nil {
				return err
			}
		}
	}
	return nil
}
