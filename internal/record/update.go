package record

// UpdateKind is what an update tells.
type UpdateKind string

// The kinds of update.
const (
	UpdateChanged   UpdateKind = "changed"   // the text
	UpdateDelivered UpdateKind = "delivered" // to an addressee
	UpdateAnswered  UpdateKind = "answered"  // by an addressee
	UpdateOther     UpdateKind = "other"
)

// UpdateKinds lists what an update can tell, in the order of forms.
func UpdateKinds() []UpdateKind {
	return []UpdateKind{UpdateChanged, UpdateDelivered, UpdateAnswered, UpdateOther}
}

// Update is what organisers tell about a petition: on its page, and once by mail
// to everybody who had signed by then and asked for it. Its words are not changed later,
// because what was mailed cannot be; one that was taken back is not public any more.
type Update struct {
	ID         UpdateID   `json:"id"`
	Petition   PetitionID `json:"petition"`
	Number     int        `json:"number"` // within the petition, from 1
	Kind       UpdateKind `json:"kind"`
	Words      Text       `json:"words"`
	Made       int64      `json:"made"` // microseconds UTC
	Visibility Visibility `json:"visibility"`
}

// Ref implements [Record].
func (u *Update) Ref() Ref { return Ref{KindUpdate, string(u.ID)} }

// Seen implements [Record].
func (u *Update) Seen() Visibility { return u.Visibility }

// Validate implements [Record].
func (u *Update) Validate() error {
	var c checks
	c.id("id", string(u.ID))
	c.id("petition", string(u.Petition))
	if u.Number < 1 {
		c.add("number", "number")
	}
	oneOf(&c, "kind", u.Kind, UpdateKinds()...)
	if u.Words.IsZero() {
		c.add("words", "required")
	}
	c.text("words", u.Words, MaxText)
	c.visibility(u.Visibility)
	return c.err()
}
