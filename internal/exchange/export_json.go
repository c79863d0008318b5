package exchange

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
)

// jsonFormat names the shape of the JSON export; its schema is published as
// docs/schema/export.schema.json. A change that an old reader would trip over
// needs a new number.
const jsonFormat = "gawah-export/1"

type jsonHead struct {
	Format    string `json:"format"`
	Title     string `json:"title"`
	Publisher string `json:"publisher"`
	Address   string `json:"address,omitempty"`
	Made      string `json:"made"`
	Release   int    `json:"release,omitempty"`
}

// The types below name every field that leaves the house. They are not the
// record's own types, so that a field added there (a note, a reviewer) stays
// inside until somebody decides otherwise.
type jsonEvent struct {
	ID      record.EventID     `json:"id"`
	Slug    string             `json:"slug"`
	Address string             `json:"address,omitempty"`
	Title   record.Text        `json:"title"`
	Summary record.Text        `json:"summary,omitempty"`
	Type    record.EventType   `json:"type"`
	Subtype string             `json:"subtype,omitempty"`
	Status  record.EventStatus `json:"status"`
	When    jsonWhen           `json:"when,omitzero"`
	Where   record.Place       `json:"where,omitzero"`
	PartOf  record.EventID     `json:"part_of,omitempty"`
	Answers []record.EventID   `json:"response_to,omitempty"`
	Dataset string             `json:"dataset,omitempty"`
	Figures []jsonFigure       `json:"figures"`
	Claims  []jsonClaim        `json:"claims"`
	Sources []jsonSource       `json:"sources"`
}

type jsonWhen struct {
	Date     string `json:"date,omitempty"` // EDTF
	Earliest string `json:"earliest,omitempty"`
	Latest   string `json:"latest,omitempty"`
	Printed  string `json:"printed,omitempty"`
}

type jsonFigure struct {
	Measure record.Measure   `json:"measure"`
	Unit    string           `json:"unit,omitempty"`
	Scope   record.Scope     `json:"scope,omitzero"`
	Low     *int64           `json:"low"`
	Best    *int64           `json:"best"`
	High    *int64           `json:"high"`
	Open    bool             `json:"open"`
	Below   bool             `json:"below,omitempty"`
	Approx  bool             `json:"approx"`
	Origins int              `json:"origins"`
	Status  figure.Status    `json:"status"`
	Rule    figure.Rule      `json:"rule"`
	Used    []record.ClaimID `json:"claims"`
}

type jsonClaim struct {
	ID           record.ClaimID     `json:"id"`
	Source       record.SourceID    `json:"source"`
	Kind         record.ClaimKind   `json:"kind"`
	Measure      record.Measure     `json:"measure,omitempty"`
	Form         record.Form        `json:"form,omitempty"`
	Operator     record.Operator    `json:"operator,omitempty"`
	Low          *int64             `json:"low,omitempty"`
	Best         *int64             `json:"best,omitempty"`
	High         *int64             `json:"high,omitempty"`
	Unit         string             `json:"unit,omitempty"`
	Words        string             `json:"words,omitempty"`
	Scope        record.Scope       `json:"scope,omitzero"`
	ScopePrinted string             `json:"scope_printed,omitempty"`
	Attribute    record.Attribute   `json:"attribute,omitempty"`
	Value        *jsonValue         `json:"value,omitempty"`
	Topic        string             `json:"topic,omitempty"`
	Statement    record.Text        `json:"statement,omitempty"`
	Stance       record.Stance      `json:"stance,omitempty"`
	AsOf         jsonWhen           `json:"as_of,omitzero"`
	AttributedTo string             `json:"attributed_to,omitempty"`
	Unattributed bool               `json:"unattributed,omitempty"`
	DerivedFrom  []record.Ref       `json:"derived_from,omitempty"`
	Supersedes   []record.ClaimID   `json:"supersedes,omitempty"`
	Role         record.Role        `json:"role,omitempty"`
	Quote        string             `json:"quote,omitempty"`
	Locator      string             `json:"locator,omitempty"`
	Language     string             `json:"language,omitempty"`
	Review       record.ReviewState `json:"review"`
}

type jsonValue struct {
	Text  string       `json:"text,omitempty"`
	Ref   record.Ref   `json:"ref,omitzero"`
	When  jsonWhen     `json:"when,omitzero"`
	Place record.Place `json:"place,omitzero"`
}

type jsonSource struct {
	ID           record.SourceID   `json:"id"`
	Type         record.SourceType `json:"type"`
	Title        record.Text       `json:"title"`
	Publisher    string            `json:"publisher,omitempty"`
	Author       string            `json:"author,omitempty"`
	Language     string            `json:"language,omitempty"`
	Translator   string            `json:"translator,omitempty"`
	Published    jsonWhen          `json:"published,omitzero"`
	URL          string            `json:"url,omitempty"`
	Locator      string            `json:"locator,omitempty"`
	Accessed     string            `json:"accessed,omitempty"`
	ReproducedIn record.SourceID   `json:"reproduced_in,omitempty"`
	DerivedFrom  []record.SourceID `json:"derived_from,omitempty"`
	Terms        record.Terms      `json:"terms"`
	Credit       string            `json:"credit,omitempty"`
}

// ExportJSON writes everything that may be passed on of the events, their
// figures, claims and sources as one JSON document, event by event. What it does
// not hold are notes, names of reviewers and preserved copies.
func ExportJSON(w io.Writer, x Export) (*LossReport, error) {
	loss := &LossReport{Format: "json"}
	loss.add("", "captures", "preserved copies and the positions of passages in them are not part of the file; quotes and locators are")
	head, err := json.Marshal(jsonHead{jsonFormat, x.Title, x.Publisher, x.Address, x.made(), x.Release})
	if err != nil {
		return loss, fmt.Errorf("write the head of the export: %w", err)
	}
	if _, err := fmt.Fprintf(w, "%s,\n\"events\":[", head[:len(head)-1]); err != nil {
		return loss, err
	}
	first := true
	err = x.each(loss, func(e *ExportEvent) error {
		b, err := json.Marshal(x.jsonEvent(e))
		if err != nil {
			return fmt.Errorf("write the event %s: %w", e.Event.Slug, err)
		}
		separator := ",\n"
		if first {
			separator, first = "\n", false
		}
		_, err = io.WriteString(w, separator+string(b))
		return err
	})
	if err != nil {
		return loss, err
	}
	_, err = io.WriteString(w, "\n]}\n")
	return loss, err
}

func (x Export) jsonEvent(e *ExportEvent) jsonEvent {
	v := &e.Event
	out := jsonEvent{
		ID: v.ID, Slug: v.Slug, Address: x.address(v), Title: v.Title, Summary: v.Summary, Type: v.Type, Subtype: v.Subtype, Status: v.Status,
		When: newJSONWhen(v.When), Where: v.Where, PartOf: v.PartOf, Answers: v.ResponseTo, Dataset: v.Dataset,
		Figures: make([]jsonFigure, 0, len(e.Figures)), Claims: make([]jsonClaim, 0, len(e.Claims)), Sources: []jsonSource{},
	}
	for i := range e.Figures {
		out.Figures = append(out.Figures, newJSONFigure(&e.Figures[i], e))
	}
	for i := range e.Claims {
		out.Claims = append(out.Claims, newJSONClaim(&e.Claims[i].Claim))
	}
	for _, s := range e.sources() {
		out.Sources = append(out.Sources, newJSONSource(s))
	}
	return out
}

func newJSONWhen(w record.When) jsonWhen {
	return jsonWhen{w.Date.String(), day(w.Date.Earliest()), day(w.Date.Latest()), w.Printed}
}

// newJSONFigure lists of the claims a figure rests on those that are in the file.
func newJSONFigure(f *figure.Figure, e *ExportEvent) jsonFigure {
	out := jsonFigure{
		f.Measure, f.Unit, f.Scope, f.Low, f.Best, f.High, f.Open, f.Below, f.Approx, f.Origins, f.Status, f.Rule, []record.ClaimID{},
	}
	for _, id := range f.UsedClaims() {
		for i := range e.Claims {
			if e.Claims[i].Claim.ID == id {
				out.Used = append(out.Used, id)
				break
			}
		}
	}
	return out
}

func newJSONClaim(c *record.Claim) jsonClaim {
	out := jsonClaim{
		ID: c.ID, Source: c.Source, Kind: c.Kind, Measure: c.Measure, Form: c.Form, Operator: c.Operator, Low: c.Low, Best: c.Best, High: c.High,
		Unit: c.Unit, Words: c.Words, Scope: c.Scope, ScopePrinted: c.ScopePrinted, Attribute: c.Attribute, Topic: c.Topic, Statement: c.Statement,
		Stance: c.Stance, AsOf: newJSONWhen(c.AsOf), AttributedTo: c.AttributedTo.Text, Unattributed: c.AttributedTo.Unattributed,
		DerivedFrom: c.DerivedFrom, Supersedes: c.Supersedes, Role: c.Role, Quote: c.Passage.Quote(), Locator: c.Passage.Locator,
		Language: c.Language, Review: c.Review.State,
	}
	if c.Kind == record.KindAttribute {
		out.Value = &jsonValue{c.Value.Text, c.Value.Ref, newJSONWhen(c.Value.When), c.Value.Place}
	}
	return out
}

func newJSONSource(s *record.Source) jsonSource {
	return jsonSource{
		s.ID, s.Type, s.Title, s.Publisher, s.Author, s.Language, s.Translator, newJSONWhen(s.Published), s.URL, s.Locator, s.Accessed.String(),
		s.ReproducedIn, s.DerivedFrom, s.Terms, s.Credit,
	}
}
