// Package access decides who may see or do what. It is pure: a decision is a
// function of the viewer and of what they ask for, and of nothing else.
package access

import "github.com/gawah-project/gawah/internal/record"

// Role is what an account may do in the house.
type Role string

// The roles, from least to most. A reader sees internal records; a contributor
// enters sources and suggests claims; an editor reviews, publishes and imports;
// an organiser runs petitions; a moderator answers requests from the public; an
// admin keeps accounts and may do everything else.
const (
	Nobody      Role = ""
	Reader      Role = "reader"
	Contributor Role = "contributor"
	Editor      Role = "editor"
	Organiser   Role = "organiser"
	Moderator   Role = "moderator"
	Admin       Role = "admin"
)

// Roles lists the roles an account can have.
func Roles() []Role { return []Role{Reader, Contributor, Editor, Organiser, Moderator, Admin} }

// ParseRole returns the role of that name, and false when there is none.
func ParseRole(s string) (Role, bool) {
	for _, r := range Roles() {
		if string(r) == s {
			return r, true
		}
	}
	return Nobody, false
}

// Viewer is on whose behalf something is read or done. The zero Viewer is the
// public.
type Viewer struct {
	User record.UserID
	Role Role
	// AsPublic makes a signed-in viewer see what the public sees.
	AsPublic bool
}

// Anyone is the public.
func Anyone() Viewer { return Viewer{} }

// House is the program itself: start-up, scheduled work, the command line of
// whoever holds the data directory.
func House() Viewer { return Viewer{User: "", Role: Admin} }

// SignedIn reports whether the viewer has an account.
func (v Viewer) SignedIn() bool { return v.Role != Nobody }

// Level is how deep into the house somebody sees: 0 what is public, 1 what is
// internal too, 2 drafts and confidential sources too.
type Level int

// The levels, in the order in which the store compares them.
const (
	LevelPublic Level = iota
	LevelInternal
	LevelDraft
)

// Sees returns the viewer's level.
func (v Viewer) Sees() Level {
	if v.AsPublic {
		return LevelPublic
	}
	switch v.Role {
	case Editor, Admin:
		return LevelDraft
	case Reader, Contributor, Organiser, Moderator:
		return LevelInternal
	}
	return LevelPublic
}

// Of returns the level needed for a record by its own properties; what it
// depends on can only raise it.
func Of(r record.Record) Level {
	if s, ok := r.(*record.Source); ok && s.Sensitivity == record.Confidential {
		return LevelDraft
	}
	switch r.Seen() {
	case record.Public:
		return LevelPublic
	case record.Internal:
		return LevelInternal
	}
	return LevelDraft
}

// Action is something a person can ask the house to do.
type Action string

// The actions. Each use case names exactly one.
const (
	ActEnter    Action = "enter"    // make or change sources, suggested claims, drafts
	ActEdit     Action = "edit"     // make or change any register record
	ActReview   Action = "review"   // decide about a claim or a proposal
	ActPublish  Action = "publish"  // make something public or take it back
	ActImport   Action = "import"   // datasets and casefiles
	ActExport   Action = "export"   // with internal records
	ActErase    Action = "erase"    // remove a person's data for good
	ActModerate Action = "moderate" // answer requests from the public
	ActAccounts Action = "accounts" // make, change and close accounts
	ActRelease  Action = "release"  // freeze a numbered release
	ActAsk      Action = "ask"      // correct or hide this; anyone may
	ActPetition Action = "petition" // write petitions, publish, open, deliver them
	ActSigners  Action = "signers"  // see what signers disclosed to the organiser, run paper and codes
	ActVoid     Action = "void"     // judge organisations and abuse, invalidate
	ActSign     Action = "sign"     // sign, confirm, withdraw; anyone may
)

// May reports whether the viewer may do the action at all. Whether they may do
// it to their own work is a second question: see [MayReview].
func (v Viewer) May(a Action) bool {
	if v.AsPublic {
		return open(a)
	}
	switch v.Role {
	case Admin:
		return true
	case Editor:
		// Who checks the record does not see who signed.
		return a != ActAccounts && a != ActSigners && a != ActVoid
	case Organiser:
		return open(a) || a == ActPetition || a == ActSigners || a == ActEnter
	case Moderator:
		return open(a) || a == ActModerate || a == ActVoid || a == ActEnter
	case Contributor:
		return open(a) || a == ActEnter
	}
	return open(a)
}

// open reports whether anyone at all may do it.
func open(a Action) bool { return a == ActAsk || a == ActSign }

// MayReview reports whether the viewer may decide about something entered by
// author, and whether the decision has to be marked as by one reviewer. Nobody
// reviews their own work, except in a house whose only reviewer they are.
func (v Viewer) MayReview(author record.UserID, reviewers int) (ok, oneReviewer bool) {
	if !v.May(ActReview) {
		return false, false
	}
	if author == "" || author != v.User {
		return true, false
	}
	return reviewers <= 1, true
}
