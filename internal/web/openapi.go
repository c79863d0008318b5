package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
)

// operation documents one address of the data interface. A test compares the
// list with the routes.
type operation struct {
	path, id, summary string
	params            []parameter
	answer            any
	list              bool // the answer is a page of such documents
}

type parameter struct {
	name, in, description string
	required              bool
}

var (
	paramSlug   = parameter{"slug", "path", "The last part of the public address; an identifier works too.", true}
	paramRule   = parameter{"rule", "query", "The rule by which figures are made, such as gawah/1; without it, gawah/1.", false}
	paramCursor = parameter{"cursor", "query", "Where the page begins. Follow the Link header, or next, and do not make one up.", false}
)

// followParams narrow a list of what is followed.
var followParams = []parameter{
	{"party", "query", "Slug of who was asked or promised", false},
	{"attack", "query", "Slug of the attack it is about", false},
	{"state", "query", "silent, overdue, long_overdue, or a value of progress by the organisation’s account", false},
	{"q", "query", "Words that stand in it", false},
	paramCursor,
}

// operations lists the data interface.
var operations = []operation{
	{"/events", "listEvents", "Events, newest first, with their figures", []parameter{
		{"q", "query", "Words, in any script", false},
		{"type", "query", "Type of event; may be given several times", false},
		{"from", "query", "EDTF date; events that touch it or come later", false},
		{"to", "query", "EDTF date; events that touch it or come earlier", false},
		{"place", "query", "Town, province, or a country’s two letters", false},
		{"community", "query", "Slug of a community recorded as struck", false},
		{"dataset", "query", "own for events entered here, or a dataset’s name", false},
		{"killed", "query", "Only events whose figure reaches this number", false},
		{"parts", "query", "yes lists parts of events too", false},
		paramCursor,
	}, apiEvent{}, true},
	{"/events/{slug}", "getEvent", "An event, its claims, and its figures with every claim’s use and the reason", []parameter{paramSlug, paramRule}, apiEventPage{}, false},
	{"/figures", "getFigures", "The figures of an event under a rule", []parameter{
		{"event", "query", "Slug or identifier of the event", true}, {"measure", "query", "Only this measure, such as killed", false}, paramRule,
	}, apiFigures{}, false},
	{"/claims", "listClaims", "The claims on one record or of one source, or all there are, page by page, where none is named", []parameter{
		{"event", "query", "Slug or identifier of an event", false},
		{"source", "query", "Identifier of a source", false},
		{"party", "query", "Slug or identifier of a party", false},
		{"person", "query", "Slug or identifier of a person", false},
		{"total", "query", "Slug or identifier of a total", false},
		paramCursor,
	}, apiClaim{}, true},
	{"/sources", "listSources", "Sources, newest first; rows of datasets are left out", []parameter{paramCursor}, apiSource{}, true},
	{"/sources/{id}", "getSource", "A source", []parameter{{"id", "path", "Identifier", true}}, apiSource{}, false},
	{"/parties", "listParties", "Parties by name", []parameter{{"kind", "query", "Only this kind, such as community", false}, paramCursor}, apiParty{}, true},
	{"/people", "listPeople", "People published with consent or on a public ground, by name", []parameter{paramCursor}, apiPerson{}, true},
	{"/totals", "listTotals", "Totals", nil, apiTotal{}, true},
	{"/totals/{slug}", "getTotal", "A total: what the record documents beside what sources say", []parameter{paramSlug}, apiTotal{}, false},
	{"/search", "search", "Records that hold all the words", []parameter{
		{"q", "query", "Words, in any script", true}, {"kind", "query", "Only this kind: event, person, party, total, source, claim", false}, paramCursor,
	}, apiHit{}, true},
	{"/demands", "listDemands", "Demands, newest first, with where each stands by whose account", followParams, apiDemand{}, true},
	{"/demands/{slug}", "getDemand", "A demand with its steps, addressees and everything judged about it", []parameter{paramSlug}, apiDemandPage{}, false},
	{"/commitments", "listCommitments", "Commitments and offers, newest first", followParams, apiCommitment{}, true},
	{"/commitments/{slug}", "getCommitment", "A commitment with its amounts, steps and everything judged about it", []parameter{paramSlug}, apiCommitmentPage{}, false},
	{"/assessments", "listAssessments", "What was judged of one demand or commitment; name exactly one", []parameter{
		{"demand", "query", "Slug or identifier of a demand", false}, {"commitment", "query", "Slug or identifier of a commitment", false},
	}, apiAssessment{}, true},
	{"/proceedings", "listProceedings", "Cases, from complaint to sentence", []parameter{
		{"event", "query", "Slug or identifier of an attack", false}, {"party", "query", "Slug or identifier of an accused party", false}, paramCursor,
	}, apiProceeding{}, true},
	{"/proceedings/{slug}", "getProceeding", "A case with its steps", []parameter{paramSlug}, apiProceeding{}, false},
	{"/trends", "listTrends", "Published tests of whether attacks become more frequent", nil, apiTrend{}, true},
	{"/trends/{slug}", "getTrend", "A published test with its parameters, result and the hash of its input", []parameter{paramSlug}, apiTrend{}, false},
	{"/osdi/petitions", "listPetitionsOSDI", "Petitions as the Open Supporter Data Interface describes them (HAL+JSON), read-only", []parameter{
		{"page", "query", "Page, from 1", false}, {"state", "query", "open, closed, rejected, recent, awaiting_response, with_response", false}, {"q", "query", "Words of title or summary", false},
	}, nil, false},
	{"/osdi/petitions/{slug}", "getPetitionOSDI", "A petition as the Open Supporter Data Interface describes it (HAL+JSON)", []parameter{paramSlug}, nil, false},
	{"/openapi.json", "getDescription", "This description", nil, nil, false},
}

// description builds the OpenAPI 3.1 document once, its schemas from the types
// that are sent.
var description = sync.OnceValue(func() map[string]any {
	schemas := map[string]any{}
	paths := map[string]any{}
	for _, op := range operations {
		var params []any
		for _, p := range op.params {
			params = append(params, map[string]any{
				"name": p.name, "in": p.in, "required": p.required, "description": p.description, "schema": map[string]any{"type": "string"},
			})
		}
		schema := map[string]any{"type": "object"}
		if op.answer != nil {
			schema = schemaOf(reflect.TypeOf(op.answer), schemas)
		}
		if op.list {
			schema = map[string]any{"type": "object", "required": []string{"items"}, "properties": map[string]any{
				"items": map[string]any{"type": "array", "items": schema},
				"next":  map[string]any{"type": "string", "description": "Address of the following page; absent on the last."},
				"count": map[string]any{"type": "integer", "description": "How many match, where that is counted; 1001 means more than 1000."},
			}}
		}
		get := map[string]any{
			"operationId": op.id, "summary": op.summary,
			"responses": map[string]any{
				"200":     map[string]any{"description": "Found", "content": map[string]any{"application/json": map[string]any{"schema": schema}}},
				"304":     map[string]any{"description": "Not modified since the ETag sent along"},
				"default": map[string]any{"description": "A problem document (RFC 9457)", "content": map[string]any{"application/problem+json": map[string]any{"schema": map[string]any{"type": "object"}}}},
			},
		}
		if params != nil {
			get["parameters"] = params
		}
		paths[op.path] = map[string]any{"get": get}
	}
	return map[string]any{
		"openapi": "3.1.0",
		"info": map[string]any{
			"title": "Gawah", "version": "1",
			"description": "Read-only data of the public record. Every figure carries its rule and status; a figure from a source whose terms ask for credit carries the credit. Dates are EDTF. A null bound means that the sources give none. Origins are numbered within one answer (o1, o2): claims with one number go back to one origin.",
		},
		"servers": []any{map[string]any{"url": "/api/v1"}},
		"paths":   paths, "components": map[string]any{"schemas": schemas},
	}
})

// schemaOf describes a type as encoding/json writes it. Named structs become
// components.
func schemaOf(t reflect.Type, all map[string]any) map[string]any {
	switch t.Kind() {
	case reflect.Pointer:
		s := schemaOf(t.Elem(), all)
		if kind, ok := s["type"].(string); ok {
			return map[string]any{"type": []string{kind, "null"}}
		}
		return s
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem(), all)}
	case reflect.Slice:
		if t == reflect.TypeFor[json.RawMessage]() {
			return map[string]any{"type": "object"}
		}
		return map[string]any{"type": "array", "items": schemaOf(t.Elem(), all)}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Struct:
		if t.Implements(reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]()) {
			return map[string]any{"type": "string"}
		}
		name := strings.TrimPrefix(t.Name(), "api")
		if _, ok := all[name]; !ok {
			all[name] = nil // a type may hold itself
			properties := map[string]any{}
			fieldsOf(t, properties, all)
			all[name] = map[string]any{"type": "object", "properties": properties}
		}
		return map[string]any{"$ref": "#/components/schemas/" + name}
	}
	return map[string]any{}
}

func fieldsOf(t reflect.Type, properties, all map[string]any) {
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			fieldsOf(f.Type, properties, all)
		case name != "" && name != "-":
			properties[name] = schemaOf(f.Type, all)
		}
	}
}

func (s *Server) showOpenAPI(w http.ResponseWriter, r *http.Request) error {
	b, err := json.MarshalIndent(description(), "", "  ")
	if err != nil {
		return fmt.Errorf("write the description of the data interface: %w", err)
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	s.send(w, r, http.StatusOK, typeJSON, b)
	return nil
}
