package record

import (
	"encoding/hex"
	"fmt"
	"io"
	"time"
)

// Typed identifiers. Each is a UUID in its 36-character lower-case text form;
// the type keeps a person from being passed where an event is meant.
type (
	SourceID          string
	CaptureID         string
	ClaimID           string
	EventID           string
	PersonID          string
	PartyID           string
	InvolvementID     string
	TieID             string
	TotalID           string
	SameID            string
	RequestID         string
	ImportID          string
	ReleaseID         string
	PetitionID        string
	EditionID         string
	EndorsementID     string
	BatchID           string
	InvalidationID    string
	DeliveryID        string
	ReplyID           string
	UpdateID          string
	RemarkID          string
	DemandID          string
	CommitmentID      string
	AssessmentID      string
	ProceedingID      string
	CoverageID        string
	FeedID            string
	TrendStatementID  string
	HolidayCalendarID string
	UserID            string
)

// NewID returns a UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds taken
// from now, then 74 bits read from random. Identifiers made later sort later,
// which keeps the store's indexes dense; a public address never relies on it.
func NewID(now time.Time, random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[6:]); err != nil {
		return "", fmt.Errorf("read randomness for an identifier: %w", err)
	}
	putMillis(&b, now)
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	return formatUUID(b), nil
}

// seriesLength is how many identifiers one number of a [Series] is good for before
// it runs into the next number's, which only costs the order.
const seriesLength = 1 << 14

// Series makes identifiers for records that are written together, such that they
// sort in the order they were asked for: a UUIDv7 with a counter of 26 bits after
// the time (RFC 9562 §6.2, method 1) and 48 random ones. What is stored in that
// order goes to the end of an index, where its place need not be looked for.
type Series struct {
	at     time.Time
	next   uint32
	random io.Reader
}

// NewSeries begins the series with that number among those of one instant; all of
// its identifiers sort after those of lower numbers, of which there may be 4,096.
func NewSeries(at time.Time, number int, random io.Reader) *Series {
	return &Series{at: at, next: uint32(number) * seriesLength, random: random}
}

// ID returns the next identifier.
func (s *Series) ID() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(s.random, b[10:]); err != nil {
		return "", fmt.Errorf("read randomness for an identifier: %w", err)
	}
	putMillis(&b, s.at)
	n := s.next
	s.next++
	b[6] = 0x70 | byte(n>>22)&0x0f
	b[7] = byte(n >> 14)
	b[8] = 0x80 | byte(n>>8)&0x3f
	b[9] = byte(n)
	return formatUUID(b), nil
}

func putMillis(b *[16]byte, at time.Time) {
	ms := uint64(at.UnixMilli())
	for i := 5; i >= 0; i-- {
		b[i] = byte(ms)
		ms >>= 8
	}
}

func formatUUID(b [16]byte) string {
	var s [36]byte
	hex.Encode(s[0:8], b[0:4])
	s[8] = '-'
	hex.Encode(s[9:13], b[4:6])
	s[13] = '-'
	hex.Encode(s[14:18], b[6:8])
	s[18] = '-'
	hex.Encode(s[19:23], b[8:10])
	s[23] = '-'
	hex.Encode(s[24:], b[10:])
	return string(s[:])
}

// ValidID reports whether s has the text form of a UUID. It says nothing about
// whether anything bears that identifier.
func ValidID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				return false
			}
		}
	}
	return true
}

// Kind names the type of a record.
type Kind string

// The kinds of record. The store keeps one table for each.
const (
	KindSource          Kind = "source"
	KindCapture         Kind = "capture"
	KindClaim           Kind = "claim"
	KindEvent           Kind = "event"
	KindPerson          Kind = "person"
	KindParty           Kind = "party"
	KindInvolvement     Kind = "involvement"
	KindTie             Kind = "tie"
	KindTotal           Kind = "total"
	KindSame            Kind = "same"
	KindRequest         Kind = "request"
	KindImport          Kind = "import"
	KindRelease         Kind = "release"
	KindPetition        Kind = "petition"
	KindEdition         Kind = "edition"
	KindEndorsement     Kind = "endorsement"
	KindBatch           Kind = "batch"
	KindInvalidation    Kind = "invalidation"
	KindDelivery        Kind = "delivery"
	KindReply           Kind = "reply"
	KindUpdate          Kind = "update"
	KindRemark          Kind = "remark"
	KindDemand          Kind = "demand"
	KindCommitment      Kind = "commitment"
	KindAssessment      Kind = "assessment"
	KindProceeding      Kind = "proceeding"
	KindCoverage        Kind = "coverage"
	KindFeed            Kind = "feed"
	KindTrendStatement  Kind = "trend_statement"
	KindHolidayCalendar Kind = "holiday_calendar"
)

// Kinds lists every kind in the order in which a casefile carries them: what a
// record refers to comes before it wherever that is possible.
func Kinds() []Kind {
	return []Kind{
		KindParty, KindPerson, KindImport, KindSource, KindCapture, KindEvent, KindTotal, KindClaim,
		KindInvolvement, KindTie, KindSame, KindRequest, KindRelease,
		KindPetition, KindEdition, KindEndorsement, KindBatch, KindInvalidation, KindDelivery, KindReply, KindUpdate, KindRemark,
		KindHolidayCalendar, KindCommitment, KindDemand, KindAssessment, KindProceeding, KindFeed, KindCoverage, KindTrendStatement,
	}
}

// Ref points at one record. The zero Ref points at nothing.
type Ref struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id"`
}

// IsZero reports whether r points at nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

func (r Ref) String() string { return string(r.Kind) + " " + r.ID }

// Record is anything that is kept, versioned and journalled.
type Record interface {
	// Ref returns the record's kind and identifier.
	Ref() Ref
	// Seen returns who may see the record at all.
	Seen() Visibility
	// Validate returns nil or an *Invalid that names each wrong field.
	Validate() error
}

// New returns an empty record of the kind, ready to be decoded into, and false
// for a kind that does not exist.
func New(k Kind) (Record, bool) {
	switch k {
	case KindSource:
		return new(Source), true
	case KindCapture:
		return new(Capture), true
	case KindClaim:
		return new(Claim), true
	case KindEvent:
		return new(Event), true
	case KindPerson:
		return new(Person), true
	case KindParty:
		return new(Party), true
	case KindInvolvement:
		return new(Involvement), true
	case KindTie:
		return new(Tie), true
	case KindTotal:
		return new(Total), true
	case KindSame:
		return new(Same), true
	case KindRequest:
		return new(Request), true
	case KindImport:
		return new(Import), true
	case KindRelease:
		return new(Release), true
	case KindPetition:
		return new(Petition), true
	case KindEdition:
		return new(Edition), true
	case KindEndorsement:
		return new(Endorsement), true
	case KindBatch:
		return new(Batch), true
	case KindInvalidation:
		return new(Invalidation), true
	case KindDelivery:
		return new(Delivery), true
	case KindReply:
		return new(Reply), true
	case KindUpdate:
		return new(Update), true
	case KindRemark:
		return new(Remark), true
	case KindDemand:
		return new(Demand), true
	case KindCommitment:
		return new(Commitment), true
	case KindAssessment:
		return new(Assessment), true
	case KindProceeding:
		return new(Proceeding), true
	case KindCoverage:
		return new(Coverage), true
	case KindFeed:
		return new(Feed), true
	case KindTrendStatement:
		return new(TrendStatement), true
	case KindHolidayCalendar:
		return new(HolidayCalendar), true
	}
	return nil, false
}
