package followup

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// Reminding says of what those who follow up are reminded by mail, and when. All numbers are days.
type Reminding struct {
	// Off ends all reminders, those of answers that wait to be read too.
	Off bool `json:"off,omitempty"`
	// Before are how many days before a last day something is due soon, After how many days after it
	// that it was not done: each once.
	Before []int `json:"before,omitempty"`
	After  []int `json:"after,omitempty"`
	// First is after how many days of silence it is told, 0 never, and Every how many days it
	// takes until it is told again, 0 not again.
	First int `json:"first,omitempty"`
	Every int `json:"every,omitempty"`
}

// DefaultReminding is what holds where nobody has set anything.
func DefaultReminding() Reminding {
	return Reminding{Before: []int{7}, After: []int{1, 30, 180}, First: 30, Every: 90}
}

// The bounds of what can be set: so many days at a deadline, none of them further from it than
// ten years.
const (
	maxReminders  = 6
	maxRemindDays = 3650
)

func (x Reminding) check() error {
	var fields []record.FieldError
	wrong := func(field string) {
		fields = append(fields, record.FieldError{Field: field, Key: "remind.wrong_days", Args: map[string]string{"many": strconv.Itoa(maxReminders), "most": strconv.Itoa(maxRemindDays)}})
	}
	for _, l := range []struct {
		field string
		days  []int
		least int
	}{{"before", x.Before, 0}, {"after", x.After, 1}} {
		if len(l.days) > maxReminders || slices.ContainsFunc(l.days, func(n int) bool { return n < l.least || n > maxRemindDays }) {
			wrong(l.field)
		}
	}
	if x.First < 0 || x.First > maxRemindDays {
		wrong("first")
	}
	if x.Every < 0 || x.Every > maxRemindDays {
		wrong("every")
	}
	if len(fields) > 0 {
		return &record.Invalid{Fields: fields}
	}
	return nil
}

// overdue returns the last of the days after a deadline that has come.
func (x Reminding) overdue(days int) (int, bool) {
	return passedMark(days, slices.Sorted(slices.Values(x.After)))
}

// soon returns the last of the days before a deadline that has come, so many days before it.
func (x Reminding) soon(left int) (mark int, ok bool) {
	for _, m := range x.Before {
		if left >= 0 && left <= m && (!ok || m < mark) {
			mark, ok = m, true
		}
	}
	return mark, ok
}

// silent returns the last day of silence of which is told.
func (x Reminding) silent(days int) (int, bool) {
	switch {
	case x.First == 0 || days < x.First:
		return 0, false
	case x.Every == 0:
		return x.First, true
	}
	return x.First + (days-x.First)/x.Every*x.Every, true
}

// remindSetting names what is set for the house, or for one petition.
func remindSetting(id record.PetitionID) string {
	if id == "" {
		return "remind"
	}
	return "remind." + string(id)
}

// readReminding returns what is set for the house or a petition, nil where nothing is.
func readReminding(ctx context.Context, r *store.Reader, id record.PetitionID) (*Reminding, error) {
	b, err := r.Setting(ctx, remindSetting(id))
	if err != nil || len(b) == 0 {
		return nil, err
	}
	x := new(Reminding)
	if err := json.Unmarshal(b, x); err != nil {
		return nil, fmt.Errorf("read what organisers are reminded of: %w", err)
	}
	return x, nil
}

// reminding looks up what holds for a petition, and each only once.
type reminding struct {
	ctx   context.Context
	r     *store.Reader
	house Reminding
	of    map[string]Reminding
	err   error
}

func newReminding(ctx context.Context, r *store.Reader) (*reminding, error) {
	x := &reminding{ctx: ctx, r: r, house: DefaultReminding(), of: map[string]Reminding{}}
	set, err := readReminding(ctx, r, "")
	if set != nil {
		x.house = *set
	}
	return x, err
}

// at returns what holds for a petition, or with the zero Ref for what belongs to none.
func (x *reminding) at(of record.Ref) Reminding {
	if of.ID == "" {
		return x.house
	}
	if got, ok := x.of[of.ID]; ok {
		return got
	}
	set, err := readReminding(x.ctx, x.r, record.PetitionID(of.ID))
	if err != nil && x.err == nil {
		x.err = err
	}
	got := x.house
	if set != nil {
		got = *set
	}
	x.of[of.ID] = got
	return got
}

// RemindingLine is a petition with what holds for it.
type RemindingLine struct {
	casework.Link
	Reminding
	// Own says that it was set for this petition, and is not the house's.
	Own bool
}

// Remindings is what a viewer sees of the reminders.
type Remindings struct {
	House Reminding
	// Set says that the house has set its own; MaySet that the viewer may.
	Set, MaySet bool
	// Petitions are those of which the viewer decides.
	Petitions []RemindingLine
}

// decides reports whether somebody decides of what the owners of a petition are reminded: its
// owners do, and whoever keeps the house.
func decides(v access.Viewer, p *record.Petition) bool {
	return v.May(access.ActAccounts) || v.May(access.ActPetition) && v.User != "" && slices.Contains(p.Owners, v.User)
}

// Remindings returns what is set for the house and for the petitions of which the viewer decides.
func (d *Desk) Remindings(ctx context.Context, v access.Viewer) (*Remindings, error) {
	if !v.May(access.ActPetition) && !v.May(access.ActAccounts) {
		return nil, fmt.Errorf("of what organisers are reminded: %w", record.ErrForbidden)
	}
	var out *Remindings
	err := d.view(ctx, func(r *store.Reader) error {
		out = &Remindings{MaySet: v.May(access.ActAccounts)}
		x, err := newReminding(ctx, r)
		if err != nil {
			return err
		}
		set, err := readReminding(ctx, r, "")
		if err != nil {
			return err
		}
		out.House, out.Set = x.house, set != nil
		return store.Each(ctx, r, v, func(i store.Item[*record.Petition]) error {
			if i.Rec.Foreign != nil || !decides(v, i.Rec) {
				return nil
			}
			own, err := readReminding(ctx, r, i.Rec.ID)
			if err != nil {
				return err
			}
			line := RemindingLine{Link: casework.Link{Ref: i.Rec.Ref(), Slug: i.Rec.Slug, Title: i.Rec.Title}, Reminding: x.house}
			if own != nil {
				line.Reminding, line.Own = *own, true
			}
			out.Petitions = append(out.Petitions, line)
			return nil
		})
	})
	return out, err
}

// SetReminding sets of what the owners of a petition are reminded, or with "" everybody where
// nothing else is set; nil is as before anything was set. It fails with an [record.Invalid], and
// with [record.ErrForbidden] for who does not decide of it.
func (d *Desk) SetReminding(ctx context.Context, v access.Viewer, id record.PetitionID, x *Reminding) error {
	need := access.ActPetition
	if id == "" {
		need = access.ActAccounts
	}
	if err := require(v, need); err != nil {
		return err
	}
	var b []byte
	said := "as the house has it"
	if id == "" {
		said = "as it is unless something is set"
	}
	if x != nil {
		if err := x.check(); err != nil {
			return err
		}
		set := *x
		set.Before, set.After = tidyDays(x.Before), tidyDays(x.After)
		var err error
		if b, err = json.Marshal(set); err != nil {
			return fmt.Errorf("set of what organisers are reminded: %w", err)
		}
		said = set.said()
	}
	return d.do(ctx, v, need, "set reminders", "", func(w *casework.Work) error {
		var about record.Ref
		if id != "" {
			p, err := store.One[*record.Petition](ctx, &w.Tx().Reader, v, id)
			if err != nil {
				return err
			}
			if !decides(v, p.Rec) {
				return fmt.Errorf("of what the owners of a petition are reminded: %w", record.ErrForbidden)
			}
			about = p.Rec.Ref()
		}
		return w.Setting(remindSetting(id), about, said, b)
	})
}

// said is what was set, as the journal has it.
func (x Reminding) said() string {
	if x.Off {
		return "off"
	}
	days := func(list []int) string {
		if len(list) == 0 {
			return "never"
		}
		return strings.Trim(fmt.Sprint(list), "[]")
	}
	return fmt.Sprintf("days before the last day: %s; after it: %s; of silence: %d, then every %d", days(x.Before), days(x.After), x.First, x.Every)
}

// tidyDays sorts days and leaves out what is there twice.
func tidyDays(days []int) []int { return slices.Compact(slices.Sorted(slices.Values(days))) }
